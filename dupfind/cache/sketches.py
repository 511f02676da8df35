"""Sketches kept between runs, found again by the text they were made of."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dupfind.cache.packs import KEYS, Layout, Packs, make_key
from dupfind.sketches import COLUMNS, MANY, Sketch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dupfind.arrays import Ints

__all__ = ["lay_out", "sketch"]

_ENCODING: Final = ("utf-8", "surrogatepass")


def lay_out(bands: int) -> Layout:
    """Give the layout of sketches of so many bands."""
    return Layout(COLUMNS, MANY, {"buckets": bands})


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
