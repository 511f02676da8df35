"""Decoding: bytes → text, or a reason why not. Nothing is guessed into garbage."""

import codecs
from importlib import import_module
from io import RawIOBase
from typing import Final, Protocol, cast

from dupfind.encodings import python_name
from dupfind.sources.streams import RefusedError

__all__ = ["Transcoded", "decode", "detect", "marked", "undecodable"]

_MARKS: Final = (
    # Before that of UTF-16, which begins the same.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST: Final = tuple(mark for mark, _ in _MARKS)


def marked(head: bytes) -> str | None:
    """Give the encoding whose byte order mark a file begins with, but for UTF-8."""
    if not head.startswith(_FIRST):
        return None  # As nearly every file.
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def decode(data: bytes, declared: str | None = None, assumed: str | None = None) -> str:
    """Decode the bytes of a document; a byte order mark goes.

    Takes the encoding that the document itself declares, if it does: a byte order mark wins
    over it, a label that means nothing is passed over. What is not UTF-8 and declares nothing
    is decoded as `assumed`, which the user said, else where there is no doubt of its encoding.
    Raises `RefusedError` where the bytes are no text in the encoding that they are said or seem
    to be in.
    """
    encoding = marked(data)
    if encoding is None and declared and not data.startswith(codecs.BOM_UTF8):
        encoding = python_name(declared)
    try:
        return data.decode(encoding or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if encoding is None and (found := assumed or detect(data)):
            return _decode_as(data, found)
        raise RefusedError("undecodable", undecodable(error, encoding)) from None


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusedError("undecodable", undecodable(error, encoding)) from None


def detect(data: bytes) -> str | None:
    """Give the encoding of text that is not UTF-8 and declares none, where there is no doubt."""
    return cast("str | None", import_module("dupfind.sources.detection").detect(data))


def undecodable(error: UnicodeDecodeError, encoding: str | None = None) -> str:
    """Say which byte is not UTF-8, or not in the encoding that was declared."""
    byte = error.object[error.start]
    return f"byte 0x{byte:02x} at offset {error.start} is not {(encoding or 'UTF-8').upper()}"


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Transcoded(RawIOBase):
    """A stream in UTF-16 or UTF-32, as UTF-8 with a byte order mark.

    Raises `RefusedError` where it holds what the encoding does not, from there on.
    """

    def __init__(self, source: _Readable, encoding: str) -> None:
        self._source = source
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # typeshed: Buffer
        """Fill a buffer; see `io.RawIOBase`."""
        while not self._ready and not self._ended:
            # A UTF-16 unit is three bytes of UTF-8 at most.
            data = self._source.read(max(len(buffer) // 2, 4))
            self._ended = not data
            try:
                self._ready = self._decoder.decode(data, final=self._ended).encode()
            except UnicodeError:
                what = self._encoding[:6].upper()
                raise RefusedError(
                    "undecodable", f"starts as {what} and does not go on so"
                ) from None
        count = min(len(self._ready), len(buffer))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count
