"""Tables: batches of rows → those rows that are kept. pyarrow reads and writes them."""

import shutil
from collections.abc import Callable, Iterable
from importlib import import_module
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO

from dupfind.sources.streams import BUFFER, RefusedError

__all__ = ["write_rows"]


def write_rows(
    batches: Iterable[Any],
    sink: BinaryIO,
    kept: frozenset[int],
    open_writer: Callable[[IO[bytes]], Any],
) -> int:
    """Write rows by their numbers, through what `open_writer` opens; give how many.

    Raises `RefusedError` where the table is broken.
    """
    pyarrow: Any = import_module("pyarrow")
    first, written = 1, 0
    # It wants a file that can be sought in, and closes it.
    with TemporaryFile() as file:
        try:
            with open_writer(pyarrow.PythonFile(file, mode="w")) as writer:
                for batch in batches:
                    chosen = [number in kept for number in range(first, first + batch.num_rows)]
                    first += batch.num_rows
                    if any(chosen):
                        writer.write_batch(batch.filter(pyarrow.array(chosen)))
                        written += sum(chosen)
                    if written == len(kept):
                        break
        except (pyarrow.ArrowException, ValueError, OverflowError) as error:
            raise RefusedError("invalid", " ".join(str(error).split())[:200]) from None
        file.seek(0)
        shutil.copyfileobj(file, sink, BUFFER)
    return written
