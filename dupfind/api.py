"""The public functions: documents in, nouns out, no terminal and no exit codes."""

import os
from collections.abc import Iterable
from pathlib import Path

from dupfind import pipeline
from dupfind.engines.local import Workers
from dupfind.errors import SourceError
from dupfind.model import Document, Match, Report
from dupfind.reading import Reading, Selection
from dupfind.settings import Settings
from dupfind.sources import read

__all__ = ["compare", "scan"]


def scan(
    paths: Iterable[str | os.PathLike[str]],
    settings: Settings | None = None,
    *,
    selection: Selection | None = None,
    reading: Reading | None = None,
    jobs: int = 1,
) -> Report:
    """Find all overlaps among the documents of files and folders.

    `selection` says what is read and `reading` how. `jobs` is how many processes work at once;
    small inputs start none, and the report does not depend on it. A script that asks for more
    than one must guard its own start with `if __name__ == "__main__":`, as always with
    multiprocessing.
    Raises `SourceError` where a path does not exist; a file that cannot be read is listed in
    the report.
    """
    with Workers(jobs) as workers:
        return pipeline.find(
            read(paths, selection, reading), settings or Settings(), workers, pipeline.ignore
        ).report


def compare(
    a: str | os.PathLike[str], b: str | os.PathLike[str], settings: Settings | None = None
) -> Match | None:
    """Compare two documents: a `str` is a text, a path object names a file that holds one.

    Gives their match, with places in the texts, or None where they share neither a passage
    of 20 words nor 40 words in passages nor the share that `settings.threshold` asks for.
    Raises `SourceError` where a file cannot be read or holds more than one document.
    """
    report = pipeline.compare(_take(a, "a"), _take(b, "b"), settings or Settings()).report
    matches = [match for cluster in report.clusters for match in cluster.matches]
    return next(iter([*matches, *report.passages]), None)


def _take(given: str | os.PathLike[str], name: str) -> Document:
    if isinstance(given, str):
        return Document(path=name, text=given)
    found = list(read([given]))
    if len(found) != 1 or not isinstance(found[0], Document):
        reason = "does not hold exactly one readable document"
        raise SourceError(f"{Path(given)}: {reason}; name a text file, or pass its text as a str")
    return found[0]
