"""Progress and timings, on standard error."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from dupfind.sources import Note

__all__ = ["Progress"]


class Progress:
    """Watches the stages: bars on a terminal, a line a stage when verbose, else nothing."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._verbose = verbose
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}
        self._stage = ""
        self._done = 0
        self._began = time.perf_counter()
        if sys.stderr.isatty() and not quiet:
            self._bars = _make_bars()

    def __enter__(self) -> Self:
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars is not None:
            self._bars.stop()
        if error is None:
            self._end_stage()

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """Take how far a stage has come; see `dupfind.running.Watch`."""
        if stage != self._stage:
            self._end_stage()
            self._stage = stage
        self._done = done
        if self._bars is not None:
            if stage not in self._tasks:
                self._tasks[stage] = self._bars.add_task(stage, total=total or None)
            self._bars.update(self._tasks[stage], completed=done, total=total or None)

    def tell(self, line: str) -> None:
        """Print a line on standard error."""
        if self._bars is not None:
            self._bars.console.print(line, markup=False, highlight=False)
        else:
            click.echo(line, err=True)

    def note(self, note: "Note") -> None:
        """Print what was made out about a file, but for what there is to say of every file."""
        from dupfind.reports.wording import escape

        if not note.routine:
            self.tell(escape(f"{note.path}: {note.text}"))

    def _end_stage(self) -> None:
        now = time.perf_counter()
        if self._stage and self._verbose:
            from dupfind.reports.wording import counted

            done = counted(self._done, _UNITS.get(self._stage, "document"))
            self.tell(f"{self._stage}: {done}, {now - self._began:.2f} s")
        self._began = now


_UNITS = {"pairing": "candidate", "verifying": "candidate", "reporting": "cluster"}


def _make_bars() -> "Bars":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "")

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        console=Console(stderr=True),
        transient=True,
    )
