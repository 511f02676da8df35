"""Parquet: a row is a document. Needs the extra `parquet`."""

from collections.abc import Iterator
from importlib import import_module
from io import BufferedReader
from typing import Any

from dupfind.reading import Reading
from dupfind.sources.fields import Roles
from dupfind.sources.formats import Found
from dupfind.sources.tables import ROWS, choose, read_table, seekable

__all__ = ["read"]


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Found]:
    """Read the rows batch by batch, and of the columns those that are looked for."""
    return read_table(_open, stream, path, reading)


def _open(
    _pyarrow: Any,  # noqa: ANN401 - it has no types
    stream: BufferedReader,
    roles: Roles,
    limit: int,
) -> tuple[list[str], Iterator[Any]]:
    file = import_module("pyarrow.parquet").ParquetFile(seekable(stream, limit))
    names = file.schema_arrow.names
    return names, file.iter_batches(ROWS, columns=choose(names, roles), use_threads=False)
