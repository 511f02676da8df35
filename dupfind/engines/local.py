"""The local engine: stages in this process and, for large inputs, in worker processes."""

import os
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dupfind.columns import Column
from dupfind.engines.files import Files, Packed, let_go, unpack
from dupfind.engines.worker import Given, Worker

__all__ = ["Workers", "usable_cores"]

_ENOUGH: Final = 2 << 30  # bytes of memory beyond which a run is no faster
_HELD: Final = 32 << 20  # bytes of columns beyond which files, which workers see, are faster
_AHEAD: Final = 2  # batches that a worker has or waits for

T = TypeVar("T")
R = TypeVar("R")
A = TypeVar("A", bound=np.generic)


def usable_cores() -> int:
    """Count the processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """Maps stages over batches with up to `jobs` processes, this one included.

    No process is started before `prepare` is called. The workers are given a few batches
    ahead; those beyond are worked on by this process, also while the workers start. When a
    worker dies, `tell` is given a line that names the batches it takes along; they are worked on
    by this process.

    `memory` is in bytes: by it stages size their batches, and of it columns keep a quarter, 32 MB
    at most, before they go on in files. Tasks, batches and results travel in files, too. These lie
    in `folder`, or in one of their own that is removed.
    """

    def __init__(
        self,
        jobs: int,
        tell: Callable[[str], object] = warnings.warn,
        *,
        memory: int | None = None,
        folder: Path | None = None,
    ) -> None:
        self.jobs = jobs
        self.memory = memory or min(free_memory() // 4, _ENOUGH)
        self._tell = tell
        self._files = Files(min(self.memory // 4, _HELD), folder)
        self._workers: list[Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            # After an error nobody waits for what it is at, and it is to write no more files.
            worker.end(at_once=error is not None)
        self._workers = []
        self._files.close()

    def column(self, dtype: DTypeLike) -> Column:
        """Make a column."""
        return Column(dtype, self._files)

    def share(self, array: NDArray[A], /) -> NDArray[A]:
        """Give an array as the workers see it, if there are any: not to be written to."""
        return self._files.share(array) if self._workers else array

    def look_at(self, size: int, /) -> None:
        """Count bytes that were looked at and may lie in files."""
        self._files.look_at(size)

    def link(self, array: NDArray[Any], path: Path, /) -> bool:
        """Give the file that an array is one more name; tell whether the array is a file."""
        return self._files.link(array, path)

    def open(self, path: Path, /) -> NDArray[np.uint8]:
        """Give the bytes of a file that stays what it is, not to be written to."""
        return self._files.open_kept(path)

    def prepare(self) -> None:
        """Start the processes: work for them is on its way."""
        while len(self._workers) < self.jobs - 1:
            self._workers.append(Worker(self._files))

    def in_threads(self, task: Callable[[T], R], batches: Iterable[T], /) -> Iterator[R]:
        """Give the results in the order of the batches, which are taken as they are needed.

        There are as many threads as processes; none where the input was not worth a process.
        """
        if not self._workers:
            yield from map(task, batches)
            return
        waiting: deque[Future[R]] = deque()
        with ThreadPoolExecutor(self.jobs) as threads:
            for batch in batches:
                waiting.append(threads.submit(task, batch))
                if len(waiting) > self.jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def __call__(self, task: Callable[[T], R], batches: Iterable[T], stage: str, /) -> Iterator[R]:
        """Give the results in the order of the batches, which are taken as they are needed.

        The last batch waits for no worker, and the only one is worked on here: this process has
        nothing else to do. An error that a task raises in a worker is raised here, with a note
        that tells where.
        """
        waiting: deque[Given[T] | R] = deque()
        packed: Packed | None = None
        for number, (batch, last) in enumerate(_mark_last(batches), 1):
            let_go()
            self._listen(stage)
            if idle := self._find_idle(min(number - 1, 1) if last else _AHEAD):
                packed = packed or self._files.pack(task)
                waiting.append(idle.give(packed, number, batch))
            else:
                # The workers have enough to do: this process works, too.
                waiting.append(task(batch))
            while waiting and _is_done(waiting[0]):
                yield _take(task, waiting.popleft())
        while waiting:
            while not _is_done(waiting[0]):
                self._listen(stage, wait=True)
            yield _take(task, waiting.popleft())
        if packed:
            packed.remove()

    def _find_idle(self, most: int) -> Worker | None:
        """Find the worker that has the least to do, which is to be less than `most` batches."""
        idle = min(self._workers, key=lambda worker: worker.behind, default=None)
        return idle if idle is not None and idle.behind < most else None

    def _listen(self, stage: str, *, wait: bool = False) -> None:
        """Take what the workers have answered, or `wait` for one that answers."""
        workers = {worker.pipe: worker for worker in self._workers}
        for pipe in wait_for(workers, None if wait else 0):
            worker = workers[cast("Connection", pipe)]
            try:
                worker.listen()
            except EOFError:
                self._lose(worker, stage)

    def _lose(self, worker: Worker, stage: str) -> None:
        """Say which batches were lost, and start no worker again: it might die of the same."""
        self._workers.remove(worker)
        self.jobs -= 1
        lost = [f"batch {number}" for number in worker.lose()]
        self._tell(
            f"{stage}: a worker process died, perhaps for want of memory; "
            f"{' and '.join([*lost, 'what follows'])} will be done without it"
        )


def _mark_last(items: Iterable[T]) -> Iterator[tuple[T, bool]]:
    """Give each item, and whether it is the last one."""
    held: deque[T] = deque()
    for item in items:
        if held:
            yield held.popleft(), False
        held.append(item)
    for item in held:
        yield item, True


def _is_done(item: object) -> bool:
    return item.done if isinstance(item, Given) else True


def _take(task: Callable[[T], R], item: Given[T] | R) -> R:
    """Take a result; what a dead worker left is worked on here."""
    if not isinstance(item, Given):
        return item
    if item.answer is None:
        return task(item.batch)
    if isinstance(item.answer, Exception):
        raise item.answer
    result: R = unpack(item.answer)
    item.answer.remove()
    return result


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
