"""How much of what two documents share is their story's own, and how much is common frame.

What a form, a background paragraph or a tail line puts into many stories says little about any
two of them; a sentence that nobody else has says much. What counts is in how many *stories* a
shingle stands, not in how many documents: a story that forty papers reprinted is one story.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise, starmap
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64, distinct, ranges, rank
from dupfind.intersection import Sieve, find_repeated, index, look_up
from dupfind.settings import FEW
from dupfind.shingles import Shingles, shingle
from dupfind.tokens import PER_WORD

__all__ = ["Apply", "count_common"]

_CHUNK: Final = 1 << 18  # tokens looked at at once
_COST: Final = 48  # bytes that a token of a pair takes at most
_PARTS: Final = 16  # of the shingles that are counted, of which one is looked at at once

Apply = Callable[[Callable[[Ints], Any], Iterable[Ints]], Iterable[Any]]
"""Maps a function over batches."""


def count_common(
    hashes: Words64,
    offsets: Ints,
    kinds: NDArray[np.uint8],
    stories: Ints,
    pairs: Ints,
    apply: Apply,
    *,
    size: int,
    memory: int,
) -> Ints:
    """Count the shingles that both documents of a pair and more than `FEW` stories hold.

    Takes the tokens of all documents, (tokens,) uint64, where each one's begin, (documents + 1,)
    int64, what each token is, (tokens,) uint8, the number of the story that each document belongs
    to, (documents,) int64, negative for documents that do not count, the pairs, (pairs, 2) int64,
    what maps a function over ranges of documents, the shingle size, and about how many bytes to
    take. Gives (pairs,) int64 of distinct shingles.
    """
    asked, rows = np.unique(pairs, return_inverse=True)
    rows = rows.reshape(-1, 2)
    lengths = offsets[asked + 1] - offsets[asked]
    parts = 1 + int(lengths.sum()) * _COST // memory
    counts = np.zeros(len(pairs), dtype=np.int64)
    # A part of all shingles at a time: what they count for adds up.
    for part in range(parts):
        make = partial(
            _make, hashes=hashes, offsets=offsets, kinds=kinds, size=size, part=part, parts=parts
        )
        held = list(apply(make, [asked[some] for some in _cut(lengths)]))
        own = _join(held)
        # Only what at least two of these documents hold is asked for.
        sift = partial(_sift, make=make, sieve=Sieve(find_repeated(own.hashes)))
        everyone = np.arange(len(stories))
        found = apply(sift, [everyone[some] for some in _cut(np.diff(offsets))])
        common = _find_common(found, stories)
        places = Sieve(common).find(own.hashes)
        document = np.searchsorted(own.offsets, places, side="right") - 1
        kept = (stories[asked][document] >= 0) & np.isin(own.hashes[places], common)
        counted = np.bincount(document[kept], minlength=len(asked))
        known = index(own.hashes[places[kept]], np.append(0, np.cumsum(counted)))
        *_, both = look_up(known, rows)
        counts += both
    return counts


def _join(parts: list[Shingles]) -> Shingles:
    """Put shingles one after the other; takes them out of the list, which may be all of memory."""
    counts = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.offsets) for part in parts)])
    offsets = np.cumsum(counts)
    hashes = np.empty(int(offsets[-1]), dtype=np.uint64)
    at = len(hashes)
    while parts:
        last = parts.pop().hashes
        hashes[at - len(last) : at] = last
        at -= len(last)
    return Shingles(hashes, offsets)


def _cut(lengths: Ints) -> Iterator[slice]:
    """Cut documents of so many tokens into ranges of about `_CHUNK` tokens."""
    cuts = np.flatnonzero(np.diff(np.cumsum(lengths) // _CHUNK, append=-1)) + 1
    return starmap(slice, pairwise([0, *cuts.tolist()]))


def _make(
    documents: Ints,
    *,
    hashes: Words64,
    offsets: Ints,
    kinds: NDArray[np.uint8],
    size: int,
    part: int,
    parts: int,
) -> Shingles:
    """Make the shingles of some documents, of so many parts the one with this number."""
    lengths = offsets[documents + 1] - offsets[documents]
    places = ranges(offsets[documents], lengths)
    ends = np.append(0, np.cumsum(lengths))
    made = shingle(hashes[places], ends, size, PER_WORD[kinds[places]])
    if parts == 1:
        return made
    here = np.flatnonzero(_deal(made.hashes, 32, parts) == part)
    return Shingles(made.hashes[here], np.searchsorted(here, made.offsets))


def _deal(hashes: Words64, shift: int, parts: int) -> Words64:
    """Deal hashes to so many parts by 16 of their bits: the number of the part of each."""
    dealt = hashes >> np.uint64(shift)
    dealt &= np.uint64(0xFFFF)
    dealt *= np.uint64(parts)
    dealt >>= np.uint64(16)
    return dealt


def _sift(
    documents: Ints, *, make: Callable[[Ints], Shingles], sieve: Sieve
) -> tuple[Ints, Words64]:
    """Find the shingles of some documents that a sieve lets through: holders, hashes."""
    found = make(documents)
    places = sieve.find(found.hashes)
    holders = documents[np.searchsorted(found.offsets, places, side="right") - 1]
    return holders, found.hashes[places]


def _find_common(found: Iterable[tuple[Ints, Words64]], stories: Ints) -> Words64:
    """Find the shingles in more than `FEW` stories; takes their holders, and the hashes."""
    holding, held = [np.empty(0, dtype=np.int32)], [np.empty(0, dtype=np.uint64)]
    for documents, hashes in found:
        own = stories[documents]
        holding.append(own[own >= 0].astype(np.int32))
        held.append(hashes[own >= 0])
    hashes, own = np.concatenate(held), np.concatenate(holding)
    held.clear()
    holding.clear()
    # Some at a time: to rank hashes takes many times the memory that they take themselves.
    parts = _PARTS if len(hashes) > _CHUNK else 1
    dealt = _deal(hashes, 16, parts).astype(np.uint8)
    return np.concatenate(
        [_choose_common(hashes[dealt == part], own[dealt == part]) for part in range(parts)]
    )


def _choose_common(hashes: Words64, stories: NDArray[np.int32]) -> Words64:
    """Choose the hashes that come with more than `FEW` stories."""
    shared, number = rank(hashes)
    stories_of = distinct((number << 32) | stories) >> 32
    return shared[np.bincount(stories_of, minlength=len(shared)) > FEW]
