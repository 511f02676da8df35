"""How much of what two documents share is their story's own, and how much is common frame.

What a form, a background paragraph or a tail line puts into many stories says little about any
two of them; a sentence that nobody else has says much. What counts is in how many *stories* a
shingle stands, not in how many documents: a story that forty papers reprinted is one story.
"""

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Bools, Ints, Words64, cut, distinct, find_heads, ranges
from dupfind.dealing import Holdings, deal, hold, join, number_parts
from dupfind.intersection import Index, Sieve, find_repeated, index, look_up
from dupfind.running import HERE, Apply, Means
from dupfind.settings import FEW

__all__ = ["count_common"]

_CHUNK: Final = 1 << 18  # tokens looked at at once
_BITS: Final = 2  # of a hash: those are sorted at once that have the same first ones
_COST: Final = 48  # bytes that a token of a pair takes at most
_PARTS: Final = 16  # of the shingles that are counted, of which one is ranked at once
_LOT: Final = 1 << 20  # units looked up at once


def count_common(
    hashes: Words64,
    offsets: Ints,
    kinds: NDArray[np.uint8],
    stories: Ints,
    pairs: Ints,
    means: Means = HERE,
    *,
    size: int,
) -> Ints:
    """Count the shingles that both documents of a pair and more than `FEW` stories hold.

    Takes the tokens of all documents, (tokens,) uint64, where each one's begin, (documents + 1,)
    int64, what each token is, (tokens,) uint8, the number of the story that each document belongs
    to, (documents,) int64, negative for documents that do not count, the pairs, (pairs, 2) int64,
    and the shingle size. Gives (pairs,) int64 of distinct shingles.
    """
    if not len(pairs):
        return np.empty(0, dtype=np.int64)
    paired = np.zeros(len(stories), dtype=bool)
    paired[pairs] = True
    lengths = np.diff(offsets)
    asked, others = (np.flatnonzero((stories >= 0) & some) for some in (paired, ~paired))
    batches = [[some[own] for own in cut(lengths[some], _CHUNK)] for some in (asked, others)]
    parts = 1 + int(lengths[asked].sum()) * _COST // means.memory
    make = partial(hold, hashes=hashes, offsets=offsets, kinds=kinds, size=size)
    count = partial(_count, stories=stories.astype(np.int32), pairs=pairs, means=means)
    if parts == 1:
        own, sieve = _narrow(join(list(means.apply(make, batches[0])), means), means)
        sift = partial(_sift, make=make, sieve=sieve)
        return count(own, list(means.apply(sift, batches[1])))
    # A part of all shingles at a time: what they count for adds up.
    counts = np.zeros(len(pairs), dtype=np.int64)
    for part, beyond in deal(make, batches, parts, means):
        own, sieve = _narrow(part, means)
        del part
        counts += count(own, [_choose(some, sieve) for some in beyond])
    return counts


def _narrow(own: Holdings, means: Means) -> tuple[list[Holdings], Sieve]:
    """Narrow the shingles of the paired documents down to those that two of them may hold.

    Gives them, and what lets only such shingles through.
    """
    find = partial(_find_repeated, hashes=own.hashes)
    spread = means.spread(len(own.hashes))
    sieve = Sieve(np.concatenate(list(spread(find, range(1 << _BITS)))))
    cuts = range(0, len(own.hashes), _CHUNK)
    some = (own.take(slice(begin, begin + _CHUNK)) for begin in cuts)
    return list(spread(partial(_choose, sieve=sieve), some)), sieve


def _find_repeated(first: int, *, hashes: Words64) -> Words64:
    """Give the hashes with such first bits that occur more than once."""
    least, most = first << 64 - _BITS, (first + 1 << 64 - _BITS) - 1
    return find_repeated(hashes[(hashes >= np.uint64(least)) & (hashes <= np.uint64(most))])


def _count(
    own: list[Holdings],
    others: list[Holdings],
    *,
    stories: NDArray[np.int32],
    pairs: Ints,
    means: Means,
) -> Ints:
    """Count the shingles that both documents of a pair and more than `FEW` stories hold.

    Takes those of the paired documents, and then those of the others, out of the lists.
    """
    many = sum(len(part.hashes) for part in own)
    found = [*own, *others]
    own.clear()
    others.clear()
    every = join(found, means)
    common = _are_common(every.hashes, stories[every.holders], means)
    kept = every.take(np.flatnonzero(common[:many]))
    del every
    counted = np.bincount(kept.holders, minlength=len(stories))
    return _look_up(index(kept.hashes, np.append(0, np.cumsum(counted))), pairs, means.apply)


def _look_up(items: Index, pairs: Ints, apply: Apply) -> Ints:
    """Count the items that the documents of each pair share."""
    few = np.diff(items.bounds)[pairs].min(axis=1)
    lots = [pairs[own] for own in cut(few, _LOT)]
    return np.concatenate(list(apply(partial(_count_shared, items=items), lots)))


def _count_shared(pairs: Ints, *, items: Index) -> Ints:
    *_, shared = look_up(items, pairs)
    return shared


def _sift(documents: Ints, *, make: Callable[[Ints], Holdings], sieve: Sieve) -> Holdings:
    """Make those shingles of some documents that a sieve lets through."""
    return _choose(make(documents), sieve)


def _choose(shingles: Holdings, sieve: Sieve) -> Holdings:
    return shingles.take(sieve.find(shingles.hashes))


def _are_common(hashes: Words64, stories: NDArray[np.int32], means: Means) -> Bools:
    """Tell which of some hashes, each of which is in a story, are in more than `FEW` stories."""
    common = np.zeros(len(hashes), dtype=bool)
    # Some at a time: to rank hashes takes many times the memory that they take themselves.
    parts = _PARTS if len(hashes) > _CHUNK else 1
    number = number_parts(hashes, 16, parts)
    ends = np.cumsum(np.bincount(number, minlength=parts))

    def mark(some: Ints) -> None:
        held = _hold_often(hashes[some])
        items = np.repeat(np.arange(len(held.sizes)), held.sizes)
        stories_of = distinct((items << 32) | stories[some[held.places]]) >> 32
        told = np.bincount(stories_of, minlength=len(held.sizes)) > FEW
        common[some[held.places[np.repeat(told, held.sizes)]]] = True

    some = np.split(np.argsort(number, kind="stable"), ends[:-1])
    for _ in means.spread(len(hashes))(mark, some):
        pass
    return common


class _Often(NamedTuple):
    """The hashes that occur more often than `FEW` times."""

    sizes: Ints
    """(hashes,) int64: how often."""
    places: Ints
    """Where, one hash after the other; int64."""


def _hold_often(hashes: Words64) -> _Often:
    order = np.argsort(hashes)
    ordered = hashes[order]
    starts = np.flatnonzero(find_heads(ordered))
    sizes = np.diff(starts, append=len(ordered))
    often = sizes > FEW
    return _Often(sizes[often], order[ranges(starts[often], sizes[often])])
