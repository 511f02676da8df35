"""CSV and TSV: the rows that are kept, below the names of the columns."""

import csv
from collections.abc import Iterator
from io import BufferedReader
from typing import BinaryIO, Final

from dupfind.reading import Reading
from dupfind.sources.formats.csv import Lines
from dupfind.sources.streams import RefusedError

__all__ = ["cut"]

_BYTES: Final = bytes(range(256))


def cut(stream: BufferedReader, sink: BinaryIO, kept: frozenset[int], reading: Reading) -> int:
    """Write rows by their numbers, with the line ends and quotes that they have.

    Raises `RefusedError` for an encoding in which other bytes may stand for the same text.
    """
    before = csv.field_size_limit(reading.max_size)
    lines = Lines(stream, reading)
    try:
        if not _is_exact(lines.encoding):
            raise RefusedError("encoding", f"it is in {lines.encoding.upper()}; make it UTF-8")
        return _cut_rows(_Recorded(lines), sink, kept)
    finally:
        csv.field_size_limit(before)
        lines.close()


def _cut_rows(lines: "_Recorded", sink: BinaryIO, kept: frozenset[int]) -> int:
    rows = csv.reader(lines, delimiter=lines.delimiter)
    next(rows, None)
    sink.write(lines.take())
    last, number, written = max(kept), 0, 0
    while number < last:
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error:
            row = [""]  # It was counted, and never kept.
        number += bool(row)
        data = lines.take()
        if row and number in kept:
            sink.write(data)
            written += 1
    return written


class _Recorded:
    """Lines as text, and the bytes of those that were given since they were last taken."""

    def __init__(self, lines: Lines) -> None:
        self.delimiter = lines.find_delimiter()
        self._lines = lines
        self._given = [lines.declaration]

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._given.append(line)
            yield line

    def take(self) -> bytes:
        data = "".join(self._given).encode(self._lines.encoding, "surrogateescape")
        self._given.clear()
        return data


def _is_exact(encoding: str) -> bool:
    """Tell whether text in an encoding can be written as the bytes that it was read from."""
    if encoding == "utf-8":
        return True
    try:
        text = _BYTES.decode(encoding, "surrogateescape")
        return len(text) == len(_BYTES) and text.encode(encoding, "surrogateescape") == _BYTES
    except UnicodeError:
        return False
