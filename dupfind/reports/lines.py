"""What the pages of the terminal are made of: lines with a gutter, texts with what changed."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from rich.console import Console
from rich.text import Text

from dupfind.model import Entry, Match
from dupfind.reports import excerpts
from dupfind.reports.comparison import Alone, Shared
from dupfind.reports.excerpts import Kind
from dupfind.reports.known import join_known, tell_known
from dupfind.reports.wording import escape, name_flags, name_of

__all__ = [
    "STYLES",
    "Line",
    "describe",
    "print_line",
    "tell_facts",
    "tell_name",
    "tell_part",
    "tell_title",
]

STYLES: Final = {
    Kind.ADDED: "green",
    Kind.REMOVED: "red",
    Kind.MOVED: "cyan",
    Kind.SHARED: "dim",
    Kind.BETWEEN: "",
}


class Line(NamedTuple):
    """A line before it is wrapped."""

    body: Text
    gutter: Text = Text()
    """Stands before the first line of the body; the others are indented as far."""


def print_line(line: Line, console: Console, *, wrap: bool) -> None:
    """Print a line, wrapped to the width of the console or in one piece."""
    if not wrap and console.color_system is None:
        # Nothing is left to do for rich, which takes its time.
        console.file.write(f"{line.gutter.plain}{line.body.plain.rstrip()}\n")
        return
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


def tell_facts(entry: Entry, *, beside: Entry | None = None) -> Iterator[Line]:
    """Tell what is known of a document, but for what is the same of the one beside it."""
    same = tell_known(beside).items() if beside else ()
    told = {
        field: words for field, words in tell_known(entry).items() if (field, words) not in same
    }
    if told:
        yield Line(Text(join_known(told), "dim"), Text("  "))


def describe(match: Match, why: str) -> Text:
    """Tell a match's relation and flags, and why it has them."""
    return Text.assemble(
        (match.relation.value, "bold yellow"),
        *(f", {flag}" for flag in name_flags(match)),
        f" · {why}",
    )


def tell_part(part: Alone | Shared, room: int, *, marks: bool) -> Line:
    """Tell a part of a comparison; see `excerpts.tell_part`."""
    told = excerpts.tell_part(part, room, marks=marks)
    body = Text.assemble(*((text, STYLES[kind]) for text, kind in told.body))
    return Line(body, Text(f"  {told.sign} ", STYLES[told.kind]))
