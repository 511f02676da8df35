"""Plain text: a file is a document."""

from collections.abc import Iterator
from io import BufferedReader
from typing import Final

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.decoding import decode
from dupfind.sources.streams import read_whole
from dupfind.sources.titles import find_title

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="Plain text",
    document="the file",
    fields=("title",),
    left_out="nothing",
    in_place=True,
)


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read a text exactly as decoded: line ends stay as they are, since offsets count in it."""
    text = decode(read_whole(stream, reading.max_size), assumed=reading.encoding)
    yield Document(path=path, text=text, title=find_title(text))
