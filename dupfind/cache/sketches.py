"""Sketches kept between runs, found again by the text they were made of."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dupfind.cache.packs import KEYS, Layout, Packs, make_key
from dupfind.minhash import Permutations, permutations
from dupfind.sketches import COLUMNS, MANY, Sketch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dupfind.arrays import Ints

__all__ = ["lay_out", "lay_out_permutations", "permute", "sketch"]

_ENCODING: Final = ("utf-8", "surrogatepass")


def lay_out(bands: int) -> Layout:
    """Give the layout of sketches of so many bands."""
    return Layout(COLUMNS, MANY, {"buckets": bands})


def lay_out_permutations(num_perm: int) -> Layout:
    """Give the layout of the permutations that signatures are made with."""
    return Layout({"a": np.uint32, "b": np.uint32}, {}, {"a": num_perm, "b": num_perm})


def permute(kept: Packs, num_perm: int) -> Permutations:
    """Give the permutations that are kept; datasketch, which has them, takes long to load."""
    keys = np.array([make_key(b"permutations")], KEYS)
    rows = kept.find(keys)
    if rows[0] >= 0:
        nothing = np.empty((0, num_perm), np.uint32)
        found = kept.take(rows, {"a": nothing, "b": nothing})
        made = Permutations(found["a"][0], found["b"][0])
    else:
        made = permutations(num_perm)
    kept.keep(keys, {name: column[None] for name, column in made._asdict().items()}, rows < 0)
    return made


def sketch(
    kept: Packs,
    run: Callable[[Iterable[list[str]]], Iterator[Sketch]],
    batches: Iterable[list[str]],
) -> Iterator[Sketch]:
    """Sketch batches of texts; `run` gets those texts of which no sketch is kept."""
    waiting: deque[tuple[NDArray[Any], Ints]] = deque()

    def miss() -> Iterator[list[str]]:
        for texts in batches:
            keys = np.array([make_key(text.encode(*_ENCODING)) for text in texts], dtype=KEYS)
            rows = kept.find(keys)
            waiting.append((keys, rows))
            yield [texts[row] for row in np.flatnonzero(rows < 0).tolist()]

    for fresh in run(miss()):
        keys, rows = waiting.popleft()
        whole = kept.take(rows, fresh._asdict())
        kept.keep(keys, whole, rows < 0)
        yield Sketch(**whole)
