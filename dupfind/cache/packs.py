"""Packs: rows of a table kept between runs, found again by a key of 16 bytes.

    FOLDER/PACK/keys, …    a file for each column
    FOLDER/PACK/seal       the CRC-32 of each of them

A pack is the work of one run; it is written aside and renamed when it is whole, and never
changed, so runs do not disturb each other and whatever is deleted is made again. When there are
many packs, a run writes what it needed as one and removes those that it found.
"""

import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, Self
from zlib import crc32

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dupfind.arrays import Bools, Ints, ranges
from dupfind.errors import OutputError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["KEYS", "Columns", "Layout", "Packs", "make_key"]

_KEY: Final = 16  # bytes
KEYS: Final = np.dtype(f"S{_KEY}")
"""The type of a key; see `make_key`."""

_PACKS: Final = 16  # that are read before they are made one
_MOST: Final = 2 * _PACKS  # that are read; many runs at once may leave more
_SMALL: Final = 1 << 20  # bytes of a column that is read at once
_SUM: Final = np.dtype("<u4")
_DAY: Final = 24 * 60 * 60  # seconds after which a run is dead that left an unfinished pack

Columns = Mapping[str, NDArray[Any]]
"""The columns of some rows, by their names."""


class Layout(NamedTuple):
    """What a table's columns are."""

    types: Mapping[str, DTypeLike]
    many: Mapping[str, str]
    """Columns of which a row has as many values as another column says."""
    wide: Mapping[str, int]
    """Columns of which a row has so many values."""


def make_key(data: "ReadableBuffer") -> bytes:
    """Make the key of what data tells all of."""
    found = blake2b(data, digest_size=_KEY).digest()
    # The last byte is never 0: NumPy takes zeros at the end of bytes for padding.
    return found[:-1] + bytes([found[-1] | 1])


