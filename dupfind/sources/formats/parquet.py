"""Parquet: a row is a document. Needs the extra `parquet`."""

from collections.abc import Iterator
from importlib import import_module
from io import SEEK_END, BufferedReader
from typing import Any, Final

from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.fields import FIELDS, Roles
from dupfind.sources.formats import Found
from dupfind.sources.tables import ROWS, choose, read_table, seekable
from dupfind.sources.unpacking import check_ratio

__all__ = ["ABOUT", "read"]


ABOUT: Final = About(
    name="Parquet",
    document="a row",
    fields=FIELDS,
    left_out="all other columns",
    extra="parquet",
)


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Found]:
    """Read the rows batch by batch, and of the columns those that are looked for."""
    return read_table(_open, stream, path, reading)


def _open(
    pyarrow: Any,  # noqa: ANN401 - it has no types
    stream: BufferedReader,
    roles: Roles,
    limit: int,
) -> tuple[list[str], Iterator[Any]]:
    parquet: Any = import_module("pyarrow.parquet")
    source = seekable(stream, limit)
    schema = parquet.read_schema(source)
    # What is stored once for many rows stays so: there is no end to how many they may be.
    strings = [field.name for field in schema if pyarrow.types.is_string(field.type)]
    source.seek(0)
    file = parquet.ParquetFile(source, read_dictionary=strings)
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    unpacked = sum(group.total_byte_size for group in groups)
    check_ratio(unpacked, source.seek(0, SEEK_END))
    chosen = choose(schema.names, roles)
    return schema.names, file.iter_batches(ROWS, columns=chosen, use_threads=False)
