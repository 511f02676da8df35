"""A worker process and the pipe to it.

Nothing else stands between the two: no thread, and no lock that a process could take to its
grave. Who dies, however, is missed at once, for its end of the pipe closes with it.
"""

import gc
import signal
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final, Generic, NamedTuple, TypeVar

from dupfind.engines.files import Files, Packed, let_go, unpack

__all__ = ["Given", "Worker", "collect_seldom"]

_SELDOM: Final = 200_000  # objects made between two searches for garbage

T = TypeVar("T")


class Given(Generic[T]):
    """A batch that a worker was given."""

    def __init__(self, number: int, batch: T) -> None:
        self.number = number
        self.batch = batch
        self.answer: Packed | Exception | None = None
        """The result, or the error that the task raised."""
        self.lost = False
        """Whether the worker died."""

    @property
    def done(self) -> bool:
        """Whether nobody works on it any longer."""
        return self.lost or self.answer is not None


class _Asked(NamedTuple):
    task: Packed
    batch: Packed
    folder: str


class Worker:
    """A process that does tasks and answers in the order in which it is asked.

    Messages are small, lest one side wait for the other to read: what is large lies in files.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        # Spawned, not forked: this process may have threads.
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        with _holding_interrupts():
            self._process.start()
        theirs.close()
        self._waiting: deque[tuple[Given[Any], Packed]] = deque()

    @property
    def behind(self) -> int:
        """How many batches it has not answered."""
        return len(self._waiting)

    def give(self, task: Packed, number: int, batch: T) -> Given[T]:
        """Ask for a batch."""
        given = Given(number, batch)
        packed = self._files.pack(batch)
        self._waiting.append((given, packed))
        # Whether anybody is there shows when it is listened to.
        with suppress(OSError):
            self.pipe.send(_Asked(task, packed, self._files.folder))
        return given

    def listen(self) -> None:
        """Take the answers that are there; raises an EOFError where the process is dead."""
        try:
            while self.pipe.poll():
                answer = self.pipe.recv()
                given, packed = self._waiting.popleft()
                packed.remove()
                given.answer = answer
        except OSError as error:
            raise EOFError from error

    def lose(self) -> list[int]:
        """Give up the batches of a dead process; tell their numbers."""
        for given, packed in self._waiting:
            packed.remove()
            given.lost = True
        return [given.number for given, _ in self._waiting]

    def end(self, *, at_once: bool) -> None:
        """End the process: when it has answered or, `at_once`, in the midst of its work."""
        if at_once:
            self._process.terminate()
        self.pipe.close()
        self._process.join()


def collect_seldom() -> None:
    """Let this process look for garbage seldom.

    What a run keeps is none: to look it through again and again takes a fifth of the time.
    """
    gc.set_threshold(_SELDOM, *gc.get_threshold()[1:])


def _serve(pipe: Connection) -> None:
    """Be a worker until the other end of the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
    # What all stages need, while the first batch is on its way.
    import_module("dupfind.pipeline")
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            pipe.send(_answer(pipe.recv()))


def _answer(asked: _Asked) -> Packed | Exception:
    try:
        return _files(asked.folder).pack(_unpack(asked.task)(unpack(asked.batch)))
    except Exception as error:  # noqa: BLE001 # It is raised where the result is waited for.
        error.add_note(f"In a worker process:\n{traceback.format_exc()}")
        return error
    finally:
        let_go()


_files = lru_cache(maxsize=1)(lambda folder: Files(folder=folder))
_unpack = lru_cache(maxsize=1)(unpack)


@contextmanager
def _holding_interrupts() -> Iterator[None]:
    """Let a process that is started meanwhile see no interrupts: they are for the first one.

    What a process holds back its children hold back, from their first instruction on. It is
    interrupted itself as soon as it lets go.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Where it is started later, it lets interrupts through.
    import_module("multiprocessing.resource_tracker").ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
