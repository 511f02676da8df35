"""What the forms for readers say alike: names, counts, measures, shortened text.

Text of documents and names of files are hostile: whatever is put on a line goes through
`escape`, which shows control and direction characters as escapes.
"""

import re
from typing import Final

from dupfind.model import Entry, Match, Relation, Skipped

__all__ = [
    "CONTEXT",
    "LISTED",
    "LONGEST",
    "counted",
    "cut_off",
    "escape",
    "fold",
    "label",
    "name_of",
    "squeeze",
    "tell_extent",
]

CONTEXT: Final = 6
"""Words shown on either side of a change and at the ends of a passage."""
LONGEST: Final = 80
"""Words shown of text that only one document has."""
LISTED: Final = 10
"""Copies, skipped files and passages named; the JSON report names all."""

_HOSTILE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
# Shortening counts words; a letter of a script without spaces is a word, as in `dupfind.tokens`.
_ALONE: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNIT: Final = re.compile(rf"\s*(?:[{_ALONE}]|[^\s{_ALONE}]+)\s*")


def escape(text: str) -> str:
    r"""Put text on one line, with control and direction characters as escapes (`\x1b`)."""
    return _HOSTILE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def name_of(item: Entry | Skipped) -> str:
    """Name a document as `compare` takes it: its path, and `#` and the record if it is one."""
    return escape(item.path if item.record is None else f"{item.path}#{item.record}")


def counted(number: int, noun: str) -> str:
    """Give a number with its noun: `1 match`, `2 matches`."""
    plural = "es" if noun.endswith("ch") else "s"
    return f"{number:,} {noun}{plural * (number != 1)}"


def label(match: Match) -> str:
    """Name a match's relation and flags."""
    return ", ".join((match.relation.value, *map(escape, match.flags)))


def tell_extent(match: Match, document: int, other: str) -> str:
    """Tell how much a document of a match shares with the other, which is called as given."""
    if match.relation is Relation.IDENTICAL:
        return f"the same words as {other}"
    own, its = match.coverage if document == match.a else match.coverage[::-1]
    return (
        f"{own:.0%} of it and {its:.0%} of {other}: {counted(match.words, 'shared word')}, "
        f"the longest passage {match.longest}"
    )


def squeeze(text: str) -> str:
    """Put text on one line, all white space as single spaces."""
    return escape(re.sub(r"\s+", " ", text))


def cut_off(text: str, room: int = LONGEST) -> str:
    """Give text that stands alone, on one line, cut to some words where it is long."""
    units = _UNIT.findall(text)
    if len(units) <= room + CONTEXT:
        return squeeze(text).strip()
    rest = len(units) - room
    return f"{squeeze(''.join(units[:room])).strip()} … {counted(rest, 'more word')}"


def fold(text: str, *, first: bool, last: bool) -> str:
    """Give shared text with its middle folded, but for words of context at its ends.

    `first` and `last` tell whether it is at the beginning or the end of its passage.
    """
    units = _UNIT.findall(text)
    head = CONTEXT // 2 if first else CONTEXT
    tail = CONTEXT // 2 if last else CONTEXT
    folded = len(units) - head - tail
    if folded < CONTEXT:
        return squeeze(text)
    begin, end = squeeze("".join(units[:head])), squeeze("".join(units[-tail:]))
    return f"{begin.rstrip()} … {folded} shared … {end.lstrip()}"
