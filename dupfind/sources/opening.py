"""Opening: a file → what it is made of, down through packings and archives to documents."""

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from functools import partial
from io import BufferedReader, BytesIO, FileIO, RawIOBase
from typing import BinaryIO, Final, NamedTuple, cast

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources import formats
from dupfind.sources.archives import archive_of, list_members
from dupfind.sources.choice import Choice
from dupfind.sources.decoding import Transcoded, marked
from dupfind.sources.discovery import STDIN, File, unreadable
from dupfind.sources.formats import Format, Found, Note
from dupfind.sources.streams import BUFFER, HEAD, RefusedError, look_ahead
from dupfind.sources.unpacking import Budget, packing_of

__all__ = ["Recall", "read_file"]

_HIDDEN: Final = re.compile(r"(?:^|/)\.(?!\.?(?:/|$))")
_DEEPEST: Final = 5
"""Layers of packing, of which a packed tar file has two."""
_LARGE: Final = 1 << 24  # bytes of a file that is not held in memory to be told by them


Recall = Callable[[str, str, Reading, bytes, Callable[[], Iterator[Found]]], Iterator[Found]]
"""Gives what a file holds, as the last argument reads it or as it is known from its bytes.

Takes the name of its format, its path, how it is read, and its bytes.
"""


def read_file(
    file: File, choice: Choice, reading: Reading, recall: Recall | None = None
) -> Iterator[Found]:
    """Read the documents of a file. What cannot be read becomes a `Skipped`."""
    budget = Budget()
    try:
        with _open(file, budget) as stream:
            opener = _Opener(choice, reading, budget, recall, included=not file.named)
            yield from opener.read(stream, file.path, file.name, named=file.named)
    except RefusedError as refused:
        yield refused.skip(file.path)
    except OSError as error:
        yield unreadable(file.path, error)


class _Opener(NamedTuple):
    """What holds for all that is in one file."""

    choice: Choice
    reading: Reading
    budget: Budget
    recall: Recall | None
    included: bool
    """The file was found, so it was held against the patterns already."""

    def read(
        self, stream: BufferedReader, path: str, name: str, *, named: bool = False, depth: int = 0
    ) -> Iterator[Found]:
        """Read a file, or what is in one."""
        if depth > _DEEPEST:
            raise RefusedError("nested", f"packed more than {_DEEPEST} times over")
        head = look_ahead(stream)
        if encoding := marked(head):
            stream = BufferedReader(Transcoded(stream, encoding), BUFFER)
            head = look_ahead(stream)
        form = formats.by_content(head)
        if form is None and (packed := packing_of(head, name)):
            packing, inside = packed
            opened = packing.open(stream, self.budget)
            yield from self.read(opened, path, inside, named=named, depth=depth + 1)
        elif form is None and (kind := archive_of(head, name)):
            yield from self._read_archive(kind, stream, path, depth)
        else:
            form = form or _settle(head, name, named=named)
            yield Note(path, form.name, routine=True)
            found = self._read_as(form, stream, path)
            yield from self._count(found) if form.packs else found

    def _read_as(self, form: Format, stream: BufferedReader, path: str) -> Iterator[Found]:
        data = _hold(stream) if self.recall and form.slow else None
        if data is not None:
            stream = cast("BufferedReader", _Held(data))
        if form.packs:
            # Libraries look into what is held in memory; they shall read it like any file.
            stream = BufferedReader(stream, BUFFER)
        read = partial(form.read, stream, path, self.reading)
        if self.recall is None or data is None:
            return read()
        return self.recall(form.name, path, self.reading, data, read)

    def _count(self, found: Iterator[Found]) -> Iterator[Found]:
        for item in found:
            if isinstance(item, Document):
                self.budget.spend(len(item.text))
            yield item

    def _read_archive(
        self, kind: str, stream: BufferedReader, path: str, depth: int
    ) -> Iterator[Found]:
        for member in list_members(kind, stream, self.reading.max_size, self.budget):
            inner = f"{path}!{member.name}"
            if why := self._leave_out(member.name):
                yield Note(inner, why, routine=True)
                continue
            try:
                if isinstance(member.stream, RefusedError):
                    raise member.stream
                yield from self.read(member.stream, inner, member.name, depth=depth + 1)
            except RefusedError as refused:
                if refused.reason == "bomb":
                    raise
                yield refused.skip(inner)

    def _leave_out(self, name: str) -> str | None:
        if not self.choice.hidden and _HIDDEN.search(name):
            return "left out: hidden"
        chosen = self.choice.takes_member(name, included=self.included)
        return None if chosen else "left out: not chosen"


def _settle(head: bytes, name: str, *, named: bool) -> formats.Format:
    """Choose the format of a file whose content says nothing of it."""
    if b"\0" in head:
        raise RefusedError("binary")
    form = formats.by_name(name)
    if form is None and not named:
        raise RefusedError(
            "unsupported", "not a known text file; name it on the command line to read it as text"
        )
    return form or formats.TEXT


def _open(file: File, budget: Budget) -> BufferedReader:
    if file.name == STDIN:
        return BufferedReader(_Piped(sys.stdin.buffer, budget), BUFFER)
    opened = os.open(file.name, _NAMED if file.named else _FOUND)
    try:
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode):
            raise RefusedError("special", "no file any more")
        budget.packed = status.st_size
        if status.st_size < BUFFER:
            # Most files are small: read at once, they cost half the calls of the system.
            data = os.read(opened, status.st_size + 1)
            if len(data) == status.st_size:
                os.close(opened)
                return cast("BufferedReader", _Held(data))
            os.lseek(opened, 0, os.SEEK_SET)
        return BufferedReader(FileIO(opened), BUFFER)
    except OSError:
        os.close(opened)
        raise


# What was a file may be a pipe or a link by now: neither waited for nor followed.
_NAMED: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FOUND: Final = _NAMED | getattr(os, "O_NOFOLLOW", 0)


class _Held(BytesIO):
    """A file that was read at once: all of a `BufferedReader` that readers use, for a third."""

    def peek(self, size: int) -> bytes:
        """Give the next bytes and leave them there to be read."""
        at = self.tell()
        return self.getvalue()[at : at + size]


def _hold(stream: BytesIO | BufferedReader) -> bytes | None:
    """Read a file at once; None where it is large, and for what comes out of another."""
    if isinstance(stream, _Held):
        return stream.getvalue()
    if isinstance(stream, BytesIO) or not isinstance(stream.raw, FileIO):
        return None
    small = os.fstat(stream.fileno()).st_size <= _LARGE
    return stream.read() if small else None


class _Piped(RawIOBase):
    """Standard input: its head arrives as one piece, and what arrives is counted."""

    def __init__(self, source: BinaryIO, budget: Budget) -> None:
        self._source = cast("BufferedReader", source)
        self._budget = budget

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # typeshed: Buffer
        """Fill a buffer; see `io.RawIOBase`."""
        first = not self._budget.packed
        data = self._source.read(HEAD) if first else self._source.read1(len(buffer))
        self._budget.packed += len(data)
        buffer[: len(data)] = data
        return len(data)
