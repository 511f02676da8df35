"""Inside a passage: which words are kept, and which stand where others stood."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from dupfind.arrays import Bools, Ints, Words64, ranges

__all__ = ["Changes", "find_changes"]

_REPEATED: Final = 1 << 13  # gaps that are remembered: versions of a story differ in the same words
_SHORT: Final = 32  # words of a gap, on both sides, that is remembered


class Changes(NamedTuple):
    """Tokens of one document that stand where the other has some; there may be none of either."""

    gap: Ints
    """(changes,) int64, ascending: the number of the gap that each lies in."""
    starts: Ints
    """(changes, 2) int64: the first token of either."""
    ends: Ints
    """(changes, 2) int64: past the last one."""


def find_changes(hashes: Words64, starts: Ints, ends: Ints) -> Changes:
    """Tell what changed in the gaps between tiles, in order; all else in them is equal.

    Takes token hashes and the places among them where each gap begins and ends in either
    document, (gaps, 2) int64. The few words of a gap are compared one by one (Ratcliff and
    Obershelp, without difflib's guess at junk).
    """
    sizes = ends - starts
    changed: Bools = np.asarray(sizes.any(axis=1))
    both = np.flatnonzero(sizes.all(axis=1))
    sides = (_list(hashes, starts[both, side], sizes[both, side]) for side in (0, 1))
    found = []
    for gap, own, others in zip(both.tolist(), *sides, strict=True):
        # Most have no word in common, and difflib takes long to find out.
        if not set(own).isdisjoint(others):
            changed[gap] = False
            compare = _remember if len(own) + len(others) <= _SHORT else _compare
            found += [(gap, *change) for change in compare(tuple(own), tuple(others))]
    plain = np.flatnonzero(changed)
    parts = np.array(found, dtype=np.int64).reshape(-1, 5)
    gap = np.concatenate((plain, parts[:, 0]))
    order = np.argsort(gap, kind="stable")
    base = starts[parts[:, 0]]
    return Changes(
        gap[order],
        np.concatenate((starts[plain], base + parts[:, 1:3]))[order],
        np.concatenate((ends[plain], base + parts[:, 3:]))[order],
    )


def _list(hashes: Words64, starts: Ints, sizes: Ints) -> Iterator[list[int]]:
    """List the hashes of some stretches."""
    tokens = hashes[ranges(starts, sizes)].tolist()
    for begin, end in pairwise([0, *np.cumsum(sizes).tolist()]):
        yield tokens[begin:end]


def _compare(
    own: tuple[int, ...], others: tuple[int, ...]
) -> tuple[tuple[int, int, int, int], ...]:
    """Give where what differs begins on either side, and where it ends."""
    matcher = SequenceMatcher(None, own, others, autojunk=False)
    return tuple(
        (a_start, b_start, a_end, b_end)
        for tag, a_start, a_end, b_start, b_end in matcher.get_opcodes()
        if tag != "equal"
    )


_remember: Final = lru_cache(_REPEATED)(_compare)
