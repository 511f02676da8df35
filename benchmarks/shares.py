"""What part of the time of a scan each stage takes, from files to the written JSON report."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

from tables import align

from dupfind.pipeline import find
from dupfind.reports import Style, render
from dupfind.running import Inline
from dupfind.settings import Settings
from dupfind.sources import read
from dupfind.tokens import tokenize

__all__ = ["STAGES", "lay_out", "share"]

STAGES: Final = ("reading", "tokens", "sketching", "pairing", "verifying", "reporting")
"""Reading is all that happens before the tokenizer has the texts; sketching begins after it."""
_FIRST: Final = "reading and sketching"
"""What a scan calls the stage that we take apart."""

T = TypeVar("T")
R = TypeVar("R")


class _Booked(Inline):
    """Runs the stages where they are called, and books the seconds of each."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._stage = "reading"
        self._since = time.process_time()

    def turn_to(self, stage: str, _done: int = 0, _total: int = 0, /) -> None:
        """Book what has passed, and begin a stage; see `dupfind.running.Watch`."""
        now = time.process_time()
        self.seconds[self._stage] += now - self._since
        self._stage, self._since = "reading" if stage == _FIRST else stage, now

    def __call__(self, task: Callable[[T], R], batches: Iterable[T], stage: str, /) -> Iterator[R]:
        """Give the results in the order of the batches; those of texts are also cut alone."""
        if stage != _FIRST:
            yield from map(task, batches)
            return
        for batch in batches:
            self.turn_to("tokens")
            tokenize(batch)  # type: ignore[arg-type] # In this stage a batch is texts.
            self.turn_to("sketching")
            yield task(batch)
            self.turn_to("reading")


def share(path: Path, rounds: int) -> dict[str, float]:
    """Scan a file or a folder in this process, and give the seconds of each stage.

    Of some rounds the shortest one counts.
    """
    return min((_scan(path) for _ in range(rounds)), key=lambda own: sum(own.values()))


def _scan(path: Path) -> dict[str, float]:
    run = _Booked()
    findings = find(read([path]), Settings(), run, run.turn_to)
    for _ in render("json", findings, Style()):
        pass
    run.turn_to("reporting")
    # Its texts were cut a second time.
    run.seconds["sketching"] -= run.seconds["tokens"]
    return {stage: run.seconds[stage] for stage in STAGES}


def lay_out(shares: Mapping[str, Mapping[str, float]]) -> str:
    """Set the seconds of scans by stage, and what part of the whole they are, as a table."""
    head = ["stage", *(cell for name in shares for cell in (name, ""))]
    totals = [sum(own.values()) for own in shares.values()]
    rows = [[stage, *_tell([own[stage] for own in shares.values()], totals)] for stage in STAGES]
    return align(head, [*rows, ["all", *_tell(totals, totals)]], 1)


def _tell(seconds: Iterable[float], totals: Iterable[float]) -> Iterator[str]:
    for own, total in zip(seconds, totals, strict=True):
        yield f"{own:.2f} s"
        yield f"{own / total:.0%}"
