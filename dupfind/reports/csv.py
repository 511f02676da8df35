"""The report as a table: a row a pair, those of the clusters and those outside them."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import chain
from typing import TYPE_CHECKING, Final

from dupfind.model import Entry, Match
from dupfind.reports import Style

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["render"]

_COLUMNS: Final = (
    "cluster",
    "a",
    "a_record",
    "b",
    "b_record",
    "relation",
    "flags",
    "coverage_a",
    "coverage_b",
    "containment_a",
    "containment_b",
    "resemblance",
    "words",
    "longest",
    "order",
    "passages",
    "line_a",
    "line_b",
    "earlier",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What makes a spreadsheet compute a cell."""


def render(findings: "Findings", _style: Style) -> Iterator[bytes]:
    """Render a report: UTF-8, quoted as RFC 4180 has it, each row ended by a line feed.

    No cell of a document begins as a formula does: before such a path stands `./`, before such a
    record's id an apostrophe. `earlier` is `a` or `b`, or empty where that is not known.
    """
    report = findings.report
    outside = (("", match) for match in report.passages)
    inside = ((cluster.id, match) for cluster in report.clusters for match in cluster.matches)
    page = StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for cluster, match in chain(inside, outside):
        a, b = report.documents[match.a], report.documents[match.b]
        writer.writerow((cluster, *_name(a), *_name(b), *_measure(match)))
        yield page.getvalue().encode()
        page.seek(0)
        page.truncate()
    yield page.getvalue().encode()


def _name(entry: Entry) -> tuple[str, str | int | None]:
    path, record = entry.path, entry.record
    if isinstance(record, str) and record.startswith(_FORMULA):
        record = f"'{record}"
    return f"./{path}" if path.startswith(_FORMULA) else path, record


def _measure(match: Match) -> tuple[str | float, ...]:
    first = match.passages[0] if match.passages else None
    earlier = ""
    if match.earlier:
        earlier = "a" if match.earlier.document == match.a else "b"
    return (
        match.relation.value,
        " ".join(match.flags),
        *match.coverage,
        *match.containment,
        match.resemblance,
        match.words,
        match.longest,
        match.order,
        len(match.passages),
        first.a.line if first else "",
        first.b.line if first else "",
        earlier,
    )
