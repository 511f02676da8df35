"""JSON Lines: a line is a document."""

import codecs
import re
from collections.abc import Iterator
from io import BufferedReader
from typing import Any

import msgspec

from dupfind.model import Document, Skipped
from dupfind.reading import Reading
from dupfind.sources.dates import parse_date
from dupfind.sources.decoding import undecodable
from dupfind.sources.titles import find_title

__all__ = ["read"]


class _Record(msgspec.Struct, gc=False):
    """What we look for in a line; only the text must be there, and be what we expect."""

    text: str
    id: msgspec.Raw = msgspec.Raw(b"null")
    title: Any = None
    date: Any = None
    published: Any = None


_decode = msgspec.json.Decoder(_Record).decode
_decode_string = msgspec.json.Decoder(str).decode
_INTEGER = re.compile(rb"-?[0-9]{1,18}")
"""Integers that every JSON reader can hold."""


def read(stream: BufferedReader, path: str, _reading: Reading) -> Iterator[Document | Skipped]:
    """Read a stream of JSON Lines, a document a line.

    Takes records with `text` and, where they have them, `id`, `title`, `date` or `published`;
    anything else in them is ignored, and so are blank lines. Gives a `Skipped` with the line's
    number, from 1, for a line that is no such record. Holds one line at a time. Raises what
    reading the stream raises, after the records before the break.
    """
    for number, line in enumerate(stream, 1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)  # noqa: PLW2901
        if line and not line.isspace():
            yield _read_record(line, number, path)


def _read_record(line: bytes, number: int, path: str) -> Document | Skipped:
    try:
        # msgspec does not look into the strings of fields that it passes over.
        if not line.isascii():
            line.decode()
        record = _decode(line)
        name = _name(bytes(record.id)) or number
    except UnicodeDecodeError as error:
        detail = f"{undecodable(error)} (offset in the line)"
        return Skipped(path=path, reason="undecodable", record=number, detail=detail)
    except msgspec.DecodeError as error:
        return Skipped(path=path, reason="invalid", record=number, detail=str(error))
    except RecursionError:
        return Skipped(path=path, reason="invalid", record=number, detail="nested too deeply")
    title = record.title.strip() if isinstance(record.title, str) else ""
    if not title.isprintable():
        title = " ".join(title.split())  # It is shown on one line.
    return Document(
        path=path,
        text=record.text,
        record=name,
        title=title or find_title(record.text),
        published=parse_date(record.published if record.date is None else record.date),
        line=number,
    )


def _name(raw: bytes) -> str | int | None:
    """Give an id: a string or an integer as it is, anything else as its JSON text."""
    if raw.startswith(b'"'):
        return _decode_string(raw)
    if raw == b"null":
        return None
    return int(raw) if _INTEGER.fullmatch(raw) else raw.decode()
