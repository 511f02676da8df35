"""What a scan of dupfind's found, looked up by documents."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dupfind import Settings, scan
from dupfind.model import Match, Relation, Report

__all__ = ["Found", "scan_records", "written"]


class Found:
    """The relations, passages and clusters of a report, by the records' ids."""

    def __init__(self, report: Report) -> None:
        self._ids = [str(entry.record) for entry in report.documents]
        matches = [match for own in report.clusters for match in own.matches]
        self._copied: dict[str, str] = {}
        for match in matches:
            if match.relation is Relation.IDENTICAL:
                a, b = self._name(match)
                first, last = sorted((self._first(a), self._first(b)))
                if first != last:
                    self._copied[last] = first
        self._matches: dict[frozenset[str], tuple[str, Match]] = {}
        for match in (*matches, *report.passages):
            a, b = self._name(match)
            if match.relation is not Relation.IDENTICAL:
                self._matches[frozenset((self._first(a), self._first(b)))] = (a, match)
        self._direct = {frozenset(self._name(m)): m for m in (*matches, *report.passages)}
        self.cluster = {
            self._ids[member]: number
            for number, own in enumerate(report.clusters)
            for member in own.members
        }
        """Numbers of clusters by the ids of their members."""

    def _name(self, match: Match) -> tuple[str, str]:
        return self._ids[match.a], self._ids[match.b]

    def _first(self, name: str) -> str:
        """Give the copy that stands for all: only that one is compared with other documents."""
        while name in self._copied:
            name = self._copied[name]
        return name

    def relation(self, a: str, b: str) -> str | None:
        """Give the relation of two documents, or of those of which they are copies."""
        first, second = self._first(a), self._first(b)
        if first == second:
            return "identical"
        found = self._matches.get(frozenset((first, second)))
        return found[1].relation.value if found else None

    def related(self) -> Iterable[tuple[str, str]]:
        """Give the pairs that the report lists."""
        return (self._name(match) for match in self._direct.values())

    def passages(self, a: str, b: str) -> list[tuple[int, int, int, int]]:
        """Give the passages of two documents that the report lists: characters of a and of b."""
        match = self._direct.get(frozenset((a, b)))
        if not match:
            return []
        swapped = self._ids[match.a] != a
        sides = ((p.b, p.a) if swapped else (p.a, p.b) for p in match.passages)
        return [(one.start, one.end, other.start, other.end) for one, other in sides]

    def together(self, a: str, b: str) -> bool:
        """Tell whether two documents are in one cluster."""
        return a in self.cluster and self.cluster[a] == self.cluster.get(b)


@contextmanager
def written(records: Iterable[Mapping[str, Any]]) -> Iterator[Path]:
    """Write records to a file that is there for a while."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records.jsonl"
        with path.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(record) + "\n" for record in records)
        yield path


def scan_records(records: Iterable[Mapping[str, Any]]) -> Found:
    """Scan records, with everything listed that the report can list."""
    with written(records) as path:
        return Found(scan([path], Settings(passages=True)))
