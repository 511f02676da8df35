"""Unpacking: compressed streams, and how much may come out of them.

A few bytes can unpack to more than any machine holds. Documents have a limit of their own; what
bounds the whole is the ratio: no text is as repetitive as a bomb has to be.
"""

import bz2
import gzip
import lzma
import re
from collections.abc import Callable
from importlib import import_module
from io import BufferedReader, RawIOBase
from typing import Any, Final, NamedTuple, Protocol

from dupfind.sources.streams import BUFFER, RefusedError

__all__ = ["Budget", "Packing", "Source", "Unpacked", "check_ratio", "packing_of"]

_PIECE: Final = 1 << 10  # bytes; four of zstd can stand for 128 KB
_FREE: Final = 64 << 20  # bytes unpacked before the ratio counts
_RATIO: Final = 250  # times its size that a file may unpack to; prose packs to a fifth


class Budget:
    """What may be unpacked from one file, on all levels of packing together."""

    def __init__(self) -> None:
        self.packed = 0
        """Bytes of the file itself: all of them, or those read so far of a stream."""
        self._unpacked = 0

    def spend(self, count: int) -> None:
        """Count bytes that were unpacked. Raises `RefusedError` where they are too many."""
        self._unpacked += count
        if self._unpacked > _FREE:
            check_ratio(self._unpacked, self.packed)


def check_ratio(unpacked: int, packed: int) -> None:
    """Raise `RefusedError` where so many bytes cannot come out of so few."""
    if unpacked > max(_FREE, packed * _RATIO):
        raise RefusedError("bomb", f"unpacks to more than {_RATIO} times its size")


class Source(Protocol):
    """What a library unpacks."""

    def read1(self, size: int, /) -> bytes:
        """Read some bytes, none at the end."""


class Unpacked(RawIOBase):
    """The bytes that a library unpacks; what it cannot unpack becomes a `RefusedError`."""

    def __init__(self, source: Source, what: str, budget: Budget) -> None:
        self._source = source
        self._what = what
        self._budget = budget
        self._fault: OSError | None = None

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # typeshed: Buffer
        """Fill a buffer; see `io.RawIOBase`. What comes before a fault is given before it."""
        count = 0
        while count < len(buffer) and self._fault is None:
            try:
                data = self._source.read1(len(buffer) - count)
                self._budget.spend(len(data))
            except Exception as error:  # noqa: BLE001 - of bad content each library makes its own
                self._fault = self._explain(error)
                break
            if not data:
                return count
            buffer[count : count + len(data)] = data
            count += len(data)
        if self._fault is not None and not count:
            raise self._fault
        return count

    def _explain(self, error: Exception) -> OSError:
        # An error of the system has a number.
        if isinstance(error, OSError) and (isinstance(error, RefusedError) or error.errno):
            return error
        return RefusedError("invalid", f"broken {self._what}: {' '.join(str(error).split())}")


def _open_gzip(stream: BufferedReader) -> Source:
    return gzip.GzipFile(fileobj=stream)


def _open_zstd(stream: BufferedReader) -> Source:
    try:
        zstandard: Any = import_module("zstandard")
    except ImportError:
        raise RefusedError("extra", "needs the extra zstd: pip install 'dupfind[zstd]'") from None
    return _Frames(stream, zstandard.ZstdDecompressor())


class _Frames:
    """The frames of a zstd stream, one after the other.

    zstandard's own reader ends in silence where the stream is cut off.
    """

    def __init__(self, stream: BufferedReader, unpacker: Any) -> None:  # noqa: ANN401 - untyped
        self._stream = stream
        self._unpacker = unpacker
        self._frame: Any = None
        self._ahead = b""
        self._ready = b""

    def read1(self, size: int) -> bytes:
        """Read bytes. Raises `EOFError` inside a frame."""
        while not self._ready:
            data = self._ahead or self._stream.read(_PIECE)
            if not data:
                if self._frame is not None:
                    raise EOFError("ends inside a frame")
                return b""
            if self._frame is None:
                self._frame = self._unpacker.decompressobj()
            self._ready = self._frame.decompress(data)
            self._ahead = b""
            if self._frame.eof:
                self._ahead, self._frame = self._frame.unused_data, None
        data, self._ready = self._ready[:size], self._ready[size:]
        return data


class Packing(NamedTuple):
    """A way to compress a stream."""

    name: str
    signature: re.Pattern[bytes]
    unpack: Callable[[BufferedReader], Source]

    def open(self, stream: BufferedReader, budget: Budget) -> BufferedReader:
        """Open a packed stream for its content. Raises `RefusedError` where an extra is missing."""
        return BufferedReader(Unpacked(self.unpack(stream), self.name, budget), BUFFER)


_GZIP: Final = Packing("gzip", re.compile(rb"\x1f\x8b"), _open_gzip)
_BZIP2: Final = Packing("bzip2", re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"), bz2.BZ2File)
_XZ: Final = Packing("xz", re.compile(rb"\xfd7zXZ\0"), lzma.LZMAFile)
_ZSTD: Final = Packing("zstd", re.compile(rb"\x28\xb5\x2f\xfd"), _open_zstd)

_EXTENSIONS: Final = {
    ".gz": (_GZIP, ""),
    ".tgz": (_GZIP, ".tar"),
    ".bz2": (_BZIP2, ""),
    ".tbz": (_BZIP2, ".tar"),
    ".tbz2": (_BZIP2, ".tar"),
    ".xz": (_XZ, ""),
    ".txz": (_XZ, ".tar"),
    ".zst": (_ZSTD, ""),
    ".tzst": (_ZSTD, ".tar"),
}
"""The packings by extension, and the extension of what is inside where it is left out."""
_FIRST: Final = (b"\x1f", b"B", b"\xfd", b"\x28")
"""Bytes that the signatures begin with."""


def packing_of(head: bytes, name: str) -> tuple[Packing, str] | None:
    """Tell how a file is packed, by its head, else by its name; also the name without that."""
    at = name.rfind(".") if "." in name else len(name)
    named, inside = _EXTENSIONS.get(name[at:].lower(), (None, name[at:]))
    if head.startswith(_FIRST):
        for packing in (_GZIP, _BZIP2, _XZ, _ZSTD):
            if packing.signature.match(head):
                return packing, name[:at] + inside
    return None if named is None else (named, name[:at] + inside)
