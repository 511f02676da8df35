"""JSON Lines: a line is a document."""

from collections.abc import Iterator
from functools import partial
from io import BufferedReader
from typing import Final

from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.fields import FIELDS
from dupfind.sources.formats import Found, Note
from dupfind.sources.json_records import JsonRecords
from dupfind.sources.streams import drop_mark, too_large

__all__ = ["ABOUT", "read"]


ABOUT: Final = About(
    name="JSON Lines",
    document="a line",
    fields=(*FIELDS, "line"),
    left_out="all other fields",
)


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Found]:
    """Read a stream of JSON Lines, a document a line.

    Gives a `Skipped` with the line's number, from 1, for a line that is no record; blank lines
    are passed over. Holds one line at a time. Raises what reading the stream raises, after the
    records before the break.
    """
    records = JsonRecords(path, reading)
    limit = reading.max_size
    drop_mark(stream)
    told = False
    for number, line in enumerate(iter(partial(stream.readline, limit + 1), b""), 1):
        if len(line) > limit and not line.endswith(b"\n"):
            yield too_large(limit).skip(path, number)
            _pass_over(stream, limit)
        elif line and not line.isspace():
            if not told and (note := records.tell(line)):
                yield Note(path, note)
            told = True
            yield records.read(line, number, number)


def _pass_over(stream: BufferedReader, limit: int) -> None:
    """Read to the end of a line without holding it."""
    while (piece := stream.readline(limit)) and not piece.endswith(b"\n"):
        pass
