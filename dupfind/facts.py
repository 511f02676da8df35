"""Numbers and names: what two documents tell, beside how they tell it.

A form is filled in with other facts while the words around them stay; a story that was cut,
noisily copied or rewritten keeps its facts, or loses other words with them. A number is a token
that begins with a digit. A name is a token that is capitalized wherever it stands, in the
document and in the one it is compared with: this leaves out words that open a sentence, and
needs no list. Scripts without capitals have numbers only.
"""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64, order_by, ranges, rank
from dupfind.tokens import CAPITALIZED, NUMBER

__all__ = ["EDGE", "Facts", "Spans", "compare_facts"]

EDGE: Final = 20
"""Words before the first passage, and after the last, that still belong to the frame."""

_CHUNK: Final = 1 << 16  # tokens counted at once: they stay in the processor's cache
_NUMBER: Final = 1
_CAPITAL: Final = 2
_PLAIN: Final = 4
_FLAGS: Final = np.full(256, _PLAIN, dtype=np.uint8)
_FLAGS[NUMBER], _FLAGS[CAPITALIZED] = _NUMBER, _CAPITAL


class Facts(NamedTuple):
    """What becomes of the facts in the frames of documents: (pairs, 2) int64, distinct tokens.

    The first column is of the pair's first document: what it tells inside its frame, and how
    much of that the other document holds, wherever.
    """

    numbers: Ints
    shared_numbers: Ints
    names: Ints
    shared_names: Ints
    lost: Ints
    """Other words that the other document does not hold."""


class Spans(NamedTuple):
    """Stretches of documents, (spans,) int64 each: those of one pair follow one another."""

    pair: Ints
    start: Ints
    """First token, counted from the start of the document."""
    end: Ints
    """Past the last token."""


def compare_facts(
    hashes: Words64,
    kinds: NDArray[np.uint8],
    offsets: Ints,
    pairs: Ints,
    passages: tuple[Spans, Spans],
) -> Facts:
    """Compare the facts of pairs of documents.

    Takes the tokens, (tokens,) uint64, their kinds, (tokens,) uint8, where each document's
    begin, (documents + 1,) int64, the pairs, (pairs, 2) int64, and where their passages stand
    in the first and in the second document. The frame of a document reaches from its first
    passage to its last, and to its ends where they are near: what stands far outside of all
    shared text fills no frame.
    """
    chosen, rows = np.unique(pairs, return_inverse=True)
    lengths = np.diff(offsets)[chosen]
    places = ranges(offsets[chosen], lengths)
    words = _gather(hashes[places], kinds[places], lengths)
    ends = np.append(0, np.cumsum(lengths))
    sides = rows.reshape(-1, 2)
    counts = []
    for side, spans in enumerate(passages):
        frames = _frame(spans, lengths[sides[:, side]])
        begins = ends[sides[frames.pair, side]]
        frames = Spans(frames.pair, frames.start + begins, frames.end + begins)
        counts.append(_count(words, frames, sides[:, 1 - side]))
    return Facts(*(np.stack(both, axis=1) for both in zip(*counts, strict=True)))


