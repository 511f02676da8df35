"""A run of the engine from the command line, watched on standard error."""

import gc
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dupfind.cli.progress import Progress
from dupfind.cli.source import Source
from dupfind.settings import Settings, recall

if TYPE_CHECKING:
    from dupfind.assembly import Findings
    from dupfind.cache import Cache

__all__ = ["Work", "find_overlaps", "take_work"]

_SELDOM: Final = 200_000  # objects made between two searches for garbage


class Work(NamedTuple):
    """How the work is done."""

    jobs: int | None
    """Processes; None takes one for each core."""
    memory: int | None
    """Bytes; None takes a share of what is free."""
    cache: str | None
    """The folder where sketches are kept."""
    quiet: bool
    verbose: bool


def take_work(chosen: dict[str, Any], *, quiet: bool, verbose: bool) -> Work:
    """Take what says how the work is done out of a command's options."""
    return Work(chosen.pop("jobs"), chosen.pop("memory"), chosen.pop("cache"), quiet, verbose)


def find_overlaps(
    source: Source,
    settings: Settings,
    work: Work,
    *,
    reference: tuple[str, ...],
    boilerplate: tuple[str, ...],
) -> "Findings":
    """Read documents and find their overlaps, with progress on a terminal."""
    from dupfind.engines.local import Workers, usable_cores
    from dupfind.gathering import gather
    from dupfind.pipeline import find
    from dupfind.sources import read

    # What a run keeps is not garbage: to look it through again and again takes a fifth of the time.
    gc.set_threshold(_SELDOM, *gc.get_threshold()[1:])
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(quiet=work.quiet, verbose=work.verbose))
        if work.verbose:
            progress.tell(_tell_recall(settings.bands, settings.rows))
        cache = stack.enter_context(_open_cache(work.cache, settings)) if work.cache else None
        jobs, warn = work.jobs or usable_cores(), partial(_warn, progress)
        workers = stack.enter_context(Workers(jobs, warn, memory=work.memory))
        tell = progress.note if work.verbose else None
        recall = cache.recall if cache else None
        found = gather(
            read(*source, tell, recall),
            read(reference, source.selection, source.reading, tell, recall),
            # Whatever its date or language: it is no document to be chosen.
            read(boilerplate, reading=source.reading, tell=tell, recall=recall),
        )
        return find(found, settings, workers, progress, cache)


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
