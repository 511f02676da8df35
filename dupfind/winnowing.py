"""Shingle hashes to fingerprints: the few that stand for a text.

Winnowing (Schleimer, Wilkerson, Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003): of every window of w consecutive shingles the least hash
is chosen. Two texts that share a run of w + k - 1 words share a whole window, and so
a fingerprint, always.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Bools, Ints, Words64, mix64
from dupfind.tokens import PER_WORD

__all__ = ["fingerprint", "widen"]

_CHUNK: Final = 1 << 16  # shingles looked at at once: they stay in the processor's cache


def fingerprint(hashes: Words64, offsets: Ints, window: int) -> Ints:
    """Choose fingerprints: the positions of the chosen shingles, ascending, as int64.

    Of equal least hashes in a window all are chosen. A text with fewer shingles than a
    window holds is one window.
    """
    counts = np.diff(offsets)
    chosen = np.zeros(len(hashes), dtype=bool)
    around = window - 1
    for begin in range(0, len(hashes), _CHUNK):
        # A chunk with all windows around it.
        low, end = max(begin - around, 0), min(begin + _CHUNK, len(hashes))
        part = _choose(hashes[low : end + around], offsets[1:-1] - low, window)
        chosen[begin:end] = part[begin - low : end - low]
    for text in np.flatnonzero((counts > 0) & (counts < window)).tolist():
        own = slice(offsets[text], offsets[text + 1])
        chosen[own] = hashes[own] == hashes[own].min()
    return np.flatnonzero(chosen)


def widen(
    hashes: Words64,
    offsets: Ints,
    holders: Ints,
    places: Ints,
    kinds: NDArray[np.uint8],
    *,
    size: int,
    guarantee: int,
) -> tuple[Words64, Ints]:
    """Give longer keys around fingerprints that are too common to pair their holders.

    Takes the tokens of all texts, (tokens,) uint64, where each one's begin, (texts + 1,) int64,
    for each fingerprint its text and its place in it, in tokens, int64, and what each token is,
    (tokens,) uint8. Gives keys, uint64, and their texts, int64.

    A run of `guarantee` words around a shingle of `size` has at least half of its other words
    on one side of it. So the shingle with so many words after it, and with so many before it,
    are two keys, one of which any two texts have in common that share the whole run.
    """
    beside = (guarantee - size + 1) // 2
    first, last = offsets[holders], offsets[holders + 1]
    at = first + places
    scale = PER_WORD[kinds[at]].astype(np.int64)
    width = (size + beside) * scale
    keys, owners = [], []
    for side, begin in enumerate((at, at - beside * scale)):
        inside = (begin >= first) & (begin + width <= last)
        key = np.full(int(inside.sum()), side + 1, dtype=np.uint64)
        for step in range(int(width[inside].max(initial=0))):
            longer = step < width[inside]
            key[longer] = mix64(key[longer] + hashes[begin[inside][longer] + step])
        keys.append(key)
        owners.append(holders[inside])
    return np.concatenate(keys), np.concatenate(owners)


def _choose(hashes: Words64, ends: Ints, window: int) -> Bools:
    """Tell which shingles are the least of a window that lies in one text; these end at `ends`."""
    if len(hashes) < window:
        return np.zeros(len(hashes), dtype=bool)
    least = _slide(hashes, window, np.minimum)
    # A window that crosses from one text into the next chooses nothing: 0 is no one's least,
    # but for a shingle that hashes to 0, which is then chosen too often, never too seldom.
    for back in range(1, window):
        crossing = ends - back
        least[crossing[(crossing >= 0) & (crossing < len(least))]] = 0
    # A shingle is chosen if the greatest least of the windows around it is its own hash.
    padded = np.zeros(len(hashes) + window - 1, dtype=np.uint64)
    padded[window - 1 : window - 1 + len(least)] = least
    return np.asarray(_slide(padded, window, np.maximum) == hashes)


def _slide(values: Words64, window: int, extreme: np.ufunc) -> Words64:
    """Take the least or greatest of every `window` consecutive values, by doubling."""
    width = 1
    while width * 2 <= window:
        values = extreme(values[:-width], values[width:])
        width *= 2
    rest = window - width
    return extreme(values[:-rest], values[rest:]) if rest else values
