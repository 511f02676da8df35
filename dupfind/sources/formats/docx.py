"""DOCX, the documents of Word: a file is a document."""

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
    name="Word (DOCX)",
    document="the file",
    fields=(
        "title",
        "published",
        "updated",
        "byline",
        "language",
        "version",
        "slug",
    ),
    left_out="deleted text, boxes, notes, comments, headers and footers",
)

_BODY: Final = "word/document.xml"
_ABOUT: Final = "docProps/core.xml"
_SIGNS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "p": "\n\n"}
_UNREAD: Final = frozenset({"del", "moveFrom", "pPr", "rPr", "sectPr", "txbxContent", "Fallback"})
"""What was deleted or moved away, how it looks, and boxes beside the text."""


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read a document: its paragraphs, a blank line after each, tracked changes accepted."""
    parts = Parts(read_whole(stream, reading.max_size), reading.max_size)
    root = parts.parse(_BODY)
    if root is None:
        raise RefusedError("unsupported", f"an office file, but no text: it has no part {_BODY}")
    pieces: list[str] = []
    _gather(root, pieces)
    about = parts.parse(_ABOUT)
    text = "".join(pieces).strip("\n")
    yield Document(
        path=path,
        text=text,
        title=said(find(about, "title")) or find_title(text),
        published=parse_date(said(find(about, "created")) or ""),
        updated=parse_date(said(find(about, "modified")) or ""),
        byline=said(find(about, "creator")),
        language=said(find(about, "language")),
        version=said(find(about, "version")),
        slug=said(find(about, "keywords")),
    )


def _gather(element: Element, pieces: list[str]) -> None:
    for child in element:
        name = local(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name not in _UNREAD:
            _gather(child, pieces)
            pieces.append(_SIGNS.get(name, ""))
