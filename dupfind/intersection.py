"""What pairs of documents have in common: exact set intersections, many pairs at once.

Items are 64-bit hashes: the shingles of a document, or its numbers.
"""

from typing import NamedTuple

import numpy as np

from dupfind.arrays import Ints, Words64, order_by, ranges, rank

__all__ = ["Index", "Sieve", "find_repeated", "index", "look_up"]


class Index(NamedTuple):
    """Where each document holds those items that another one may hold too.

    A group is the places of one item in one document; groups are sorted by
    (document, item).
    """

    groups: Ints
    """(groups,) int64: document << 32 | number of the item."""
    starts: Ints
    counts: Ints
    """(groups,) int64: the group's places are `places[start : start + count]`, ascending."""
    places: Ints
    bounds: Ints
    """(documents + 1,) int64: the groups of document i are `bounds[i] : bounds[i + 1]`."""
    distinct: Ints
    """(documents,) int64: distinct items, those that no other document holds included."""


class Sieve:
    """Lets some 64-bit hashes through, and few others: a table of their lowest bits."""

    def __init__(self, hashes: Words64) -> None:
        slots = 1 << max(16, (8 * len(hashes)).bit_length())
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
    _, number = rank(hashes[kept])
    order = order_by(document, number)
    places = kept[order] - offsets[document[order]]
    key = ((document << 32) | number)[order]
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1])) if len(key) else key
    counts = np.diff(starts, append=len(key))
    groups = key[starts]
    bounds = np.searchsorted(groups, np.arange(len(offsets)) << 32)
    repeats = np.bincount(groups >> 32, counts - 1, len(offsets) - 1).astype(np.int64)
    return Index(groups, starts, counts, places, bounds, np.diff(offsets) - repeats)


def look_up(items: Index, pairs: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Intersect the items of each pair.

    Gives the pair, the group in a and the group in b of every shared item, and the number
    of them for each pair.
    """
    held = np.diff(items.bounds)
    # Look the items of the document with fewer up in the other.
    swap = held[pairs[:, 0]] > held[pairs[:, 1]]
    few = np.where(swap, pairs[:, 1], pairs[:, 0])
    many = np.where(swap, pairs[:, 0], pairs[:, 1])
    asked = ranges(items.bounds[few], held[few])
    pair = np.repeat(np.arange(len(pairs)), held[few])
    wanted = (many[pair] << 32) | (items.groups[asked] & 0xFFFFFFFF)
    found = np.searchsorted(items.groups, wanted)
    found[found == len(items.groups)] = 0
    hit = items.groups[found] == wanted if len(wanted) else np.zeros(0, dtype=bool)
    pair, asked, found = pair[hit], asked[hit], found[hit]
    turned = swap[pair]
    return (
        pair,
        np.where(turned, found, asked),
        np.where(turned, asked, found),
        np.bincount(pair, minlength=len(pairs)),
    )
