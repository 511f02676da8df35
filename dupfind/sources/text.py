"""Text: the bytes of a file → a document."""

import codecs
from io import BufferedIOBase

from dupfind.model import Document, Skipped
from dupfind.sources.titles import find_title

__all__ = ["read_text", "refuse", "undecodable"]

HEAD = 8192
"""Bytes looked at to tell text from anything else."""


def read_text(stream: BufferedIOBase, path: str, *, markdown: bool) -> Document | Skipped:
    """Read a stream of bytes as one document.

    Gives its text exactly as decoded from UTF-8, but for a byte order mark: line ends stay as
    they are, since offsets count in it. Gives a `Skipped` where the head holds a NUL byte or
    anything is not UTF-8. Raises what reading the stream raises.
    """
    head = stream.read(HEAD)
    if b"\0" in head:
        return _binary(head, path)
    data = head + stream.read()
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        return Skipped(path=path, reason="undecodable", detail=undecodable(error))
    return Document(path=path, text=text, title=find_title(text, markdown=markdown))


def refuse(stream: BufferedIOBase, path: str) -> Skipped:
    """Say why a file in a folder was passed over: it is binary, or of no kind we know.

    Raises what reading the stream raises.
    """
    head = stream.read(HEAD)
    if b"\0" in head:
        return _binary(head, path)
    return Skipped(
        path=path,
        reason="unsupported",
        detail="not a known text file; name it on the command line to read it as text",
    )


def undecodable(error: UnicodeDecodeError) -> str:
    """Say which byte is not UTF-8."""
    return f"byte 0x{error.object[error.start]:02x} at offset {error.start} is not UTF-8"


def _binary(head: bytes, path: str) -> Skipped:
    detail = None
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        detail = "looks like UTF-16; save it as UTF-8 to have it read"
    return Skipped(path=path, reason="binary", detail=detail)
