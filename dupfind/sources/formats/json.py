"""JSON: an array of objects, an object each a document; or objects one after the other."""

from collections.abc import Iterator
from io import BufferedReader
from typing import Final

from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.fields import FIELDS
from dupfind.sources.formats import Found, Note
from dupfind.sources.json_records import JsonRecords
from dupfind.sources.json_scanner import scan_objects
from dupfind.sources.streams import RefusedError, drop_mark

__all__ = ["ABOUT", "read"]


ABOUT: Final = About(
    name="JSON",
    document="an object of an array, or of several",
    fields=(*FIELDS, "line"),
    left_out="all other fields",
)


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Found]:
    """Read the objects as they come: the array may be larger than memory."""
    records = JsonRecords(path, reading)
    drop_mark(stream)
    number = 0
    for line, data in scan_objects(stream, reading.max_size):
        if isinstance(data, RefusedError):
            yield data.skip(path)
            continue
        number += 1
        if number == 1 and (note := records.tell(data)):
            yield Note(path, note)
        yield records.read(data, number, line)
