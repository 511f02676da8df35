"""The report as JUnit XML, which every CI server can show: an overlap is a failed test."""

from collections.abc import Iterator
from html import escape as escape_markup
from typing import TYPE_CHECKING

from dupfind.reports import Style
from dupfind.reports.overlaps import line_of, list_overlaps
from dupfind.reports.wording import counted, escape, name_of

if TYPE_CHECKING:
    from dupfind.assembly import Findings
    from dupfind.model import Report

__all__ = ["render"]


def render(findings: "Findings", _style: Style) -> Iterator[bytes]:
    """Render a report; what was skipped is a skipped test, and without overlaps one passes.

    Characters that XML cannot hold are shown as escapes or left out.
    """
    report = findings.report
    overlaps = sum(1 for _ in list_overlaps(report))
    skipped = len(report.skipped)
    tests = max(overlaps, 1) + skipped
    counts = f'tests="{tests}" failures="{overlaps}" errors="0" skipped="{skipped}"'
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="dupfind" {counts}>\n'.encode()
    yield f'  <testsuite name="dupfind" {counts}>\n'.encode()
    for case in _tell(report):
        yield case.encode()
    yield b"  </testsuite>\n</testsuites>\n"


def _tell(report: "Report") -> Iterator[str]:
    if not (report.clusters or report.passages):
        passed = report.verdict and report.verdict.leaves_out
        what = "no cluster fails in" if passed else "no overlap in"
        name = f"{what} {counted(report.summary.documents, 'document')}"
        yield f'    <testcase classname="dupfind" name="{name}"/>\n'
    for overlap in list_overlaps(report):
        entry = report.documents[overlap.document]
        relation = overlap.match.relation.value
        name, file, text = map(_quote, (name_of(entry), entry.path, overlap.describe(report)))
        places = "\n".join(
            f"{counted(passage.words, 'shared word')}: line {passage.a.line} of "
            f"{_quote(name_of(report.documents[overlap.match.a]))}, line {passage.b.line} of "
            f"{_quote(name_of(report.documents[overlap.match.b]))}"
            for passage in overlap.match.passages
        )
        at = line_of(entry, overlap.line)
        line = "" if at is None else f' line="{at}"'
        yield (
            f'    <testcase classname="dupfind.{relation}" name="{name}" file="{file}"{line}>\n'
            f'      <failure type="{relation}" message="{text}">{places}</failure>\n'
            "    </testcase>\n"
        )
    for item in report.skipped:
        name, file = _quote(name_of(item)), _quote(item.path)
        reason = _quote(item.reason + (f": {item.detail}" if item.detail else ""))
        yield (
            f'    <testcase classname="dupfind.skipped" name="{name}" file="{file}">\n'
            f'      <skipped message="{reason}"/>\n'
            "    </testcase>\n"
        )


def _quote(text: str) -> str:
    """Quote text for an attribute or an element: of XML's forbidden characters none is left."""
    return escape_markup(escape(text)).replace("\ufffe", "").replace("\uffff", "")
