"""What pairs of documents have in common: exact set intersections, many pairs at once.

Items are 64-bit hashes: the shingles of a document, in the order in which they stand in it. Most
of what is repeated is repeated in long runs, so what is looked up are units: items that follow
one another wherever one of them stands (the unitigs of a de Bruijn graph). Two documents share
all items of a unit or none, equally often, and in equal order.
"""

from typing import Final, NamedTuple

import numpy as np

from dupfind.arrays import Bools, Ints, Words64, cut, find_heads, order_by, ranges, rank

__all__ = ["Index", "Sieve", "find_repeated", "index", "look_up"]


_CHUNK: Final = 1 << 16  # units looked up at once: they stay in the processor's cache


class Index(NamedTuple):
    """Where each document holds those units that another one may hold too.

    A group is the places of one unit in one document; groups are sorted by
    (document, unit).
    """

    groups: Ints
    """(groups,) int64: document << 32 | number of the unit."""
    sizes: Ints
    """(groups,) int64: items of the unit, all of them different."""
    starts: Ints
    counts: Ints
    """(groups,) int64: the group's places are `places[start : start + count]`, ascending."""
    places: Ints
    """(places,) int64: where the first item of a unit stands in its document."""
    bounds: Ints
    """(documents + 1,) int64: the groups of document i are `bounds[i] : bounds[i + 1]`."""
    distinct: Ints
    """(documents,) int64: distinct items, those that no other document holds included."""


class Sieve:
    """Lets some 64-bit hashes through, and few others: a table of their lowest bits."""

    def __init__(self, hashes: Words64) -> None:
        # While the table stays in the processor's cache, it may let very few others through.
        slots = 1 << max(
            16, (8 * len(hashes)).bit_length(), min(22, (64 * len(hashes)).bit_length())
        )
        self._mask = np.uint64(slots - 1)
        self._table = np.zeros(slots, dtype=bool)
        self._table[hashes & self._mask] = True

    def find(self, hashes: Words64) -> Ints:
        """Give the places of the hashes that it lets through, ascending, int64."""
        return np.flatnonzero(self._table[hashes & self._mask])


def find_repeated(hashes: Words64) -> Words64:
    """Give the hashes that occur more than once: n - 1 times each, ascending."""
    ordered = np.sort(hashes)
    repeated: Words64 = ordered[1:][ordered[1:] == ordered[:-1]]
    return repeated


def index(hashes: Words64, offsets: Ints) -> Index:
    """Index the items of documents, (items,) uint64, and where each document's begin."""
    # Most items stand in one place only and pair nothing.
    kept = Sieve(find_repeated(hashes)).find(hashes)
    document = np.searchsorted(offsets, kept, side="right") - 1
    items, number = rank(hashes[kept])
    begins = np.flatnonzero(_begin_units(kept, document, number, len(items)))
    sizes = np.diff(begins, append=len(kept))
    kept, document, number = kept[begins], document[begins], number[begins]
    order = order_by(document, number)
    places = kept[order] - offsets[document[order]]
    key = ((document << 32) | number)[order]
    starts = np.flatnonzero(find_heads(key))
    counts = np.diff(starts, append=len(key))
    groups, sizes = key[starts], sizes[order[starts]]
    bounds = np.searchsorted(groups, np.arange(len(offsets)) << 32)
    repeats = np.bincount(groups >> 32, (counts - 1) * sizes, len(offsets) - 1).astype(np.int64)
    return Index(groups, sizes, starts, counts, places, bounds, np.diff(offsets) - repeats)


def _begin_units(places: Ints, document: Ints, number: Ints, items: int) -> Bools:
    """Tell at which of some places, ascending, (places,) int64, a unit begins.

    Takes the document of each and the number of the item there, below `items`.
    """
    follows = (places[1:] == places[:-1] + 1) & (document[1:] == document[:-1])
    before, after = number[:-1], number[1:]
    # An item goes on in the same way wherever it stands, and comes from the same one.
    successor, predecessor = np.full((2, items), -1)
    successor[before[follows]] = after[follows]
    predecessor[after[follows]] = before[follows]
    goes_on, comes = np.ones((2, items), dtype=bool)
    goes_on[before[~(follows & (successor[before] == after))]] = False
    comes[after[~(follows & (predecessor[after] == before))]] = False
    goes_on[number[-1:]] = comes[number[:1]] = False
    heads: Bools = ~(comes & goes_on[predecessor])
    return heads[number]


def look_up(items: Index, pairs: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Intersect the items of each pair.

    Gives the pair, the group in a and the group in b of every shared unit, and the number
    of shared items for each pair.
    """
    held = np.diff(items.bounds)
    # Look the units of the document with fewer up in the other.
    swap = held[pairs[:, 0]] > held[pairs[:, 1]]
    few = np.where(swap, pairs[:, 1], pairs[:, 0])
    many = np.where(swap, pairs[:, 0], pairs[:, 1])
    none = np.empty(0, dtype=np.int64)
    rows = [(none, none, none)]
    for some in cut(held[few], _CHUNK):
        own, other = few[some], many[some]
        asked = ranges(items.bounds[own], held[own])
        wanted = np.repeat(other << 32, held[own]) | (items.groups[asked] & 0xFFFFFFFF)
        found = np.searchsorted(items.groups, wanted)
        found[found == len(items.groups)] = 0
        hit = np.flatnonzero(items.groups[found] == wanted) if len(wanted) else none
        pair = np.repeat(np.arange(some.start, some.stop), held[own])[hit]
        rows.append((pair, asked[hit], found[hit]))
    pair, asked, found = map(np.concatenate, zip(*rows, strict=True))
    turned = swap[pair]
    return (
        pair,
        np.where(turned, found, asked),
        np.where(turned, asked, found),
        np.bincount(pair, items.sizes[asked], len(pairs)).astype(np.int64),
    )
