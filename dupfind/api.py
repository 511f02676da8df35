"""The public functions: documents in, nouns out, no terminal and no exit codes."""

import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from dupfind import pipeline
from dupfind.assembly import Findings
from dupfind.cache import Cache
from dupfind.engines.local import Workers
from dupfind.errors import SourceError
from dupfind.gate import examine
from dupfind.gathering import gather
from dupfind.model import CLUSTERING, Document, Match, Relation, Report
from dupfind.reading import Reading, Selection
from dupfind.resuming import Stages
from dupfind.running import Watch, ignore
from dupfind.settings import Settings
from dupfind.sources import Note, read
from dupfind.sources.inputs import Inputs
from dupfind.terms import demand, open_terms

__all__ = ["Ears", "check", "compare", "find_overlaps", "scan"]

Pathlike = str | os.PathLike[str]


class Ears(NamedTuple):
    """Who is told of a run."""

    watch: Watch
    """How far each stage has come."""
    warn: Callable[[str], object]
    """What went wrong and was made good."""
    note: Callable[[Note], None] | None = None
    """What each file is read as, and what is left out."""
    tell: Callable[[str], object] | None = None
    """What is taken from a work directory."""


DEAF: Final = Ears(ignore, warnings.warn)
"""Nobody but who is warned by Python's own means."""


def scan(
    paths: Iterable[Pathlike],
    settings: Settings | None = None,
    *,
    reference: Iterable[Pathlike] = (),
    boilerplate: Iterable[Pathlike] = (),
    selection: Selection | None = None,
    reading: Reading | None = None,
    jobs: int = 1,
    memory: int | None = None,
    cache: Pathlike | None = None,
    work_dir: Pathlike | None = None,
) -> Report:
    """Find all overlaps among the documents of files and folders.

    They are also compared with those of `reference`, which are not compared with each other;
    the paragraphs of `boilerplate` do not count, wherever they stand. `selection` says what is
    read and `reading` how. `jobs` is how many processes work at once; small inputs start none.
    `memory` is how many bytes of memory to use, a share of what is free if it is None; what needs
    more lies in files meanwhile. `cache` is a folder in which what was found out about each text
    is kept for the next run. `work_dir` is a folder in which each finished stage is kept until the
    run is at its end, so that the same call goes on from there if it is ended before. The report
    depends on none of them. A script that asks for more
    than one process must guard its own start with `if __name__ == "__main__":`, as always with
    multiprocessing. Raises `SourceError` where a path does not exist and `OutputError` where the
    cache or the work directory cannot be written to; a file that cannot be read is listed in the
    report.
    """
    inputs = Inputs(paths, reference, boilerplate, selection, reading)
    asked = settings or Settings()
    with find_overlaps(inputs, asked, jobs, memory, cache, work_dir) as findings:
        report = findings.report
        return replace(report, clusters=tuple(report.clusters), passages=tuple(report.passages))


def check(
    paths: Iterable[Pathlike],
    settings: Settings | None = None,
    *,
    baseline: Pathlike | None = None,
    changed_since: str | None = None,
    fail_on: Iterable[str] = CLUSTERING,
    reference: Iterable[Pathlike] = (),
    boilerplate: Iterable[Pathlike] = (),
    selection: Selection | None = None,
    reading: Reading | None = None,
    jobs: int = 1,
    memory: int | None = None,
    cache: Pathlike | None = None,
    work_dir: Pathlike | None = None,
) -> Report:
    """Find the clusters among the documents of files and folders that nobody has accepted.

    Does what `scan` does, and lists what fails alone: that is no cluster which `baseline`
    accepts, none without a document that has changed since the commit `changed_since`, and
    none without a match of the relations `fail_on`. The report's `verdict` counts what fails,
    and what was left out. Raises `BaselineError` where the baseline is none, and `SourceError`
    also where git does not know the commit.
    """
    asked = settings or Settings()
    paths, reference = list(paths), list(reference)
    terms = open_terms(
        paths,
        reference,
        baseline,
        changed_since,
        frozenset(map(Relation, fail_on)),
        passages=asked.passages,
        reading=reading,
    )
    inputs = Inputs(paths, reference, boilerplate, selection, reading)
    asked = demand(asked, terms)
    with find_overlaps(inputs, asked, jobs, memory, cache, work_dir) as findings:
        return examine(findings, terms)[0].report


@contextmanager
def find_overlaps(
    inputs: Inputs,
    settings: Settings,
    jobs: int,
    memory: int | None,
    cache: Pathlike | None,
    work_dir: Pathlike | None,
    ears: Ears = DEAF,
) -> Iterator[Findings]:
    """Read documents and find their overlaps; see `scan`.

    What a work directory holds is removed when all is done that was to be done with the findings.
    """
    with ExitStack() as stack:
        stages = None
        if work_dir is not None:
            stages = stack.enter_context(Stages(Path(work_dir), inputs, ears.tell))
        with ExitStack() as run:
            kept = None
            if cache is not None:
                kept = run.enter_context(Cache(Path(cache), settings))
            files = stages.files if stages else None
            workers = run.enter_context(Workers(jobs, ears.warn, memory=memory, folder=files))
            found = gather(*inputs.read(ears.note, kept.recall if kept else None))
            findings = pipeline.find(found, settings, workers, ears.watch, kept, stages)
        yield findings
        if stages:
            stages.finish()


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
