"""The report as JSON Lines, for what is too large to hold: each line stands for itself.

First comes a `header`, then a line for each `cluster` and each `passage` (a match outside the
clusters), for `boilerplate`, `furniture`, what was `skipped`, the `nearest` pair and the
`verdict` of a check; the `summary` closes it. The fields are those of the JSON report; beside a
cluster stand its members' `documents`, in their order, beside a pair those of a and b.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from dupfind.model import Entry, Report
from dupfind.reports import Style

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["render"]


def render(findings: "Findings", _style: Style) -> Iterator[bytes]:
    """Render a report, a line at a time."""
    for line in _list(findings.report):
        yield msgspec.json.encode(line) + b"\n"


def _list(report: Report) -> Iterator[dict[str, Any]]:
    def pick(numbers: Sequence[int]) -> list[Entry]:
        return [report.documents[number] for number in numbers]

    yield {
        "kind": "header",
        "schema_version": report.schema_version,
        "tool": report.tool,
        "settings": report.settings,
    }
    for cluster in report.clusters:
        yield {"kind": "cluster", "cluster": cluster, "documents": pick(cluster.members)}
    for match in report.passages:
        yield {"kind": "passage", "match": match, "documents": pick((match.a, match.b))}
    for item in report.boilerplate:
        yield {"kind": "boilerplate", "boilerplate": item}
    for item in report.furniture:
        yield {"kind": "furniture", "furniture": item}
    for skipped in report.skipped:
        yield {"kind": "skipped", "skipped": skipped}
    if nearest := report.nearest:
        yield {"kind": "nearest", "nearest": nearest, "documents": pick((nearest.a, nearest.b))}
    if report.verdict:
        yield {"kind": "verdict", "verdict": report.verdict}
    yield {"kind": "summary", "status": report.status, "summary": report.summary}
