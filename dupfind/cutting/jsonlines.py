"""JSON Lines: the lines that are kept."""

from io import BufferedReader
from typing import BinaryIO

from dupfind.reading import Reading
from dupfind.sources.streams import BUFFER

__all__ = ["cut"]


def cut(stream: BufferedReader, sink: BinaryIO, kept: frozenset[int], reading: Reading) -> int:  # noqa: ARG001 - the protocol
    """Write lines by their numbers, piece by piece: the others may have any length."""
    last, number, begins = max(kept), 0, True
    while ((begins and number < last) or not begins) and (piece := stream.readline(BUFFER)):
        number += begins
        begins = piece.endswith(b"\n")
        if number in kept:
            sink.write(piece)
    return sum(line <= number for line in kept)
