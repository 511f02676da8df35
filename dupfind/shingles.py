"""Token hashes to shingle hashes: one for every k consecutive tokens of a text."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64, mix64

__all__ = ["Shingles", "reach", "shingle"]

_BASE: Final = 0xA0761D6478BD642F  # odd, so that no power of it is zero modulo 2^64
_CHUNK: Final = 1 << 16  # shingles hashed at once: they stay in the processor's cache


class Shingles(NamedTuple):
    """The shingles of a list of texts, one text after the other."""

    hashes: Words64
    """(shingles,) uint64; shingle j of a text stands at its token j."""
    offsets: Ints
    """(texts + 1,) int64: shingles of text i are `offsets[i]:offsets[i + 1]`."""


def shingle(
    hashes: Words64, offsets: Ints, size: int, per_word: NDArray[np.uint8] | None = None
) -> Shingles:
    """Hash every run of `size` words: a polynomial of the token hashes, then mixed.

    A text of n >= size tokens has n - size + 1 shingles, repeats included. A shorter text
    that is not empty has one, of all its tokens, that depends on their number: it is equal
    only to that of a text of the same tokens. An empty text has none.

    A word is a token, or as many as `per_word` says of the shingle's first, (tokens,) uint8:
    letters of scripts that set no words apart. A shingle that would pass the end of its text
    is made of `size` tokens.
    """
    counts = np.diff(offsets)
    powers = _raise(size)
    rolled = _roll(hashes, powers)
    if per_word is not None:
        for width in np.unique(per_word[per_word > 1]).tolist():
            at = np.flatnonzero(per_word == width)
            rest = offsets[np.searchsorted(offsets, at, side="right")] - at
            at = at[rest >= size * width]
            rolled[at] = _roll_at(at, hashes, _raise(size * width))
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


def reach(offsets: Ints, size: int, per_word: NDArray[np.uint8]) -> Ints:
    """Give how many tokens the shingle at each token is made of, (tokens,) int64."""
    spans = np.full(len(per_word), size)
    wide = np.flatnonzero(per_word > 1)
    rest = offsets[np.searchsorted(offsets, wide, side="right")] - wide
    width = size * per_word[wide].astype(np.int64)
    spans[wide] = np.where(width <= rest, width, size)
    return spans


def _raise(size: int) -> Words64:
    """Give so many powers of the base, from the zeroth on."""
    return np.array([pow(_BASE, place, 1 << 64) for place in range(size)], dtype=np.uint64)


def _roll(hashes: Words64, powers: Words64) -> Words64:
    """Hash every run of as many tokens as there are powers, whatever text they belong to."""
    rolled = np.zeros(max(len(hashes) - len(powers) + 1, 0), dtype=np.uint64)
    for begin in range(0, len(rolled), _CHUNK):
        part = rolled[begin : begin + _CHUNK]
        for place, power in enumerate(powers, begin):
            part += hashes[place : place + len(part)] * power
        mix64(part)
    return rolled


def _roll_at(places: Ints, hashes: Words64, powers: Words64) -> Words64:
    """Hash the runs of as many tokens as there are powers that begin at some places."""
    rolled = np.zeros(len(places), dtype=np.uint64)
    for begin in range(0, len(rolled), _CHUNK):
        part, at = rolled[begin : begin + _CHUNK], places[begin : begin + _CHUNK]
        for place, power in enumerate(powers):
            part += hashes[at + place] * power
        mix64(part)
    return rolled


def _hash_whole(tokens: Words64, powers: Words64) -> int:
    total = (tokens * powers[: len(tokens)]).sum(keepdims=True)
    return int(mix64(total + np.uint64(len(tokens)))[0])
