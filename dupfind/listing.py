"""What a report lists, held as the JSON that it becomes and made of it when asked for.

The clusters of an archive with their matches, made into objects, take ten times the memory of the
texts. As JSON they take as much as in the report, lie in a column, which may be a file, and cross
to another process as they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, Self, TypeVar, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints
from dupfind.columns import Column, Held, LookAt, look_at

__all__ = ["Lister", "Listing"]

T = TypeVar("T", bound=msgspec.Struct)


class Listing(Sequence[T]):
    """Items that are never changed, made anew whenever they are asked for."""

    def __init__(
        self,
        kind: type[T],
        data: NDArray[np.uint8],
        bounds: Ints,
        order: Ints | None = None,
        look_at: LookAt = look_at,
    ) -> None:
        """Take JSON, one item's after the other's, and where each begins, (items + 1,) int64.

        `order` says which of them are listed, and in which order; all as they lie if it is None.
        """
        self._kind = kind
        self._data = data
        self._bounds = bounds
        self._order = np.arange(len(bounds) - 1) if order is None else order
        self._look_at = look_at

    @classmethod
    def of(cls, kind: type[T], items: Iterable[T]) -> Self:
        """List items of a kind."""
        encoded = [msgspec.json.encode(item) for item in items]
        bounds = np.cumsum([0, *map(len, encoded)])
        return cls(kind, np.frombuffer(b"".join(encoded), np.uint8), bounds)

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, number: int) -> T: ...
    @overload
    def __getitem__(self, number: slice) -> "Listing[T]": ...
    def __getitem__(self, number: int | slice) -> "T | Listing[T]":
        if isinstance(number, slice):
            some = self._order[number]
            return Listing(self._kind, self._data, self._bounds, some, self._look_at)
        return msgspec.json.decode(self._encode(int(self._order[number])), type=self._kind)

    def __iter__(self) -> Iterator[T]:
        for encoded in self.encoded():
            yield msgspec.json.decode(encoded, type=self._kind)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Listing):
            return NotImplemented
        return list(self.encoded()) == list(other.encoded())

    __hash__ = None  # type: ignore[assignment] # as a list has none

    def encoded(self) -> Iterator[memoryview]:
        """Give the items as JSON, UTF-8."""
        return map(self._encode, self._order.tolist())

    def _encode(self, row: int) -> memoryview:
        begin, end = self._bounds[row : row + 2].tolist()
        self._look_at(end - begin)
        return self._data[begin:end].data


class Lister(Generic[T]):
    """Puts listings of a kind one after the other."""

    def __init__(self, kind: type[T], column: Held = Column) -> None:
        """Begin with nothing listed."""
        self._kind = kind
        self._data = column(np.uint8)
        self._sizes: list[int] = []

    def extend(self, items: Listing[T]) -> None:
        """Add items at the end."""
        encoded = list(items.encoded())
        self._sizes += map(len, encoded)
        self._data.extend(np.frombuffer(b"".join(encoded), np.uint8))

    def close(self, order: Ints | None = None, look_at: LookAt = look_at) -> Listing[T]:
        """List all items, or those that `order` says; nothing can be added any more."""
        bounds = np.cumsum([0, *self._sizes])
        return Listing(self._kind, self._data.close(), bounds, order, look_at)
