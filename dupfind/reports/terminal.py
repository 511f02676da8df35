"""The terminal report: a cluster a block, each member with what differs from the lead.

Text of documents is hostile: it never passes through rich's markup. On a pipe no line is
wrapped or cropped.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dupfind.model import Cluster, Match, Relation, Report, Skipped, Version
from dupfind.reports import Style
from dupfind.reports.comparison import compare_texts
from dupfind.reports.excerpts import cut_off, room_for
from dupfind.reports.lines import (
    Line,
    describe,
    print_line,
    tell_facts,
    tell_name,
    tell_part,
    tell_title,
)
from dupfind.reports.overlaps import pair_members
from dupfind.reports.pair import tell_pair
from dupfind.reports.wording import LISTED, count_outside, counted, escape, name_of, tell_extent

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["render"]

_PIECE: Final = 1 << 16  # characters rendered at once


def render(findings: "Findings", style: Style) -> Iterator[bytes]:
    """Render a report; what the encoding lacks becomes an escape.

    Where there is no color, changed words get the marks of wdiff.
    """
    page = StringIO()
    console = Console(
        file=page,
        width=style.width,
        color_system="standard" if style.colored else None,
        force_terminal=style.colored,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    marks = not style.colored
    lines: Iterator[Line | Table] = (
        tell_pair(findings, diff=style.diff, marks=marks, width=style.width)
        if style.paired
        else _tell(findings.report, findings.texts, diff=style.diff, marks=marks)
    )
    for line in lines:
        if isinstance(line, Table):
            console.print(line)
        else:
            print_line(line, console, wrap=style.width is not None)
        if page.tell() >= _PIECE:
            yield _take(page).encode(style.encoding, "backslashreplace")
    yield _take(page).encode(style.encoding, "backslashreplace")


def _take(page: StringIO) -> str:
    """Give what was printed, and empty the page."""
    printed = page.getvalue()
    page.seek(0)
    page.truncate()
    return printed


def _tell(
    report: Report, texts: Sequence[str | None], *, diff: bool, marks: bool
) -> Iterator[Line]:
    if not report.clusters:
        yield from _tell_nothing(report)
    for number, cluster in enumerate(report.clusters, 1):
        yield from _tell_cluster(report, cluster, number, texts, diff=diff, marks=marks)
    yield from _tell_outside(report)
    yield from _tell_boilerplate(report)
    yield from _tell_furniture(report)
    yield from _tell_skipped(report.skipped)


def _tell_nothing(report: Report) -> Iterator[Line]:
    count = report.summary.documents
    if report.verdict and report.verdict.leaves_out:
        yield Line(Text(f"No cluster fails in {counted(count, 'document')}."))
        yield Line(Text())
        return
    yield Line(Text(f"No overlap found in {counted(count, 'document')}."))
    if report.nearest:
        yield Line(Text("The nearest pair:"))
        yield Line(tell_name(report.documents[report.nearest.a]), Text("  "))
        yield Line(tell_name(report.documents[report.nearest.b]), Text("  "))
        yield Line(Text(f"does not count: {escape(report.nearest.why)}"), Text("  "))
    elif count > 1:
        size = report.settings.guarantee
        yield Line(Text(f"No two of them share a run of {size} words, nor look alike."))
    yield Line(Text())


def _tell_cluster(
    report: Report,
    cluster: Cluster,
    number: int,
    texts: Sequence[str | None],
    *,
    diff: bool,
    marks: bool,
) -> Iterator[Line]:
    yield Line(
        Text.assemble(
            (f"Cluster {number} of {len(report.clusters)}", "bold"),
            f" · {counted(len(cluster.members), 'document')}",
            f" · weakest link {cluster.weakest:.0%}" if len(cluster.members) > 2 else "",  # noqa: PLR2004
            f" · {escape(cluster.id)}",
        )
    )
    lead = report.documents[cluster.lead]
    yield Line(
        Text.assemble(tell_name(lead), (f"  lead, {escape(cluster.lead_reason)}", "dim")),
        Text("● "),
    )
    if lead.title:
        yield tell_title(lead)
    yield from tell_facts(lead)
    rest = {(match.a, match.b): match for match in cluster.matches}
    copies = 0
    for member, against, match in pair_members(cluster):
        del rest[match.a, match.b]
        if match.relation is Relation.IDENTICAL:
            copies += 1
            if copies > LISTED:
                continue
        yield from _tell_member(report, match, member, against, cluster.lead)
        if diff and match.relation is not Relation.IDENTICAL:
            room = room_for(match)
            for part in compare_texts(match, member, texts):
                yield tell_part(part, room, marks=marks)
    if copies > LISTED:
        more = f"{copies - LISTED:,} more, each the same as one of the above"
        yield Line(Text(f"and {more}; the JSON report names all", "dim"), Text("~ "))
    yield from _tell_among(report, rest.values())
    yield from _tell_order(report, cluster)
    yield Line(Text())


def _tell_order(report: Report, cluster: Cluster) -> Iterator[Line]:
    """Tell the order of the versions on one line: base names, to be short."""
    placed = [version for version in cluster.versions if version.place is not None]
    if not placed:
        return
    told = Text("order: ")
    for number, version in enumerate(placed[:LISTED]):
        if number:
            told.append(" · " if version.place == placed[number - 1].place else " → ")
        name = name_of(report.documents[version.member])
        told.append(name.rpartition("/")[2], "bold")
        told.append(f" ({escape(version.evidence or '')}{_tell_change(version)})", "dim")
    rest = len(placed) - LISTED
    unknown = len(cluster.versions) - len(placed)
    told.append(f" → {rest:,} more" if rest > 0 else "")
    told.append(f"; of {unknown:,} unknown" if unknown else "", "dim")
    yield Line(told, Text("  "))


def _tell_change(version: Version) -> str:
    if version.added is None or version.dropped is None:
        return ""
    return f", +{version.added:,} -{version.dropped:,} words"


def _tell_among(report: Report, matches: Collection[Match]) -> Iterator[Line]:
    """Tell how the members other than the lead match each other, the closest first."""
    closest = sorted(matches, key=lambda match: (-max(match.coverage), match.a, match.b))
    for match in closest[:LISTED]:
        yield from _tell_match(report, match)
    yield from _tell_rest(len(matches) - LISTED, "match")


def _tell_match(report: Report, match: Match) -> Iterator[Line]:
    names = (tell_name(report.documents[match.a]), tell_name(report.documents[match.b]))
    yield Line(Text(" and ").join(names), Text("= "))
    yield Line(describe(match, escape(match.why)), Text("  "))


def _tell_member(
    report: Report, match: Match, member: int, against: int, lead: int
) -> Iterator[Line]:
    entry = report.documents[member]
    yield Line(tell_name(entry), Text("~ "))
    if entry.title and entry.title != report.documents[lead].title:
        yield tell_title(entry)
    # Copies can be many in a row: of them only what differs is told.
    is_copy = match.relation is Relation.IDENTICAL
    yield from tell_facts(entry, beside=report.documents[against] if is_copy else None)
    whom = "the lead" if against == lead else name_of(report.documents[against])
    yield Line(describe(match, tell_extent(match, member, whom)), Text("  "))


def _tell_outside(report: Report) -> Iterator[Line]:
    """Tell the matches that join nothing: in full if the report has them, else their number."""
    outside = count_outside(report)
    if not outside:
        return
    head = Text.assemble(("Outside the clusters", "bold"), f" · {outside}")
    if not report.settings.passages:
        head.append(" · --passages lists them", "dim")
    yield Line(head)
    for match in report.passages:
        yield from _tell_match(report, match)
    yield Line(Text())


def _tell_boilerplate(report: Report) -> Iterator[Line]:
    if not report.boilerplate:
        return
    yield Line(Text("In so many documents that it pairs none of them by itself", "bold"))
    for item in report.boilerplate[:LISTED]:
        body = Text.assemble(cut_off(escape(item.text)), (f" ({item.documents} documents)", "dim"))
        yield Line(body, Text("  "))
    yield from _tell_rest(len(report.boilerplate) - LISTED, "passage")
    yield Line(Text())


def _tell_furniture(report: Report) -> Iterator[Line]:
    """Tell on one line what was left out of the comparison."""
    if not report.furniture:
        return
    told = [f"{cut_off(escape(item.text))} ({item.documents:,})" for item in report.furniture]
    rest = len(told) - LISTED
    more = f" · and {counted(rest, 'more line')}; the JSON report names all" if rest > 0 else ""
    listed = " · ".join(told[:LISTED])
    yield Line(Text.assemble(("Not compared", "bold"), f" · {listed}{more}"))
    yield Line(Text())


def _tell_skipped(skipped: Sequence[Skipped]) -> Iterator[Line]:
    if not skipped:
        return
    reasons = Counter(item.reason for item in skipped)
    counts = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    yield Line(Text.assemble(("Skipped", "bold"), f" · {counts}"))
    # Short documents can be many, and their number says it all.
    named = [item for item in skipped if item.reason != "short"][:LISTED]
    for item in named:
        detail = f": {item.detail}" if item.detail else ""
        yield Line(Text(f"{name_of(item)}  {escape(item.reason + detail)}"), Text("  "))
    yield from _tell_rest(len(skipped) - len(named), "")
    yield Line(Text())


def _tell_rest(count: int, noun: str) -> Iterator[Line]:
    if count > 0:
        what = counted(count, f"more {noun}") if noun else f"{count:,} more"
        yield Line(Text(f"and {what}; the JSON report names all", "dim"), Text("  "))
