"""What the pages of the terminal are made of: lines with a gutter, texts with what changed."""

from typing import Final, NamedTuple

from rich.console import Console
from rich.text import Text

from dupfind.model import Entry, Match
from dupfind.reports.comparison import Alone, Piece, Shared
from dupfind.reports.wording import counted, cut_off, escape, fold, name_of, squeeze

__all__ = [
    "ADDED",
    "MOVED",
    "REMOVED",
    "SHARED",
    "Line",
    "describe",
    "print_line",
    "tell_name",
    "tell_part",
    "tell_title",
]

ADDED: Final = "green"
REMOVED: Final = "red"
MOVED: Final = "cyan"
SHARED: Final = "dim"
_MARKS: Final = {ADDED: ("{+", "+}"), REMOVED: ("[-", "-]")}


class Line(NamedTuple):
    """A line before it is wrapped."""

    body: Text
    gutter: Text = Text()
    """Stands before the first line of the body; the others are indented as far."""


def print_line(line: Line, console: Console, *, wrap: bool) -> None:
    """Print a line, wrapped to the width of the console or in one piece."""
    width = console.width - line.gutter.cell_len
    bodies = line.body.wrap(console, max(width, 20)) if wrap and line.body else [line.body]
    gutter = line.gutter
    for body in bodies:
        body.rstrip()
        console.print(gutter + body, soft_wrap=True)
        gutter = Text(" " * gutter.cell_len)


def tell_name(entry: Entry) -> Text:
    """Name a document."""
    return Text(name_of(entry), "bold")


def tell_title(entry: Entry) -> Line:
    """Give a document's title."""
    return Line(Text(escape(entry.title or ""), "italic"), Text("  "))


def describe(match: Match, why: str) -> Text:
    """Tell a match's relation and flags, and why it has them."""
    return Text.assemble(
        (match.relation.value, "bold yellow"),
        *(f", {escape(flag)}" for flag in match.flags),
        f" · {why}",
    )


def tell_part(part: Alone | Shared, room: int, *, marks: bool) -> Line:
    """Tell a part of a comparison; text that only one document has is cut to so many words.

    With `marks`, words that were changed get the marks of wdiff.
    """
    if isinstance(part, Alone):
        style, sign = (ADDED, "+") if part.shown else (REMOVED, "-")
        return Line(Text(cut_off(part.text, room), style), Text(f"  {sign} ", style))
    where = f"line {part.line}"
    if part.other_line != part.line:
        where += f", line {part.other_line} there"
    body = Text()
    if part.moved:
        colon = ": " if part.pieces else ""
        body.append(f"moved here from line {part.other_line}{colon}", MOVED)
    for number, piece in enumerate(part.pieces):
        last = number == len(part.pieces) - 1
        body.append(_tell_piece(piece, first=not number, last=last, marks=marks))
    body.append(f"{' ' * bool(body)}({counted(part.words, 'shared word')}, {where})", SHARED)
    return Line(body, Text("  > ", MOVED) if part.moved else Text("    "))


def _tell_piece(piece: Piece, *, first: bool, last: bool, marks: bool) -> Text:
    if not piece.changed:
        return Text(fold(piece.shown, first=first, last=last), SHARED)
    # Removed words stand between two kept ones, with the space after them only.
    changed = Text("" if piece.shown else " ")
    for text, style in ((piece.other, REMOVED), (piece.shown, ADDED)):
        if text:
            before, after = _MARKS[style] if marks else ("", "")
            if changed.plain.strip() and not marks:
                changed.append(" ")
            changed.append(before + squeeze(text) + after, style)
    return changed
