"""Arrow, as a file (Feather) and as a stream: a row is a document. Needs the extra `parquet`."""

from collections.abc import Iterator
from io import BufferedReader
from typing import Any, Final

from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.fields import FIELDS, Roles
from dupfind.sources.formats import Found
from dupfind.sources.streams import look_ahead
from dupfind.sources.tables import ROWS, choose, read_table, seekable

__all__ = ["ABOUT", "read"]


ABOUT: Final = About(
    name="Arrow (file, stream)",
    document="a row",
    fields=FIELDS,
    left_out="all other columns",
    extra="parquet",
)


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Found]:
    """Read the rows batch by batch, as large as whoever wrote the file made them."""
    return read_table(_open, stream, path, reading)


def _open(
    pyarrow: Any,  # noqa: ANN401 - it has no types
    stream: BufferedReader,
    roles: Roles,
    limit: int,
) -> tuple[list[str], Iterator[Any]]:
    if look_ahead(stream).startswith(b"ARROW1"):
        table = pyarrow.ipc.open_file(seekable(stream, limit))
        batches = (table.get_batch(number) for number in range(table.num_record_batches))
    else:
        table = pyarrow.ipc.open_stream(stream)
        batches = iter(table)
    names = table.schema.names
    return names, _cut(batches, choose(names, roles))


def _cut(batches: Iterator[Any], chosen: list[str]) -> Iterator[Any]:
    for batch in batches:
        for start in range(0, batch.num_rows, ROWS):
            yield batch.select(chosen).slice(start, ROWS)
