"""The page of one pair, as `compare` shows it: what it is, and both texts, side by side.

Where two columns do not fit, the texts stand in one, with what changed inside it.
"""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from dupfind.model import Match, Relation, Report
from dupfind.reports.comparison import Alone, Shared, compare_texts
from dupfind.reports.excerpts import Kind, cut_off, room_for, tell_side
from dupfind.reports.lines import (
    STYLES,
    Line,
    describe,
    tell_facts,
    tell_name,
    tell_part,
    tell_title,
)
from dupfind.reports.wording import counted, escape, tell_extent

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["tell_pair"]

_WIDE: Final = 100
"""Columns from which on two texts stand side by side."""
_SIGNS: Final = (("-", Kind.REMOVED), ("+", Kind.ADDED))
_KINDS: Final = {False: Kind.SHARED, True: Kind.MOVED}


def tell_pair(
    findings: "Findings", *, diff: bool, marks: bool, width: int | None
) -> Iterator[Line | Table]:
    """Tell the one pair of a report, the second document against the first."""
    report, nearest = findings.report, findings.report.nearest
    listed = (*(match for cluster in report.clusters for match in cluster.matches),)
    match = next(iter((*listed, *report.passages)), None)
    if match:
        yield from _tell_names(report, match.a, match.b)
        why = tell_extent(match, match.b, "the other")
        yield Line(describe(match, why), Text("  "))
    elif nearest:
        yield from _tell_names(report, nearest.a, nearest.b)
        own, its = nearest.coverage[::-1]
        shared = "they share no passage"
        if nearest.words:
            shared = (
                f"{own:.1%} of it and {its:.1%} of the other: "
                f"{counted(nearest.words, 'shared word')}, the longest passage {nearest.longest}"
            )
        yield Line(Text(shared), Text("  "))
    if nearest:
        yield Line(Text(f"No overlap: {escape(nearest.why)}"), Text("  "))
    if match and diff and match.relation is not Relation.IDENTICAL:
        yield Line(Text())
        parts = compare_texts(match, match.b, findings.texts)
        if width is not None and width >= _WIDE:
            yield _lay_out(match, parts, marks=marks)
            return
        for part in parts:
            yield tell_part(part, room_for(match), marks=marks)
    yield Line(Text())


def _tell_names(report: Report, a: int, b: int) -> Iterator[Line]:
    for number, sign in ((a, "● "), (b, "~ ")):
        entry = report.documents[number]
        words = (f"  {counted(entry.words, 'word')}", "dim")
        yield Line(Text.assemble(tell_name(entry), words), Text(sign))
        if entry.title:
            yield tell_title(entry)
        yield from tell_facts(entry)


def _lay_out(match: Match, parts: Iterable[Alone | Shared], *, marks: bool) -> Table:
    """Lay out a comparison in two columns, each with the lines or signs of its parts before it."""
    table = Table.grid(padding=(0, 1), expand=True)
    for _ in range(2):
        table.add_column(justify="right", no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
    alone: dict[bool, list[Text]] = {False: [], True: []}
    for part in parts:
        if isinstance(part, Alone):
            style = STYLES[Kind.ADDED if part.shown else Kind.REMOVED]
            alone[part.shown].append(Text(cut_off(part.text, room_for(match)), style))
        else:
            _add_alone(table, alone)
            _add_shared(table, part, marks=marks)
    _add_alone(table, alone)
    return table


def _add_alone(table: Table, alone: dict[bool, list[Text]]) -> None:
    """Add the rows of what each document has alone between two passages, and forget it."""
    removed, added = (Text(sign, STYLES[kind]) for sign, kind in _SIGNS)
    for left, right in zip_longest(alone[False], alone[True]):
        table.add_row(removed if left else "", left, added if right else "", right)
        table.add_row()
    alone[False].clear()
    alone[True].clear()


def _add_shared(table: Table, part: Shared, *, marks: bool) -> None:
    cells = []
    for line, shown in ((part.other_line, False), (part.line, True)):
        body = tell_side(part.pieces, shown=shown, marks=marks)
        body = body or [(f"({counted(part.words, 'shared word')})", Kind.SHARED)]
        place = Text(f"> {line}" if part.moved else f"{line}", STYLES[_KINDS[part.moved]])
        cells += [place, Text.assemble(*((text, STYLES[kind]) for text, kind in body))]
    table.add_row(*cells)
    table.add_row()
