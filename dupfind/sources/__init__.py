"""Sources: paths → documents, one file at a time.

`discovery` finds the files and `ignores` says which are left out; `text` and `records` turn
the bytes of one file into documents, `titles` and `dates` say what they are called and when
they appeared. A file that cannot be read never raises: it becomes a `Skipped`.
"""

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from io import BufferedIOBase

from dupfind.model import Document, Skipped
from dupfind.sources.discovery import Form, Found, discover, unreadable
from dupfind.sources.records import read_records
from dupfind.sources.text import read_text, refuse

__all__ = ["read"]


def read(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Document | Skipped]:
    """Read the documents of files and folders, lazily and in a stable order.

    Takes files (always read) and folders (walked; see `discovery.discover` for what is left
    out). Gives the documents as they are read, and a `Skipped` for each file or record that
    could not be; no file is opened before the iterator is advanced. Raises `SourceError` at
    the call where a path does not exist.
    """
    return _read_all(discover(paths))


def _read_all(found: Iterator[Found | Skipped]) -> Iterator[Document | Skipped]:
    for item in found:
        if isinstance(item, Skipped):
            yield item
        else:
            yield from _read_file(item)


def _read_file(file: Found) -> Iterator[Document | Skipped]:
    try:
        with _open(file) as stream:
            if file.form is Form.RECORDS:
                yield from read_records(stream, file.path)
            elif file.form is Form.OTHER:
                yield refuse(stream, file.path)
            else:
                yield read_text(stream, file.path, markdown=file.form is Form.MARKDOWN)
    # Before OSError, which BadGzipFile is: the system could read the file.
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        yield Skipped(path=file.path, reason="invalid", detail=f"broken gzip: {error}")
    except OSError as error:
        yield unreadable(file.path, error)


def _open(file: Found) -> BufferedIOBase:
    """Open a file for its bytes, unpacked."""
    return gzip.open(file.name) if file.packed else open(file.name, "rb")  # noqa: PTH123
