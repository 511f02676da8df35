"""How much of what two documents share is their story's own, and how much is common frame.

What a form, a background paragraph or a tail line puts into many stories says little about any
two of them; a sentence that nobody else has says much. What counts is in how many *stories* a
shingle stands, not in how many documents: a story that forty papers reprinted is one story.
"""

from typing import Final

import numpy as np

from dupfind.arrays import Ints, Words64, distinct
from dupfind.intersection import index, look_up
from dupfind.shingles import Shingles

__all__ = ["FEW", "count_common"]

FEW: Final = 3
"""Stories that may hold a shingle which still counts as a story's own."""

_SLOTS: Final = 1 << 24  # of the table that keeps rare shingles from being sorted, at most


def count_common(shingles: Shingles, stories: Ints, pairs: Ints) -> Ints:
    """Count the shingles that both documents of a pair and more than `FEW` stories hold.

    Takes the shingles of all documents, the number of the story that each document belongs
    to, (documents,) int64, negative for documents that do not count, and the pairs, (pairs, 2)
    int64. Gives (pairs,) int64 of distinct shingles.
    """
    hashes, offsets = shingles
    often = _may_be_common(hashes)
    document = np.searchsorted(offsets, often, side="right") - 1
    story = stories[document]
    often, document, story = (column[story >= 0] for column in (often, document, story))
    # One sort groups the stories of each shingle: their number stands below its upper bits.
    width = np.uint64(int(stories.max(initial=0)).bit_length())
    above = hashes[often] >> width << width
    held = distinct(above | story.astype(np.uint64)) >> width << width
    shared, counts = np.unique(held, return_counts=True)
    common = shared[counts > FEW]

    places = np.searchsorted(common, above)
    places[places == len(common)] = 0
    found = common[places] == above if len(common) else np.zeros(len(above), dtype=bool)
    asked, rows = np.unique(pairs, return_inverse=True)
    found &= np.isin(document, asked)
    counted = np.bincount(np.searchsorted(asked, document[found]), minlength=len(asked))
    *_, both = look_up(index(above[found], np.append(0, np.cumsum(counted))), rows.reshape(-1, 2))
    return both


def _may_be_common(hashes: Words64) -> Ints:
    """Give the places of shingles that may stand in more than `FEW` documents; few others."""
    slots = np.uint64(min(_SLOTS, 1 << max(len(hashes), 1).bit_length()) - 1)
    slot = (hashes & slots).view(np.int64)
    return np.flatnonzero((np.bincount(slot) > FEW)[slot])
