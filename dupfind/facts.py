"""Numbers and names: what two documents tell, beside how they tell it.

A form is filled in with other facts while the words around them stay; a story that was cut,
noisily copied or rewritten keeps its facts, or loses other words with them. A number is a token
that begins with a digit. A name is a token that is capitalized wherever it stands, in the
document and in the one it is compared with: this leaves out words that open a sentence, and
needs no list. Scripts without capitals have numbers only.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64, distinct, order_by, ranges
from dupfind.tokens import CAPITALIZED, NUMBER

__all__ = ["EDGE", "Facts", "Spans", "compare_facts"]

EDGE: Final = 20
"""Words before the first passage, and after the last, that still belong to the frame."""

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
    counts = [
        _count(words, ends, sides[:, side], sides[:, 1 - side], spans)
        for side, spans in enumerate(passages)
    ]
    return Facts(*(np.stack(both, axis=1) for both in zip(*counts, strict=True)))


def _count(words: "_Words", offsets: Ints, own: Ints, other: Ints, passages: Spans) -> list[Ints]:
    """Count what the frames of documents tell, and what of it others hold."""
    frames = _frame(passages, np.diff(offsets)[own])
    lengths = frames.end - frames.start
    here = words.rows[ranges(offsets[own[frames.pair]] + frames.start, lengths)]
    # Of a token that stands in a frame more than once, one is counted.
    width = len(words.keys).bit_length()
    once = distinct(np.repeat(frames.pair << width, lengths) | here)
    pair, here = once >> width, once & ((1 << width) - 1)
    there = _look_up(words, here, other[pair])
    own_flags = words.flags[here]
    flags = np.where(there < 0, np.uint8(0), words.flags[there])
    number = (own_flags & _NUMBER) != 0
    name = ((own_flags | flags) & (_PLAIN | _NUMBER)) == 0
    held = flags != 0
    told = (number, number & held, name, name & held, ~number & ~name & ~held)
    return [np.bincount(pair[found], minlength=len(own)) for found in told]


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
    """The distinct tokens of documents, each with what it is wherever it stands there."""

    keys: Words64
    """(words,) uint64, ascending: the document above the upper bits of the token."""
    flags: NDArray[np.uint8]
    """(words,) uint8."""
    rows: Ints
    """(tokens,) int64: which of the words each token of the documents is."""
    shift: np.uint64
    """Where the bits of the document begin in a key."""


def _gather(hashes: Words64, kinds: NDArray[np.uint8], lengths: Ints) -> _Words:
    """Gather the distinct tokens of documents that follow one another."""
    width = np.uint64(max(len(lengths), 1).bit_length())
    shift = np.uint64(64) - width
    keys = np.repeat(np.arange(len(lengths), dtype=np.uint64) << shift, lengths)
    keys |= hashes >> width
    order = np.argsort(keys)
    keys = keys[order]
    first = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
    rows = np.empty(len(keys), dtype=np.int64)
    rows[order] = np.cumsum(first) - 1
    starts = np.flatnonzero(first)
    flags = _FLAGS[kinds[order]]
    if len(keys):
        flags = np.bitwise_or.reduceat(flags, starts)
    return _Words(keys[starts], flags, rows, shift)


def _look_up(words: _Words, rows: Ints, documents: Ints) -> Ints:
    """Find words of some documents among those of others: their rows, (rows,) int64, or -1."""
    own = (np.uint64(1) << words.shift) - np.uint64(1)
    wanted = (words.keys[rows] & own) | (documents.astype(np.uint64) << words.shift)
    places = np.searchsorted(words.keys, wanted)
    places[places == len(words.keys)] = 0
    found: Ints = np.where(words.keys[places] == wanted, places, -1)
    return found
