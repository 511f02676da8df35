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
from dupfind.sources.formats import Found, Note
from dupfind.sources.marks import obey
from dupfind.sources.opening import Recall, read_file

__all__ = ["Found", "Note", "Recall", "read"]


def read(
    paths: Iterable[str | os.PathLike[str]],
    selection: Selection | None = None,
    reading: Reading | None = None,
    tell: Callable[[Note], None] | None = None,
    log: Callable[[File | Skipped | LeftOut], None] | None = None,
    recall: Recall | None = None,
) -> Iterator[Document | Skipped]:
    """Read the documents of files and folders, lazily and in a stable order.

    Takes files (always read), folders and archives (see `discovery.discover` for what is left
    out), and `-` for standard input. Gives the documents as they are read, and a `Skipped` for
    each file or record that could not be; no file is opened before the iterator is advanced.
    `tell` is told of each file what it is read as, and what is left out; `log` of each file
    before it is read; `recall` may know what a file holds. Raises `SourceError` where a path does
    not exist and `SettingsError` for a pattern that makes no sense, both at the call.
    """
    choice = Choice(selection or Selection())
    return _read_all(discover(paths, choice), choice, reading or Reading(), tell, log, recall)


def _read_all(
    found: Iterator[File | Skipped | LeftOut],
    choice: Choice,
    reading: Reading,
    tell: Callable[[Note], None] | None,
    log: Callable[[File | Skipped | LeftOut], None] | None,
    recall: Recall | None,
) -> Iterator[Document | Skipped]:
    for file in found:
        if log:
            log(file)
        if isinstance(file, Skipped):
            yield file
        elif isinstance(file, LeftOut):
            if tell:
                tell(Note(file.path, f"left out: {file.why}", routine=True))
        else:
            for item in read_file(file, choice, reading, recall):
                judged = item
                if isinstance(item, Document):
                    judged = _judge(item, choice) if choice.filters else obey(item)
                if not isinstance(judged, Note):
                    yield judged
                elif tell:
                    tell(judged)


def _judge(document: Document, choice: Choice) -> Document | Skipped | Note:
    """Give a document where it is chosen, its marks obeyed, else why it is not."""
    why = choice.judge(document)
    if isinstance(why, str):
        return Note(document.path, f"left out: {why}", routine=True)
    return obey(document) if why is None else why.skip(document.path, document.record)
