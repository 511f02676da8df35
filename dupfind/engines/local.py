"""The local engine: stages in this process and, for large inputs, in worker processes."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context
from threading import current_thread, main_thread
from types import TracebackType
from typing import Self, TypeVar

__all__ = ["Workers", "usable_cores"]

_AHEAD = 2  # batches that a worker has or waits for

T = TypeVar("T")
R = TypeVar("R")


def usable_cores() -> int:
    """Count the processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """Maps stages over batches with up to `jobs` processes, this one included.

    No process is started before `prepare` is called. The workers are given a few batches
    ahead; those beyond are worked on by this process, also while the workers start.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            # After an error nobody waits for the batches that are left.
            self._pool.shutdown(wait=error is None, cancel_futures=True)
            self._pool = None

    def prepare(self) -> None:
        """Start the processes: work for them is on its way."""
        if self._pool is None and self.jobs > 1:
            # Spawned, not forked: this process may have threads.
            self._pool = ProcessPoolExecutor(
                self.jobs - 1,
                mp_context=get_context("spawn"),
                initializer=import_module,
                initargs=("dupfind.pipeline",),
            )
            with _ignoring_interrupts():
                for _ in range(self.jobs - 1):
                    self._pool.submit(os.getpid)

    def __call__(self, task: Callable[[T], R], batches: Iterable[T], /) -> Iterator[R]:
        """Give the results in the order of the batches, which are taken as they are needed."""
        waiting: deque[Future[R] | R] = deque()
        for batch in batches:
            futures = [item for item in waiting if isinstance(item, Future) and not item.done()]
            if self._pool and len(futures) < _AHEAD * (self.jobs - 1):
                waiting.append(self._pool.submit(task, batch))
            else:
                # The workers have enough to do: this process works, too.
                waiting.append(task(batch))
            while waiting and _is_done(waiting[0]):
                yield _take(waiting.popleft())
        while waiting:
            yield _take(waiting.popleft())


def _is_done(item: object) -> bool:
    return item.done() if isinstance(item, Future) else True


def _take(item: Future[R] | R) -> R:
    return item.result() if isinstance(item, Future) else item


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
