"""The report as SARIF 2.1.0, for GitHub code scanning and editors.

The specification is OASIS' *Static Analysis Results Interchange Format (SARIF) Version 2.1.0*;
what GitHub makes of it, and its limits, is in *SARIF support for code scanning*.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

from dupfind.model import CLUSTERING, Entry, Relation, Report
from dupfind.reports import Style
from dupfind.reports.overlaps import Overlap, line_of, list_overlaps
from dupfind.reports.wording import name_of

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["render"]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_MOST: Final = 25_000
"""Results that GitHub accepts in a run; it refuses the whole file if there are more."""

_RULES: Final = {
    Relation.IDENTICAL: (
        "The same words in the same order",
        "Keep one copy and let the other places refer to it.",
    ),
    Relation.TEMPLATE: (
        "The same form filled in with other facts",
        "Forms are meant to repeat. Check that the facts are those of this document.",
    ),
    Relation.NEAR_DUPLICATE: (
        "Nearly all of both documents is shared",
        "Keep the newer of the two, or let one refer to the other.",
    ),
    Relation.ABRIDGEMENT: (
        "A document is cut from the head of a longer one",
        "Check that the short version still says what the longer one says.",
    ),
    Relation.EMBEDDED: (
        "A document stands inside a longer one",
        "When one of the two is changed, change the other, or quote it with its source.",
    ),
    Relation.REVISION: (
        "A document is a revision of another",
        "Check that the older one is still needed, and that both hold the same corrections.",
    ),
    Relation.QUOTE: (
        "Two documents quote the same words",
        "Nothing needs to be done, if the quotation has its source.",
    ),
    Relation.SHARED_PASSAGE: (
        "Two documents share a passage",
        "Check that the passage is as true in one place as in the other.",
    ),
}
"""What each relation is, and what to do about it."""


def render(findings: "Findings", _style: Style) -> Iterator[bytes]:
    """Render a report: a result for each overlap, its location in the newer document.

    The other document is a related location, to which the message links. Lines are those of the
    documents' texts; of a record, that on which it begins, or the first where there are no lines.
    """
    report = findings.report
    overlaps = list_overlaps(report)
    results = [_tell(overlap, report) for overlap in islice(overlaps, _MOST)]
    rest = sum(1 for _ in overlaps)
    run = {
        "tool": {
            "driver": {
                "name": report.tool.name,
                "semanticVersion": report.tool.version,
                "rules": [_rule(relation, *texts) for relation, texts in _RULES.items()],
            }
        },
        "invocations": [_tell_run(rest)],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    yield msgspec.json.format(msgspec.json.encode(log), indent=2)
    yield b"\n"


def _rule(relation: Relation, what: str, remedy: str) -> dict[str, Any]:
    return {
        "id": relation.value,
        "name": relation.value.title().replace("-", ""),
        "shortDescription": {"text": f"{what}."},
        "fullDescription": {"text": f"{what}. {remedy}"},
        "help": {"text": f"{what}. {remedy}", "markdown": f"**{what}.** {remedy}"},
        "defaultConfiguration": {"level": _level(relation)},
        "properties": {"tags": ["duplication"], "precision": "very-high"},
    }


def _level(relation: Relation) -> str:
    return "warning" if relation in CLUSTERING else "note"


def _tell_run(rest: int) -> dict[str, Any]:
    if not rest:
        return {"executionSuccessful": True}
    text = f"{rest:,} more overlaps are not in this file; the JSON report names all."
    notification = {"level": "warning", "message": {"text": text}}
    return {"executionSuccessful": True, "toolExecutionNotifications": [notification]}


def _tell(overlap: Overlap, report: Report) -> dict[str, Any]:
    own, other = report.documents[overlap.document], report.documents[overlap.other]
    relation = overlap.match.relation
    digits, _, again = overlap.fingerprint.partition("-")
    return {
        "ruleId": relation.value,
        "ruleIndex": list(_RULES).index(relation),
        "level": _level(relation),
        "message": {"text": overlap.describe(report, f"[{_escape_link(name_of(other))}](1)")},
        "locations": [_locate(own, overlap.line)],
        "relatedLocations": [
            {"id": 1, "message": {"text": "shares this text"}, **_locate(other, overlap.other_line)}
        ],
        "partialFingerprints": {"primaryLocationLineHash": f"{digits}:{again or 1}"},
    }


def _locate(entry: Entry, line: int) -> dict[str, Any]:
    artifact = {"uri": quote(entry.path, safe="/")}
    region = {"startLine": line_of(entry, line) or 1}
    place: dict[str, Any] = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    if entry.record is not None:
        place["logicalLocations"] = [{"name": str(entry.record), "kind": "element"}]
    return place


def _escape_link(text: str) -> str:
    """Escape the text of a link in a message (§3.11.6), and braces (§3.11.5)."""
    return re.sub(r"([\\\[\]])", r"\\\1", text).replace("{", "{{").replace("}", "}}")
