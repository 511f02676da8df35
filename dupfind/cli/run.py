"""A run of the engine from the command line, watched on standard error."""

import sys
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dupfind.cli.progress import Progress
from dupfind.cli.source import Source
from dupfind.settings import Settings, recall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dupfind.assembly import Findings

__all__ = ["Work", "find_overlaps", "take_work"]

_OPEN: Final = 10_240  # files, the most that every system allows


class Work(NamedTuple):
    """How the work is done."""

    jobs: int | None
    """Processes; None takes one for each core."""
    memory: int | None
    """Bytes; None takes a share of what is free."""
    cache: str | None
    """The folder where what was found out about texts is kept."""
    folder: str | None
    """The folder where stages are kept until the run is at its end."""
    quiet: bool
    verbose: bool


def take_work(chosen: dict[str, Any], *, quiet: bool, verbose: bool) -> Work:
    """Take what says how the work is done out of a command's options."""
    jobs, memory, cache, folder = map(chosen.pop, ("jobs", "memory", "cache", "work_dir"))
    return Work(jobs, memory, cache, folder, quiet, verbose)


@contextmanager
def find_overlaps(
    source: Source,
    settings: Settings,
    work: Work,
    *,
    reference: tuple[str, ...],
    boilerplate: tuple[str, ...],
) -> "Iterator[Findings]":
    """Read documents and find their overlaps, with progress on a terminal.

    What a work directory holds is removed when all is done that was to be done with the findings.
    """
    from dupfind import api
    from dupfind.engines.local import usable_cores
    from dupfind.engines.worker import collect_seldom
    from dupfind.sources.inputs import Inputs

    collect_seldom()
    _open_more()
    inputs = Inputs(source.paths, reference, boilerplate, *source[1:])
    with ExitStack() as kept:
        with Progress(quiet=work.quiet, verbose=work.verbose) as progress:
            ears = api.Ears(progress, partial(_warn, progress))
            if work.verbose:
                progress.tell(_tell_recall(settings.bands, settings.rows))
                ears = ears._replace(note=progress.note, tell=progress.tell)
            run = api.find_overlaps(
                inputs,
                settings,
                work.jobs or usable_cores(),
                work.memory,
                work.cache or None,
                work.folder or None,
                ears,
            )
            findings = kept.enter_context(run)
        yield findings


def _open_more() -> None:
    """Let many files be open at once: every one that is mapped stays so."""
    if sys.platform != "win32":
        import resource

        some, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if 0 <= some < _OPEN:
            # No limit is -1 on some systems.
            wanted = min(_OPEN, most) if most >= 0 else _OPEN
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _warn(progress: Progress, line: str) -> None:
    progress.tell(f"dupfind: {line}")


def _tell_recall(bands: int, rows: int) -> str:
    return f"{bands} bands of {rows} rows propose " + ", ".join(
        f"{recall(share, bands, rows):.1%} of pairs at resemblance {share:g}"
        for share in (0.1, 0.2, 0.3, 0.5, 0.8)
    )
