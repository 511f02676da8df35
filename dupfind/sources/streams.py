"""Streams: the bytes of one file, and how to refuse them."""

from codecs import BOM_UTF8
from io import BufferedReader

from dupfind.model import Skipped

__all__ = ["BUFFER", "HEAD", "RefusedError", "drop_mark", "look_ahead", "read_whole", "too_large"]

BUFFER = 1 << 16
"""Bytes read at once."""
HEAD = 8192
"""Bytes looked at to tell what a file holds."""


_PIECE = 1 << 20


class RefusedError(OSError):
    """A file, or the rest of it, will not be read: why, in one word and in one line.

    An `OSError`, so that whoever reads a stream lets it pass together with the system's own.
    """

    def __init__(self, reason: str, detail: str | None = None) -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail

    def skip(self, path: str, record: str | int | None = None) -> Skipped:
        """Give the entry of the report."""
        return Skipped(path=path, reason=self.reason, record=record, detail=self.detail)


def look_ahead(stream: BufferedReader) -> bytes:
    """Give the head of a stream and leave it there to be read."""
    return stream.peek(HEAD)[:HEAD]


def drop_mark(stream: BufferedReader) -> None:
    """Read over the byte order mark of UTF-8, if a stream begins with it."""
    if stream.peek(len(BOM_UTF8)).startswith(BOM_UTF8):
        stream.read(len(BOM_UTF8))


def read_whole(stream: BufferedReader, limit: int) -> bytes:
    """Read a stream to its end. Raises `RefusedError` where it holds more than `limit` bytes."""
    # Piece by piece, for room is made for as much as is asked for, however little there is.
    pieces = [stream.read(BUFFER)]
    size = len(pieces[0])
    while size <= limit and len(pieces[-1]) == (BUFFER if len(pieces) == 1 else _PIECE):
        pieces.append(stream.read(_PIECE))
        size += len(pieces[-1])
    if size > limit:
        raise too_large(limit)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def too_large(limit: int) -> RefusedError:
    """Give the reason to refuse a document of more than `limit` bytes."""
    return RefusedError("large", f"more than {limit:,} bytes; --max-size allows more")
