"""NITF, the News Industry Text Format: a file is a document."""

import re
from collections.abc import Iterator
from io import BufferedReader
from typing import Final

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.dates import parse_date
from dupfind.sources.metadata import clean, list_ids
from dupfind.sources.streams import RefusedError, read_whole
from dupfind.sources.xml import Element, find, find_all, local, parse, said, words

__all__ = ["ABOUT", "read", "story"]

ABOUT: Final = About(
    name="NITF",
    document="the file",
    fields=(
        "title",
        "published",
        "updated",
        "byline",
        "place",
        "agency",
        "language",
        "version",
        "status",
        "slug",
        "urgency",
        "note",
        "ids",
        "follows",
    ),
    left_out="headlines, byline, media; markup",
)

_BASIC_TIME: Final = re.compile(r"(\d{8})T?(\d{6})([+-]\d{4}|Z)?")
_COUNTS: Final = ("generation", "version")
"""Of the key that the versions of a story share."""
_UNREAD: Final = ("media", "media-reference", "media-metadata", "body.head", "byline")


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read a story: the dateline and the content of its body; the head declares the rest."""
    root = parse(read_whole(stream, reading.max_size), reading.encoding)
    if local(root) != "nitf":
        raise RefusedError("invalid", f"not NITF: its root is {clean(local(root))!r}")
    yield story(root, path)


def story(root: Element, path: str) -> Document:
    """Make the document of an `nitf` element."""
    data = find(root, "head", "docdata")
    head = find(root, "body", "body.head")
    identity = find(data, "doc-id")
    key = find(data, "du-key")
    dateline = find(head, "dateline")
    return Document(
        path=path,
        text=_text(root, dateline),
        title=said(find(head, "hedline", "hl1")) or said(find(root, "head", "title")),
        published=_date(data, "date.issue") or _date(data, "date.release"),
        updated=_revised(root),
        byline=_byline(head),
        place=said(find(dateline, "location")),
        agency=said(find(head, "distributor")) or _attribute(identity, "regsrc"),
        language=_language(root),
        version=".".join(filter(None, (_attribute(key, name) for name in _COUNTS))) or None,
        status=_attribute(data, "management-status"),
        slug=_slug(data),
        urgency=_attribute(find(data, "urgency"), "ed-urg"),
        note=_attribute(find(data, "ed-msg"), "info"),
        ids=list_ids((_attribute(identity, "id-string"), _attribute(key, "key"))),
        follows=list_ids((_attribute(data, "management-doc-idref"),)),
    )


def _revised(root: Element) -> str | None:
    """Give when a story was last revised."""
    steps = find_all(root, "head", "revision-history")
    return max(filter(None, (_norm(step) for step in steps)), default=None)


def _text(root: Element, dateline: Element | None) -> str:
    found = (find(root, "body", name) for name in ("body.content", "body.end"))
    parts = [words(dateline) if dateline is not None else ""]
    parts += (words(content, _UNREAD) for content in found if content is not None)
    return "\n".join(filter(None, parts))


def _byline(head: Element | None) -> str | None:
    byline = find(head, "byline")
    if byline is None:
        return None
    return said(find(byline, "person")) or clean(words(byline, ("byttl",)))


def _slug(data: Element | None) -> str | None:
    keys = (clean(key.get("key")) for key in find_all(data, "key-list", "keyword"))
    return clean(_attribute(find(data, "fixture"), "fix-id") or ", ".join(filter(None, keys)))


def _language(root: Element) -> str | None:
    return clean(root.get("{http://www.w3.org/XML/1998/namespace}lang")) or _attribute(
        find(root, "body"), "lang"
    )


def _date(data: Element | None, name: str) -> str | None:
    return _norm(find(data, name))


def _norm(element: Element | None) -> str | None:
    norm = _attribute(element, "norm")
    if norm is None:
        return None
    if basic := _BASIC_TIME.fullmatch(norm):
        norm = f"{basic[1]}T{basic[2]}{basic[3] or ''}"
    return parse_date(norm)


def _attribute(element: Element | None, name: str) -> str | None:
    return None if element is None else clean(element.get(name))
