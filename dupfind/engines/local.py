"""The local engine: stages in this process and, for large inputs, in worker processes."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from types import TracebackType
from typing import Self, TypeVar

__all__ = ["Workers", "usable_cores"]

T = TypeVar("T")
R = TypeVar("R")


def usable_cores() -> int:
    """Count the processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """Maps stages over batches with up to `jobs` processes, this one included.

    No process is started before `prepare` is called or there is a second batch to work on.
    This process takes batches from the end while the workers take them from the front, so
    that it works, too, while they start.
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
                self.jobs - 1, mp_context=get_context("spawn"), initializer=_start
            )
            for _ in range(self.jobs - 1):
                self._pool.submit(os.getpid)

    def __call__(self, task: Callable[[T], R], batches: Sequence[T], /) -> Iterator[R]:
        """Give the results in the order of the batches."""
        if self.jobs == 1 or len(batches) <= 1:
            yield from map(task, batches)
            return
        self.prepare()
        assert self._pool is not None  # noqa: S101 - prepared
        futures: list[Future[R]] = [self._pool.submit(task, batch) for batch in batches]
        own: dict[int, R] = {}
        last = len(futures)
        for number, future in enumerate(futures):
            while not future.done() and number not in own:
                last -= 1
                if last <= number or not futures[last].cancel():
                    break
                own[last] = task(batches[last])
            yield own.pop(number) if number in own else future.result()


def _start() -> None:
    """Begin a worker: an interrupt is for the first process; the stages are needed soon."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import_module("dupfind.pipeline")
