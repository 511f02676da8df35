"""The code quality report of GitLab, which shows it in merge requests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import msgspec

from dupfind.model import Relation
from dupfind.reports import Style
from dupfind.reports.overlaps import line_of, list_overlaps
from dupfind.reports.wording import name_of

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["render"]

_SEVERITIES: Final = {
    Relation.IDENTICAL: "major",
    Relation.NEAR_DUPLICATE: "major",
    Relation.ABRIDGEMENT: "major",
    Relation.EMBEDDED: "minor",
    Relation.REVISION: "minor",
}


def render(findings: "Findings", _style: Style) -> Iterator[bytes]:
    """Render a report: a JSON array, a line an overlap; what joins no cluster is `info`."""
    report = findings.report
    opening = b"[\n"
    for overlap in list_overlaps(report):
        entry = report.documents[overlap.document]
        text = overlap.describe(report)
        issue = {
            "description": text if entry.record is None else f"{name_of(entry)}: {text}",
            "check_name": f"dupfind/{overlap.match.relation}",
            "fingerprint": overlap.fingerprint,
            "severity": _SEVERITIES.get(overlap.match.relation, "info"),
            "location": {
                "path": entry.path,
                "lines": {"begin": line_of(entry, overlap.line) or 1},
            },
        }
        yield opening + msgspec.json.encode(issue)
        opening = b",\n"
    yield b"\n]\n" if opening == b",\n" else b"[]\n"
