"""Picking: a name that someone typed → the one document that it stands for."""

import os
from collections.abc import Iterator

from dupfind.errors import SourceError
from dupfind.model import Document, Skipped
from dupfind.sources import read

__all__ = ["pick"]


def pick(name: str) -> Document:
    """Read the document that a name stands for.

    That is a file with one document in it, or `file#record`: a record by its id, or by its
    number where it has none, as reports name it. What is the name of a file is that file, and
    else the record's name begins after the first `#` that a file's name stands before. Raises
    `SourceError` where there is no such document, or more than one.
    """
    path, record = _split(name)
    if os.path.isdir(path):  # noqa: PTH112 - as in discovery
        raise SourceError(f"{name!r} is a folder; name a file in it")
    found = _match(path, record)
    first = next(found, None)
    if first is None:
        what = "is empty" if record is None else "has no such record"
        raise SourceError(f"{name!r} cannot be compared: the file {what}")
    if isinstance(first, Skipped):
        detail = f": {first.detail}" if first.detail else ""
        raise SourceError(f"{name!r} cannot be compared: {first.reason}{detail}")
    if next(found, None) is not None:
        if record is None:
            raise SourceError(f"{name!r} holds several documents; name one by its id: {path}#ID")
        raise SourceError(f"{name!r} is the name of several records; give each an id of its own")
    return first


def _split(name: str) -> tuple[str, str | None]:
    if not os.path.lexists(name):
        at = name.find("#")
        while at >= 0:
            if os.path.isfile(name[:at]):  # noqa: PTH113 - as in discovery
                return name[:at], name[at + 1 :]
            at = name.find("#", at + 1)
    return name, None


def _match(path: str, record: str | None) -> Iterator[Document | Skipped]:
    for item in read([path]):
        if record is None or str(item.record) == record:
            yield item
