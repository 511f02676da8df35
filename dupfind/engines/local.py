"""The local engine: stages in this process and, for large inputs, in worker processes."""

import os
import signal
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib import import_module
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread, current_thread, main_thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dupfind.columns import Column
from dupfind.engines.files import Files, Packed, unpack

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

__all__ = ["Workers", "usable_cores"]

_ENOUGH: Final = 2 << 30  # bytes of memory beyond which a run is no faster
_AHEAD: Final = 2  # batches that a worker has or waits for

T = TypeVar("T")
R = TypeVar("R")
A = TypeVar("A", bound=np.generic)


def usable_cores() -> int:
    """Count the processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Given(NamedTuple, Generic[T]):
    """A batch that a worker has or waits for."""

    number: int
    batch: T
    future: Future[Packed]


class Workers:
    """Maps stages over batches with up to `jobs` processes, this one included.

    No process is started before `prepare` is called. The workers are given a few batches
    ahead; those beyond are worked on by this process, also while the workers start. When a
    worker dies, `tell` is given a line that names the batches it takes along; they, and all
    that come after, are worked on by this process.

    `memory` is in bytes: by it stages size their batches, and of it columns keep a quarter before
    they go on in files. The large arrays of tasks and results travel in files, too.
    """

    def __init__(
        self,
        jobs: int,
        tell: Callable[[str], object] = warnings.warn,
        *,
        memory: int | None = None,
    ) -> None:
        self.jobs = jobs
        self.memory = memory or min(free_memory() // 4, _ENOUGH)
        self._tell = tell
        self._files = Files(self.memory // 4)
        self._pool: ProcessPoolExecutor | None = None
        self._processes: list[BaseProcess] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=error is None, cancel_futures=True)
            self._pool = None
        if error is not None:
            # Nobody waits for what they are at, and they are to write no more files.
            for process in self._processes:
                process.terminate()
            for process in self._processes:
                process.join()
        self._files.close()

    def column(self, dtype: DTypeLike) -> Column:
        """Make a column."""
        return Column(dtype, self._files)

    def share(self, array: NDArray[A], /) -> NDArray[A]:
        """Give an array as the workers see it, if there are any: not to be written to."""
        return self._files.share(array) if self._pool else array

    def prepare(self) -> None:
        """Start the processes: work for them is on its way."""
        if self._pool is None and self.jobs > 1:
            # Spawned, not forked: this process may have threads.
            self._pool = ProcessPoolExecutor(
                self.jobs - 1,
                mp_context=get_context("spawn"),
                initializer=_begin,
            )
            others = active_children()
            with _ignoring_interrupts():
                for _ in range(self.jobs - 1):
                    self._pool.submit(os.getpid)
            self._processes = [child for child in active_children() if child not in others]

    def __call__(self, task: Callable[[T], R], batches: Iterable[T], stage: str, /) -> Iterator[R]:
        """Give the results in the order of the batches, which are taken as they are needed."""
        waiting: deque[_Given[T] | R] = deque()
        packed: Packed | None = None
        for number, batch in enumerate(batches, 1):
            packed = packed or (self._files.pack(task) if self._pool else None)
            given = self._give(packed, batch, number, _given(waiting), stage)
            # The workers have enough to do: this process works, too.
            waiting.append(given or task(batch))
            while waiting and _is_done(waiting[0]):
                yield self._take(task, waiting, stage)
        while waiting:
            yield self._take(task, waiting, stage)
        if packed:
            _remove(packed)

    def _give(
        self, task: Packed | None, batch: T, number: int, given: "list[_Given[T]]", stage: str
    ) -> "_Given[T] | None":
        """Give a batch to the workers unless they have enough to do."""
        busy = sum(not item.future.done() for item in given)
        if self._pool is None or task is None or busy >= _AHEAD * (self.jobs - 1):
            return None
        try:
            future = self._pool.submit(_work, task, batch, self._files.folder)
            return _Given(number, batch, future)
        except BrokenProcessPool:
            self._lose(given, stage)
            return None

    def _take(self, task: Callable[[T], R], waiting: "deque[_Given[T] | R]", stage: str) -> R:
        """Take the first result; what a dead worker left is worked on here."""
        first = waiting[0]
        if isinstance(first, _Given):
            try:
                packed = first.future.result()
            except BrokenProcessPool:
                self._lose(_given(waiting), stage)
                first = task(first.batch)
            else:
                first = unpack(packed)
                _remove(packed)
        waiting.popleft()
        return first

    def _lose(self, given: "list[_Given[Any]]", stage: str) -> None:
        """Say which batches were lost, and start no worker again: it might die of the same."""
        if self._pool is None:
            return
        self._pool.shutdown(wait=False)
        self._pool, self.jobs = None, 1
        lost = [f"batch {item.number}" for item in given if item.future.exception()]
        self._tell(
            f"{stage}: a worker process died, perhaps for want of memory; "
            f"{' and '.join([*lost, 'what follows'])} will be done without it"
        )


def free_memory() -> int:
    """Tell how many bytes of memory are free, or as good as."""
    with suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return (
            int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1]) << 10
        )
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    return 4 << 30


def _begin() -> None:
    """Get a worker ready: import what all stages need, and end when the first process does."""
    Thread(target=_follow, daemon=True).start()
    import_module("dupfind.pipeline")


def _follow() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        # Nobody is left to tell.
        os._exit(1)


def _work(task: Packed, batch: Any, folder: str) -> Packed:  # noqa: ANN401 # Of any stage.
    """Do a task in a worker."""
    return _files(folder).pack(_unpack(task)(batch))


_files = lru_cache(maxsize=1)(lambda folder: Files(folder=folder))
_unpack = lru_cache(maxsize=1)(unpack)


def _remove(packed: Packed) -> None:
    """Remove the file of an object; what of it is in use stays until it no longer is."""
    if packed.written:
        with suppress(PermissionError):
            Path(packed.written).unlink()


def _given(waiting: "Iterable[_Given[T] | R]") -> "list[_Given[T]]":
    return [item for item in waiting if isinstance(item, _Given)]


def _is_done(item: object) -> bool:
    return item.future.done() if isinstance(item, _Given) else True


@contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    """Let the processes that are started meanwhile ignore interrupts: they are for the first one.

    What a process ignores its children ignore, from their first instruction on.
    """
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
