"""Annotations for GitHub Actions: workflow commands, which it shows beside the files."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from dupfind.model import CLUSTERING
from dupfind.reports import Style
from dupfind.reports.overlaps import Overlap, line_of, list_overlaps
from dupfind.reports.wording import name_of

if TYPE_CHECKING:
    from dupfind.assembly import Findings
    from dupfind.model import Report

__all__ = ["render"]

_MOST: Final = 10
"""Annotations of a level that GitHub shows of a step; it drops the others without a word."""


def render(findings: "Findings", _style: Style) -> Iterator[bytes]:
    """Render a report: a warning for each overlap in a cluster, a notice for each outside.

    Where there are more than GitHub shows, the last annotation of a level says how many.
    """
    report = findings.report
    for level, joins in (("warning", True), ("notice", False)):
        overlaps = [
            overlap
            for overlap in list_overlaps(report)
            if (overlap.match.relation in CLUSTERING) == joins
        ]
        shown = len(overlaps) if len(overlaps) <= _MOST else _MOST - 1
        for overlap in islice(overlaps, shown):
            yield _annotate(level, overlap, report)
        if rest := len(overlaps) - shown:
            text = f"and {rest:,} more overlaps; the JSON report names all"
            yield f"::{level} title=dupfind::{_escape(text)}\n".encode()


def _annotate(level: str, overlap: Overlap, report: "Report") -> bytes:
    entry = report.documents[overlap.document]
    properties = {"file": entry.path}
    message = overlap.describe(report)
    line = line_of(entry, overlap.line)
    if line is not None:
        properties["line"] = str(line)
    if entry.record is not None:
        message = f"{name_of(entry)}: {message}"
    properties["title"] = f"dupfind: {overlap.match.relation.value}"
    told = ",".join(f"{key}={_escape_property(value)}" for key, value in properties.items())
    return f"::{level} {told}::{_escape(message)}\n".encode()


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
