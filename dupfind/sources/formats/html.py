"""HTML: a page is a document, its text the article on it or all that is visible."""

from collections.abc import Iterator
from io import BufferedReader
from typing import Final

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.article import around, extract
from dupfind.sources.declared import charset, declared
from dupfind.sources.decoding import decode
from dupfind.sources.metadata import refuse_unwanted
from dupfind.sources.pages import make_page
from dupfind.sources.streams import read_whole
from dupfind.sources.visible import visible_text

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="HTML",
    document="the page",
    fields=(
        "title",
        "published",
        "updated",
        "byline",
        "agency",
        "language",
        "slug",
        "url",
    ),
    left_out="what stands around the article; with `--html visible` only what is not seen; "
    "entities are resolved",
    extra="html",
)


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read a page; its words stand on the lines that they have in the file, where possible.

    Around the article is hidden what else is visible. Only where the article's paragraphs
    cannot be found on the page as it stands, they are the text, a line each. A page on which no
    article stands out is read as it is seen.
    """
    data = read_whole(stream, reading.max_size)
    source = decode(data, charset(data), reading.encoding)
    fields = declared(source)
    if "url" in fields:
        # Without an address of its own a page cannot be told from the original.
        refuse_unwanted(fields, reading)
    text = visible_text(source)
    hidden: list[tuple[int, int]] = []
    article = extract(source) if reading.html == "article" else None
    if article:
        beside = around(text, article)
        text, hidden = (article, []) if beside is None else (text, beside)
    yield make_page(path, text, hidden, fields)
