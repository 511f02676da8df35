"""Cutting: a file → the same file without some of its documents, byte for byte otherwise.

What packs a file, what lists its members and what holds its records is told as `sources` tells
it. A module here cuts one kind of container:

    def cut(stream: BufferedReader, sink: BinaryIO, kept: frozenset[int], reading: Reading) -> int

for records, whose numbers are those of `Document.number`; it gives how many it wrote. And for
archives

    def cut(stream: BufferedReader, sink: BinaryIO, members: Members) -> None

Both write what is kept in its order and pass over the rest. They stop after the last that is
kept, so that a fault beyond it does no harm.
"""

import shutil
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from io import BufferedReader
from typing import BinaryIO, Final

from dupfind.cutting.packing import pack
from dupfind.cutting.shape import (
    ARCHIVES,
    RECORDS,
    Core,
    Shape,
    begin_budget,
    find_core,
    open_file,
    shape_by_name,
    shape_of,
)
from dupfind.errors import SourceError
from dupfind.reading import Reading
from dupfind.sources.streams import BUFFER, RefusedError, drop_mark
from dupfind.sources.unpacking import Budget

__all__ = [
    "JOINABLE",
    "Keep",
    "Members",
    "Shape",
    "cut_content",
    "cut_file",
    "shape_by_name",
    "shape_of",
    "ways_to",
]

JOINABLE: Final = "jsonlines"
"""The one kind of which several files make one."""

Keep = Mapping[str, frozenset[int] | None]
"""Of a file, and of each file inside of it, of which anything is kept, by its path in the report:
the numbers of the records; None where all of it is, empty where they have none."""


def ways_to(path: str) -> Iterator[str]:
    """Give what a path in the report may lead through: `a.zip!b.zip!c` is c in b.zip in a.zip."""
    at = path.find("!")
    while at >= 0:
        yield path[:at]
        at = path.find("!", at + 1)
    yield path


def cut_file(name: str, path: str, sink: BinaryIO, keep: Keep, reading: Reading) -> None:
    """Write what is kept of a file, packed as it is packed.

    Takes what opens it and its path in the report. Raises `SourceError` where it is of a kind
    that cannot be cut, or has changed since it was read, and `OSError` where it cannot be
    written.
    """
    cutter = _Cutter(keep, reading, begin_budget(name))
    with open_file(name) as stream:
        cutter.cut(stream, sink, path, name)
    cutter.end(path)


def cut_content(name: str, path: str, sink: BinaryIO, keep: Keep, reading: Reading) -> None:
    """Write what is kept of a file, without what it is packed in and its byte order mark.

    See `cut_file`.
    """
    cutter = _Cutter(keep, reading, begin_budget(name))
    with open_file(name) as stream:
        core = find_core(stream, name, cutter.budget)
        drop_mark(core.stream)
        cutter.cut_core(core, sink, path)
    cutter.end(path)


class _Cutter:
    """Cuts one file, and what is in it."""

    def __init__(self, keep: Keep, reading: Reading, budget: Budget) -> None:
        self.budget = budget
        self._keep = keep
        self.reading = reading
        self._ways = {way for path in keep for way in ways_to(path)}
        self._left = set(keep)

    def cut(self, stream: BufferedReader, sink: BinaryIO, path: str, name: str) -> None:
        """Cut a file, or what is in one."""
        if self._keep.get(path, ()) is None:
            self._copy(stream, sink, path)
            return
        core = find_core(stream, name, self.budget)
        with pack(sink, core.shape.layers) as packed:
            if core.stream.peek(len(BOM_UTF8)).startswith(BOM_UTF8):
                packed.write(BOM_UTF8)
                drop_mark(core.stream)
            self.cut_core(core, packed, path)

    def cut_core(self, core: Core, sink: BinaryIO, path: str) -> None:
        """Cut what is inside of all packings."""
        try:
            if core.shape.kind in ARCHIVES:
                module = import_module(f"{__name__}.{core.shape.kind}")
                cut: Callable[[BufferedReader, BinaryIO, Members], None] = module.cut
                cut(core.stream, sink, Members(self, path))
            elif (kept := self._keep.get(path)) is None:
                self._copy(core.stream, sink, path)
            else:
                self._cut_records(core, sink, path, kept)
        except (RefusedError, UnicodeError) as error:
            raise SourceError(f"{path!r} cannot be cut: {error}") from None

    def leads(self, path: str) -> bool:
        """Tell whether anything is kept of a file, or of what is in it."""
        return path in self._ways

    def is_done(self) -> bool:
        """Tell whether all has been written."""
        return not self._left

    def end(self, path: str) -> None:
        """Raise `SourceError` where something was not found again."""
        if self._left:
            raise _changed(path)

    def _copy(self, stream: BufferedReader, sink: BinaryIO, path: str) -> None:
        shutil.copyfileobj(stream, sink, BUFFER)
        self._left.discard(path)

    def _cut_records(self, core: Core, sink: BinaryIO, path: str, kept: frozenset[int]) -> None:
        kind = core.shape.kind
        if kind not in RECORDS or not kept:
            raise SourceError(
                f"{path!r}: dedupe cannot cut documents out of a file of this kind ({kind}); save "
                "them as files of their own or as JSON Lines first, or --exclude the file"
            )
        module = import_module(f"{__name__}.{RECORDS[kind]}")
        cut: Callable[[BufferedReader, BinaryIO, frozenset[int], Reading], int] = module.cut
        if cut(core.stream, sink, kept, self.reading) != len(kept):
            raise _changed(path)
        self._left.discard(path)


class Members:
    """Says what is kept of an archive, and cuts it."""

    def __init__(self, cutter: _Cutter, path: str) -> None:
        self._cutter = cutter
        self._path = path
        self._seen: set[str] = set()

    def takes(self, name: str) -> bool:
        """Tell whether anything is kept of a member, by its name as the report shows it.

        Raises `SourceError` for a second one of the same name: the report does not tell them
        apart.
        """
        if name in self._seen:
            raise SourceError(
                f"{self._path!r} holds two files named {name!r}; unpack it into a folder first"
            )
        inner = f"{self._path}!{name}"
        if self._cutter.leads(inner):
            self._seen.add(name)
            return True
        return False

    def cut(self, stream: BufferedReader, sink: BinaryIO, name: str) -> None:
        """Write what is kept of a member."""
        self._cutter.cut(stream, sink, f"{self._path}!{name}", name)

    def is_done(self) -> bool:
        """Tell whether there is nothing more to write."""
        return self._cutter.is_done()

    @property
    def limit(self) -> int:
        """How many bytes may be held."""
        return self._cutter.reading.max_size

    @property
    def budget(self) -> Budget:
        """What may be unpacked."""
        return self._cutter.budget


def _changed(path: str) -> SourceError:
    return SourceError(f"{path!r} has changed while it was read; try again")
