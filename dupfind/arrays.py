"""Array arithmetic that several stages share: hash mixing, ranges, ordering."""

from collections.abc import Iterator
from itertools import pairwise, starmap
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Bools", "Floats", "Ints", "Words64",
    "cut", "distinct", "find_heads", "find_tails", "gather", "mix64", "order_by", "ranges", "rank",
]  # fmt: skip

Ints = NDArray[np.int64]
Words64 = NDArray[np.uint64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

A = TypeVar("A", bound=np.generic)

_SHIFT: Final = np.uint64(33)
_FIRST: Final = np.uint64(0xFF51AFD7ED558CCD)
_SECOND: Final = np.uint64(0xC4CEB9FE1A85EC53)


def mix64(values: Words64) -> Words64:
    """Spread 64-bit values in place by the finalizer of MurmurHash3, a bijection."""
    values ^= values >> _SHIFT
    values *= _FIRST
    values ^= values >> _SHIFT
    values *= _SECOND
    values ^= values >> _SHIFT
    return values


def find_heads(*columns: NDArray[Any]) -> Bools:
    """Tell which rows differ from the one before in a column, (rows,) bool; the first one does."""
    heads = np.ones(len(columns[0]), dtype=bool)
    heads[1:] = columns[0][1:] != columns[0][:-1]
    for column in columns[1:]:
        heads[1:] |= column[1:] != column[:-1]
    return heads


def find_tails(*columns: NDArray[Any]) -> Bools:
    """Tell which rows differ from the one after in a column, (rows,) bool; the last one does."""
    tails: Bools = np.append(find_heads(*columns)[1:], True)[: len(columns[0])]
    return tails


def distinct(values: NDArray[A]) -> NDArray[A]:
    """Give the distinct values, ascending; sorts in place. `np.unique` hashes, and takes longer."""
    values.sort()
    return values[find_heads(values)]


def cut(sizes: Ints, most: int) -> Iterator[slice]:
    """Cut what has such sizes, (things,) int64, into ranges of things of about `most`."""
    cuts = np.flatnonzero(np.diff(np.cumsum(sizes) // most, append=-1)) + 1
    return starmap(slice, pairwise([0, *cuts.tolist()]))


def ranges(starts: Ints, counts: Ints) -> Ints:
    """Concatenate the ranges `[start, start + count)`, one after the other, as int64."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    shifts: Ints = np.repeat(starts - (ends - counts), counts)
    return np.arange(total, dtype=np.int64) + shifts


def gather(offsets: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Give the places of all that belongs to some rows, one row after the other.

    Takes where that of each row begins, (all rows + 1,) int64. Gives (places,) int64, and where
    that of each begins among those, (rows + 1,) int64.
    """
    starts = offsets[rows]
    counts = offsets[rows + 1] - starts
    return ranges(starts, counts), np.append(0, np.cumsum(counts))


def rank(values: NDArray[A]) -> tuple[NDArray[A], Ints]:
    """Give the distinct values, ascending, and for each value, int64, which of them it is."""
    order = np.argsort(values)
    ordered = values[order]
    first = find_heads(ordered)
    numbers = np.empty(len(values), dtype=np.int64)
    numbers[order] = np.cumsum(first) - 1
    return ordered[first], numbers


def order_by(*columns: Ints) -> Ints:
    """Give the permutation that sorts rows by these columns, the first one foremost.

    One sort of packed 64-bit keys where the columns' ranges fit, `lexsort` otherwise. Where
    there is room, a key ends with the number of its row: plain integers sort much faster than
    they can be ordered. Rows that are equal in all columns keep their order.
    """
    if not len(columns[0]):
        return np.empty(0, dtype=np.int64)
    lows = [int(column.min()) for column in columns]
    bits = [
        (int(column.max()) - low).bit_length() for column, low in zip(columns, lows, strict=True)
    ]
    if sum(bits) > 63:  # noqa: PLR2004 - a signed 64-bit key
        return np.lexsort(columns[::-1])
    key = columns[0] - lows[0]
    for (column, low), width in zip(
        list(zip(columns, lows, strict=True))[1:], bits[1:], strict=True
    ):
        key = (key << width) | (column - low)
    width = (len(key) - 1).bit_length()
    if sum(bits) + width > 63:  # noqa: PLR2004 - a signed 64-bit key
        return np.argsort(key, kind="stable")
    key = (key << width) | np.arange(len(key))
    key.sort()
    key &= (1 << width) - 1
    return key
