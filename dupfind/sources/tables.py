"""Tables: batches of rows with named columns → documents. pyarrow reads them."""

from collections.abc import Callable, Iterator
from importlib import import_module
from io import BufferedReader, BytesIO
from typing import IO, Any, Final, cast

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources.fields import Roles, assign, find, make_document, narrow, tell
from dupfind.sources.formats import Found, Note
from dupfind.sources.streams import RefusedError, read_whole, too_large

__all__ = ["ROWS", "Open", "choose", "read_table", "seekable"]

ROWS: Final = 256
"""Rows read at once."""

Open = Callable[[Any, BufferedReader, Roles, int], tuple[list[str], Iterator[Any]]]
"""Opens a table, given pyarrow, the bytes, the fields looked for and the limit of bytes held:
the names of its columns, and its batches."""


def read_table(
    open_table: Open, stream: BufferedReader, path: str, reading: Reading
) -> Iterator[Found]:
    """Read a row a document. Raises `RefusedError` where the table is broken."""
    try:
        pyarrow: Any = import_module("pyarrow")
    except ImportError:
        detail = "needs the extra parquet: pip install 'dupfind[parquet]'"
        raise RefusedError("extra", detail) from None
    roles = assign(reading)
    number = 0
    try:
        columns, batches = open_table(pyarrow, stream, roles, reading.max_size)
        if not choose(columns, {"text": roles["text"]}):
            raise RefusedError(
                "invalid", "no column with a text; --text-field names the one that is"
            )
        yield Note(path, tell(columns, roles))
        roles = narrow(roles, columns)
        for batch in batches:
            # Offsets in a file of unknown origin may point anywhere.
            batch.validate(full=True)
            names = batch.schema.names
            for row in zip(*map(_take, batch.columns), strict=True):
                number += 1
                made = make_document(find(dict(zip(names, row, strict=True)), roles), path, number)
                if isinstance(made, Document) and _is_larger(made.text, reading.max_size):
                    made = too_large(reading.max_size).skip(path, number)
                yield made
    except OSError as error:
        # An error of the system has a number.
        if error.errno is not None or isinstance(error, RefusedError):
            raise
        raise _broken(error) from None
    except (pyarrow.ArrowException, ValueError, OverflowError) as error:
        raise _broken(error) from None
    except MemoryError:
        # Not ours to run out of: a length in the file is what was asked for.
        raise RefusedError("invalid", "broken table: a part is larger than any memory") from None


def _is_larger(text: str, limit: int) -> bool:
    # A character takes four bytes at most.
    return 4 * len(text) > limit and len(text.encode("utf-8", "surrogatepass")) > limit


def _take(column: Any) -> list[Any]:  # noqa: ANN401 - pyarrow has no types
    """Give the values of a column; what stands in it many times is made once."""
    dictionary = getattr(column, "dictionary", None)
    if dictionary is None:
        return cast("list[Any]", column.to_pylist())
    places: list[Any] = column.indices.to_pylist()
    chosen = sorted({*places} - {None})
    if not chosen:
        return places
    values = dict(zip(chosen, dictionary.take(chosen).to_pylist(), strict=True))
    return [values.get(place) for place in places]


def seekable(stream: BufferedReader, limit: int) -> IO[bytes]:
    """Give a stream that can be sought in: itself, or what is packed, held in memory."""
    if stream.seekable():
        return cast("IO[bytes]", stream)
    return BytesIO(read_whole(stream, limit))


def choose(names: list[str], roles: Roles) -> list[str]:
    """Give those columns that are looked for, in their order."""
    fields = [field for usual in roles.values() for field in usual]
    wanted = {*fields, *(field.partition(".")[0] for field in fields)}
    return [name for name in names if name in wanted]


def _broken(error: Exception) -> RefusedError:
    return RefusedError("invalid", f"broken table: {' '.join(str(error).split())[:200]}")
