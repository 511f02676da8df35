"""ODT, OpenDocument text: a file is a document."""

from collections.abc import Iterator
from io import BufferedReader
from typing import Final

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.dates import parse_date
from dupfind.sources.parts import Parts
from dupfind.sources.streams import RefusedError, read_whole
from dupfind.sources.titles import find_title
from dupfind.sources.xml import Element, find, local, said

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="OpenDocument (ODT)",
    document="the file",
    fields=(
        "title",
        "published",
        "updated",
        "byline",
        "language",
        "slug",
    ),
    left_out="deleted text, notes, comments, headers and footers",
)

_SIGNS: Final = {"p": "\n\n", "h": "\n\n", "tab": "\t", "line-break": "\n", "s": " "}
_UNREAD: Final = frozenset({"annotation", "tracked-changes", "note", "sequence-decls", "forms"})


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read a document: its paragraphs, a blank line after each; no notes, comments, deletions."""
    parts = Parts(read_whole(stream, reading.max_size), reading.max_size)
    content = parts.parse("content.xml")
    body = find(content, "body", "text")
    if body is None:
        raise RefusedError("invalid", "no OpenDocument text: its content.xml holds none")
    pieces: list[str] = []
    _gather(body, pieces)
    about = find(parts.parse("meta.xml"), "meta")
    text = "".join(pieces).strip("\n")
    yield Document(
        path=path,
        text=text,
        title=said(find(about, "title")) or find_title(text),
        published=parse_date(said(find(about, "creation-date")) or ""),
        updated=parse_date(said(find(about, "date")) or ""),
        byline=said(find(about, "initial-creator")) or said(find(about, "creator")),
        language=said(find(about, "language")),
        slug=said(find(about, "keyword")),
    )


def _gather(element: Element, pieces: list[str]) -> None:
    name = local(element)
    if name not in _UNREAD:
        pieces.append(element.text or "")
        for child in element:
            _gather(child, pieces)
            pieces.append(child.tail or "")
        pieces.append(_SIGNS.get(name, ""))
