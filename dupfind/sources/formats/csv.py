"""CSV and TSV: a row is a document; the first row names the columns."""

import csv
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from functools import partial
from io import BufferedReader, TextIOWrapper
from itertools import chain
from typing import BinaryIO, Final, cast

from dupfind.encodings import python_name
from dupfind.model import Skipped
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.decoding import detect, undecodable
from dupfind.sources.fields import FIELDS, Roles, assign, make_document, tell
from dupfind.sources.formats import Found, Note
from dupfind.sources.streams import BUFFER, RefusedError, drop_mark, too_large

__all__ = ["ABOUT", "Lines", "read"]

ABOUT: Final = About(
    name="CSV, TSV",
    document="a row",
    fields=(*FIELDS, "line"),
    left_out="all other columns",
)

_DELIMITERS: Final = ",;\t|"
_DECLARED: Final = re.compile(r"sep=(?P<delimiter>.)\r?\n")
"""What spreadsheets put before the names of columns."""
_ESCAPED: Final = re.compile("[\udc80-\udcff]")
"""Bytes that are not in the encoding, as Python escapes them."""


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Found]:
    """Read the rows as they come. The delimiter is the one that the first line has most of.

    Gives a `Skipped` for a row without text, and for one that is not in the encoding of the
    head of the file.
    """
    before = csv.field_size_limit(reading.max_size)
    lines = Lines(stream, reading)
    try:
        yield from _read_rows(lines, path, assign(reading))
    finally:
        lines.close()
        # The limit is that of all the process.
        csv.field_size_limit(before)


def _read_rows(lines: "Lines", path: str, roles: Roles) -> Iterator[Found]:
    rows = csv.reader(lines, delimiter=lines.find_delimiter())
    columns = [name.strip() for name in next(rows, ())]
    if not columns:
        return
    yield Note(path, tell(columns, roles))
    places = {
        role: here
        for role, fields in roles.items()
        if (here := [columns.index(field) for field in fields if field in columns])
    }
    if "text" not in places:
        raise RefusedError("invalid", "no column with a text; --text-field names the one that is")
    number = 0
    while True:
        line = lines.number + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            yield Skipped(path=path, reason="invalid", record=number, detail=str(error))
            continue
        if not row:
            continue
        number += 1
        if lines.undecodable >= line:
            detail = f"a byte that is not {lines.encoding.upper()}"
            yield Skipped(path=path, reason="undecodable", record=number, detail=detail)
            continue
        found = {
            role: value
            for role, numbers in places.items()
            if (value := next((row[n] for n in numbers if n < len(row) and row[n]), None))
        }
        if places["text"][0] < len(row):
            found.setdefault("text", "")
        yield make_document(found, path, number, line)


class Lines:
    """The lines of a stream as text, bytes that are no text escaped."""

    def __init__(self, stream: BufferedReader, reading: Reading) -> None:
        self.number = 0
        """Of lines read."""
        self.undecodable = 0
        """The last line that held a byte that is not in the encoding."""
        self.declaration = ""
        """The line before the names of columns that tells the delimiter, where there is one."""
        self._limit = reading.max_size
        drop_mark(stream)
        self.encoding = _find_encoding(stream, reading)
        self._text = TextIOWrapper(
            cast("BinaryIO", stream), self.encoding, errors="surrogateescape", newline=""
        )
        self._lines: Iterator[str] = iter(partial(self._text.readline, self._limit + 1), "")

    def find_delimiter(self) -> str:
        """Tell the delimiter by the first line, which is passed over where it is there for that."""
        first = next(self._lines, "")
        if declared := _DECLARED.fullmatch(first):
            self.number += 1
            self.declaration = first
            return declared["delimiter"]
        self._lines = chain(filter(None, [first]), self._lines)
        return max(_DELIMITERS, key=first.count)

    def __iter__(self) -> Iterator[str]:
        """Give the lines, once. Raises `RefusedError` for one that is too long."""
        # A story in a row is many lines: what is done here is done for each of them.
        for line in self._lines:
            if len(line) > self._limit:
                raise too_large(self._limit)
            self.number += 1
            if not line.isascii() and _ESCAPED.search(line):
                self.undecodable = self.number
            yield line

    def close(self) -> None:
        """Leave the stream open: it belongs to whoever opened it."""
        self._text.detach()


def _find_encoding(stream: BufferedReader, reading: Reading) -> str:
    """Tell the encoding by the head of the file."""
    head = stream.peek(BUFFER)
    try:
        getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError as error:
        encoding = python_name(reading.encoding) if reading.encoding else detect(head)
        if encoding is None:
            raise RefusedError("undecodable", undecodable(error)) from None
        return encoding
    return "utf-8"
