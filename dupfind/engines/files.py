"""The files of a run: large arrays lie there, for processes to share and to spare memory.

An array is too large for the pipe between two processes: it would be copied four times. It is
written to a file instead, once, and mapped on the other side (pickle's protocol 5 hands large
buffers out of band). An array that is a file already is named, not written.
"""

import io
import mmap
import os
import pickle
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from itertools import count, groupby
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, Self, TypeVar, cast
from weakref import WeakSet, ref

import numpy as np
from numpy.typing import NDArray

from dupfind.errors import OutputError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["Files", "Packed", "let_go", "unpack"]

A = TypeVar("A", bound=np.generic)

_LARGE: Final = 1 << 16  # bytes of an array that are better off in a file
_SHORT: Final = 1 << 11  # bytes that a pipe takes without anybody reading them
_PAGE: Final = mmap.ALLOCATIONGRANULARITY
_SMALL: Final = 1 << 20  # bytes of a file that is read at once
_KEPT: Final = 1 << 26  # bytes of all mapped files that are not worth letting go of
_MUCH: Final = 1 << 24  # bytes of them that were looked at, to be let go of

_mapped: WeakSet[mmap.mmap] = WeakSet()


class _Part(NamedTuple):
    """A stretch of a file."""

    path: str
    start: int
    size: int


class Packed(NamedTuple):
    """An object on its way from one process to another."""

    pickled: bytes | _Part
    """In itself if it is short."""
    parts: tuple[_Part, ...]
    """Where its large arrays lie."""
    written: str | None
    """The file that was written for it alone."""

    def remove(self) -> None:
        """Remove the file; what of it is in use stays until it no longer is."""
        if self.written:
            with suppress(PermissionError, FileNotFoundError):
                Path(self.written).unlink()


class Files:
    """The files of a run, and how much of its columns is kept in memory instead.

    Without a folder, a private one is made when it is needed, and removed with all that is in it.
    """

    def __init__(self, memory: int = 0, folder: str | Path | None = None) -> None:
        self._left = memory
        self._folder = None if folder is None else str(folder)
        self._own: TemporaryDirectory[str] | None = None
        self._names = count()
        self._opened = ExitStack()
        self._mapped: dict[str, tuple[ref[mmap.mmap], int, int]] = {}
        self._looked_at = 0

    @property
    def folder(self) -> str:
        """Where the files are."""
        if self._folder is None:
            self._own = TemporaryDirectory(prefix="dupfind-", ignore_cleanup_errors=True)
            self._folder = self._own.name
        return self._folder

    def close(self) -> None:
        """Remove the files, unless somebody else made their folder."""
        self._opened.close()
        if self._own is not None:
            self._own.cleanup()
            self._own = self._folder = None

    def take(self, size: int) -> bool:
        """Take so many bytes of memory for a column; tell whether there are so many left."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give(self, size: int) -> None:
        """Give bytes of memory back."""
        self._left += size

    def open(self) -> BinaryIO:
        """Open a new file to write to."""
        return self._opened.enter_context(self.make())

    def make(self) -> BinaryIO:
        """Make a new file, to be closed by the caller."""
        path = Path(self.folder, f"{os.getpid()}-{next(self._names)}")
        return io.BufferedWriter(_File(str(path), "x"))

    def map(self, file: BinaryIO) -> NDArray[np.uint8]:
        """Close a file and give its bytes as an array, not to be written to."""
        file.close()
        name = str(file.name)  # That of one that was kept is a path.
        size = Path(name).stat().st_size
        if not size:
            return np.empty(0, dtype=np.uint8)
        mapped = _map(_Part(name, 0, size))
        whole = np.frombuffer(mapped, dtype=np.uint8)
        self._mapped[name] = (ref(cast("mmap.mmap", mapped.obj)), _address(whole), size)
        return whole

    def open_kept(self, path: Path) -> NDArray[np.uint8]:
        """Give the bytes of a file that nobody changes, as an array, not to be written to."""
        # Every file that is mapped stays open, and there is a limit to their number.
        if path.stat().st_size < _SMALL:
            return np.fromfile(path, dtype=np.uint8)
        return self.map(path.open("rb"))

    def link(self, array: NDArray[Any], path: Path) -> bool:
        """Give the file that an array is, if it is one, one more name; tell whether it is."""
        large = array.nbytes >= _LARGE and array.flags.c_contiguous
        found = self._find(array.data.cast("B")) if large else None
        if found is None or Path(found.path).stat().st_size != found.size:
            return False
        try:
            path.hardlink_to(found.path)
        except OSError:
            return False  # There are file systems without.
        return True

    def look_at(self, size: int) -> None:
        """Count bytes that were looked at and may lie in files; let go of them where it is much."""
        self._looked_at += size
        if self._looked_at > _MUCH:
            self._looked_at = 0
            let_go()

    def share(self, array: NDArray[A]) -> NDArray[A]:
        """Give an array as one that lies in a file."""
        if array.nbytes < _LARGE or self._find(array.data.cast("B")):
            return array
        file = self.open()
        file.write(array.data)
        return self.map(file).view(array.dtype)

    def pack(self, thing: object) -> Packed:
        """Pack an object, whatever of it is large into a file."""
        parts: list[_Part] = []
        with _Writer(self) as writer:

            def put(buffer: pickle.PickleBuffer) -> bool:
                data = buffer.raw()
                if data.nbytes < _LARGE:
                    return True
                parts.append(self._find(data) or writer.write(data))
                return False

            pickled = pickle.dumps(thing, 5, buffer_callback=put)
            short = len(pickled) <= _SHORT
            first = pickled if short else writer.write(memoryview(pickled))
            return Packed(first, tuple(parts), writer.written)

    def _find(self, data: memoryview) -> _Part | None:
        """Find the stretch of a file that an array is."""
        at = _address(np.frombuffer(data, dtype=np.uint8))
        for path, (mapped, address, size) in self._mapped.items():
            # What was let go of may have left its address to something else.
            if mapped() and address <= at and at + data.nbytes <= address + size:
                return _Part(path, at - address, data.nbytes)
        return None


class _File(io.FileIO):
    """A file that says where it is when it cannot be written to."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            folder = Path(str(self.name)).parent.parent
            raise OutputError(
                f"cannot write to {str(folder)!r}: {error.strerror}; the files of a run need room: "
                "set TMPDIR, or --work-dir, to a folder that has more, or --memory"
            ) from error


