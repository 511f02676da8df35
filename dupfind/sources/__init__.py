"""Sources: paths → documents, one file at a time.

`discovery` finds the files and `ignores` says which are left out; a module of `formats` turns
the bytes of one file into documents, `titles` and `dates` say what they are called and when
they appeared. A file that cannot be read never raises: it becomes a `Skipped`.
"""

import gzip
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BufferedReader, FileIO, RawIOBase
from typing import cast

from dupfind.model import Document, Skipped
from dupfind.reading import Reading
from dupfind.sources import formats
from dupfind.sources.discovery import Found, discover, unreadable
from dupfind.sources.formats import Note
from dupfind.sources.streams import BUFFER, RefusedError, look_ahead

__all__ = ["read"]


def read(
    paths: Iterable[str | os.PathLike[str]],
    reading: Reading | None = None,
    tell: Callable[[Note], None] | None = None,
) -> Iterator[Document | Skipped]:
    """Read the documents of files and folders, lazily and in a stable order.

    Takes files (always read) and folders (walked; see `discovery.discover` for what is left
    out). Gives the documents as they are read, and a `Skipped` for each file or record that
    could not be; no file is opened before the iterator is advanced. `tell` is told of each
    file what it is read as. Raises `SourceError` at the call where a path does not exist.
    """
    return _read_all(discover(paths), reading or Reading(), tell)


def _read_all(
    found: Iterator[Found | Skipped], reading: Reading, tell: Callable[[Note], None] | None
) -> Iterator[Document | Skipped]:
    for file in found:
        for item in [file] if isinstance(file, Skipped) else _read_file(file, reading):
            if not isinstance(item, Note):
                yield item
            elif tell is not None:
                tell(item)


def _read_file(file: Found, reading: Reading) -> Iterator[formats.Found]:
    try:
        with _open(file) as stream:
            yield from _read_stream(stream, file, reading)
    # Before OSError, which both are: the system could read the file.
    except RefusedError as refused:
        yield refused.skip(file.path)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        yield Skipped(path=file.path, reason="invalid", detail=f"broken gzip: {error}")
    except OSError as error:
        yield unreadable(file.path, error)


def _read_stream(stream: BufferedReader, file: Found, reading: Reading) -> Iterator[formats.Found]:
    head = look_ahead(stream)
    form = formats.recognize(head, file.name.lower().removesuffix(".gz"))
    if form is None:
        if b"\0" in head:
            raise RefusedError("binary")
        if not file.named:
            raise RefusedError(
                "unsupported",
                "not a known text file; name it on the command line to read it as text",
            )
        form = formats.TEXT
    yield Note(file.path, form.name)
    yield from form.read(stream, file.path, reading)


def _open(file: Found) -> BufferedReader:
    """Open a file for its bytes, unpacked."""
    if file.name.lower().endswith(".gz"):
        return BufferedReader(cast("RawIOBase", gzip.open(file.name)), BUFFER)
    return BufferedReader(FileIO(file.name), BUFFER)
