"""Markup: the tags, comments and words of HTML, one after the other, however broken it is.

A scanner of our own where a parser would do more: it says where everything stands in the
source, it gives HTML inside Markdown the same meaning as HTML in a page, and it reads hostile
markup in linear time (`html.parser` does not, before the releases of 2025).
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final, NamedTuple

__all__ = ["TAG", "Comment", "Tag", "Words", "scan"]

TAG: Final = re.compile(
    r"""<(?P<closing>/?)(?P<name>[a-z][^\s<>/"'=,;]*+)(?=[\s/>])"""
    r"""(?P<attributes>(?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>""",
    re.IGNORECASE,
)
"""Possessive throughout. A failed attempt ends at the first `<` outside of quotes, and quotes
only permute the three states that text can be in, so attempts overlap threefold at most."""
_COMMENT: Final = re.compile(r"<!--|<[!?](?=[a-z\[])", re.IGNORECASE)
_ENDLESS: Final = ("script", "style")
_UNSEEN: Final = (
    *_ENDLESS,
    *("title", "template", "noscript", "svg", "math", "canvas", "iframe", "object", "audio"),
    *("video", "select", "datalist"),
)
"""Elements that hold no words a reader sees, up to their end tag."""
_CLOSING: Final = {
    name: re.compile(rf"</{name}(?=[\s/>])[^>]*+>?", re.IGNORECASE) for name in _UNSEEN
}

_CUT: Final = re.compile(r"</?[a-z][^<>]*+\Z", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    r"""(?P<name>[^\s"'<>/=]++)(?:\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'"""
    r"""|(?P<bare>[^\s"'<>]++)))?+"""
)
_ANGLE: Final = re.compile(r"<(?=[a-z/!?])", re.IGNORECASE)


class Words(NamedTuple):
    """Text between tags, entities and all."""

    start: int
    end: int


class Comment(NamedTuple):
    """A comment, declaration or processing instruction."""

    start: int
    end: int


class Tag(NamedTuple):
    """A start tag or an end tag; of an unseen element all of it."""

    start: int
    end: int
    name: str
    """In lower case."""
    is_closing: bool
    inside: tuple[int, int]
    """Where the attributes stand."""
    content: tuple[int, int]
    """Where the content of an unseen element stands."""

    def attributes(self, source: str) -> dict[str, str]:
        """Give the attributes, names in lower case, entities resolved; the first one counts."""
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(source, *self.inside):
            value = match["double"] or match["single"] or match["bare"] or ""
            found.setdefault(match["name"].lower(), unescape(value))
        return found


def scan(source: str) -> Iterator[Words | Comment | Tag]:
    """Go through a page from start to end, leaving nothing out.

    An element that is not seen is one tag, up to the end of its end tag; without one, scripts and
    styles go on to the end of the page, as in a browser, and the others are plain tags.
    """
    missing: set[str] = set()
    at = 0
    for angle in _ANGLE.finditer(source):
        here = angle.start()
        if here < at:
            continue
        item = _comment(source, here, missing) or _tag(source, here, missing)
        if item is None:
            # What is cut short within its last tag does not show the piece of it.
            if not _CUT.match(source, here):
                continue
            item = Comment(here, len(source))
        if at < here:
            yield Words(at, here)
        yield item
        at = item.end
    if at < len(source):
        yield Words(at, len(source))


def _comment(source: str, at: int, missing: set[str]) -> Comment | None:
    found = _COMMENT.match(source, at)
    if found is None:
        return None
    end = "-->" if found.end() == at + 4 else ">"
    # What is not there once is not looked for again: that would be quadratic.
    to = -1 if end in missing else source.find(end, at + 2)
    if to < 0:
        missing.add(end)
        return Comment(at, len(source)) if end == "-->" else None
    return Comment(at, to + len(end))


def _tag(source: str, at: int, missing: set[str]) -> Tag | None:
    found = TAG.match(source, at)
    if found is None:
        return None
    name = found["name"].lower()
    inside = found.span("attributes")
    end = found.end()
    content = (end, end)
    if name in _CLOSING and not found["closing"] and name not in missing:
        close = _CLOSING[name].search(source, end)
        if close is not None:
            content, end = (end, close.start()), close.end()
        elif name in _ENDLESS:
            content = (end, len(source))
            end = len(source)
        else:
            missing.add(name)
    return Tag(at, end, name, bool(found["closing"]), inside, content)
