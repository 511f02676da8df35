"""Markdown: a file is a document."""

from collections.abc import Iterator
from io import BufferedReader

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources.decoding import decode
from dupfind.sources.streams import read_whole
from dupfind.sources.titles import find_title

__all__ = ["read"]


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read a page; a heading may be its title."""
    text = decode(read_whole(stream, reading.max_size), assumed=reading.encoding)
    yield Document(path=path, text=text, title=find_title(text, markdown=True))
