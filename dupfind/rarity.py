"""How much of what two documents share is their story's own, and how much is common frame.

What a form, a background paragraph or a tail line puts into many stories says little about any
two of them; a sentence that nobody else has says much. What counts is in how many *stories* a
shingle stands, not in how many documents: a story that forty papers reprinted is one story.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64, distinct, ranges, rank
from dupfind.intersection import Sieve, find_repeated, index, look_up
from dupfind.settings import FEW
from dupfind.shingles import Shingles, shingle

__all__ = ["count_common"]

_CHUNK: Final = 1 << 18  # tokens looked at at once


def count_common(
    hashes: Words64,
    offsets: Ints,
    per_word: NDArray[np.uint8],
    stories: Ints,
    pairs: Ints,
    *,
    size: int,
) -> Ints:
    """Count the shingles that both documents of a pair and more than `FEW` stories hold.

    Takes the tokens of all documents, (tokens,) uint64, where each one's begin, (documents + 1,)
    int64, how many tokens like each one make a word, (tokens,) uint8, the number of the story that
    each document belongs to, (documents,) int64, negative for documents that do not count, the
    pairs, (pairs, 2) int64, and the shingle size. Gives (pairs,) int64 of distinct shingles.
    """
    asked, rows = np.unique(pairs, return_inverse=True)
    lengths = np.diff(offsets)[asked]
    places = ranges(offsets[asked], lengths)
    ends = np.append(0, np.cumsum(lengths))
    own = shingle(hashes[places], ends, size, per_word[places])
    # Only what at least two of these documents hold is asked for.
    sieve = Sieve(find_repeated(own.hashes))
    common = _find_common(_part(hashes, offsets, per_word, size), stories, sieve)
    places = Sieve(common).find(own.hashes)
    document = np.searchsorted(own.offsets, places, side="right") - 1
    kept = (stories[asked][document] >= 0) & np.isin(own.hashes[places], common)
    counted = np.bincount(document[kept], minlength=len(asked))
    found = index(own.hashes[places[kept]], np.append(0, np.cumsum(counted)))
    *_, both = look_up(found, rows.reshape(-1, 2))
    return both


def _part(
    hashes: Words64, offsets: Ints, per_word: NDArray[np.uint8], size: int
) -> Iterator[tuple[int, Shingles]]:
    """Make the shingles of all documents, some documents at a time; give the first one's number."""
    cuts = np.flatnonzero(np.diff(offsets[1:] // _CHUNK, append=-1)) + 1
    begin = 0
    for end in cuts.tolist():
        part = slice(int(offsets[begin]), int(offsets[end]))
        own = offsets[begin : end + 1] - offsets[begin]
        yield begin, shingle(hashes[part], own, size, per_word[part])
        begin = end


def _find_common(parts: Iterable[tuple[int, Shingles]], stories: Ints, sieve: Sieve) -> Words64:
    """Find the shingles in more than `FEW` stories, of those that the sieve lets through."""
    none = np.empty(0, dtype=np.int64)
    holding, held = [none], [none.view(np.uint64)]
    for first, (hashes, offsets) in parts:
        places = sieve.find(hashes)
        holding.append(stories[first + np.searchsorted(offsets, places, side="right") - 1])
        held.append(hashes[places])
    hashes, story = np.concatenate(held), np.concatenate(holding)
    hashes, story = hashes[story >= 0], story[story >= 0]
    shared, number = rank(hashes)
    stories_of = distinct((number << 32) | story) >> 32
    return shared[np.bincount(stories_of, minlength=len(shared)) > FEW]
