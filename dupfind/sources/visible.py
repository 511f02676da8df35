"""Visible: what a reader of an HTML page sees, on the lines on which the page has it."""

import re
from html import unescape
from typing import Final

from dupfind.sources.markup import Tag, Words, scan

__all__ = ["visible_text"]

_INLINE: Final = re.compile(
    r"a|abbr|acronym|b|bd[io]|big|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|nobr|q|"
    r"ruby|s|samp|small|span|strike|strong|su[bp]|time|tt|u|var|wbr"
)
"""Elements that do not part words; all others do."""
_MARK: Final = "dupfind:"
"""In a comment, asks something of dupfind (see `dupfind.sources.marks`): it is left in."""
_BLANKS: Final = re.compile(r"[^\S\n]+")
_AROUND_BREAK: Final = re.compile(r" ?\n ?")


def visible_text(source: str, *, keep_lines: bool = True) -> str:
    """Give the words of a page or of a piece of one.

    Leaves out tags, comments, scripts, styles and what is only shown on request. With
    `keep_lines` every word stands on the line that it has in the source; else every block (a
    paragraph, a heading, a cell) is a line.
    """
    part = " " if keep_lines else "\n"
    pieces: list[str] = []
    for item in scan(source):
        if isinstance(item, Words):
            raw = source[item.start : item.end]
            if "&" in raw:
                # A line break written as an entity is none in the source.
                pieces += _unescape_lines(raw) if keep_lines else (unescape(raw),)
            else:
                pieces.append(raw)
            continue
        if isinstance(item, Tag) and not _INLINE.fullmatch(item.name):
            pieces.append(part)
        if _MARK in (raw := source[item.start : item.end]):
            pieces.append(raw)
        elif keep_lines:
            pieces.append("\n" * raw.count("\n"))
    text = "".join(pieces).replace("\r\n", "\n").replace("\r", "\n" if not keep_lines else " ")
    text = _AROUND_BREAK.sub("\n", _BLANKS.sub(" ", text))
    return text if keep_lines else re.sub(r"\n{2,}", "\n\n", text).strip()


def _unescape_lines(raw: str) -> list[str]:
    lines = raw.split("\n")
    return ["\n".join(_BLANKS.sub(" ", unescape(line).replace("\n", " ")) for line in lines)]
