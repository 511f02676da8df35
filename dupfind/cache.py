"""The cache: sketches kept between runs, found again by the text they were made of.

    DIR/.gitignore, CACHEDIR.TAG
    DIR/SETTINGS/PACK/keys, words, hashes, …    a file for each column of a sketch

A pack is the work of one run; it is written aside and renamed when it is whole, and never
changed, so runs do not disturb each other and whatever is deleted is made again. What sketches
depend on, settings and the program's version, names the folder above it. When there are many
packs, a run writes what it needed as one and removes those that it found.
"""

import shutil
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

import numpy as np
from numpy.typing import NDArray

from dupfind import __version__
from dupfind.arrays import Ints
from dupfind.columns import Column
from dupfind.errors import OutputError
from dupfind.folders import mark
from dupfind.sketches import COLUMNS, Rows, Sketch, join

__all__ = ["Cache"]

_PACKS: Final = 16  # that are read before they are made one
_KEY: Final = 16  # bytes
_DAY: Final = 24 * 60 * 60  # seconds after which a run is dead that left an unfinished pack
_TYPES: Final = {"keys": np.dtype(f"S{_KEY}"), **{name: np.dtype(t) for name, t in COLUMNS.items()}}


class Cache:
    """Sketches kept in a folder.

    Raises `OutputError` where the folder cannot be written to, or is none of a cache.
    """

    def __init__(self, folder: Path, bands: int, *settings: int) -> None:
        self._bands = bands
        name = blake2b(repr((__version__, bands, settings)).encode(), digest_size=8).hexdigest()
        self._folder = folder / name
        try:
            mark(folder, "Sketches", "cache")
            self._folder.mkdir(exist_ok=True)
            names = sorted(self._folder.glob("pack-*"))
            for left in self._folder.glob("new-*"):
                if left.stat().st_mtime < time.time() - _DAY:
                    shutil.rmtree(left, ignore_errors=True)
            self._new = Path(mkdtemp(prefix="new-", dir=self._folder))
        except OSError as error:
            raise OutputError(f"{str(folder)!r} cannot be a cache: {error.strerror}") from None
        self._packs = [pack for name in names if (pack := _Pack.open(name, bands))]
        self._anew = len(names) >= _PACKS
        self._found = names
        self._files: dict[str, BinaryIO] = {}
        keys = np.concatenate([np.empty(0, _TYPES["keys"]), *(pack.keys for pack in self._packs)])
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]
        self._starts = np.cumsum([0, *(len(pack.keys) for pack in self._packs)])

    def __enter__(self) -> Self:
        self._files = {name: (self._new / name).open("xb") for name in _TYPES}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        written = self._files["keys"].tell()
        for file in self._files.values():
            file.close()
        if error is None and written:
            with suppress(OSError):
                # The name is taken if another run did the same.
                self._new.rename(self._folder / f"pack-{self._new.name.removeprefix('new-')}")
            for name in self._found if self._anew else ():
                shutil.rmtree(name, ignore_errors=True)
        shutil.rmtree(self._new, ignore_errors=True)

    def sketch(
        self,
        run: Callable[[Iterable[list[str]]], Iterator[Sketch]],
        batches: Iterable[list[str]],
    ) -> Iterator[Sketch]:
        """Sketch batches of texts; `run` gets those texts that are not kept here."""
        waiting: deque[tuple[NDArray[Any], Ints]] = deque()

        def miss() -> Iterator[list[str]]:
            for texts in batches:
                keys = np.array([_sum_up(text) for text in texts], dtype=_TYPES["keys"])
                rows = self._find(keys)
                waiting.append((keys, rows))
                yield [texts[row] for row in np.flatnonzero(rows < 0).tolist()]

        for fresh in run(miss()):
            keys, rows = waiting.popleft()
            whole = self._merge(rows, fresh)
            if self._anew:
                self._write(keys, whole)
            else:
                self._write(keys[rows < 0], fresh)
            yield whole

    def _find(self, keys: NDArray[Any]) -> Ints:
        """Find texts among all that are kept: (texts,) int64, -1 for those that are not."""
        places = np.searchsorted(self._keys, keys)
        there = np.append(self._keys, b"")[places] == keys
        return np.where(there, np.append(self._order, -1)[places], -1)

    def _merge(self, rows: Ints, fresh: Sketch) -> Sketch:
        """Put what was kept and what was made in the order of the texts."""
        if (rows < 0).all():
            return fresh
        pack = np.searchsorted(self._starts, rows, side="right") - 1
        parts, texts = [fresh], [np.flatnonzero(rows < 0)]
        for number in np.unique(pack[rows >= 0]).tolist():
            own = np.flatnonzero(pack == number)
            parts.append(self._packs[number].rows.take(rows[own] - self._starts[number]))
            texts.append(own)
        return Rows(join(parts, self._bands, Column)).take(np.argsort(np.concatenate(texts)))

    def _write(self, keys: NDArray[Any], made: Sketch) -> None:
        for name, values in {"keys": keys, **made._asdict()}.items():
            try:
                self._files[name].write(np.ascontiguousarray(values, _TYPES[name]).tobytes())
            except OSError as error:
                raise OutputError(f"{str(self._new)!r}: {error.strerror}") from None


class _Pack:
    """The sketches that one run kept."""

    def __init__(self, keys: NDArray[Any], sketch: Sketch) -> None:
        self.keys = keys
        self.rows = Rows(sketch)

    @classmethod
    def open(cls, folder: Path, bands: int) -> "_Pack | None":
        """Open a pack; None where it is not whole, as when it is just being deleted."""
        try:
            columns = {name: _map(folder / name, dtype) for name, dtype in _TYPES.items()}
            keys = columns.pop("keys")
            sketch = Sketch(**columns)
            sketch = sketch._replace(buckets=sketch.buckets.reshape(len(keys), bands))
        except (OSError, ValueError):
            return None
        texts = {
            len(keys),
            len(sketch.words),
            len(sketch.digests),
            len(sketch.chosen),
            len(sketch.lines),
        }
        whole = (
            len(texts) == 1
            and len(sketch.hashes) == len(sketch.kinds) == sketch.words.sum()
            and len(sketch.fingerprints) == len(sketch.places) == sketch.chosen.sum()
            and len(sketch.sums) == sketch.lines.sum()
        )
        return cls(keys, sketch) if whole else None


def _map(path: Path, dtype: np.dtype[Any]) -> NDArray[Any]:
    if not path.stat().st_size:
        return np.empty(0, dtype)
    return np.asarray(np.memmap(path, dtype, "r"))


def _sum_up(text: str) -> bytes:
    # The last byte is never 0: NumPy takes zeros at the end of bytes for padding.
    found = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY).digest()
    return found[:-1] + bytes([found[-1] | 1])
