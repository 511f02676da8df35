"""Verified pairs to those worth naming: batch by batch, so that no more is kept of the others."""

from typing import NamedTuple

import numpy as np

from dupfind.arrays import Floats, Ints, order_by
from dupfind.columns import Column, Held
from dupfind.model import Relation
from dupfind.pairs import Gatherer, Pairs, give_shares
from dupfind.relations import SHAPE, Shapes
from dupfind.verification import Verified

__all__ = ["Named", "Nearest", "Rows"]


class Nearest(NamedTuple):
    """The pair that came closest to joining its documents."""

    a: int
    b: int
    relation: Relation
    shape: np.void
    coverage: tuple[float, float]
    passages: int


class Rows(NamedTuple):
    """The pairs that may have a relation, in columns; ascending."""

    documents: Ints
    """(pairs, 2) int64: their numbers, the lower one first."""
    shapes: Shapes
    """To be written to."""
    gathered: Pairs
    """In the order in which they were gathered: they are large, and few of them are listed."""
    places: Ints
    """(pairs,) int64: the row of `gathered` that each is."""

    @property
    def shared(self) -> Ints:
        """(pairs,) int64: distinct shingles that both documents hold."""
        shared: Ints = self.gathered.shared[self.places]
        return shared

    @property
    def resemblance(self) -> Floats:
        """(pairs,) float64: share of the shingles of either document that both hold."""
        shared = self.shared
        share: Floats = shared / (self.gathered.distinct.sum(axis=1)[self.places] - shared)
        return share


class Named:
    """Gathers the pairs that may have a relation, and the one that shares most."""

    def __init__(self, threshold: float, column: Held = Column) -> None:
        """Begin with none; `threshold` is the least coverage of the shorter document for a match.

        `column` makes the columns that the pairs lie in until all are there.
        """
        self._threshold = threshold
        self._documents = column(np.int64)
        self._shapes = column(SHAPE)
        self._pairs = Gatherer(column)
        self._most: tuple[float, list[int]] = (0.0, [])
        self.nearest: Nearest | None = None
        """The pair with the greatest coverage of the shorter document, of equals the first."""

    def add(self, verified: Verified) -> None:
        """Add those of a batch."""
        some = np.flatnonzero(verified.worth_naming(self._threshold))
        self._documents.extend(verified.documents[some].ravel())
        self._shapes.extend(verified.shapes(some))
        self._pairs.add(verified.pairs(some))
        if len(verified.documents):
            self._look_at(verified, int(np.argmax(verified.coverage)))

    def _look_at(self, verified: Verified, row: int) -> None:
        """Look at the pair of a batch that shares most."""
        most = -float(verified.coverage[row]), verified.documents[row].tolist()
        if self.nearest is not None and most >= self._most:
            return
        self._most = most
        a, b = most[1]
        rows = np.array([row])
        pairs, (shape,) = verified.pairs(rows), verified.shapes(rows)
        coverage = give_shares(*pairs.covered.tolist(), *pairs.lengths.tolist())
        passages = len(np.unique(pairs.tiles[:, 3]))
        self.nearest = Nearest(a, b, Relation.SHARED_PASSAGE, shape, coverage, passages)

    def close(self) -> Rows:
        """Give the pairs; none can be added any more."""
        documents = self._documents.close().reshape(-1, 2)
        shapes = self._shapes.close()
        order = order_by(*documents.T)
        return Rows(documents[order], shapes[order], self._pairs.close(), order)
