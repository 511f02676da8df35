"""Runs a command within limits and watches it: seconds and memory, stage by stage.

Memory is the sum of what all processes of the run hold (PSS: pages that they share are counted
once), sampled from `/proc`, which Linux has. The samples lie as far apart as ten of them take.
"""

import os
import re
import resource
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO, Final

__all__ = ["Limits", "Outcome", "Stage", "watch"]

_PROCESSES: Final = Path("/proc")
_STAGE: Final = re.compile(r"^(?P<name>[a-z ]+): (?P<count>[\d,]+) (?P<unit>\w+), [\d.]+ s$")
_REST: Final = "the rest"
_FIRST_PAUSE: Final = 0.02  # seconds
_SPENT: Final = 10  # pauses are so many times as long as sampling took
_SESSION: Final = 3  # field of /proc/*/stat, counted after the name
_OUT_OF_MEMORY: Final = re.compile("(?i)MemoryError|memory allocation of|cannot allocate")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may take."""

    memory: float
    """MB."""
    seconds: float


@dataclass(slots=True)
class Stage:
    """A stage that a run told of on standard error; the last is the rest, which it does not."""

    name: str
    count: int
    unit: str
    seconds: float
    """Since the stage before it."""
    memory: float
    """Peak of its samples, in MB."""


@dataclass(slots=True)
class Outcome:
    """A run that is over."""

    seconds: float = 0
    memory: float = 0
    """Peak, in MB."""
    stages: list[Stage] = field(default_factory=list)
    stopped: str | None = None
    """Why it did not come to its end: at which limit, or how it failed."""


class _Watch:
    """Reads what a process tells while it is sampled."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.outcome = Outcome()
        self.lines: list[str] = []
        self._began = self._stage_began = time.perf_counter()
        self._last = self._peak = 0.0  # of all samples, and of the present stage
        self._reader = Thread(target=self._read, args=(process.stderr,))
        self._reader.start()

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                now = time.perf_counter()
                self.lines.append(line.rstrip())
                if found := _STAGE.match(self.lines[-1]):
                    self._end_stage(now, found["name"], found["count"], found["unit"])

    def _end_stage(self, now: float, name: str, count: str = "0", unit: str = "") -> None:
        number = int(count.replace(",", ""))
        stage = Stage(name, number, unit, now - self._stage_began, self._peak)
        self.outcome.stages.append(stage)
        # A stage may be too short for a sample of its own.
        self._stage_began, self._peak = now, self._last

    def sample(self, limits: Limits) -> str | None:
        """Take a sample; give the limit that was reached."""
        memory = self._last = _sum_memory(self.process.pid)
        self._peak = max(self._peak, memory)
        self.outcome.memory = max(self.outcome.memory, memory)
        self.outcome.seconds = time.perf_counter() - self._began
        if self.outcome.memory > limits.memory:
            return f"stopped at {limits.memory:,.0f} MB"
        late = self.outcome.seconds > limits.seconds
        return f"stopped at {limits.seconds:,.0f} s" if late else None

    def end(self) -> None:
        """Wait for all that the process has told."""
        self.process.wait()
        now = time.perf_counter()
        self.outcome.seconds = now - self._began
        self._reader.join()
        if self.outcome.stages:
            self._end_stage(now, _REST)


def watch(command: Sequence[str], limits: Limits, **environment: str) -> Outcome:
    """Run a command in a session of its own; raise OSError where it cannot be started."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        env={**os.environ, **environment},
    )
    most = int(limits.memory) << 20
    # What it starts inherits the limit. No process may ask for more than all may hold together.
    resource.prlimit(process.pid, resource.RLIMIT_AS, (most, most))
    watched = _Watch(process)
    try:
        while process.poll() is None and not watched.outcome.stopped:
            began = time.perf_counter()
            watched.outcome.stopped = watched.sample(limits)
            spent = time.perf_counter() - began
            _wait(process, 0 if watched.outcome.stopped else max(_FIRST_PAUSE, _SPENT * spent))
    finally:
        # Workers may outlive the process that started them, and hold its standard error open.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        watched.end()
    if process.returncode and not watched.outcome.stopped:
        watched.outcome.stopped = _explain(watched.lines, process.returncode, limits)
    return watched.outcome


def _wait(process: "subprocess.Popen[str]", seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _explain(lines: list[str], code: int, limits: Limits) -> str:
    if any(map(_OUT_OF_MEMORY.search, lines)):
        return f"stopped at {limits.memory:,.0f} MB"
    return f"failed with {code}"


def _sum_memory(session: int) -> float:
    """Add up the PSS of the processes of a session, in MB; one that just ended has none."""
    held = 0
    for folder in _PROCESSES.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[_SESSION]) == session:
                held += _read_pss((folder / "smaps_rollup").read_text())
        except OSError:
            continue
    return held / 1024


def _read_pss(rollup: str) -> int:
    found = re.search(r"^Pss:\s+(\d+) kB$", rollup, re.MULTILINE)
    return int(found[1]) if found else 0
