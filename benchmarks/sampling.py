"""What clusters are worth at any size: exact on a sample of the documents.

Pairs within the sample are judged by the clusters of the whole run. The sample is the whole
corpus up to 10,000 documents, and ten stretches of 1,000 documents beyond.
"""

import json
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import truth
from bulk import Wire

__all__ = ["Sample", "read_clusters"]

_STRETCHES: Final = 10
_STRETCH: Final = 1_000


class Sample:
    """Documents of a corpus, and which of their pairs belong together."""

    def __init__(self, path: Path, made: Wire) -> None:
        self.documents = made.documents
        self._chosen = _choose(made.documents)
        texts = _read(path, set(self._chosen.tolist()))
        self._words = sum(len(text.split()) for text in texts)
        self._alike = truth.find_alike(texts)
        self._joined = truth.join(self._alike, len(self._chosen))
        self._stories = np.array([made.story(number) for number in self._chosen.tolist()])
        self._same = truth.together(self._stories, self._alike)

    @property
    def size(self) -> dict[str, float]:
        """Tell the documents of the sample, their mean words, and the pairs that are alike."""
        return {
            "documents": len(self._chosen),
            "words": self._words / len(self._chosen),
            "alike": len(self._alike),
            "alike_of_one_story": int(self._same.sum()),
        }

    def judge(self, clusters: list[list[int]]) -> dict[str, float | int | None]:
        """Judge clusters of the whole corpus.

        Gives how many there are and four shares: `found` of the pairs at Jaccard >= .7 and
        `found_of_one_story` of those among them that the corpus records as one story; of the
        claimed pairs, `right`: joined by a chain of pairs at Jaccard >= .7, and
        `right_by_record`: of one recorded story. A share of nothing is None.
        """
        labels = truth.label(clusters, self.documents)[self._chosen]
        _, labels = np.unique(labels, return_inverse=True)
        found = truth.together(labels, self._alike)
        _, stories = np.unique(self._stories, return_inverse=True)
        return {
            "clusters": len(clusters),
            "found": truth.find_share(found),
            "found_of_one_story": truth.find_share(found[self._same]),
            "right": truth.measure_precision(labels, self._joined),
            "right_by_record": truth.measure_precision(labels, stories),
        }


def _choose(documents: int) -> truth.Ints:
    if documents <= _STRETCHES * _STRETCH:
        return np.arange(documents)
    starts = np.linspace(0, documents - _STRETCH, _STRETCHES).astype(np.int64)
    return np.unique(starts[:, None] + np.arange(_STRETCH))


def _read(path: Path, chosen: set[int]) -> list[str]:
    with path.open("rb") as lines:
        return [json.loads(line)["text"] for at, line in enumerate(lines) if at in chosen]


class _Entry(msgspec.Struct):
    line: int | None


class _Cluster(msgspec.Struct):
    members: list[int]
    matches_omitted: int


class _Report(msgspec.Struct):
    summary: dict[str, Any]
    documents: list[_Entry]
    clusters: list[_Cluster]
    boilerplate: list[msgspec.Raw]
    furniture: list[msgspec.Raw]
    skipped: list[msgspec.Raw]


def read_clusters(path: Path) -> tuple[list[list[int]], dict[str, int]]:
    """Read a JSON report of a scan of one JSON Lines file.

    Gives its clusters, documents being numbered by their lines, from 0, and what was folded or
    left out.
    """
    report = msgspec.json.decode(path.read_bytes(), type=_Report)
    lines = [(entry.line or 0) - 1 for entry in report.documents]
    told = {
        "candidates": report.summary["candidates"],
        "clusters": len(report.clusters),
        "identical": report.summary["relations"].get("identical", 0),
        "omitted": sum(cluster.matches_omitted for cluster in report.clusters),
        "boilerplate": len(report.boilerplate),
        "furniture": len(report.furniture),
        "skipped": len(report.skipped),
    }
    return [[lines[member] for member in own.members] for own in report.clusters], told
