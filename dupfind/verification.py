"""Candidate pairs, verified: a batch of pairs goes in, what each shares comes out."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Floats, Ints, Words64, ranges
from dupfind.facts import Facts, compare_facts
from dupfind.matches import Pair, Tile
from dupfind.measures import Measures, measure
from dupfind.passages import Alignment, align
from dupfind.relations import Shape

__all__ = ["Batch", "Verified", "cut_batches", "verify"]


class Batch(NamedTuple):
    """Some pairs, and the tokens of just the documents that occur in them."""

    documents: Ints
    """(documents,) int64: the numbers that the corpus knows them by, ascending."""
    hashes: Words64
    """(tokens,) uint64."""
    kinds: NDArray[np.uint8]
    """(tokens,) uint8: what each is; see `dupfind.tokens`."""
    offsets: Ints
    """(documents + 1,) int64."""
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

    def shapes(self, rows: Ints) -> list[Shape]:
        """Give what decides the relation of pairs."""
        found, short = self.measures, self.short[rows]
        share = found.covered[rows] / found.lengths[rows]
        row = np.arange(len(rows))
        columns = (
            share[row, short],
            share[row, 1 - short],
            found.begins[rows, 1 - short],
            found.words[rows],
            found.longest[rows],
            found.solid[rows] / found.words[rows],
            *(column[rows] for column in self.facts),
        )
        return [Shape(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]

    def pair(self, row: int) -> Pair:
        """Give what one pair shares, passage by passage."""
        own = slice(*self.measures.tiles[row : row + 2].tolist())
        passages: dict[int, list[Tile]] = {}
        tiles = (column[own].tolist() for column in self.alignment[-4:])
        for a, b, length, passage in zip(*tiles, strict=True):
            passages.setdefault(passage, []).append((a, b, length))
        found = self.measures
        shared, (distinct_a, distinct_b) = int(found.shared[row]), found.distinct[row].tolist()
        return Pair(
            list(passages.values()),
            covered=tuple(found.covered[row].tolist()),
            lengths=tuple(found.lengths[row].tolist()),
            opening=tuple(found.opening[row].tolist()),
            containment=(round(shared / distinct_a, 4), round(shared / distinct_b, 4)),
            resemblance=round(shared / (distinct_a + distinct_b - shared), 4),
        )


def cut_batches(
    hashes: Words64, kinds: NDArray[np.uint8], offsets: Ints, pairs: Ints, tokens: int
) -> list[Batch]:
    """Cut pairs into batches of about so many tokens, each with its documents' tokens."""
    lengths = np.diff(offsets)
    volume = np.cumsum(lengths[pairs].sum(axis=1))
    cuts = np.flatnonzero(np.diff(volume // max(tokens, 1), append=-1)) + 1
    batches = []
    for begin, end in pairwise([0, *cuts.tolist()]):
        chosen, rows = np.unique(pairs[begin:end], return_inverse=True)
        places = ranges(offsets[chosen], lengths[chosen])
        batches.append(
            Batch(
                chosen,
                hashes[places],
                kinds[places],
                np.append(0, np.cumsum(lengths[chosen])),
                rows.reshape(-1, 2),
            )
        )
    return batches


def verify(batch: Batch, *, size: int, least: int, threshold: float) -> Verified:
    """Align and measure the pairs of a batch; see `dupfind.passages.align` for the numbers.

    The facts of pairs whose shorter document is covered less than `threshold` are all zero.
    """
    alignment = align(batch.hashes, batch.offsets, batch.pairs, size=size, least=least)
    measures = measure(alignment, batch.offsets, batch.pairs)
    nothing = np.zeros(len(measures.pair), dtype=np.int64)
    verified = Verified(
        batch.documents[measures.documents],
        measures,
        alignment,
        Facts(*(nothing,) * len(Facts._fields)),
    )
    asked = np.flatnonzero(verified.coverage >= threshold)
    facts = compare_facts(batch.hashes, batch.kinds, batch.offsets, measures.documents[asked])
    return verified._replace(facts=Facts(*(_place(column, asked, nothing) for column in facts)))


def _place(values: Ints, rows: Ints, among: Ints) -> Ints:
    placed = among.copy()
    placed[rows] = values
    return placed