class Packs:
    """The rows of a table that runs have kept in a folder. Raises `OSError` where it cannot be."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        self._folder = folder
        self._layout = layout
        folder.mkdir(exist_ok=True)
        self._found = sorted(folder.glob("pack-*"))[:_MOST]
        for left in folder.glob("new-*"):
            with suppress(OSError):
                # What is no longer there has just become a pack.
                if left.stat().st_mtime < time.time() - _DAY:
                    shutil.rmtree(left, ignore_errors=True)
        self._new = Path(mkdtemp(prefix="new-", dir=folder))
        self._packs = [pack for name in self._found if (pack := _Pack.open(name, layout))]
        self._anew = len(self._found) >= _PACKS
        self._files: dict[str, BinaryIO] = {}
        self._sums: dict[str, int] = {}
        keys = np.concatenate([np.empty(0, KEYS), *(pack.keys for pack in self._packs)])
        order = np.argsort(keys, kind="stable")
        self._keys = np.append(keys[order], KEYS.type())  # A key beyond all is no key.
        self._order = np.append(order, -1)
        self._starts = np.cumsum([0, *(len(pack.keys) for pack in self._packs)])

    def __enter__(self) -> Self:
        names = ("keys", *self._layout.types)
        try:
            self._files = {name: (self._new / name).open("xb") for name in names}
        except OSError as error:
            raise self._refuse(error) from None
        self._sums = dict.fromkeys(names, 0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            written = self._files["keys"].tell()
            for file in self._files.values():
                file.close()
            if error is None and written:
                self._publish()
        except OSError as failed:
            if error is None:
                raise self._refuse(failed) from None
        finally:
            shutil.rmtree(self._new, ignore_errors=True)

    def _publish(self) -> None:
        sums = np.array(list(self._sums.values()), _SUM)
        with suppress(OSError):
            # The folder may have been deleted meanwhile.
            (self._new / "seal").write_bytes(sums.tobytes())
            self._new.rename(self._folder / f"pack-{self._new.name.removeprefix('new-')}")
            for name in self._found if self._anew else ():
                shutil.rmtree(name, ignore_errors=True)

    def find(self, keys: NDArray[Any]) -> Ints:
        """Find rows among all that are kept: (keys,) int64, -1 for those that are not."""
        places = np.searchsorted(self._keys[:-1], keys)
        there = self._keys[places] == keys
        return np.where(there, self._order[places], -1)

    def take(self, rows: Ints, fresh: Columns) -> Columns:
        """Give rows that were found, and in the place of each -1 the next of the `fresh` ones."""
        new = rows < 0
        if new.all():
            return fresh
        pack = np.searchsorted(self._starts, rows, side="right") - 1
        if (pack == pack[0]).all():
            only = int(pack[0])
            return self._packs[only].rows.take(rows - self._starts[only])
        parts, places = [fresh], [np.flatnonzero(new)]
        for number in np.unique(pack[~new]).tolist():
            own = np.flatnonzero(pack == number)
            parts.append(self._packs[number].rows.take(rows[own] - self._starts[number]))
            places.append(own)
        whole = {name: np.concatenate([part[name] for part in parts]) for name in fresh}
        return _Rows(whole, self._layout).take(np.argsort(np.concatenate(places)))

    def keep(self, keys: NDArray[Any], columns: Columns, new: Bools) -> None:
        """Keep rows of which some are `new`, (rows,) bool: these alone, or all to begin anew."""
        if not (self._anew or new.any()):
            return
        if not self._anew and not new.all():
            own = np.flatnonzero(new)
            keys, columns = keys[own], _Rows(columns, self._layout).take(own)
        self._write("keys", np.asarray(keys, KEYS))
        for name, dtype in self._layout.types.items():
            self._write(name, np.ascontiguousarray(columns[name], dtype))

    def _write(self, name: str, values: NDArray[Any]) -> None:
        data = values.tobytes()
        self._sums[name] = crc32(data, self._sums[name])
        try:
            self._files[name].write(data)
        except OSError as error:
            raise self._refuse(error) from None

    def _refuse(self, error: OSError) -> OutputError:
        return OutputError(
            f"{str(self._new)!r}: {error.strerror}; a run without a cache needs none"
        )


class _Rows:
    """Finds rows in columns."""

    def __init__(self, columns: Columns, layout: Layout) -> None:
        self._columns = columns
        self._many = layout.many
        self._starts = {
            name: np.cumsum(columns[name], dtype=np.int64) - columns[name]
            for name in set(layout.many.values())
        }

    def take(self, rows: Ints) -> Columns:
        """Give some rows, in the order of `rows`, (rows,) int64."""
        places = {
            name: ranges(starts[rows], self._columns[name][rows])
            for name, starts in self._starts.items()
        }
        return {
            name: values[places[self._many[name]] if name in self._many else rows]
            for name, values in self._columns.items()
        }


class _Pack:
    """The rows that one run kept."""

    def __init__(self, keys: NDArray[Any], columns: Columns, layout: Layout) -> None:
        self.keys = keys
        self.rows = _Rows(columns, layout)

    @classmethod
    def open(cls, folder: Path, layout: Layout) -> "_Pack | None":
        """Open a pack; None where it is not whole, as when it is just being deleted."""
        try:
            sums = iter(np.fromfile(folder / "seal", _SUM).tolist())
            keys = _map(folder / "keys", KEYS, next(sums))
            columns = {
                name: _map(folder / name, dtype, next(sums)) for name, dtype in layout.types.items()
            }
            for name, width in layout.wide.items():
                columns[name] = columns[name].reshape(-1, width)
        except (OSError, StopIteration, ValueError):
            return None
        whole = all(
            len(values) == (columns[layout.many[name]].sum() if name in layout.many else len(keys))
            for name, values in columns.items()
        )
        return cls(keys, columns, layout) if whole else None


def _map(path: Path, dtype: DTypeLike, total: int) -> NDArray[Any]:
    """Map a column. Raises `ValueError` where it is not what was written."""
    # Every file that is mapped stays open, and there is a limit to their number.
    small = path.stat().st_size < _SMALL
    whole = np.fromfile(path, np.uint8) if small else np.memmap(path, np.uint8, "r")
    if crc32(whole.data) != total:
        raise ValueError(path)
    return np.asarray(whole).view(dtype)
