"""How much of what two documents share is their story's own, and how much is common frame.

What a form, a background paragraph or a tail line puts into many stories says little about any
two of them; a sentence that nobody else has says much. What counts is in how many *stories* a
shingle stands, not in how many documents: a story that forty papers reprinted is one story.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Bools, Ints, Words64, cut, distinct, find_heads, order_by, ranges
from dupfind.dealing import OPEN, Holdings, deal, hold, number_parts
from dupfind.intersection import Index, Sieve, index, look_up
from dupfind.running import HERE, Apply, Means
from dupfind.settings import FEW

__all__ = ["count_common"]

_CHUNK: Final = 1 << 18  # tokens looked at at once
_KEY: Final = 32  # first bits of a hash, by which it is counted first
_KEYS: Final = 64  # bytes that a key counts as: a part of them is to take little of memory
_COST: Final = 48  # bytes that a shingle takes at most that may be common
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
    compared = np.flatnonzero(stories >= 0)
    # Those of a story come together: what its documents repeat counts once.
    compared = compared[order_by(stories[compared])]
    lengths = np.diff(offsets)[compared]
    batches = [compared[own] for own in cut(lengths, _CHUNK)]
    story = stories.astype(np.int32)
    make = partial(hold, hashes=hashes, offsets=offsets, kinds=kinds, size=size)
    keys = means.apply(partial(_list_keys, make=make, stories=story), batches)
    tokens = int(lengths.sum())
    often, share = _find_often(keys, min(OPEN, 1 + tokens * _KEYS // means.memory), means)
    counts = np.zeros(len(pairs), dtype=np.int64)
    if not len(often):
        return counts
    # A part of these shingles at a time: what they count for adds up.
    sift = partial(_sift, make=make, sieve=Sieve(often))
    for part in deal(sift, batches, 1 + int(share * tokens) * _COST // means.memory, means):
        counts += _count(part, story, pairs, means)
    return counts


def _list_keys(
    documents: Ints, *, make: Callable[[Ints], Holdings], stories: NDArray[np.int32]
) -> NDArray[np.uint32]:
    """Give the first bits of the shingles of documents, ascending: those of a story once."""
    holders, hashes = make(documents)
    hashes &= np.uint64((1 << 64) - (1 << _KEY))
    hashes |= stories[holders].astype(np.uint64)
    keys: NDArray[np.uint32] = (distinct(hashes) >> np.uint64(_KEY)).astype(np.uint32)
    return keys


def _find_often(
    keys: Iterable[NDArray[np.uint32]], parts: int, means: Means
) -> tuple[Words64, float]:
    """Find the keys that more than `FEW` stories may have, and tell which share of all they are.

    Takes lists of keys, each of which ascends, in so many parts: of a part as much is in memory.
    """
    ends = (np.arange(1, parts, dtype=np.uint64) << np.uint64(_KEY)) // np.uint64(parts)
    columns = [means.column(np.uint32) for _ in range(parts)]
    for own in keys:
        some = np.split(own, np.searchsorted(own, ends.astype(np.uint32)))
        for filled, part in zip(columns, some, strict=True):
            filled.extend(part.copy())
    often, held, total = [], 0, 0
    for filled in columns:
        part = np.sort(filled.close())
        means.look_at(part.nbytes)
        found = part[FEW:] == part[:-FEW]
        often.append(distinct(part[FEW:][found]))
        held += int(found.sum()) + FEW * len(often[-1])
        total += len(part)
    return np.concatenate(often).astype(np.uint64), held / max(total, 1)


def _count(part: Holdings, stories: NDArray[np.int32], pairs: Ints, means: Means) -> Ints:
    """Count those shingles that both documents of a pair and more than `FEW` stories hold."""
    common = _are_common(part.hashes, stories[part.holders], means)
    paired = np.zeros(len(stories), dtype=bool)
    paired[pairs] = True
    kept = np.flatnonzero(common & paired[part.holders])
    kept = kept[np.argsort(part.holders[kept], kind="stable")]
    counted = np.bincount(part.holders[kept], minlength=len(stories))
    items = index(part.hashes[kept], np.append(0, np.cumsum(counted)))
    return _look_up(items, pairs, means.apply)


def _look_up(items: Index, pairs: Ints, apply: Apply) -> Ints:
    """Count the items that the documents of each pair share."""
    few = np.diff(items.bounds)[pairs].min(axis=1)
    lots = [pairs[own] for own in cut(few, _LOT)]
    return np.concatenate(list(apply(partial(_count_shared, items=items), lots)))


def _count_shared(pairs: Ints, *, items: Index) -> Ints:
    *_, shared = look_up(items, pairs)
    return shared


def _sift(documents: Ints, *, make: Callable[[Ints], Holdings], sieve: Sieve) -> Holdings:
    """Make those shingles of some documents whose first bits a sieve lets through."""
    made = make(documents)
    return made.take(sieve.find(made.hashes >> np.uint64(_KEY)))


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
