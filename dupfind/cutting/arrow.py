"""Arrow, as a file and as a stream: the rows that are kept, in the same schema, not packed."""

from importlib import import_module
from io import BufferedReader
from typing import Any, BinaryIO

from dupfind.cutting.tables import write_rows
from dupfind.reading import Reading
from dupfind.sources.streams import look_ahead
from dupfind.sources.tables import seekable

__all__ = ["cut"]


def cut(stream: BufferedReader, sink: BinaryIO, kept: frozenset[int], reading: Reading) -> int:
    """Write rows by their numbers."""
    ipc: Any = import_module("pyarrow.ipc")
    if look_ahead(stream).startswith(b"ARROW1"):
        table = ipc.open_file(seekable(stream, reading.max_size))
        batches = map(table.get_batch, range(table.num_record_batches))
        return write_rows(batches, sink, kept, lambda file: ipc.new_file(file, table.schema))
    table = ipc.open_stream(stream)
    return write_rows(table, sink, kept, lambda file: ipc.new_stream(file, table.schema))
