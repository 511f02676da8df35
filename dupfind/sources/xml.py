"""XML: the bytes of a file → its elements, or a reason why not."""

import re
from collections.abc import Iterable, Iterator
from html.entities import html5
from typing import Final
from xml.etree.ElementTree import (
    Element,
    ParseError,
    TreeBuilder,
)

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from dupfind.sources.decoding import decode
from dupfind.sources.metadata import clean
from dupfind.sources.streams import RefusedError

__all__ = ["Element", "find", "find_all", "local", "parse", "said", "words"]

_DEEPEST: Final = 200
_MOST: Final = 2_000_000
"""Elements of the largest document: each takes a hundred times the memory of its tag."""
_DECLARATION: Final = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']"""
)
_DECLARED: Final = re.compile(r"\s*<\?xml\s[^>]*\?>")
_ENTITY: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30};)")
_OWN: Final = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_UNDEFINED: Final = "undefined entity"
_EDGE: Final = "\0"
"""Parts blocks: no XML can hold it."""
_BLOCKS: Final = re.compile(
    r"abstract|address|article|aside|block|blockquote|body|bq|br|caption|dd|div|dl|dt|fieldset|"
    r"figcaption|figure|footer|h[1-6r]|head|header|hl[12]|li|main|nav|nitf-table|ol|p|paragraph|"
    r"pre|section|table|tagline|td|th|title|tr|ul"
)


def parse(data: bytes, assumed: str | None = None) -> Element:
    """Parse a document; tags keep their namespaces.

    Takes the encoding of what is not UTF-8 and declares none, where it is known.
    Raises `RefusedError` where it is not well-formed or nested too deeply, and where it declares
    entities of its own or asks for other files: that is how XML fills a memory or reads a disk.
    Entities that HTML knows are resolved, declared or not.
    """
    declared = _DECLARATION.match(data)
    text = decode(data, declared[1].decode("ascii") if declared else None, assumed)
    text = _DECLARED.sub("", text.lstrip(), count=1)
    try:
        return _parse(text)
    except RefusedError as refused:
        if _UNDEFINED not in str(refused):
            raise
    return _parse(_ENTITY.sub(_resolve, text))


def _parse(text: str) -> Element:
    parser = DefusedXMLParser(target=_Builder(), forbid_dtd=False)
    try:
        parser.feed(text)
        root: Element = parser.close()
    except DefusedXmlException:
        detail = "declares entities or asks for other files, which no story needs; take that out"
        raise RefusedError("unsafe", detail) from None
    except ParseError as error:
        raise RefusedError("invalid", f"not well-formed XML: {error}") from None
    except (ValueError, AssertionError) as error:
        raise RefusedError("invalid", f"not XML: {error}") from None
    return root


class _Builder(TreeBuilder):
    """Builds elements down to a depth that no reader of them need fear."""

    _depth = 0
    _count = 0

    def start(self, tag: str, attributes: dict[str, str], /) -> Element:
        self._depth += 1
        self._count += 1
        if self._count > _MOST:
            raise RefusedError("large", f"more than {_MOST:,} elements")
        if self._depth > _DEEPEST:
            raise RefusedError("invalid", f"elements nested more than {_DEEPEST} deep")
        return super().start(tag, attributes)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _resolve(entity: re.Match[str]) -> str:
    return entity[0] if entity[1] in _OWN else html5.get(entity[1], "\ufffd")


def local(element: Element) -> str:
    """Give the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def find_all(parent: Element | None, *path: str) -> Iterator[Element]:
    """Give the elements below a parent that are reached by a path of local names."""
    if parent is None:
        return
    if not path:
        yield parent
        return
    for child in parent:
        if local(child) == path[0]:
            yield from find_all(child, *path[1:])


def find(parent: Element | None, *path: str) -> Element | None:
    """Give the first element that is reached by a path of local names."""
    return next(find_all(parent, *path), None)


def said(element: Element | None) -> str | None:
    """Give the words of an element as one line."""
    return None if element is None else clean("".join(element.itertext()))


def words(element: Element, leave_out: Iterable[str] = ()) -> str:
    """Give the text of an element, a line a block, without the elements of some local names."""
    pieces: list[str] = []
    _gather(element, frozenset(leave_out), pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split(_EDGE))
    return "\n".join(line for line in lines if line)


def _gather(element: Element, leave_out: frozenset[str], pieces: list[str]) -> None:
    name = local(element).lower()
    if name in leave_out:
        return
    edge = _EDGE if _BLOCKS.fullmatch(name) else ""
    pieces += edge, element.text or ""
    for child in element:
        _gather(child, leave_out, pieces)
        pieces.append(child.tail or "")
    pieces.append(edge)
