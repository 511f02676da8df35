"""Token hashes to shingle hashes: one for every k consecutive tokens of a text."""

from typing import Final, NamedTuple

import numpy as np

from dupfind.arrays import Ints, Words64, mix64

__all__ = ["Shingles", "shingle"]

_BASE: Final = 0xA0761D6478BD642F  # odd, so that no power of it is zero modulo 2^64
_CHUNK: Final = 1 << 16  # shingles hashed at once: they stay in the processor's cache


class Shingles(NamedTuple):
    """The shingles of a list of texts, one text after the other."""

    hashes: Words64
    """(shingles,) uint64; shingle j of a text stands at its token j."""
    offsets: Ints
    """(texts + 1,) int64: shingles of text i are `offsets[i]:offsets[i + 1]`."""


def shingle(hashes: Words64, offsets: Ints, size: int) -> Shingles:
    """Hash every run of `size` tokens: a polynomial of the token hashes, then mixed.

    A text of n >= size tokens has n - size + 1 shingles, repeats included. A shorter text
    that is not empty has one, of all its tokens, that depends on their number: it is equal
    only to that of a text of the same tokens. An empty text has none.
    """
    counts = np.diff(offsets)
    powers = [pow(_BASE, place, 1 << 64) for place in range(size)]
    rolled = np.zeros(max(len(hashes) - size + 1, 0), dtype=np.uint64)
    for begin in range(0, len(rolled), _CHUNK):
        part = rolled[begin : begin + _CHUNK]
        for place, power in enumerate(powers):
            part += hashes[begin + place : begin + place + len(part)] * np.uint64(power)
        mix64(part)
    # Runs that cross from one text into the next are no shingles.
    keep = np.ones(len(rolled), dtype=bool)
    for back in range(1, size):
        crossing = offsets[1:] - back
        keep[crossing[(crossing >= 0) & (crossing < len(keep))]] = False
    found = rolled[keep]

    kept = np.maximum(counts - size + 1, 0)
    short = np.flatnonzero((counts > 0) & (counts < size))
    if len(short):
        wholes = np.array(
            [_hash_whole(hashes[offsets[text] : offsets[text + 1]], powers) for text in short],
            dtype=np.uint64,
        )
        found = np.insert(found, np.cumsum(kept)[short], wholes)
        kept[short] = 1
    return Shingles(found, np.concatenate(([0], np.cumsum(kept))))


def _hash_whole(tokens: Words64, powers: list[int]) -> int:
    total = sum(int(token) * power for token, power in zip(tokens, powers, strict=False))
    return int(mix64(np.array([(total + len(tokens)) % (1 << 64)], dtype=np.uint64))[0])
