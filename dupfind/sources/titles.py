"""Titles: the headline of a text, where it has one."""

import re
import unicodedata

from dupfind.listed import LISTED

__all__ = ["find_title"]

HEAD = 4096
"""Characters looked at: a headline stands at the top, and a text may be long."""
LONGEST = 200
"""Characters of the longest headline."""
_MOST = LONGEST // 2 + 2
"""Words of the longest headline and of a heading's marks before and after it."""

_CLOSING = "\"'”’»)]"
_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}\Z")
"""An abbreviation of initials, such as N.K. or U.S."""
_HEADING = re.compile(r"#{1,6}(?:\s+(?P<words>.*?))?(?:\s+#+)?")
_FRONT_MATTER = re.compile(r"---[^\S\n]*+\n(?:.*\n)*?(?:---|\.\.\.)[^\S\n]*+\n")
"""Metadata at the top of a Markdown page."""


def find_title(text: str, *, markdown: bool = False) -> str | None:
    """Find the headline: the first line that is neither blank nor site furniture.

    Takes a text; with `markdown`, a heading's marks are left off and it need not be followed
    by a blank line. Gives None where that line does not look like a headline: two words to
    200 characters that do not end like a sentence, and a blank line or the end after them.
    Looks at the first 4,096 characters only.
    """
    head = text[:HEAD]
    if "\r" in head:
        head = head.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) <= HEAD:
        head += "\n\n"  # The end is as good as a blank line.
    front = _FRONT_MATTER.match(head) if markdown else None
    at = front.end() if front else 0
    # Line by line, for nearly always the first one tells; one that is cut short never does.
    while (end := head.find("\n", at)) >= 0:
        words = head[at:end].split(maxsplit=_MOST)
        if len(words) > _MOST:
            return None  # Of a text in one line; the rest of it need not be taken apart.
        line = " ".join(words)
        at = end + 1
        heading = _HEADING.fullmatch(line) if markdown else None
        if heading:
            line = heading["words"] or ""
        if line and line.casefold().rstrip(".… ") not in LISTED:
            return line if (heading or _is_blank(head, at)) and _is_headline(line) else None
    return None


def _is_blank(head: str, at: int) -> bool:
    """Tell whether a line is blank, and ends before the text is cut."""
    end = head.find("\n", at)
    return end >= 0 and not head[at:end].strip()


def _is_headline(line: str) -> bool:
    if len(line) > LONGEST or _count_words(line) < 2:  # noqa: PLR2004
        return False
    end = line.rstrip(_CLOSING)
    if end.endswith("."):
        return end.endswith("...") or _DOTTED.search(end) is not None
    return not end.endswith((",", ";", ":", "。", "，", "；", "："))


def _count_words(line: str) -> int:
    """Count words; Han and Kana characters are a word each, as they are in `dupfind.tokens`."""
    words = len(line.split())
    if line.isascii():
        return words
    wide = (unicodedata.east_asian_width(letter) == "W" for letter in line if letter.isalpha())
    return max(words, sum(wide))
