"""How stages run: what an engine hands to the pipeline, and who watches it.

A `Run` maps a stage over batches and gives the results in order.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dupfind.columns import Column, Held, LookAt, look_at

__all__ = ["HERE", "Apply", "Inline", "Means", "Run", "Watch", "at", "ignore"]

T = TypeVar("T")
R = TypeVar("R")
A = TypeVar("A", bound=np.generic)

_MANY: Final = 1 << 22  # values; with fewer, threads wait for each other's turns


class Run(Protocol):
    """Maps a stage over batches; `jobs` of them run at once, and have so many bytes of memory."""

    jobs: int
    memory: int

    def column(self, dtype: DTypeLike, /) -> Column:
        """Make a column."""

    def share(self, array: NDArray[A], /) -> NDArray[A]:
        """Give an array as the processes share it, perhaps not to be written to."""

    def look_at(self, size: int, /) -> None:
        """Count bytes that were looked at and may lie in files, not to be kept in memory."""

    def link(self, array: NDArray[Any], path: Path, /) -> bool:
        """Give the file that an array is one more name; tell whether the array is a file."""

    def open(self, path: Path, /) -> NDArray[np.uint8]:
        """Give the bytes of a file that stays what it is, not to be written to."""

    def prepare(self) -> None:
        """Get ready: there is much to do."""

    def in_threads(self, task: Callable[[T], R], batches: Iterable[T], /) -> Iterator[R]:
        """Give the results in the order of the batches, which do not leave this process.

        A task is to let go of the interpreter's lock for most of its time.
        """

    def __call__(self, task: Callable[[T], R], batches: Iterable[T], stage: str, /) -> Iterator[R]:
        """Give the results in the order of the batches; `stage` is what it tells users."""


class Apply(Protocol):
    """Maps a function over batches, and gives the results in their order."""

    def __call__(self, task: Callable[[T], R], batches: Iterable[T], /) -> Iterator[R]:
        """Take the function and the batches."""


class Means(NamedTuple):
    """What a stage has to work with."""

    apply: Apply = map
    """In all processes of a run."""
    in_threads: Apply = map
    """In this process, for what takes longer to hand over than to do."""
    column: Held = Column
    """Makes the columns for what memory may have no room for."""
    look_at: LookAt = look_at
    """Is told how much of them was looked at."""
    memory: int = 1 << 62
    """About how many bytes to take."""

    def spread(self, values: int, size: int = 0) -> Apply:
        """Give what maps over parts of values: in threads where there are enough of them.

        Several parts are worked on at once then, so memory must have room for so many bytes for
        each value.
        """
        return self.in_threads if values >= _MANY and values * size <= self.memory else map


HERE: Final = Means()
"""This process and its memory."""


def at(run: Run, stage: str) -> Means:
    """Give what a stage of a run has to work with; the stage is what it tells users."""

    def apply(task: Callable[[T], R], batches: Iterable[T], /) -> Iterator[R]:
        return run(task, batches, stage)

    return Means(apply, run.in_threads, run.column, run.look_at, run.memory)


class Watch(Protocol):
    """Is told how far a stage has come."""

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """Take the stage's name, what is done of it, and all there is to do, 0 if unknown."""


class Inline:
    """Runs a stage where it is called."""

    jobs = 1
    memory = 1 << 62

    def column(self, dtype: DTypeLike, /) -> Column:
        """Make a column in memory."""
        return Column(dtype)

    def share(self, array: NDArray[A], /) -> NDArray[A]:
        """Give the array: nobody else needs it."""
        return array

    def look_at(self, size: int, /) -> None:
        """Count nothing: all is in memory."""

    def link(self, _array: NDArray[Any], _path: Path, /) -> bool:
        """Find no file: all is in memory."""
        return False

    def open(self, path: Path, /) -> NDArray[np.uint8]:
        """Read a file."""
        return np.fromfile(path, dtype=np.uint8)

    def prepare(self) -> None:
        """Do nothing: all is here."""

    def in_threads(self, task: Callable[[T], R], batches: Iterable[T], /) -> Iterator[R]:
        """Give the results in the order of the batches."""
        return map(task, batches)

    def __call__(self, task: Callable[[T], R], batches: Iterable[T], _stage: str, /) -> Iterator[R]:
        """Give the results in the order of the batches."""
        return map(task, batches)


def ignore(_stage: str, _done: int, _total: int, /) -> None:
    """Watch nothing."""
