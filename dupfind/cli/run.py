"""A run of the engine from the command line, watched on standard error."""

from functools import partial
from typing import TYPE_CHECKING

from dupfind.cli.progress import Progress
from dupfind.cli.source import Source
from dupfind.settings import Settings, recall

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["find_overlaps"]


def find_overlaps(
    source: Source,
    settings: Settings,
    *,
    reference: tuple[str, ...],
    boilerplate: tuple[str, ...],
    jobs: int | None,
    quiet: bool,
    verbose: bool,
) -> "Findings":
    """Read documents and find their overlaps, with progress on a terminal."""
    from dupfind.engines.local import Workers, usable_cores
    from dupfind.gathering import gather
    from dupfind.pipeline import find
    from dupfind.sources import read

    with Progress(quiet=quiet, verbose=verbose) as progress:
        if verbose:
            progress.tell(_tell_recall(settings.bands, settings.rows))
        warn = partial(_warn, progress)
        with Workers(jobs or usable_cores(), warn) as workers:
            tell = progress.note if verbose else None
            found = gather(
                read(*source, tell),
                read(reference, source.selection, source.reading, tell),
                # Whatever its date or language: it is no document to be chosen.
                read(boilerplate, reading=source.reading, tell=tell),
            )
            return find(found, settings, workers, progress)


def _warn(progress: Progress, line: str) -> None:
    progress.tell(f"dupfind: {line}")


def _tell_recall(bands: int, rows: int) -> str:
    return f"{bands} bands of {rows} rows propose " + ", ".join(
        f"{recall(share, bands, rows):.1%} of pairs at resemblance {share:g}"
        for share in (0.1, 0.2, 0.3, 0.5, 0.8)
    )
