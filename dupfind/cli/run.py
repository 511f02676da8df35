"""A run of the engine from the command line, watched on standard error."""

import gc
import sys
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dupfind.cli.progress import Progress
from dupfind.cli.source import Source
from dupfind.settings import Settings, recall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dupfind.assembly import Findings
    from dupfind.cache import Cache

__all__ = ["Work", "find_overlaps", "take_work"]

_SELDOM: Final = 200_000  # objects made between two searches for garbage
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
    from dupfind.engines.local import Workers, usable_cores
    from dupfind.gathering import gather
    from dupfind.pipeline import find
    from dupfind.resuming import Stages
    from dupfind.sources.inputs import Inputs

    # What a run keeps is not garbage: to look it through again and again takes a fifth of the time.
    gc.set_threshold(_SELDOM, *gc.get_threshold()[1:])
    _open_more()
    inputs = Inputs(source.paths, reference, boilerplate, *source[1:])
    with ExitStack() as kept:
        with ExitStack() as stack:
            progress = stack.enter_context(Progress(quiet=work.quiet, verbose=work.verbose))
            if work.verbose:
                progress.tell(_tell_recall(settings.bands, settings.rows))
            note = progress.note if work.verbose else None
            stages = None
            if work.folder:
                tell = progress.tell if work.verbose else None
                stages = kept.enter_context(Stages(Path(work.folder), inputs, tell))
            cache = stack.enter_context(_open_cache(work.cache, settings)) if work.cache else None
            jobs, warn = work.jobs or usable_cores(), partial(_warn, progress)
            files = stages.files if stages else None
            workers = stack.enter_context(Workers(jobs, warn, memory=work.memory, folder=files))
            found = gather(*inputs.read(note, cache.recall if cache else None))
            findings = find(found, settings, workers, progress, cache, stages)
        yield findings
        if stages:
            stages.finish()


def _open_more() -> None:
    """Let many files be open at once: every one that is mapped stays so."""
    if sys.platform != "win32":
        import resource

        some, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if 0 <= some < _OPEN:
            # No limit is -1 on some systems.
            wanted = min(_OPEN, most) if most >= 0 else _OPEN
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _open_cache(folder: str, settings: Settings) -> "Cache":
    from dupfind.cache import Cache

    return Cache(Path(folder), settings)


def _warn(progress: Progress, line: str) -> None:
    progress.tell(f"dupfind: {line}")


def _tell_recall(bands: int, rows: int) -> str:
    return f"{bands} bands of {rows} rows propose " + ", ".join(
        f"{recall(share, bands, rows):.1%} of pairs at resemblance {share:g}"
        for share in (0.1, 0.2, 0.3, 0.5, 0.8)
    )
