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

from dupfind.arrays import Bools, Ints, Words64, ranges
from dupfind.tokens import CAPITALIZED, NUMBER

__all__ = ["Facts", "compare_facts"]

_NUMBER: Final = 1
_CAPITAL: Final = 2
_PLAIN: Final = 4
_FLAGS: Final = np.uint64(7)
_FLAG_BITS: Final = np.uint64(3)


class Facts(NamedTuple):
    """What becomes of the facts of pairs of documents; all (pairs,) int64, distinct tokens."""

    numbers: Ints
    """Numbers of the document that has fewer."""
    shared_numbers: Ints
    """Numbers that both hold."""
    names: Ints
    """Names of the document that has fewer."""
    shared_names: Ints
    """Names that both hold."""
    more_numbers: Ints
    """Numbers of the document that has more."""
    more_names: Ints
    """Names of the document that has more."""
    lost: Ints
    """Other words of the shorter document that the longer one does not hold."""


def compare_facts(hashes: Words64, kinds: NDArray[np.uint8], offsets: Ints, pairs: Ints) -> Facts:
    """Compare the facts of pairs of documents.

    Takes the tokens, (tokens,) uint64, their kinds, (tokens,) uint8, where each document's
    begin, (documents + 1,) int64, and the pairs, (pairs, 2) int64.
    """
    chosen, rows = np.unique(pairs, return_inverse=True)
    a, b = rows.reshape(-1, 2).T
    lengths = np.diff(offsets)[chosen]
    places = ranges(offsets[chosen], lengths)
    words = _gather(hashes[places], kinds[places], lengths)
    swap = lengths[a] > lengths[b]
    short, long = np.where(swap, b, a), np.where(swap, a, b)

    pair, own, other = _look_up(words, short, words, long)
    number, name = _tell_apart(own, other)
    held = other != 0
    facts = (words.flags & _PLAIN) == 0
    longer_pair, *both = _look_up(words.keep(facts), long, words, short)
    longer_number, longer_name = _tell_apart(*both)

    def count(found: Bools, among: Ints) -> Ints:
        return np.bincount(among[found], minlength=len(pairs))

    numbers = count(number, pair), count(longer_number, longer_pair)
    names = count(name, pair), count(longer_name, longer_pair)
    return Facts(
        np.minimum(*numbers),
        count(number & held, pair),
        np.minimum(*names),
        count(name & held, pair),
        np.maximum(*numbers),
        np.maximum(*names),
        count(~number & ~name & ~held, pair),
    )


class _Words(NamedTuple):
    """The distinct tokens of documents, each with what it is wherever it stands there."""

    keys: Words64
    """(words,) uint64, ascending: the document above the upper bits of the token."""
    flags: NDArray[np.uint8]
    """(words,) uint8."""
    bounds: Ints
    """(documents + 1,) int64: the words of document i are `bounds[i] : bounds[i + 1]`."""
    shift: np.uint64
    """Where the bits of the document begin in a key."""

    def keep(self, chosen: Bools) -> "_Words":
        before = np.append(0, np.cumsum(chosen))
        return _Words(self.keys[chosen], self.flags[chosen], before[self.bounds], self.shift)


def _gather(hashes: Words64, kinds: NDArray[np.uint8], lengths: Ints) -> _Words:
    """Gather the distinct tokens of documents that follow one another."""
    count = len(lengths)
    width = np.uint64(count.bit_length())
    shift = np.uint64(64) - width - _FLAG_BITS
    # One sort: the document, the upper bits of the token, and what the token is.
    flags = np.full(len(hashes), _PLAIN, dtype=np.uint64)
    flags[kinds == NUMBER] = _NUMBER
    flags[kinds == CAPITALIZED] = _CAPITAL
    documents = np.repeat(np.arange(count, dtype=np.uint64), lengths) << shift
    ordered = (documents | (hashes >> (width + _FLAG_BITS))) << _FLAG_BITS | flags
    ordered.sort()
    keys = ordered >> _FLAG_BITS
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    found = (ordered & _FLAGS).astype(np.uint8)
    if len(keys):
        keys, found = keys[starts], np.bitwise_or.reduceat(found, starts)
    bounds = np.searchsorted(keys, np.arange(count + 1, dtype=np.uint64) << shift)
    return _Words(keys, found, bounds, shift)


def _look_up(
    asked: _Words, at: Ints, known: _Words, into: Ints
) -> tuple[Ints, NDArray[np.uint8], NDArray[np.uint8]]:
    """Look the words of documents up in others, pair by pair.

    Gives for each word of each document `at` the pair, what the word is there, and what it is
    in the document `into`: 0 where that does not hold it.
    """
    counts = np.diff(asked.bounds)[at]
    rows = ranges(asked.bounds[at], counts)
    pair = np.repeat(np.arange(len(at)), counts)
    token = asked.keys[rows] & ((np.uint64(1) << asked.shift) - np.uint64(1))
    wanted = token | (into[pair].astype(np.uint64) << asked.shift)
    places = np.searchsorted(known.keys, wanted)
    places[places == len(known.keys)] = 0
    there = np.where(known.keys[places] == wanted, known.flags[places], np.uint8(0))
    return pair, asked.flags[rows], there


def _tell_apart(own: NDArray[np.uint8], other: NDArray[np.uint8]) -> tuple[Bools, Bools]:
    """Tell which words are numbers, and which are names in both documents of a pair."""
    return (own & _NUMBER) != 0, ((own | other) & (_PLAIN | _NUMBER)) == 0
