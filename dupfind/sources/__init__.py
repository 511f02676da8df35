"""Sources: paths → documents, one file at a time.

`discovery` finds the files, `ignores` and `choice` say which are left out; `opening` unpacks
them down to what a module of `formats` turns into documents, whose `marks` may hide some of
it. A file that cannot be read never raises: it becomes a `Skipped`.
"""

import os
from collections.abc import Callable, Iterable, Iterator

from dupfind.model import Document, Skipped
from dupfind.reading import Reading, Selection
from dupfind.sources.choice import Choice
from dupfind.sources.discovery import File, LeftOut, discover
from dupfind.sources.formats import Note
from dupfind.sources.marks import obey
from dupfind.sources.opening import read_file

__all__ = ["Note", "read"]


def read(
    paths: Iterable[str | os.PathLike[str]],
    selection: Selection | None = None,
    reading: Reading | None = None,
    tell: Callable[[Note], None] | None = None,
) -> Iterator[Document | Skipped]:
    """Read the documents of files and folders, lazily and in a stable order.

    Takes files (always read), folders and archives (see `discovery.discover` for what is left
    out), and `-` for standard input. Gives the documents as they are read, and a `Skipped` for
    each file or record that could not be; no file is opened before the iterator is advanced.
    `tell` is told of each file what it is read as, and what is left out. Raises `SourceError`
    where a path does not exist and `SettingsError` for a pattern that makes no sense, both at
    the call.
    """
    choice = Choice(selection or Selection())
    return _read_all(discover(paths, choice), choice, reading or Reading(), tell)


def _read_all(
    found: Iterator[File | Skipped | LeftOut],
    choice: Choice,
    reading: Reading,
    tell: Callable[[Note], None] | None,
) -> Iterator[Document | Skipped]:
    for file in found:
        if isinstance(file, Skipped):
            yield file
        elif isinstance(file, LeftOut):
            if tell:
                tell(Note(file.path, f"left out: {file.why}"))
        else:
            for item in read_file(file, choice, reading):
                if isinstance(item, Document):
                    yield _check(item, choice)
                elif isinstance(item, Skipped):
                    yield item
                elif tell:
                    tell(item)


def _check(document: Document, choice: Choice) -> Document | Skipped:
    """Give a document as its marks want it, where it is chosen."""
    refused = choice.refuse(document) if choice.filters else None
    if refused is not None:
        return refused.skip(document.path, document.record)
    return obey(document)
