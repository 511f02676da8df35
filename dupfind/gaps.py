"""Gaps between tiles: which of them are too wide for one step, but have stones to step on.

What a form is filled in with, or what an update rewrites, often leaves phrases between it that
are too short for tiles. Stones are phrases that stand once on either side of the gap, and where
it is equally wide on both, as in tables, single words in the same place.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Bools, Ints, Words64, order_by, ranges
from dupfind.intersection import Sieve, find_repeated
from dupfind.shingles import reach, shingle

__all__ = ["PHRASE", "cross"]

PHRASE: Final = 2
"""Words of a phrase: one alone, such as an article, is chance."""


class _Stones(NamedTuple):
    """Equal words inside gaps, (stones,) int64 each: places count from the start of the gap."""

    gap: Ints
    a: Ints
    b: Ints
    length: Ints


def cross(
    hashes: Words64, starts: Ints, ends: Ints, per_word: NDArray[np.uint8], steps: Ints
) -> Bools:
    """Tell which gaps can be crossed from stone to stone, always onward in both documents.

    Takes the tokens of all documents, (tokens,) uint64, the tokens between which the gaps lie in
    the first and in the second document, (gaps, 2) int64, ends exclusive, how many tokens like
    each one make a word, (tokens,) uint8, and the most tokens of a step, (gaps,) int64, on either
    side. Gives (gaps,) bool.
    """
    sizes = ends - starts
    phrases = _find_phrases(hashes, starts, sizes, per_word)
    words = _find_words(hashes, starts, sizes)
    stones = _Stones(*map(np.concatenate, zip(phrases, words, strict=True)))
    order = order_by(stones.gap, stones.a)
    stones = _Stones(*(column[order] for column in stones))
    gap, a, b, length = stones
    step = steps[gap]
    # Reached from the near side; from these, stone by stone, those beyond.
    reached = np.maximum(a, b) <= step
    before, after = _pair_up(stones, step)
    while len(new := after[reached[before] & ~reached[after]]):
        reached[new] = True
    left = (sizes[gap] - np.stack((a, b), axis=1)).max(axis=1) - length
    crossed = np.zeros(len(sizes), dtype=bool)
    crossed[gap[reached & (left <= step)]] = True
    return crossed


def _find_phrases(
    hashes: Words64, starts: Ints, sizes: Ints, per_word: NDArray[np.uint8]
) -> _Stones:
    """Find the phrases that stand once on either side of a gap."""
    places = ranges(starts.ravel(), sizes.ravel())
    offsets = np.append(0, np.cumsum(sizes))
    per_word = per_word[places]
    phrases = shingle(hashes[places], offsets, PHRASE, per_word)
    side = np.repeat(np.arange(sizes.size), np.diff(phrases.offsets))
    # Equal in the same gap only: what is spread over 64 bits stays apart.
    keys = phrases.hashes + (side >> 1).astype(np.uint64)
    kept = Sieve(find_repeated(keys)).find(keys)
    order = np.argsort(keys[kept], kind="stable")
    kept, keys = kept[order], keys[kept][order]
    same = np.concatenate(([False], keys[1:] == keys[:-1], [False]))
    first = np.flatnonzero(same[1:-1] & ~same[:-2] & ~same[2:])
    one, other = kept[first], kept[first + 1]
    # What is shorter than a phrase has one shingle that is none.
    apart = (side[one] != side[other]) & (sizes.min(axis=1)[side[one] >> 1] >= PHRASE)
    one, other = one[apart], other[apart]
    gap = side[one] >> 1
    a, b = (at - phrases.offsets[side[at]] for at in (one, other))
    length = reach(offsets, PHRASE, per_word)[offsets[2 * gap] + a]
    return _Stones(gap, a, b, length)


def _find_words(hashes: Words64, starts: Ints, sizes: Ints) -> _Stones:
    """Find the words in the same place of both sides, where these are equally wide."""
    gaps = np.flatnonzero(sizes[:, 0] == sizes[:, 1])
    gap = np.repeat(gaps, sizes[gaps, 0])
    place = ranges(np.zeros_like(gaps), sizes[gaps, 0])
    equal = hashes[starts[gap, 0] + place] == hashes[starts[gap, 1] + place]
    gap, place = gap[equal], place[equal]
    return _Stones(gap, place, place, np.ones_like(place))


def _pair_up(stones: _Stones, step: Ints) -> tuple[Ints, Ints]:
    """Pair stones with those a step ahead of them: numbers of either, (steps,) int64."""
    gap, a, b, length = stones
    width = int((a + length + step).max(initial=0)) + 1
    first = np.searchsorted(gap * width + a, gap * width + a, side="right")
    last = np.searchsorted(gap * width + a, gap * width + a + length + step, side="right")
    before = np.repeat(np.arange(len(gap)), last - first)
    after = ranges(first, last - first)
    ahead = b[after] - b[before]
    onward = (ahead > 0) & (ahead <= (length + step)[before])
    return before[onward], after[onward]
