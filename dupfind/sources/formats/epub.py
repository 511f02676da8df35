"""EPUB: a book is a document, its chapters in the order in which they are read."""

import posixpath
from collections.abc import Iterator
from io import BufferedReader
from typing import Final
from urllib.parse import unquote

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.dates import parse_date
from dupfind.sources.decoding import decode
from dupfind.sources.metadata import clean
from dupfind.sources.parts import Parts
from dupfind.sources.streams import RefusedError, read_whole
from dupfind.sources.visible import visible_text
from dupfind.sources.xml import Element, find, find_all, said

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="EPUB",
    document="the book",
    fields=(
        "title",
        "published",
        "byline",
        "agency",
        "language",
    ),
    left_out="pages outside the reading order; markup",
)


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read a book: the words of its chapters, a line a paragraph."""
    parts = Parts(read_whole(stream, reading.max_size), reading.max_size)
    where = find(parts.parse("META-INF/container.xml"), "rootfiles", "rootfile")
    name = unquote(where.get("full-path") or "") if where is not None else ""
    package = parts.parse(name)
    if package is None:
        raise RefusedError("invalid", "no EPUB: it does not say what is in it")
    chapters = (parts.read(chapter) for chapter in _chapters(package, posixpath.dirname(name)))
    texts = (visible_text(decode(chapter), keep_lines=False) for chapter in chapters if chapter)
    about = find(package, "metadata")
    yield Document(
        path=path,
        text="\n\n".join(text for text in texts if text),
        title=said(find(about, "title")),
        published=parse_date(said(find(about, "date")) or ""),
        byline=clean(", ".join(filter(None, map(said, find_all(about, "creator"))))),
        agency=said(find(about, "publisher")),
        language=said(find(about, "language")),
    )


def _chapters(package: Element, folder: str) -> Iterator[str]:
    """Give the names of the parts that hold the chapters, each once, in reading order."""
    items = {item.get("id"): item.get("href") for item in find_all(package, "manifest", "item")}
    named = (items.get(entry.get("idref")) for entry in find_all(package, "spine", "itemref"))
    for href in dict.fromkeys(filter(None, named)):
        yield posixpath.normpath(posixpath.join(folder, unquote(href)))
