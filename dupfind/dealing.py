"""Shingles with their holders, made and dealt to parts that memory has room for.

Bits of a shingle's hash decide in which part it is, so all of its holders are in the same one. The
parts lie in columns meanwhile: to make all shingles again for each part would take a time that
grows with the square of what there is.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64, gather
from dupfind.columns import Column
from dupfind.running import Means
from dupfind.shingles import shingle
from dupfind.tokens import PER_WORD

__all__ = ["OPEN", "Holdings", "deal", "hold", "number_parts"]

OPEN: Final = 64
"""Parts that are written at once, each to one or two files."""


class Holdings(NamedTuple):
    """Shingles, those of a document one after the other."""

    holders: NDArray[np.int32]
    """(shingles,) int32: which document has each."""
    hashes: Words64
    """(shingles,) uint64."""

    def take(self, some: Ints | slice) -> "Holdings":
        """Give some of them."""
        return Holdings(self.holders[some], self.hashes[some])


def hold(
    documents: Ints, *, hashes: Words64, offsets: Ints, kinds: NDArray[np.uint8], size: int
) -> Holdings:
    """Make the shingles of some documents, (documents,) int64.

    Takes the tokens of all, (tokens,) uint64, where each one's begin, (documents + 1,) int64, what
    each token is, (tokens,) uint8, and the shingle size.
    """
    places, ends = gather(offsets, documents)
    made = shingle(hashes[places], ends, size, PER_WORD[kinds[places]])
    return Holdings(np.repeat(documents.astype(np.int32), np.diff(made.offsets)), made.hashes)


def number_parts(hashes: Words64, shift: int, parts: int) -> NDArray[np.unsignedinteger[Any]]:
    """Give the number of the part of each hash, by 16 of its bits, of so many parts."""
    number = hashes >> np.uint64(shift)
    number &= np.uint64(0xFFFF)
    number *= np.uint64(parts)
    number >>= np.uint64(16)
    # Few digits are sorted soon.
    return number.astype(np.min_scalar_type(parts - 1))


def deal(
    make: Callable[[Ints], Holdings], batches: Sequence[Ints], parts: int, means: Means
) -> Iterator[Holdings]:
    """Give a part of all shingles at a time, those of a document in their order.

    Takes what makes the shingles of documents, batches of documents, and the number of parts.
    """
    for begin in range(0, parts, OPEN):
        some = range(begin, min(begin + OPEN, parts))
        task = partial(_deal_batch, make=make, some=some, parts=parts)
        dealt = [_Dealt(means.column(np.int32), means.column(np.uint64)) for _ in some]
        # Nothing is made again but for more parts than there may be files.
        for shingles, bounds in means.apply(task, batches):
            for part, (first, last) in zip(dealt, pairwise(bounds.tolist()), strict=True):
                part.extend(shingles.take(slice(first, last)))
        for part in dealt:
            whole = part.close()
            yield whole
            means.look_at(whole.holders.nbytes + whole.hashes.nbytes)


class _Dealt(NamedTuple):
    """The columns of a part of all shingles."""

    holders: Column
    hashes: Column

    def extend(self, shingles: Holdings) -> None:
        """Add shingles: their copies, for a view would keep all that it is a view of."""
        self.holders.extend(shingles.holders.copy())
        self.hashes.extend(shingles.hashes.copy())

    def close(self) -> Holdings:
        """Give all shingles; none can be added any more."""
        return Holdings(self.holders.close(), self.hashes.close())


def _deal_batch(
    documents: Ints, *, make: Callable[[Ints], Holdings], some: range, parts: int
) -> tuple[Holdings, Ints]:
    """Make those shingles of documents that are of some parts: part by part, and their bounds."""
    made = make(documents)
    number = number_parts(made.hashes, 32, parts)
    bounds = np.append(0, np.cumsum(np.bincount(number, minlength=parts)))
    bounds = bounds[some.start : some.stop + 1]
    order = np.argsort(number, kind="stable")[bounds[0] : bounds[-1]]
    return made.take(order), bounds - bounds[0]
