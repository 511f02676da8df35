"""Candidate pairs, verified: a batch of pairs goes in, what each shares comes out."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Bools, Floats, Ints, Words64, cut, gather, order_by
from dupfind.facts import Facts, Spans, compare_facts
from dupfind.measures import Measures, measure
from dupfind.pairs import Pairs
from dupfind.passages import Alignment, align
from dupfind.relations import PASSAGE_WORDS, SHAPE, SHARED_WORDS, Shapes
from dupfind.tokens import PER_WORD

__all__ = ["Batch", "Verified", "cut_batches", "verify"]


_PARTS: Final = 8  # of what a token of a document takes, a token of a pair takes one at most
_SPREADS: Final = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


class Batch(NamedTuple):
    """Some pairs, and the documents that occur in them."""

    documents: Ints
    """(documents,) int64: the numbers that the corpus knows them by, ascending."""
    pairs: Ints
    """(pairs, 2) int64: rows of `documents`."""


class Verified(NamedTuple):
    """The pairs of a batch that have passages."""

    documents: Ints
    """(pairs, 2) int64: the numbers that the corpus knows them by."""
    measures: Measures
    alignment: Alignment
    facts: Facts

    @property
    def short(self) -> Ints:
        """(pairs,) int64: which of the two documents is the shorter one, 0 or 1."""
        short: Ints = np.argmin(self.measures.lengths, axis=1)
        return short

    @property
    def coverage(self) -> Floats:
        """(pairs,) float64: coverage of the shorter document."""
        found = self.measures
        rows = np.arange(len(found.pair))
        share: Floats = found.covered / found.lengths
        return share[rows, self.short]

    def worth_naming(self, threshold: float) -> Bools:
        """(pairs,) bool: enough is shared for the pair to have a relation."""
        found = self.measures
        longest, words = found.longest / found.scale, found.words / found.scale
        passage = (longest >= PASSAGE_WORDS) | (words >= SHARED_WORDS)
        worth: Bools = passage | (self.coverage >= threshold)
        return worth

    def shapes(self, rows: Ints) -> Shapes:
        """Give what decides the relation of pairs."""
        found, short = self.measures, self.short[rows]
        share = found.covered[rows] / found.lengths[rows]
        row = np.arange(len(rows))
        shapes = np.zeros(len(rows), SHAPE)
        shapes["shorter"] = share[row, short]
        shapes["longer"] = share[row, 1 - short]
        shapes["begin"] = found.begins[rows, 1 - short]
        shapes["late"] = (found.begins[rows] / found.lengths[rows]).min(axis=1)
        shapes["words"] = found.words[rows]
        shapes["equal"] = found.words[rows] / found.lengths[rows, short]
        shapes["longest"] = found.longest[rows]
        shapes["solid"] = found.solid[rows] / found.words[rows]
        shapes["scale"] = found.scale[rows]
        shapes["own"] = 1
        facts = ("numbers", "shared_numbers", "names", "shared_names", "unshared", "lost")
        for name, column in zip(facts, self._facts(rows), strict=True):
            shapes[name] = column
        return shapes

    def _facts(self, rows: Ints) -> tuple[Ints, ...]:
        """Give the facts of the document of each pair whose facts differ less, and the rest."""
        *told, lost = self.facts
        numbers, shared_numbers, names, shared_names = (column[rows] for column in told)
        differing = numbers - shared_numbers + names - shared_names
        row, least = np.arange(len(rows)), np.argmin(differing, axis=1)
        columns = (numbers, shared_numbers, names, shared_names)
        return (
            *(column[row, least] for column in columns),
            differing[row, 1 - least],
            lost[rows],
        )

    def pairs(self, rows: Ints) -> Pairs:
        """Give what some pairs share, (rows,) int64."""
        found = self.measures
        places, bounds = gather(found.tiles, rows)
        return Pairs(
            found.covered[rows],
            found.lengths[rows],
            found.opening[rows],
            found.shared[rows],
            found.distinct[rows],
            bounds[:-1],
            np.diff(bounds),
            np.stack([column[places] for column in self.alignment[-4:]], axis=1),
        )


def cut_batches(lengths: Ints, pairs: Ints, tokens: int, most: int) -> Iterator[Batch]:
    """Cut pairs into batches of about so many tokens, those of a document once for each pair.

    Takes the tokens of each document. A batch has no more than `most` tokens, those of each
    document once and a part of those of each pair, unless it has one pair only.

    All that is done for a document is done once in each batch that it occurs in, so those come
    together that have documents in common: pairs in Morton's order (1966). Those of a batch
    ascend.
    """
    pairs = pairs[np.argsort(_spread(pairs[:, 0]) << np.uint64(1) | _spread(pairs[:, 1]))]
    for some in cut(lengths[pairs].sum(axis=1), max(tokens, 1)):
        yield from _halve(lengths, pairs[some], most)


def _halve(lengths: Ints, pairs: Ints, most: int) -> Iterator[Batch]:
    """Give pairs as one batch, or, where they are too many tokens, as several."""
    chosen, rows = np.unique(pairs[order_by(*pairs.T)], return_inverse=True)
    half = len(pairs) // 2
    if half and lengths[chosen].sum() + lengths[pairs].sum() // _PARTS > most:
        for part in (pairs[:half], pairs[half:]):
            yield from _halve(lengths, part, most)
    else:
        yield Batch(chosen, rows.reshape(-1, 2))


def _spread(numbers: Ints) -> Words64:
    """Set the lower 32 bits of numbers apart, a zero before each."""
    spread = numbers.astype(np.uint64)
    for shift, mask in _SPREADS:
        spread = (spread | spread << np.uint64(shift)) & np.uint64(mask)
    return spread


def verify(
    batch: Batch,
    *,
    hashes: Words64,
    kinds: NDArray[np.uint8],
    offsets: Ints,
    size: int,
    least: int,
    threshold: float,
) -> Verified:
    """Align and measure the pairs of a batch; see `dupfind.passages.align` for the numbers.

    Takes the tokens of all documents, (tokens,) uint64, what each is, (tokens,) uint8, and where
    each document's begin, (documents + 1,) int64. The facts of pairs that share too little to be
    named are all zero; `threshold` is the least coverage of the shorter document for a match.
    """
    places, own = gather(offsets, batch.documents)
    hashes, kinds = hashes[places], kinds[places]
    per_word = PER_WORD[kinds]
    alignment = align(hashes, own, batch.pairs, per_word, size=size, least=least)
    measures = measure(alignment, own, batch.pairs, per_word)
    count = len(measures.pair)
    each = np.zeros((count, 2), dtype=np.int64)
    verified = Verified(
        batch.documents[measures.documents],
        measures,
        alignment,
        Facts(each, each, each, each, each[:, 0]),
    )
    asked = np.flatnonzero(verified.worth_naming(threshold))
    row = np.repeat(np.arange(count), np.diff(measures.tiles))
    a, b = (
        _choose(Spans(row, start, start + alignment.length), asked, count)
        for start in (alignment.a, alignment.b)
    )
    facts = compare_facts(hashes, kinds, own, measures.documents[asked], (a, b))
    return verified._replace(facts=Facts(*(_place(column, asked, count) for column in facts)))


def _choose(spans: Spans, rows: Ints, count: int) -> Spans:
    """Choose the spans of some of so many rows, which are numbered anew."""
    number = np.full(count, -1)
    number[rows] = np.arange(len(rows))
    chosen = spans._replace(pair=number[spans.pair])
    return chosen.take(np.flatnonzero(chosen.pair >= 0))


def _place(values: Ints, rows: Ints, count: int) -> Ints:
    """Put values into some of so many rows; the others are zero."""
    placed = np.zeros((count, *values.shape[1:]), dtype=np.int64)
    placed[rows] = values
    return placed
