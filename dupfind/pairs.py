"""What pairs of documents share, in columns, and how it is gathered from many parts."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np

from dupfind.arrays import Ints, cut, ranges
from dupfind.columns import Column, Held, LookAt

__all__ = ["Gatherer", "Pairs", "give_shares", "join_pairs"]

_CHUNK: Final = 1 << 18  # tiles gathered at once


class Pairs(NamedTuple):
    """What pairs share, in columns; where there are two, of the first and second document."""

    covered: Ints
    """(pairs, 2) int64: words inside the passages."""
    lengths: Ints
    """(pairs, 2) int64: words of the document."""
    opening: Ints
    """(pairs, 2) int64: covered words among the first `OPENING`."""
    shared: Ints
    """(pairs,) int64: distinct shingles that both hold."""
    distinct: Ints
    """(pairs, 2) int64: distinct shingles of the document."""
    starts: Ints
    counts: Ints
    """(pairs,) int64: the tiles of a pair are `tiles[start : start + count]`."""
    tiles: Ints
    """(tiles, 4) int64: place in each document, length, number of the passage."""

    def take(self, rows: Ints) -> "Pairs":
        """Give some of them, (rows,) int64, and the tiles of all: they are much of memory."""
        return Pairs._make((*(column[rows] for column in self[:-1]), self.tiles))

    def pack(self) -> "Pairs":
        """Give them with their own tiles alone, one pair's after the other's."""
        starts = np.cumsum(self.counts) - self.counts
        return self._replace(starts=starts, tiles=self.tiles[ranges(self.starts, self.counts)])

    def cut(self, rows: Ints, look_at: LookAt) -> Iterator["Pairs"]:
        """Give some of them, (rows,) int64, some at a time, with their own tiles alone.

        `look_at` is told how much of them was read.
        """
        for some in cut(self.counts[rows], _CHUNK):
            own = self.take(rows[some]).pack()
            look_at(sum(column.nbytes for column in own))
            yield own


class Gatherer:
    """Gathers pairs part by part."""

    _WIDTHS: Final = (2, 2, 2, 1, 2, 1, 1, 4)  # of the columns of `Pairs`

    def __init__(self, column: Held = Column) -> None:
        """Begin with none; `column` makes the columns that they lie in."""
        self._columns = [column(np.int64) for _ in self._WIDTHS]
        self._tiles = 0

    def add(self, pairs: Pairs) -> None:
        """Add pairs, all tiles of which are their own."""
        pairs = pairs._replace(starts=pairs.starts + self._tiles)
        self._tiles += len(pairs.tiles)
        for filled, values in zip(self._columns, pairs, strict=True):
            filled.extend(values.ravel())

    def close(self) -> Pairs:
        """Give all pairs, one part's after the other's; none can be added any more."""
        return Pairs(
            *(
                filled.close().reshape((-1, width) if width > 1 else -1)
                for filled, width in zip(self._columns, self._WIDTHS, strict=True)
            )
        )


def join_pairs(parts: Iterable[Pairs], column: Held) -> Pairs:
    """Put pairs one part's after the other's; see `Gatherer`."""
    gatherer = Gatherer(column)
    for part in parts:
        gatherer.add(part)
    return gatherer.close()


def give_shares(parts: tuple[int, int], wholes: tuple[int, int]) -> tuple[float, float]:
    """Give two counts as shares, the way a report tells them."""
    return round(parts[0] / wholes[0], 4), round(parts[1] / wholes[1], 4)
