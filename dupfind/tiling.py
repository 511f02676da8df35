"""Runs of equal tokens to tiles: the longest first, each token used once on each side.

Greedy String Tiling (Wise 1993, "String similarity via greedy string tiling and running Karp-Rabin
matching") takes one run after the other. A run that comes before all that it overlaps is taken
whole, whatever becomes of the others; so those of all pairs are taken at once, what they cover is
cut out of the rest, and so on. What is left when little is left is tiled one by one.
"""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from dupfind.arrays import Bools, Ints, find_heads, find_tails, order_by, ranges

__all__ = ["Runs", "tile", "tile_all"]

_FEW: Final = 256
"""Runs that are sooner tiled one by one."""
_CROWDED: Final = 4096
"""Overlaps between the runs of a pair that would take much memory at once."""


class Runs(NamedTuple):
    """Runs of equal tokens: pair, place in a, place in b, length; int64 each."""

    pair: Ints
    a: Ints
    b: Ints
    length: Ints

    def take(self, chosen: Ints | Bools) -> "Runs":
        """Give some of them, by number or by mask."""
        return Runs(*(column[chosen] for column in self))


class _Overlaps(NamedTuple):
    """Runs of which one comes first, and what it takes of the other; (overlaps,) int64 each."""

    first: Ints
    second: Ints
    begin: Ints
    """Where, in the second, the overlap begins."""
    end: Ints

    def take(self, chosen: Bools) -> "_Overlaps":
        return _Overlaps(*(column[chosen] for column in self))


def tile_all(runs: Runs, lengths: Ints, size: int, *, few: int = _FEW) -> Runs:
    """Tile all pairs; gives the tiles in order of pair and place in a.

    Takes maximal runs, the tokens of both documents of each pair, (pairs, 2) int64, and the
    fewest tokens of a tile. More than `few` runs are tiled at once; the tiles are the same.
    """
    crowded = _find_crowded(runs, len(lengths))[runs.pair]
    tiles, alone = [], runs.take(crowded)
    runs = runs.take(~crowded)
    while len(runs.pair) > few:
        sides = [_find_overlaps(runs, start) for start in (runs.a, runs.b)]
        overlaps = _Overlaps(*map(np.concatenate, zip(*sides, strict=True)))
        leads = np.ones(len(runs.pair), dtype=bool)
        leads[overlaps.second] = False
        tiles.append(runs.take(leads))
        overlaps = overlaps.take(leads[overlaps.first])
        left = ~leads
        left[overlaps.second] = False
        runs = _join(runs.take(left), _cut(runs, overlaps, size))
    found = _join(*tiles, _tile_alone(_join(alone, runs), lengths, size))
    return found.take(order_by(found.pair, found.a))


def _join(*parts: Runs) -> Runs:
    return Runs(*map(np.concatenate, zip(*parts, strict=True)))


def _find_crowded(runs: Runs, pairs: int) -> Bools:
    """Tell in which of so many pairs there are too many overlaps."""
    crowded = np.zeros(pairs, dtype=bool)
    for start in (runs.a, runs.b):
        order, counts = _count_overlaps(runs, start)
        crowded |= np.bincount(runs.pair[order], counts, pairs) > _CROWDED
    return crowded


def _count_overlaps(runs: Runs, start: Ints) -> tuple[Ints, Ints]:
    """Order runs by pair and place on one side; count those after each that it overlaps there."""
    order = order_by(runs.pair, start)
    end = start + runs.length
    # Pairs are set apart by more than any length.
    apart = runs.pair * (int(end.max(initial=0)) + 1)
    after = np.searchsorted((apart + start)[order], (apart + end)[order])
    return order, after - np.arange(1, len(order) + 1)


