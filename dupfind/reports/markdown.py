"""The report as GitHub Flavored Markdown, for a job summary or a comment.

Names and texts stand in code, inline or fenced, where nothing is markup, a link or a mention.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape as escape_markup
from typing import TYPE_CHECKING, Final

from dupfind.model import Cluster, Match, Relation, Report
from dupfind.reports import Style
from dupfind.reports.comparison import compare_texts
from dupfind.reports.excerpts import cut_off, room_for, tell_part
from dupfind.reports.known import join_known, tell_known
from dupfind.reports.overlaps import pair_members
from dupfind.reports.wording import LISTED, count_outside, counted, escape, label, name_of

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["render"]

_MOST: Final = (1 << 20) - (1 << 14)
"""Bytes: GitHub takes job summaries of up to 1 MiB, and others may add to ours."""
_MEMBERS: Final = 20
"""Members of a cluster in its table."""
_LONGEST: Final = 4096
"""Characters of a name."""


def render(findings: "Findings", style: Style) -> Iterator[bytes]:
    """Render a report; where it would be too long, it says how many clusters it leaves out."""
    report = findings.report
    head = "".join(_tell_head(report)).encode()
    tail = "".join(_tell_tail(report)).encode()
    yield head
    room = _MOST - len(head) - len(tail)
    for number, cluster in enumerate(report.clusters, 1):
        rest = f"And {counted(len(report.clusters) - number + 1, 'more cluster')}; "
        closing = f"{rest}the JSON report names all.\n\n".encode()
        told = "".join(_tell_cluster(report, cluster, number))
        content = told.encode()
        if style.diff:
            shown = "".join(_show_cluster(cluster, findings)).encode()
            # What differs is left out before whole clusters are.
            if len(content) + len(shown) + len(closing) <= room:
                content += shown
        if len(content) + len(closing) > room:
            yield closing
            break
        yield content
        room -= len(content)
    yield tail


def _tell_head(report: Report) -> Iterator[str]:
    summary = report.summary
    yield f"## {counted(summary.clusters, 'cluster')} of overlapping documents\n\n"
    yield (
        f"{counted(summary.documents, 'document')} compared, "
        f"{summary.redundant:,} redundant, {summary.skipped:,} skipped.\n\n"
    )
    if outside := count_outside(report):
        yield f"Outside the clusters: {outside}.\n\n"
    if nearest := report.nearest:
        a, b = (_code(name_of(report.documents[number])) for number in (nearest.a, nearest.b))
        yield f"The nearest pair is {a} and {b}. It does not count: {_code(nearest.why)}\n\n"


def _tell_cluster(report: Report, cluster: Cluster, number: int) -> Iterator[str]:
    lead = report.documents[cluster.lead]
    yield f"### {number}. {_code(name_of(lead))} and {len(cluster.members) - 1:,} more\n\n"
    if lead.title:
        yield f"{_code(lead.title)}  \n"
    if known := tell_known(lead):
        yield f"{_code(join_known(known))}  \n"
    yield f"Lead: {_code(cluster.lead_reason)}, cluster {_code(cluster.id)}\n\n"
    yield _table_head("document")
    pairs = list(pair_members(cluster))
    for member, against, match in pairs[:_MEMBERS]:
        name = _code(name_of(report.documents[member]))
        if against != cluster.lead:
            name += f" with {_code(name_of(report.documents[against]))}"
        if known := tell_known(report.documents[member]):
            name += f"<br>{_code(join_known(known))}"
        turned = match.coverage if member == match.a else match.coverage[::-1]
        yield _row(name, match, turned)
    yield "\n"
    if (rest := len(pairs) - _MEMBERS) > 0:
        yield f"And {counted(rest, 'more document')}; the JSON report names all.\n\n"
    if (among := len(cluster.matches) - len(pairs)) > 0:
        which = "match" if among == 1 else "matches"
        yield f"And {among:,} {which} among them; the JSON report names all.\n\n"


def _show_cluster(cluster: Cluster, findings: "Findings") -> Iterator[str]:
    """Show what differs in the members of a cluster."""
    for member, against, match in list(pair_members(cluster))[:_MEMBERS]:
        if match.relation is Relation.IDENTICAL:
            continue
        told = [
            tell_part(part, room_for(match), marks=True)
            for part in compare_texts(match, member, findings.texts)
        ]
        name, whom = (
            escape_markup(_clip(name_of(findings.report.documents[number])), quote=False)
            for number in (member, against)
        )
        lines = "".join(f"{part.sign} {part.text}\n" for part in told)
        fence = _fence(lines, 3)
        yield f"<details><summary><code>{name}</code> against <code>{whom}</code></summary>\n\n"
        yield f"{fence}diff\n{lines}{fence}\n\n</details>\n\n"


def _tell_tail(report: Report) -> Iterator[str]:
    if report.passages:
        yield f"### Outside the clusters: {counted(len(report.passages), 'pair')}\n\n"
        yield _table_head("documents")
        for match in report.passages[:LISTED]:
            names = (_code(name_of(report.documents[number])) for number in (match.a, match.b))
            yield _row(" and ".join(names), match, match.coverage)
        yield "\n"
        yield from _tell_rest(report.passages)
    if report.boilerplate:
        yield "### In so many documents that it pairs none of them by itself\n\n"
        for run in report.boilerplate[:LISTED]:
            yield f"- {_code(cut_off(run.text))} ({counted(run.documents, 'document')})\n"
        yield "\n"
        yield from _tell_rest(report.boilerplate)
    if report.skipped:
        reasons = Counter(item.reason for item in report.skipped)
        counts = (f"{number:,} {_code(reason)}" for reason, number in sorted(reasons.items()))
        yield f"### Skipped: {', '.join(counts)}\n\n"
        for item in report.skipped[:LISTED]:
            detail = f": {item.detail}" if item.detail else ""
            yield f"- {_code(name_of(item))} {_code(item.reason + detail)}\n"
        yield "\n"
        yield from _tell_rest(report.skipped)


def _tell_rest(items: Sequence[object]) -> Iterator[str]:
    if (rest := len(items) - LISTED) > 0:
        yield f"And {rest:,} more; the JSON report names all.\n\n"


def _table_head(what: str) -> str:
    columns = (what, "relation", "of it", "of the other", "shared words", "longest")
    return f"| {' | '.join(columns)} |\n|---|---|---:|---:|---:|---:|\n"


def _row(name: str, match: Match, coverage: tuple[float, float]) -> str:
    own, other = coverage
    cells = (
        name.replace("|", "\\|"),
        _code(label(match)).replace("|", "\\|"),
        f"{own:.0%}",
        f"{other:.0%}",
        f"{match.words:,}",
        f"{match.longest:,}",
    )
    return f"| {' | '.join(cells)} |\n"


def _code(text: str) -> str:
    """Put text in a code span, whatever it holds."""
    text = _clip(escape(text))
    fence = _fence(text, 1)
    # One space on either side is taken away again, where there is one on both.
    padded = f" {text} " if not text or text[0] in "` " or text[-1] in "` " else text
    return f"{fence}{padded}{fence}"


def _clip(text: str) -> str:
    """Cut what is longer than any path: the id of a record can be."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _fence(text: str, least: int) -> str:
    """Give more backticks than stand in a row anywhere in a text."""
    return "`" * max(least, 1 + max(map(len, re.findall("`+", text)), default=0))