def _count(words: "_Words", frames: Spans, others: Ints) -> Ints:
    """Count what the frames of pairs tell, and what of it the others hold: (5, pairs) int64.

    Takes frames whose places are counted from the first token of all documents.
    """
    counts = np.zeros((5, len(others)), dtype=np.int64)
    ends = np.cumsum(frames.end - frames.start)
    cuts = np.flatnonzero(np.diff(ends // _CHUNK, append=-1)) + 1
    for first, last in pairwise([0, *cuts.tolist()]):
        pair, start, end = (column[first:last] for column in frames)
        places = ranges(start, end - start)
        number = np.repeat(np.arange(len(pair)), end - start)
        # Of a token that stands in a frame more than once, one is counted.
        once = words.before[places] < start[number]
        here, number = words.rows[places[once]], number[once]
        flags = words.flags[here]
        there = _look_up(words, here, others[pair][number])
        held = there >= 0
        both = np.where(held, flags | words.flags[there], flags)
        is_number = (flags & _NUMBER) != 0
        is_name = (both & (_PLAIN | _NUMBER)) == 0
        told = (
            is_number,
            is_number & held,
            is_name,
            is_name & held,
            ~(is_number | is_name | held),
        )
        counts[:, pair] = [np.bincount(number[found], minlength=len(pair)) for found in told]
    return counts


def _frame(passages: Spans, lengths: Ints) -> Spans:
    """Give the stretch from the first passage of each pair to its last, or to a near end."""
    order = order_by(passages.pair, passages.start)
    pair, start = passages.pair[order], passages.start[order]
    first = np.flatnonzero(np.append(True, pair[1:] != pair[:-1])[: len(pair)])
    pair, start = pair[first], start[first]
    end = np.maximum.reduceat(passages.end[order], first) if len(first) else start
    total = lengths[pair]
    return Spans(pair, np.where(start <= EDGE, 0, start), np.where(total - end <= EDGE, total, end))


class _Words(NamedTuple):
    """The distinct tokens of documents, each with what it is wherever it stands there.

    Hashes are as good as random, so each word stands close to its share of the way through those
    of its document: the slots, two for each word, say where.
    """

    keys: Words64
    """(words + 1,) uint64, ascending: the document above the upper bits of the token. The last
    one is none."""
    flags: NDArray[np.uint8]
    """(words,) uint8."""
    rows: Ints
    """(tokens,) int64: which of the words each token of the documents is."""
    before: Ints
    """(tokens,) int64: where the same word stands before in the same document, or -1."""
    bounds: Ints
    """(documents + 1,) int64: the words of document i are `bounds[i] : bounds[i + 1]`."""
    slots: Ints
    """(2 * words + 1,) int64: the first word at or after each slot."""
    shift: np.uint64
    """Where the bits of the document begin in a key."""


def _gather(hashes: Words64, kinds: NDArray[np.uint8], lengths: Ints) -> _Words:
    """Gather the distinct tokens of documents that follow one another."""
    width = np.uint64(max(len(lengths), 1).bit_length())
    shift = np.uint64(64) - width
    keys = np.repeat(np.arange(len(lengths), dtype=np.uint64) << shift, lengths)
    keys |= hashes >> width
    keys, rows = rank(keys)
    flags = np.zeros(len(keys), dtype=np.uint8)
    for flag in (_NUMBER, _CAPITAL, _PLAIN):
        flags[rows[_FLAGS[kinds] == flag]] |= flag
    order = order_by(rows)
    before = np.full(len(rows), -1)
    again = np.flatnonzero(np.diff(rows[order]) == 0)
    before[order[again + 1]] = order[again]
    documents = (keys >> shift).astype(np.int64)
    bounds = np.searchsorted(documents, np.arange(len(lengths) + 1))
    keys = np.append(keys, ~np.uint64(0))
    words = _Words(keys, flags, rows, before, bounds, bounds, shift)
    slots = np.bincount(_find_slots(words, keys[:-1], documents), minlength=2 * len(flags) + 1)
    return words._replace(slots=np.cumsum(slots) - slots)


def _find_slots(words: _Words, keys: Words64, documents: Ints) -> Ints:
    """Find the slots of words in documents, both (words,): those of a document ascend."""
    share = (keys << (np.uint64(64) - words.shift)) >> np.uint64(32)
    share *= (2 * np.diff(words.bounds)).astype(np.uint64)[documents]
    return 2 * words.bounds[documents] + (share >> np.uint64(32)).astype(np.int64)


def _look_up(words: _Words, rows: Ints, documents: Ints) -> Ints:
    """Find words of some documents among those of others: their rows, (rows,) int64, or -1."""
    own = (np.uint64(1) << words.shift) - np.uint64(1)
    wanted = (words.keys[rows] & own) | (documents.astype(np.uint64) << words.shift)
    places = words.slots[_find_slots(words, wanted, documents)]
    late = np.flatnonzero(words.keys[places] < wanted)
    while len(late):
        places[late] += 1
        late = late[words.keys[places[late]] < wanted[late]]
    found: Ints = np.where(words.keys[places] == wanted, places, -1)
    return found
