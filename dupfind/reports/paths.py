"""The redundant documents alone: each cluster's members but its lead, a line each."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dupfind.reports import Style

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["render"]


def render(findings: "Findings", style: Style) -> Iterator[bytes]:
    """Render a report: paths as they are, `path#record` for a record, in the report's order.

    They are ended by a line feed or, as `style.null` asks, by NUL, which no path holds. A path
    that begins with a dash gets `./`: a command must not take it for an option.
    """
    end = "\0" if style.null else "\n"
    report = findings.report
    for cluster in report.clusters:
        for member in cluster.members:
            if member != cluster.lead:
                entry = report.documents[member]
                path = f"./{entry.path}" if entry.path.startswith("-") else entry.path
                record = "" if entry.record is None else f"#{entry.record}"
                yield f"{path}{record}{end}".encode()
