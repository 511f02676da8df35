"""Numbers and names: what two documents tell, beside how they tell it.

A form is filled in with other facts while the words around them stay; a story that was cut,
noisily copied or rewritten keeps its facts, or loses other words with them. A number is a token
that begins with a digit. A name is a token that is capitalized wherever it stands, in the
document and in the one it is compared with: this leaves out words that open a sentence, and
needs no list. Scripts without capitals have numbers only.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Bools, Ints, Words64, cut, gather, order_by, ranges, rank
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
    """(pairs,) other words of the shorter document, of equal ones the first, that the other one
    does not hold."""


class Spans(NamedTuple):
    """Stretches of documents, (spans,) int64 each."""

    pair: Ints
    start: Ints
    """First token, counted from the start of the document."""
    end: Ints
    """Past the last token."""

    def take(self, chosen: Ints | slice) -> "Spans":
        """Give some of them."""
        return Spans(*(column[chosen] for column in self))


def compare_facts(
    hashes: Words64,
    kinds: NDArray[np.uint8],
    offsets: Ints,
    pairs: Ints,
    runs: tuple[Spans, Spans],
) -> Facts:
    """Compare the facts of pairs of documents.

    Takes the tokens, (tokens,) uint64, their kinds, (tokens,) uint8, where each document's
    begin, (documents + 1,) int64, the pairs, (pairs, 2) int64, and where runs that both documents
    hold stand in the first and in the second one; runs do not overlap. The frame of a document
    reaches from its first run to its last, and to its ends where they are near: what stands far
    outside of all shared text fills no frame.
    """
    chosen, rows = np.unique(pairs, return_inverse=True)
    places, ends = gather(offsets, chosen)
    lengths = np.diff(ends)
    words = _tell_words(hashes[places], kinds[places], lengths)
    sides = rows.reshape(-1, 2)
    short = np.argmin(lengths[sides], axis=1)
    told = []
    lost = np.zeros(len(pairs), dtype=np.int64)
    for side, spans in enumerate(runs):
        own, others = sides[:, side], sides[:, 1 - side]
        begins = ends[own[spans.pair]]
        order = order_by(spans.pair, spans.start)
        shared = Spans(spans.pair, spans.start + begins, spans.end + begins).take(order)
        frames = _frame(shared, ends[own], ends[own + 1])
        told.append(_count_told(words, frames, others))
        lost += _count_lost(words, frames, shared, np.where(short == side, others, -1))
    numbers, shared_numbers, names, shared_names = np.stack(told, axis=2)
    return Facts(numbers, shared_numbers, names, shared_names, lost)


def _frame(shared: Spans, begins: Ints, ends: Ints) -> Spans:
    """Give the stretch from the first run of each pair to its last, or to a near end.

    Takes runs in order and where the documents of the pairs begin and end, (pairs,) int64.
    """
    first = np.flatnonzero(np.diff(shared.pair, prepend=-1))
    pair, start = shared.pair[first], shared.start[first]
    end = np.maximum.reduceat(shared.end, first) if len(first) else start
    begin, stop = begins[pair], ends[pair]
    return Spans(
        pair,
        np.where(start - begin <= EDGE, begin, start),
        np.where(stop - end <= EDGE, stop, end),
    )


def _count_told(words: "_Words", frames: Spans, others: Ints) -> Ints:
    """Count the numbers and names of frames, and those that the others hold: (4, pairs) int64."""
    # Told of a word of a frame: nothing, a number, or a name; and each again that is held, too.
    counts = np.zeros((len(others), 6), dtype=np.int64)
    facts = np.flatnonzero(~words.ordinary)
    before, rows = words.before[facts], words.rows[facts]
    first, last = np.searchsorted(facts, frames[1:])
    for frame, fact in _expand(Spans(np.arange(len(first)), first, last)):
        once = before[fact] < frames.start[frame]
        own, here = frames.pair[frame[once]], rows[fact[once]]
        there = _look_up(words, here, others[own])
        held = there >= 0
        flags = words.flags[here]
        number = (flags & _NUMBER) != 0
        name = ((flags | np.where(held, words.flags[there], 0)) & (_PLAIN | _NUMBER)) == 0
        _add(counts.ravel(), 6 * own + 3 * held + number + 2 * name)
    _, numbers, names, _, held_numbers, held_names = counts.T
    return np.stack((numbers + held_numbers, held_numbers, names + held_names, held_names))


def _count_lost(words: "_Words", frames: Spans, shared: Spans, others: Ints) -> Ints:
    """Count the other words of frames that the others do not hold: (pairs,) int64.

    Where there is no other document, -1, nothing is counted. What is shared is not looked up.
    """
    counts = np.zeros(len(others), dtype=np.int64)
    frame = np.repeat(np.arange(len(frames.pair)), np.bincount(shared.pair)[frames.pair])
    last = np.flatnonzero(np.diff(frame, append=-1))
    begins = np.append(0, shared.end)[:-1]
    begins = np.where(np.diff(frame, prepend=-1) != 0, frames.start[frame], begins)
    gaps = Spans(
        np.append(frame, frame[last]),
        np.append(begins, shared.end[last]),
        np.append(shared.start, frames.end),
    )
    before = np.where(words.ordinary, words.before, len(words.before))
    gaps = gaps.take(np.flatnonzero(others[frames.pair[gaps.pair]] >= 0))
    for gap, places in _expand(gaps.take(order_by(gaps.pair, gaps.start))):
        once = before[places] < frames.start[gap]
        own, here = frames.pair[gap[once]], words.rows[places[once]]
        _add(counts, own[_look_up(words, here, others[own]) < 0])
    return counts


def _expand(spans: Spans) -> Iterator[tuple[Ints, Ints]]:
    """Give the pair and the place of all that lies in spans, some at a time."""
    for some in cut(spans.end - spans.start, _CHUNK):
        pair, start, end = spans.take(some)
        yield np.repeat(pair, end - start), ranges(start, end - start)


def _add(counts: Ints, numbers: Ints) -> None:
    """Count numbers, which lie close together."""
    if len(numbers):
        low = int(numbers.min())
        found = np.bincount(numbers - low)
        counts[low : low + len(found)] += found


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
    ordinary: Bools
    """(tokens,) bool: the word is neither a number nor, in this document, a name."""
    begins: Words64
    counts: Words64
    """(documents,) uint64: the first of its slots, and how many there are: two for each word."""
    slots: Ints
    """(2 * words + 1,) int64: the first word at or after each slot."""
    shift: np.uint64
    """Where the bits of the document begin in a key."""


def _tell_words(hashes: Words64, kinds: NDArray[np.uint8], lengths: Ints) -> _Words:
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
    ordinary = ((flags & (_PLAIN | _NUMBER)) == _PLAIN)[rows]
    documents = (keys >> shift).astype(np.int64)
    counts = 2 * np.bincount(documents, minlength=len(lengths))
    begins = np.cumsum(counts) - counts
    words = _Words(
        np.append(keys, ~np.uint64(0)),
        flags,
        rows,
        before,
        ordinary,
        begins.astype(np.uint64),
        counts.astype(np.uint64),
        np.empty(0, dtype=np.int64),
        shift,
    )
    slots = np.bincount(_find_slots(words, keys, documents), minlength=2 * len(flags) + 1)
    return words._replace(slots=np.cumsum(slots) - slots)


def _find_slots(words: _Words, keys: Words64, documents: Ints) -> Ints:
    """Find the slots of words in documents, both (words,): those of a document ascend."""
    share = (keys << (np.uint64(64) - words.shift)) >> np.uint64(32)
    share *= words.counts[documents]
    share >>= np.uint64(32)
    share += words.begins[documents]
    return share.view(np.int64)


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
