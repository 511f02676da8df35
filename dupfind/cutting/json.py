"""JSON: the objects of an array that are kept, or of those that follow each other."""

import re
from io import BufferedReader
from typing import BinaryIO, Final

from dupfind.reading import Reading
from dupfind.sources.json_scanner import scan_objects
from dupfind.sources.streams import HEAD, RefusedError

__all__ = ["cut"]

_OPENING: Final = re.compile(rb"\s*\[(?P<indent>\s*)")


def cut(stream: BufferedReader, sink: BinaryIO, kept: frozenset[int], reading: Reading) -> int:
    """Write objects by their numbers, as they are, and an array's brackets and indent."""
    array = _OPENING.match(stream.peek(HEAD))
    indent = array["indent"] if array else b""
    # An array on one line has a space after its commas, or the objects lines of their own.
    between = b"," + (indent or b" ") if array else b"\n"
    objects = (
        piece.data
        for piece in scan_objects(stream, reading.max_size)
        if not isinstance(piece.data, RefusedError)
    )
    sink.write(array[0] if array else b"")
    written = 0
    for number, data in enumerate(objects, 1):
        if number in kept:
            sink.write(between * bool(written) + data)
            written += 1
        if written == len(kept):
            break
    end = b"\n" if b"\n" in indent or not array else b""
    sink.write(end + b"]" * bool(array) + b"\n" * bool(array))
    return written
