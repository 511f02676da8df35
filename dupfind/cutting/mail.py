"""Mail: the messages of an mbox that are kept."""

from io import BufferedReader
from typing import BinaryIO

from dupfind.reading import Reading
from dupfind.sources.formats.mail import split_messages

__all__ = ["cut"]


def cut(stream: BufferedReader, sink: BinaryIO, kept: frozenset[int], reading: Reading) -> int:
    """Write messages by their numbers, each with the line that begins it."""
    written = 0
    messages = split_messages(stream, is_mbox=True, limit=reading.max_size)
    for number, (_, opening, message) in enumerate(messages, 1):
        if number in kept:
            sink.write(opening + message)
            written += 1
        if written == len(kept):
            break
    return written