class _Writer:
    """Writes one file, if anything is to be written."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._file: BinaryIO | None = None
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def written(self) -> str | None:
        """The name of the file; None where nothing was written."""
        return self._file.name if self._file is not None else None

    def write(self, data: memoryview) -> _Part:
        """Write bytes where a page begins."""
        if self._file is None:
            self._file = self._files.make()
        begin = self._end
        self._file.write(data)
        self._end = -(-(begin + data.nbytes) // _PAGE) * _PAGE
        self._file.seek(self._end)
        return _Part(self._file.name, begin, data.nbytes)


def unpack(packed: Packed) -> Any:  # noqa: ANN401 # What comes out is what went in.
    """Give the object that was packed. Its large arrays cannot be written to."""
    parts = packed.parts
    if isinstance(packed.pickled, _Part):
        pickled, *buffers = _map_all((packed.pickled, *parts))
        return pickle.loads(pickled, buffers=buffers)  # noqa: S301 # Our own processes'.
    return pickle.loads(packed.pickled, buffers=_map_all(parts))  # noqa: S301 # The same.


def _map_all(parts: Sequence[_Part]) -> list[memoryview]:
    """Map stretches of files, each file once: every map keeps one open, and there is a limit."""
    whole: dict[str, tuple[int, memoryview]] = {}
    for path, own in groupby(sorted(parts), attrgetter("path")):
        first, *others = own
        end = max(part.start + part.size for part in (first, *others))
        whole[path] = first.start, _map(_Part(path, first.start, end - first.start))
    found = []
    for path, start, size in parts:
        begin, mapped = whole[path]
        found.append(mapped[start - begin : start - begin + size])
    return found


def _map(part: _Part) -> memoryview:
    before = part.start % _PAGE
    with Path(part.path).open("rb") as file:
        whole = mmap.mmap(
            file.fileno(), part.size + before, access=mmap.ACCESS_READ, offset=part.start - before
        )
    _mapped.add(whole)
    return memoryview(whole)[before:]


def let_go() -> None:
    """Let go of what this process has read of mapped files; it is there again when asked for.

    The system takes it where memory is short. Where it is not, it would count as this process's.
    """
    if hasattr(mmap, "MADV_DONTNEED") and sum(map(len, _mapped)) > _KEPT:
        for whole in _mapped:
            whole.madvise(mmap.MADV_DONTNEED)


def _address(array: NDArray[np.uint8]) -> int:
    address: int = array.__array_interface__["data"][0]
    return address
