"""Marks: what a comment inside a text asks of dupfind.

`dupfind: ignore` leaves out the whole document; what stands between `dupfind: ignore-start`
and `dupfind: ignore-end` is not compared. Whatever the format, a mark follows the sign that
opens a comment there, so that a text may speak of them.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from dupfind.model import Document, Skipped
from dupfind.stretches import lay_out

__all__ = ["find_hidden", "is_ignored", "obey"]

_KEY: Final = "dupfind:"
_MARK: Final = re.compile(r"dupfind:[ \t]{0,9}ignore(?P<kind>-start|-end)?(?!-?\w)")
_OPENINGS: Final = (
    *("<!--", "/*", "/**", "{#", "{{!", "{{!--", "{{/*", "(*", "[//]: # (", "[comment]: # ("),
    *("//", "#", "--", ";", "%", "@c"),
)
"""What opens a comment in the formats that texts are written in."""
_NEAR: Final = 32  # characters before a mark that are looked at


def is_ignored(text: str) -> bool:
    """Tell whether a text asks to be left out."""
    return any(mark["kind"] is None for mark in _find_marks(text))


def find_hidden(text: str) -> tuple[tuple[int, int], ...]:
    """Find the stretches that a text asks not to compare, marks included: start and end.

    One that is not closed reaches to the end.
    """
    found: list[tuple[int, int]] = []
    start = None
    for mark in _find_marks(text):
        if mark["kind"] == "-start" and start is None:
            start = mark.start()
        elif mark["kind"] == "-end" and start is not None:
            found.append((start, mark.end()))
            start = None
    if start is not None:
        found.append((start, len(text)))
    return tuple(found)


def _find_marks(text: str) -> Iterator[re.Match[str]]:
    for mark in _MARK.finditer(text) if _may_hold(text) else ():
        before = text[max(mark.start() - _NEAR, 0) : mark.start()]
        before = before.rstrip(" \t")
        # Two points open a comment of reStructuredText at the start of a line only.
        if before.endswith(_OPENINGS) or before.rpartition("\n")[2] == "..":
            yield mark


def obey(document: Document) -> Document | Skipped:
    """Give a document with what its marks hide hidden, or why it is left out."""
    if not _may_hold(document.text):
        return document
    if is_ignored(document.text):
        return Skipped(path=document.path, record=document.record, reason="ignored")
    marked = find_hidden(document.text)
    return msgspec.structs.replace(document, hidden=lay_out(document.hidden + marked))


def _may_hold(text: str) -> bool:
    # Most stories have no colon, and one sign is found ten times as fast as a word.
    return ":" in text and _KEY in text
