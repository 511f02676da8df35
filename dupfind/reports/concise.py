"""The concise report: a line an overlap, `path:line: what it is`, as compilers write them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dupfind.reports import Style
from dupfind.reports.overlaps import list_overlaps
from dupfind.reports.wording import name_of

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["render"]


def render(findings: "Findings", _style: Style) -> Iterator[bytes]:
    """Render a report; the line is that of the document's text where the longest passage begins."""
    report = findings.report
    for overlap in list_overlaps(report):
        where = f"{name_of(report.documents[overlap.document])}:{overlap.line}"
        yield f"{where}: {overlap.describe(report)}\n".encode()
