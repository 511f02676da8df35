"""Packing: a stream to write to → the same, packed or encoded; no clock and no name goes in."""

import bz2
import codecs
import gzip
import lzma
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from importlib import import_module
from io import RawIOBase
from typing import Any, BinaryIO, Final, cast

__all__ = ["pack"]

Writer = AbstractContextManager[Any]


@contextmanager
def pack(sink: BinaryIO, layers: Sequence[str]) -> Iterator[BinaryIO]:
    """Wrap a stream into layers of packing, the outermost first.

    Layers have the names of `sources.unpacking.Packing`, or of the encodings that
    `sources.decoding.marked` tells.
    """
    with ExitStack() as stack:
        for layer in layers:
            sink = stack.enter_context(_WRITERS[layer](sink))
        yield sink


def _pack_gzip(sink: BinaryIO) -> Writer:
    return gzip.GzipFile("", "wb", fileobj=sink, mtime=0)


def _pack_zstd(sink: BinaryIO) -> Writer:
    zstandard: Any = import_module("zstandard")  # It was there to read the file.
    return cast("Writer", zstandard.ZstdCompressor().stream_writer(sink, closefd=False))


class _Encoded(RawIOBase):
    """UTF-8 is written to it, another encoding comes out."""

    def __init__(self, encoding: str, sink: BinaryIO) -> None:
        self._sink = sink
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._encoder = codecs.getincrementalencoder(encoding)()

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - typeshed: Buffer, of Python 3.12
        """Write a piece of text; see `io.RawIOBase`."""
        self._sink.write(self._encoder.encode(self._decoder.decode(data)))
        return len(data)


_WRITERS: Final[dict[str, Callable[[BinaryIO], Writer]]] = {
    "gzip": _pack_gzip,
    "bzip2": partial(bz2.BZ2File, mode="wb"),
    "xz": partial(lzma.LZMAFile, mode="wb"),
    "zstd": _pack_zstd,
    **{
        encoding: partial(_Encoded, encoding)
        for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
    },
}
