"""What dupfind does: the whole scan, its sketching alone, and, outside all timing, its answer."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from dupfind.arrays import Ints
from dupfind.candidates import Candidates
from dupfind.corpus import Corpus
from dupfind.engines.local import Workers
from dupfind.engines.worker import collect_seldom
from dupfind.judgment import Judged
from dupfind.minhash import permutations
from dupfind.model import Document, Relation, Report, Skipped
from dupfind.pipeline import find, propose, verify_all
from dupfind.reports import Style, render
from dupfind.running import Inline, Run, ignore
from dupfind.settings import Settings
from dupfind.sketching import sketch_all
from dupfind.sources import read
from dupfind.verification import Verified

__all__ = [
    "LEAST_WORDS",
    "Answer",
    "answer",
    "ask",
    "get_ready",
    "propose_pairs",
    "read_documents",
    "scan",
    "sketch_texts",
    "verify_pairs",
]

LEAST_WORDS = Settings().min_words


class Answer(NamedTuple):
    """What dupfind finds in a file. Documents are numbered as they stand there, from 0."""

    clusters: list[list[int]]
    templates: Ints
    """(pairs, 2) int64: pairs of the same form with other facts, which join no cluster."""
    candidates: Ints
    """(pairs, 2) int64: all pairs that were verified."""
    copies: Ints
    """(documents,) int64: the first document with the same words; only one of them is paired."""
    words: Ints
    """(documents,) int64: how many words each has."""


def get_ready(path: Path, jobs: int) -> tuple[Path, Workers]:
    """Start the worker processes, for their start is imports, and wait for them."""
    collect_seldom()  # as the command does
    workers = Workers(jobs)
    workers.prepare()
    list(workers(str, range(2 * jobs), "starting"))
    return path, workers


def scan(given: tuple[Path, Workers]) -> None:
    """Scan a file, and write the JSON report beside it."""
    path, workers = given
    with workers:
        findings = find(read([path]), Settings(), workers, ignore)
        with path.with_suffix(".report.json").open("wb") as file:
            file.writelines(render("json", findings, Style()))


def read_documents(path: Path) -> list[Document]:
    """Read the documents of a file as a scan does."""
    return [item for item in read([path]) if isinstance(item, Document)]


def sketch_texts(documents: list[Document]) -> None:
    """Sketch documents as a scan does: tokens, shingles, signatures, fingerprints."""
    settings = Settings()
    sketch_all(documents, settings, permutations(settings.num_perm), Inline(), ignore)


def answer(path: Path) -> Answer:
    """Scan a file for all that dupfind finds in it, and for what it looked at."""
    documents = _number_all(path)
    settings = Settings(passages=True)
    report = find(documents, settings, Inline(), ignore).report
    corpus, candidates = _propose(documents, settings, Inline())
    return Answer(
        clusters=[[_number(report, member) for member in own.members] for own in report.clusters],
        templates=_pairs(
            (_number(report, match.a), _number(report, match.b))
            for match in report.passages
            if match.relation is Relation.TEMPLATE
        ),
        candidates=candidates.pairs,
        copies=corpus.first,
        words=corpus.lengths,
    )


def propose_pairs(path: Path) -> tuple[Ints, Ints]:
    """Give the candidates of a file, and its copies, both as in `Answer`."""
    corpus, candidates = _propose(_number_all(path), Settings(), Inline())
    return candidates.pairs, corpus.first


def verify_pairs(path: Path, settings: Settings, run: Run) -> tuple[Corpus, list[Verified]]:
    """Give the documents of a file and what their candidate pairs share, to be judged."""
    corpus, candidates = _propose(read([path]), settings, run)
    return corpus, list(verify_all(corpus, candidates.pairs, settings, run, ignore))


def ask(corpus: Corpus, judged: Judged) -> Callable[[str, str], bool]:
    """Give what tells of two records, by id, whether they were joined."""
    # A copy stands where the document stands that it is a copy of.
    place = {
        str(told.record): first
        for told, first in zip(corpus.documents.told, corpus.first.tolist(), strict=True)
    }
    joined = set(map(tuple, judged.documents[judged.joins].tolist()))

    def joins(a: str, b: str) -> bool:
        one, other = sorted((place[a], place[b]))
        return one == other or (one, other) in joined

    return joins


def _number_all(path: Path) -> list[Document]:
    return [
        msgspec.structs.replace(document, record=number)
        for number, document in enumerate(read_documents(path))
    ]


def _propose(
    found: Iterable[Document | Skipped], settings: Settings, run: Run
) -> tuple[Corpus, Candidates]:
    parameters = permutations(settings.num_perm)
    corpus, candidates, _ = propose(found, settings, parameters, run, ignore)
    return corpus, candidates


def _number(report: Report, entry: int) -> int:
    return int(report.documents[entry].record or 0)


def _pairs(pairs: Iterator[tuple[int, int]]) -> Ints:
    return np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
