"""What a comparison says, shortened for readers: a part a line, each stretch with its kind."""

import re
from enum import Enum, auto
from typing import Final, NamedTuple

from dupfind.model import Match, Relation
from dupfind.reports.comparison import Alone, Piece, Shared
from dupfind.reports.wording import counted, escape

__all__ = ["Kind", "Told", "cut_off", "room_for", "tell_part", "tell_side"]

_CONTEXT: Final = 6  # words shown on either side of a change and at the ends of a passage
_LONGEST: Final = 80  # words shown of text that only one document has
# Shortening counts words; a letter of a script without spaces is a word, as in `dupfind.tokens`.
_ALONE: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNIT: Final = re.compile(rf"\s*(?:[{_ALONE}]|[^\s{_ALONE}]+)\s*")


class Kind(Enum):
    """What a stretch of told text is."""

    ADDED = auto()
    REMOVED = auto()
    MOVED = auto()
    SHARED = auto()
    BETWEEN = auto()
    """A space that belongs to nothing."""


_MARKS: Final = {Kind.ADDED: ("{+", "+}"), Kind.REMOVED: ("[-", "-]")}


class Told(NamedTuple):
    """A part of a comparison on one line."""

    sign: str
    """`+` only the document that is shown has it, `-` only the other, `>` moved, or a space."""
    kind: Kind
    """That of the sign."""
    body: list[tuple[str, Kind]]

    @property
    def text(self) -> str:
        """The line without its sign."""
        return "".join(text for text, _ in self.body)


def room_for(match: Match) -> int:
    """Give how many words are shown of text that only one document of a match has.

    What surrounds an embedded story is other stories: a glimpse of them will do.
    """
    return 2 * _CONTEXT if match.relation is Relation.EMBEDDED else _LONGEST


def tell_part(part: Alone | Shared, room: int, *, marks: bool) -> Told:
    """Tell a part of a comparison; text that only one document has is cut to so many words.

    With `marks`, words that were changed get the marks of wdiff.
    """
    if isinstance(part, Alone):
        sign, kind = ("+", Kind.ADDED) if part.shown else ("-", Kind.REMOVED)
        return Told(sign, kind, [(cut_off(part.text, room), kind)])
    where = f"line {part.line}"
    if part.other_line != part.line:
        where += f", line {part.other_line} there"
    body: list[tuple[str, Kind]] = []
    if part.moved:
        colon = ": " if part.pieces else ""
        body.append((f"moved here from line {part.other_line}{colon}", Kind.MOVED))
    body += _tell_pieces(part.pieces, marks=marks)
    space = " " if body else ""
    body.append((f"{space}({counted(part.words, 'shared word')}, {where})", Kind.SHARED))
    sign, kind = (">", Kind.MOVED) if part.moved else (" ", Kind.BETWEEN)
    return Told(sign, kind, body)


def _tell_pieces(pieces: list[Piece], *, marks: bool) -> list[tuple[str, Kind]]:
    """Tell a passage, folding what is the same."""
    told: list[tuple[str, Kind]] = []
    for number, piece in enumerate(pieces):
        if not piece.changed:
            last = number == len(pieces) - 1
            told.append((_fold(piece.shown, first=not number, last=last), Kind.SHARED))
            continue
        # Removed words stand between two kept ones, with the space after them only.
        if not piece.shown:
            told.append((" ", Kind.BETWEEN))
        for text, kind in ((piece.other, Kind.REMOVED), (piece.shown, Kind.ADDED)):
            if text:
                before, after = _MARKS[kind] if marks else ("", "")
                if kind is Kind.ADDED and piece.other and not marks:
                    told.append((" ", Kind.BETWEEN))
                told.append((f"{before}{_squeeze(text)}{after}", kind))
    return told


def _squeeze(text: str) -> str:
    """Put text on one line, all white space as single spaces."""
    return escape(re.sub(r"\s+", " ", text))


def tell_side(pieces: list[Piece], *, shown: bool, marks: bool) -> list[tuple[str, Kind]]:
    """Tell a passage as one of its documents has it: the one that is shown, or the other."""
    told: list[tuple[str, Kind]] = []
    for number, piece in enumerate(pieces):
        text, kind = (piece.shown, Kind.ADDED) if shown else (piece.other, Kind.REMOVED)
        if not piece.changed:
            last = number == len(pieces) - 1
            text, kind = _fold(text, first=not number, last=last), Kind.SHARED
            # Of words that only the other document has, the spaces on both sides are left.
            if told and told[-1][0].endswith(" "):
                text = text.lstrip(" ")
        elif text:
            before, after = _MARKS[kind] if marks else ("", "")
            text = f"{before}{_squeeze(text)}{after}"
            if not piece.shown:
                told.append((" ", Kind.BETWEEN))
        told.append((text, kind))
    return [(text, kind) for text, kind in told if text]


def cut_off(text: str, room: int = _LONGEST) -> str:
    """Give text that stands alone, on one line, cut to some words where it is long."""
    units = _UNIT.findall(text)
    if len(units) <= room + _CONTEXT:
        return _squeeze(text).strip()
    rest = len(units) - room
    return f"{_squeeze(''.join(units[:room])).strip()} … {counted(rest, 'more word')}"


def _fold(text: str, *, first: bool, last: bool) -> str:
    """Give shared text with its middle folded, but for words of context at its ends.

    `first` and `last` tell whether it is at the beginning or the end of its passage.
    """
    units = _UNIT.findall(text)
    head = _CONTEXT // 2 if first else _CONTEXT
    tail = _CONTEXT // 2 if last else _CONTEXT
    folded = len(units) - head - tail
    if folded < _CONTEXT:
        return _squeeze(text)
    begin, end = _squeeze("".join(units[:head])), _squeeze("".join(units[-tail:]))
    return f"{begin.rstrip()} … {folded} shared … {end.lstrip()}"
