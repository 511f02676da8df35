"""The terminal report: a cluster a block, each member with what differs from the lead.

Text of documents is hostile: it never passes through rich's markup, and control and
direction characters are shown as escapes. On a pipe no line is wrapped or cropped.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.console import Console
from rich.text import Text

from dupfind.model import Cluster, Entry, Match, Relation, Report, Skipped
from dupfind.relations import CLUSTERING
from dupfind.reports import Style
from dupfind.reports.comparison import Alone, Piece, Shared, compare_texts

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["escape", "render"]

_HOSTILE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_CONTEXT: Final = 6  # words shown on either side of a change and at the ends of a passage
_LONGEST: Final = 80  # words shown of text that only one document has
_LISTED: Final = 10  # copies, skipped files and passages named; the JSON report names all

_PIECE: Final = 1 << 16  # characters rendered at once

_ADDED: Final = "green"
_REMOVED: Final = "red"
_MOVED: Final = "cyan"
_SHARED: Final = "dim"
_MARKS: Final = {_ADDED: ("{+", "+}"), _REMOVED: ("[-", "-]")}


class _Line(NamedTuple):
    body: Text
    gutter: Text = Text()
    """Stands before the first line of the body; the others are indented as far."""


def escape(text: str) -> str:
    r"""Put text on one line, with control and direction characters as escapes (`\x1b`)."""
    return _HOSTILE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


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
    for line in _tell(findings.report, findings.texts, diff=style.diff, marks=not style.colored):
        _print(line, console, wrap=style.width is not None)
        if page.tell() >= _PIECE:
            yield _take(page).encode(style.encoding, "backslashreplace")
    yield _take(page).encode(style.encoding, "backslashreplace")


def _print(line: _Line, console: Console, *, wrap: bool) -> None:
    width = console.width - line.gutter.cell_len
    bodies = line.body.wrap(console, max(width, 20)) if wrap and line.body else [line.body]
    gutter = line.gutter
    for body in bodies:
        body.rstrip()
        console.print(gutter + body, soft_wrap=True)
        gutter = Text(" " * gutter.cell_len)


def _take(page: StringIO) -> str:
    """Give what was printed, and empty the page."""
    printed = page.getvalue()
    page.seek(0)
    page.truncate()
    return printed


def _tell(report: Report, texts: Sequence[str], *, diff: bool, marks: bool) -> Iterator[_Line]:
    if not report.clusters:
        yield from _tell_nothing(report)
    for number, cluster in enumerate(report.clusters, 1):
        yield from _tell_cluster(report, cluster, number, texts, diff=diff, marks=marks)
    yield from _tell_outside(report)
    yield from _tell_boilerplate(report)
    yield from _tell_skipped(report.skipped)


def _tell_nothing(report: Report) -> Iterator[_Line]:
    count = report.summary.documents
    if (verdict := report.verdict) and (verdict.accepted or verdict.untouched or verdict.tolerated):
        yield _Line(Text(f"No cluster fails in {_count(count, 'document')}."))
        yield _Line(Text())
        return
    yield _Line(Text(f"No overlap found in {_count(count, 'document')}."))
    if report.nearest:
        yield _Line(Text("The nearest pair:"))
        yield _Line(_name(report.documents[report.nearest.a]), Text("  "))
        yield _Line(_name(report.documents[report.nearest.b]), Text("  "))
        yield _Line(Text(f"does not count: {report.nearest.why}"), Text("  "))
    elif count > 1:
        size = report.settings.guarantee
        yield _Line(Text(f"No two of them share a run of {size} words, nor look alike."))
    yield _Line(Text())


def _tell_cluster(
    report: Report,
    cluster: Cluster,
    number: int,
    texts: Sequence[str],
    *,
    diff: bool,
    marks: bool,
) -> Iterator[_Line]:
    yield _Line(
        Text.assemble(
            (f"Cluster {number} of {len(report.clusters)}", "bold"),
            f" · {_count(len(cluster.members), 'document')}",
            f" · weakest link {cluster.weakest:.0%}" if len(cluster.members) > 2 else "",  # noqa: PLR2004
            f" · {cluster.id}",
        )
    )
    lead = report.documents[cluster.lead]
    yield _Line(Text.assemble(_name(lead), (f"  lead, {cluster.lead_reason}", "dim")), Text("● "))
    if lead.title:
        yield _Line(Text(escape(lead.title), "italic"), Text("  "))
    through = {indirect.member: indirect.through for indirect in cluster.indirect}
    matches = {frozenset((match.a, match.b)): match for match in cluster.matches}
    copies = 0
    for member in cluster.members:
        if member == cluster.lead:
            continue
        against = through.get(member, cluster.lead)
        match = matches.pop(frozenset((member, against)))
        if match.relation is Relation.IDENTICAL:
            copies += 1
            if copies > _LISTED:
                continue
        yield from _tell_member(report, match, member, against, cluster.lead)
        if diff and match.relation is not Relation.IDENTICAL:
            # What surrounds an embedded story is other stories: a glimpse of them will do.
            room = 2 * _CONTEXT if match.relation is Relation.EMBEDDED else _LONGEST
            for part in compare_texts(match, member, texts):
                yield _tell_part(part, room, marks=marks)
    if copies > _LISTED:
        more = f"{copies - _LISTED:,} more, each the same as one of the above"
        yield _Line(Text(f"and {more}; the JSON report names all", "dim"), Text("~ "))
    yield from _tell_among(report, matches.values())
    yield _Line(Text())


def _tell_among(report: Report, matches: Collection[Match]) -> Iterator[_Line]:
    """Tell how the members other than the lead match each other, the closest first."""
    closest = sorted(matches, key=lambda match: (-max(match.coverage), match.a, match.b))
    for match in closest[:_LISTED]:
        yield from _tell_pair(report, match)
    yield from _tell_rest(len(matches) - _LISTED, "match")


def _tell_pair(report: Report, match: Match) -> Iterator[_Line]:
    names = (_name(report.documents[match.a]), _name(report.documents[match.b]))
    yield _Line(Text(" and ").join(names), Text("= "))
    yield _Line(_describe(match, match.why), Text("  "))


def _tell_member(
    report: Report, match: Match, member: int, against: int, lead: int
) -> Iterator[_Line]:
    entry = report.documents[member]
    yield _Line(_name(entry), Text("~ "))
    if entry.title and entry.title != report.documents[lead].title:
        yield _Line(Text(escape(entry.title), "italic"), Text("  "))
    own, other = match.coverage if member == match.a else match.coverage[::-1]
    whom = "the lead" if against == lead else _shown(report.documents[against])
    if match.relation is Relation.IDENTICAL:
        why = f"the same words as {whom}"
    else:
        why = (
            f"{own:.0%} of it and {other:.0%} of {whom}: {_count(match.words, 'shared word')}, "
            f"the longest passage {match.longest}"
        )
    yield _Line(_describe(match, why), Text("  "))


def _describe(match: Match, why: str) -> Text:
    names = (match.relation.value, *match.flags)
    return Text.assemble(
        (names[0], "bold yellow"), *(f", {name}" for name in names[1:]), f" · {why}"
    )


def _tell_part(part: Alone | Shared, room: int, *, marks: bool) -> _Line:
    if isinstance(part, Alone):
        style, sign = (_ADDED, "+") if part.shown else (_REMOVED, "-")
        return _Line(Text(_cut_off(part.text, room), style), Text(f"  {sign} ", style))
    where = f"line {part.line}"
    if part.other_line != part.line:
        where += f", line {part.other_line} there"
    body = Text()
    if part.moved:
        body.append(f"moved here from line {part.other_line}: ", _MOVED)
    for number, piece in enumerate(part.pieces):
        last = number == len(part.pieces) - 1
        body.append(_tell_piece(piece, first=not number, last=last, marks=marks))
    body.append(f" ({_count(part.words, 'shared word')}, {where})", _SHARED)
    return _Line(body, Text("  > ", _MOVED) if part.moved else Text("    "))


def _tell_piece(piece: Piece, *, first: bool, last: bool, marks: bool) -> Text:
    if not piece.changed:
        return Text(_fold(piece.shown, first=first, last=last), _SHARED)
    # Removed words stand between two kept ones, with the space after them only.
    changed = Text("" if piece.shown else " ")
    for text, style in ((piece.other, _REMOVED), (piece.shown, _ADDED)):
        if text:
            before, after = _MARKS[style] if marks else ("", "")
            if changed.plain.strip() and not marks:
                changed.append(" ")
            changed.append(before + _squeeze(text) + after, style)
    return changed


def _tell_outside(report: Report) -> Iterator[_Line]:
    """Tell the matches that join nothing: in full if the report has them, else their number."""
    counts = [
        f"{count:,} {name}"
        for name, count in report.summary.relations.items()
        if Relation(name) not in CLUSTERING
    ]
    if not counts:
        return
    head = Text.assemble(("Outside the clusters", "bold"), f" · {', '.join(counts)}")
    if not report.settings.passages:
        head.append(" · --passages lists them", "dim")
    yield _Line(head)
    for match in report.passages:
        yield from _tell_pair(report, match)
    yield _Line(Text())


def _tell_boilerplate(report: Report) -> Iterator[_Line]:
    if not report.boilerplate:
        return
    yield _Line(Text("In so many documents that it pairs none of them by itself", "bold"))
    for item in report.boilerplate[:_LISTED]:
        body = Text.assemble(_cut_off(escape(item.text)), (f" ({item.documents} documents)", "dim"))
        yield _Line(body, Text("  "))
    yield from _tell_rest(len(report.boilerplate) - _LISTED, "passage")
    yield _Line(Text())


def _tell_skipped(skipped: Sequence[Skipped]) -> Iterator[_Line]:
    if not skipped:
        return
    reasons = Counter(item.reason for item in skipped)
    counts = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    yield _Line(Text.assemble(("Skipped", "bold"), f" · {counts}"))
    # Short documents can be many, and their number says it all.
    named = [item for item in skipped if item.reason != "short"][:_LISTED]
    for item in named:
        detail = f": {item.detail}" if item.detail else ""
        yield _Line(Text(f"{_shown(item)}  {escape(item.reason + detail)}"), Text("  "))
    yield from _tell_rest(len(skipped) - len(named), "")
    yield _Line(Text())


def _tell_rest(count: int, noun: str) -> Iterator[_Line]:
    if count > 0:
        what = f"{_count(count, f'more {noun}')}" if noun else f"{count:,} more"
        yield _Line(Text(f"and {what}; the JSON report names all", "dim"), Text("  "))


def _name(entry: Entry) -> Text:
    return Text(_shown(entry), "bold")


def _shown(item: Entry | Skipped) -> str:
    return escape(item.path if item.record is None else f"{item.path} #{item.record}")


def _count(count: int, noun: str) -> str:
    plural = "es" if noun.endswith("ch") else "s"
    return f"{count:,} {noun}{plural * (count != 1)}"


# Shortening counts words; a letter of a script without spaces is a word, as in `dupfind.tokens`.
_ALONE: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNIT: Final = re.compile(rf"\s*(?:[{_ALONE}]|[^\s{_ALONE}]+)\s*")


def _squeeze(text: str) -> str:
    return escape(re.sub(r"\s+", " ", text))


def _cut_off(text: str, room: int = _LONGEST) -> str:
    """Give text that stands alone, on one line, cut to some words where it is long."""
    units = _UNIT.findall(text)
    if len(units) <= room + _CONTEXT:
        return _squeeze(text).strip()
    rest = len(units) - room
    return f"{_squeeze(''.join(units[:room])).strip()} … {_count(rest, 'more word')}"


def _fold(text: str, *, first: bool, last: bool) -> str:
    """Give shared text with its middle folded, but for words of context at its ends."""
    units = _UNIT.findall(text)
    head = _CONTEXT // 2 if first else _CONTEXT
    tail = _CONTEXT // 2 if last else _CONTEXT
    folded = len(units) - head - tail
    if folded < _CONTEXT:
        return _squeeze(text)
    begin, end = _squeeze("".join(units[:head])), _squeeze("".join(units[-tail:]))
    return f"{begin.rstrip()} … {folded} shared … {end.lstrip()}"
