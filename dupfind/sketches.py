"""Texts to sketches: their tokens, and what proposes the pairs that are compared by those.

A sketch is a table without rows: of some columns a text has one value or as many as there are
bands, of the others as many as a fourth column says. So the sketches of many texts are the
columns of each, one after the other.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64
from dupfind.candidates import digest
from dupfind.columns import Held
from dupfind.furniture import Edges, find_edges
from dupfind.minhash import Permutations, band_keys, sign
from dupfind.shingles import shingle
from dupfind.tokens import PER_WORD, tokenize
from dupfind.winnowing import fingerprint

__all__ = ["COLUMNS", "MANY", "Sketch", "join", "sketch"]


class Sketch(NamedTuple):
    """What is kept of texts."""

    words: Ints
    """(texts,) int64: tokens of each."""
    hashes: Words64
    """(tokens,) uint64."""
    kinds: NDArray[np.uint8]
    """(tokens,) uint8: what each is; see `dupfind.tokens`."""
    digests: Words64
    """(texts,) uint64."""
    buckets: Words64
    """(texts, bands) uint64."""
    chosen: Ints
    """(texts,) int64: fingerprints of each."""
    fingerprints: Words64
    """(fingerprints,) uint64."""
    places: NDArray[np.int32]
    """(fingerprints,) int32: where each stands in its text, in tokens."""
    lines: Ints
    """(texts,) int64: lines of each that may be furniture."""
    sums: Ints
    """(lines,) int64; see `dupfind.furniture.Edges`."""

    @property
    def edges(self) -> Edges:
        """The lines at the heads and tails of the texts."""
        return Edges(self.sums, np.repeat(np.arange(len(self.lines)), self.lines))


COLUMNS: Final = {
    "words": np.int64,
    "hashes": np.uint64,
    "kinds": np.uint8,
    "digests": np.uint64,
    "buckets": np.uint64,
    "chosen": np.int64,
    "fingerprints": np.uint64,
    "places": np.int32,
    "lines": np.int64,
    "sums": np.int64,
}
"""The types of a sketch's columns."""

MANY: Final = {
    "hashes": "words",
    "kinds": "words",
    "fingerprints": "chosen",
    "places": "chosen",
    "sums": "lines",
}
"""Columns of which a text has as many values as another column says."""


def sketch(
    texts: Sequence[str], *, size: int, window: int, bands: int, rows: int, parameters: Permutations
) -> Sketch:
    """Sketch texts."""
    tokens = tokenize(texts)
    shingles = shingle(tokens.hashes, tokens.offsets, size, PER_WORD[tokens.kinds])
    chosen = fingerprint(shingles.hashes, shingles.offsets, window)
    holders = np.searchsorted(shingles.offsets, chosen, side="right") - 1
    edges = find_edges(texts)
    return Sketch(
        np.diff(tokens.offsets),
        tokens.hashes,
        tokens.kinds,
        digest(shingles.hashes, shingles.offsets),
        band_keys(sign(shingles.hashes, shingles.offsets, parameters), bands, rows),
        np.bincount(holders, minlength=len(texts)),
        shingles.hashes[chosen],
        (chosen - shingles.offsets[holders]).astype(np.int32),
        np.bincount(edges.holders, minlength=len(texts)),
        edges.sums,
    )


def join(sketches: Iterable[Sketch], bands: int, column: Held) -> Sketch:
    """Put sketches one after the other."""
    columns = {name: column(dtype) for name, dtype in COLUMNS.items()}
    for part in sketches:
        for name, values in part._asdict().items():
            columns[name].extend(values.reshape(-1))
    whole = {name: filled.close() for name, filled in columns.items()}
    whole["buckets"] = whole["buckets"].reshape(-1, bands)
    return Sketch(**whole)