def _find_overlaps(runs: Runs, start: Ints) -> _Overlaps:
    """Find the runs that overlap on the side on which they have these places."""
    order, counts = _count_overlaps(runs, start)
    one = order[np.repeat(np.arange(len(order)), counts)]
    other = order[ranges(np.arange(1, len(order) + 1), counts)]
    longer = runs.length[one] - runs.length[other]
    # Of equally long runs that comes first which begins first in a, then in b.
    earlier = np.where(
        runs.a[one] == runs.a[other], runs.b[one] < runs.b[other], runs.a[one] < runs.a[other]
    )
    wins = (longer > 0) | ((longer == 0) & earlier)
    first, second = np.where(wins, one, other), np.where(wins, other, one)
    ahead = start[first] - start[second]
    end = np.minimum(ahead + runs.length[first], runs.length[second])
    return _Overlaps(first, second, np.maximum(ahead, 0), end)


def _cut(runs: Runs, overlaps: _Overlaps, size: int) -> Runs:
    """Cut what overlaps out of the second run of each; gives the parts that are left."""
    order = order_by(overlaps.second, overlaps.begin)
    row, begin, end = (column[order] for column in overlaps[1:])
    new, last = find_heads(row), np.flatnonzero(find_tails(row))
    # The furthest end so far, within the run: runs are set apart by more than any length.
    apart = row * (int(runs.length.max(initial=0)) + 1)
    reached = np.maximum.accumulate(apart + end) - apart
    at = np.append(np.where(new, 0, np.append(0, reached)[:-1]), reached[last])
    rest = np.append(begin, runs.length[row[last]]) - at
    row = np.append(row, row[last])
    left = rest >= size
    row, at = row[left], at[left]
    return Runs(runs.pair[row], runs.a[row] + at, runs.b[row] + at, rest[left])


def _tile_alone(runs: Runs, lengths: Ints, size: int) -> Runs:
    """Tile pairs one by one."""
    runs = runs.take(order_by(runs.pair, runs.a))
    ends = np.flatnonzero(np.diff(runs.pair, append=-1)) + 1
    rows: list[tuple[int, int, int, int]] = []
    for begin, end in pairwise(np.append(0, ends).tolist()):
        number = int(runs.pair[begin])
        length_a, length_b = lengths[number].tolist()
        own = zip(*(column[begin:end].tolist() for column in runs[1:]), strict=True)
        rows += [(number, *found) for found in tile(list(own), length_a, length_b, size)]
    return Runs(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)


def tile(
    runs: list[tuple[int, int, int]], length_a: int, length_b: int, size: int
) -> list[tuple[int, int, int]]:
    """Tile two documents with runs of equal tokens, longest first.

    Takes maximal runs (place in a, place in b, length) and gives tiles of the same shape,
    each token in one tile at most, none shorter than `size`. Of equally long runs that
    which begins first in a, then in b, comes first. What remains of a run when others have
    taken a part of it waits for its turn.
    """
    waiting = [(-length, a, b) for a, b, length in runs]
    heapify(waiting)
    taken_a, taken_b = bytearray(length_a), bytearray(length_b)
    tiles = []
    while waiting:
        negative, a, b = heappop(waiting)
        length = -negative
        if taken_a.find(1, a, a + length) < 0 and taken_b.find(1, b, b + length) < 0:
            taken_a[a : a + length] = taken_b[b : b + length] = b"\1" * length
            tiles.append((a, b, length))
            continue
        for begin, rest in _free_parts(taken_a, taken_b, a, b, length):
            if rest >= size:
                heappush(waiting, (-rest, a + begin, b + begin))
    return tiles


def _free_parts(
    taken_a: bytearray, taken_b: bytearray, a: int, b: int, length: int
) -> Iterator[tuple[int, int]]:
    """Give the parts (start, length) of a run that are free on both sides."""
    at = 0
    while at < length:
        stops = (taken_a.find(1, a + at, a + length) - a, taken_b.find(1, b + at, b + length) - b)
        stop = min((stop for stop in stops if stop >= at), default=length)
        if stop > at:
            yield at, stop - at
        at = stop
        while at < length and (taken_a[a + at] or taken_b[b + at]):
            taken, base = (taken_a, a) if taken_a[a + at] else (taken_b, b)
            free = taken.find(0, base + at, base + length)
            at = free - base if free >= 0 else length
