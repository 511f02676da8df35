"""Columns: arrays that grow, in memory while there is room and in files beyond.

What a run knows of every word of its documents is larger than their texts. A column is written
once, from its beginning to its end, and read as one array; where memory is short that array is
a file, of which the system keeps in memory what is in use.
"""

from collections.abc import Callable
from typing import Any, BinaryIO, Final, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["Column", "Held", "LookAt", "Room", "look_at"]

_CHUNK: Final = 1 << 22  # values written at once: what they come from may lie in a file, too


class Room(Protocol):
    """The memory that the columns of a run share, and the place beyond it."""

    def take(self, size: int, /) -> bool:
        """Take so many bytes of memory; tell whether there are so many left."""

    def give(self, size: int, /) -> None:
        """Give bytes of memory back."""

    def open(self) -> BinaryIO:
        """Open a new file to write to."""

    def look_at(self, size: int, /) -> None:
        """Count bytes that were looked at and may lie in files, not to be kept in memory."""

    def map(self, file: BinaryIO, /) -> NDArray[np.uint8]:
        """Close a file and give its bytes as an array, not to be written to."""


class Column:
    """An array that grows at its end."""

    def __init__(self, dtype: DTypeLike, room: Room | None = None) -> None:
        """Begin empty; without a room everything is kept in memory."""
        self._dtype = np.dtype(dtype)
        self._room = room
        self._parts: list[NDArray[Any]] = []
        self._held = 0
        self._file: BinaryIO | None = None

    def extend(self, part: NDArray[Any]) -> None:
        """Add values at the end."""
        part = np.ascontiguousarray(part, self._dtype)
        if self._file is not None:
            self._write(self._file, part)
        elif self._room is None or self._room.take(part.nbytes):
            self._parts.append(part)
            self._held += part.nbytes
        else:
            self._file = self._room.open()
            for kept in (*self._parts, part):
                self._write(self._file, kept)
            self._parts.clear()
            self._room.give(self._held)

    def _write(self, file: BinaryIO, part: NDArray[Any]) -> None:
        for begin in range(0, len(part), _CHUNK):
            some = part[begin : begin + _CHUNK]
            file.write(some.data)
            if self._room is not None:
                self._room.look_at(some.nbytes)

    def close(self) -> NDArray[Any]:
        """Give all values, (values,); nothing can be added any more."""
        if self._file is not None and self._room is not None:
            return self._room.map(self._file).view(self._dtype)
        whole = np.concatenate([np.empty(0, dtype=self._dtype), *self._parts])
        self._parts.clear()
        return whole


Held = Callable[[DTypeLike], Column]
"""Makes a column of values of a type."""

LookAt = Callable[[int], None]
"""Is told how many bytes were looked at that may lie in files, not to be kept in memory."""


def look_at(_size: int, /) -> None:
    """Count nothing: all is in memory."""
