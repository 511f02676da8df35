"""Parquet: the rows that are kept, in the same schema and packed alike."""

from importlib import import_module
from io import BufferedReader
from typing import Any, BinaryIO, Final

from dupfind.cutting.tables import write_rows
from dupfind.reading import Reading
from dupfind.sources.tables import seekable

__all__ = ["cut"]

_ROWS: Final = 1 << 16
"""Rows of a group, at most: they are held in memory."""


def cut(stream: BufferedReader, sink: BinaryIO, kept: frozenset[int], reading: Reading) -> int:
    """Write rows by their numbers."""
    parquet: Any = import_module("pyarrow.parquet")
    file = parquet.ParquetFile(seekable(stream, reading.max_size))
    # A file with a row has a group.
    codec = file.metadata.row_group(0).column(0).compression
    return write_rows(
        file.iter_batches(_ROWS, use_threads=False),
        sink,
        kept,
        lambda place: parquet.ParquetWriter(
            place,
            file.schema_arrow,
            compression="none" if codec == "UNCOMPRESSED" else codec,
            use_compliant_nested_type=False,  # The elements of lists keep the name they have.
        ),
    )
