"""Titles: the headline of a text, where it has one."""

import re
import unicodedata

__all__ = ["find_title"]

HEAD = 4096
"""Characters looked at: a headline stands at the top, and a text may be long."""
LONGEST = 200
"""Characters of the longest headline."""

_FURNITURE = frozenset(
    {
        "advertisement",
        "advertisements",
        "back to top",
        "comments",
        "copy link",
        "email this",
        "follow us",
        "home",
        "listen",
        "listen to this article",
        "loading",
        "log in",
        "menu",
        "most popular",
        "most read",
        "print",
        "print this",
        "print this article",
        "print this page",
        "read more",
        "related articles",
        "related stories",
        "save",
        "search",
        "share",
        "share this",
        "share this article",
        "sign in",
        "sign up",
        "skip to content",
        "skip to main content",
        "sponsored",
        "subscribe",
        "subscribe now",
        "you may also like",
    }
)
_CLOSING = "\"'”’»)]"
_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}\Z")
"""An abbreviation of initials, such as N.K. or U.S."""
_HEADING = re.compile(r"#{1,6}(?:\s+(?P<words>.*?))?(?:\s+#+)?")


def find_title(text: str, *, markdown: bool = False) -> str | None:
    """Find the headline: the first line that is neither blank nor site furniture.

    Takes a text; with `markdown`, a heading's marks are left off and it need not be followed
    by a blank line. Gives None where that line does not look like a headline: two words to
    200 characters that do not end like a sentence, and a blank line or the end after them.
    Looks at the first 4,096 characters only.
    """
    lines = text[:HEAD].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(text) > HEAD:
        lines.pop()  # It may be cut short.
    else:
        lines.append("")  # The end is as good as a blank line.
    first = _skip_front_matter(lines) if markdown else 0
    for number in range(first, len(lines)):
        line = " ".join(lines[number].split())
        heading = _HEADING.fullmatch(line) if markdown else None
        if heading:
            line = heading["words"] or ""
        if not line or line.casefold().rstrip(".… ") in _FURNITURE:
            continue
        alone = number + 1 < len(lines) and not lines[number + 1].strip()
        return line if (alone or heading) and _is_headline(line) else None
    return None


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


def _skip_front_matter(lines: list[str]) -> int:
    """Give the number of the first line after a Markdown page's block of metadata."""
    if lines and lines[0].rstrip() == "---":
        for number, line in enumerate(lines[1:], 1):
            if line.rstrip() in {"---", "..."}:
                return number + 1
    return 0
