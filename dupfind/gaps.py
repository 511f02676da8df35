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
    words = _find_words(hashes, starts, sizes)
    phrases = _find_phrases(hashes, starts, sizes, per_word)
    chains, count = _chain(words, steps), len(words.gap)
    ways = (
        (_pair_up(words, phrases, steps), 0, count),
        (_pair_up(phrases, words, steps), count, 0),
        (_pair_up(phrases, phrases, steps), count, count),
    )
    before = np.concatenate([way[0] + one for way, one, _ in ways])
    after = np.concatenate([way[1] + other for way, _, other in ways])
    gap, a, b, length = map(np.concatenate, zip(words, phrases, strict=True))
    step = steps[gap]
    # Reached from the near side; from these, stone by stone, those beyond.
    reached = np.maximum(a, b) <= step
    while True:
        # From a word all that follow in its chain are reached.
        last = np.maximum.accumulate(np.where(reached[:count], chains, -1))
        reached[:count] = last == chains
        new = after[reached[before] & ~reached[after]]
        if not len(new):
            break
        reached[new] = True
    left = (sizes[gap] - np.stack((a, b), axis=1)).max(axis=1) - length
    crossed = np.zeros(len(sizes), dtype=bool)
    crossed[gap[reached & (left <= step)]] = True
    return crossed


def _find_phrases(
    hashes: Words64, starts: Ints, sizes: Ints, per_word: NDArray[np.uint8]
) -> _Stones:
    """Find the phrases that stand once on either side of a gap, in order of gap and place in a.

    Those in the same place of sides that are equally wide are left out: they are words.
    """
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
    other = np.flatnonzero((a != b) | (sizes[gap, 0] != sizes[gap, 1]))
    some = other[order_by(gap[other], a[other])]
    return _Stones(gap[some], a[some], b[some], length[some])


def _find_words(hashes: Words64, starts: Ints, sizes: Ints) -> _Stones:
    """Find the words in the same place of both sides, where these are equally wide."""
    gaps = np.flatnonzero(sizes[:, 0] == sizes[:, 1])
    gap = np.repeat(gaps, sizes[gaps, 0])
    place = ranges(np.zeros_like(gaps), sizes[gaps, 0])
    equal = hashes[starts[gap, 0] + place] == hashes[starts[gap, 1] + place]
    gap, place = gap[equal], place[equal]
    return _Stones(gap, place, place, np.ones_like(place))


def _chain(words: _Stones, steps: Ints) -> Ints:
    """Give words numbers, ascending: that of the word before where it is at most a step ahead."""
    gap, a, *_ = words
    apart = (gap[1:] != gap[:-1]) | (a[1:] - a[:-1] - 1 > steps[gap[1:]])
    return np.cumsum(np.append(False, apart)[: len(gap)])


def _pair_up(stones: _Stones, others: _Stones, steps: Ints) -> tuple[Ints, Ints]:
    """Pair stones with others that are a step ahead of them: numbers of either, (ways,) int64."""
    far = stones.a + stones.length + steps[stones.gap]
    width = int(max(far.max(initial=0), others.a.max(initial=0))) + 1
    begins, there = stones.gap * width, others.gap * width + others.a
    first = np.searchsorted(there, begins + stones.a, side="right")
    last = np.searchsorted(there, begins + far, side="right")
    before = np.repeat(np.arange(len(begins)), last - first)
    after = ranges(first, last - first)
    ahead = others.b[after] - stones.b[before]
    onward = (ahead > 0) & (ahead <= (far - stones.a)[before])
    return before[onward], after[onward]
