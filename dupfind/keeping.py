"""What a stage made, kept in a folder: arrays as they are, all else as MessagePack.

    FOLDER/columns   one after the other
    FOLDER/NAME      an array that was a file already
    FOLDER/marker    what it was made of, and what lies where

What is kept is a tree of NamedTuples; its leaves are named by the way to them. The folder is
written aside and takes its name when all in it is on the disk. Where a loss of power takes away a
file even so, the marker tells that it is missing, or short. What was kept is known by a key, which
whoever reads it has to know.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from math import prod
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
from numpy.typing import NDArray

from dupfind.errors import OutputError
from dupfind.folders import sync

__all__ = ["Kept", "Link", "Open", "describe", "is_kept", "keep", "take"]

_COLUMNS: Final = "columns"
_MARKER: Final = "marker"
_STEP: Final = 64  # bytes, of which each array begins at a multiple
_BROKEN: Final = (OSError, msgspec.DecodeError, KeyError, TypeError, ValueError)
"""What comes of reading what is not as it was written."""

T = TypeVar("T")

Link = Callable[[NDArray[Any], Path], bool]
"""Gives the file that an array is one more name; tells whether the array is a file."""

Open = Callable[[Path], NDArray[np.uint8]]
"""Gives the bytes of a file, not to be written to."""


class _Place(msgspec.Struct, frozen=True):
    """Where a leaf lies."""

    file: str
    start: int
    shape: tuple[int, ...]
    """Of an array; else how many bytes it is."""
    dtype: str | None
    """Of an array, else None."""


class _Marker(msgspec.Struct, frozen=True):
    key: str
    digest: str
    places: dict[str, _Place]
    sizes: dict[str, int]
    """Bytes of each file."""


class Kept(NamedTuple):
    """What was kept; `digest` is what was to be remembered with it."""

    made: Any
    digest: str


def describe(kind: Any) -> str:  # noqa: ANN401 # a type, of any form
    """Describe what is kept of a kind: what was kept of another kind cannot be read as it."""
    parts = _parts(kind)
    if not parts:
        return str(kind)
    return f"({', '.join(f'{name}: {describe(inner)}' for name, inner in parts)})"


def keep(
    folder: Path, aside: Path, made: T, kind: type[T], key: str, *, digest: str = "", link: Link
) -> None:
    """Keep what was made, of a kind, as a folder that is not there yet or is replaced.

    It is written in the folder `aside`, of the same file system. Raises `OutputError` where it
    cannot be written.
    """
    new = aside / f"{folder.name}-{os.getpid()}"
    try:
        folder.parent.mkdir(exist_ok=True)
        new.mkdir()
        marker = _Marker(key, digest, *_write(new, made, kind, link))
        (new / _MARKER).write_bytes(msgspec.msgpack.encode(marker))
        for name in (*marker.sizes, _MARKER):
            sync(new / name)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    except OSError as error:
        raise OutputError(
            f"cannot write to {str(folder.parent)!r}: {error.strerror}; the stages of a run need "
            "room: name another --work-dir, or none"
        ) from error


def take(folder: Path, kind: type[T], key: str, open_file: Open) -> Kept | None:
    """Take what was kept with this key; None where there is nothing, or it is broken."""
    try:
        marker = _read_marker(folder, key)
        if marker is None:
            return None
        files = {name: open_file(folder / name) for name in marker.sizes}
        return Kept(_build(kind, partial(_read, marker.places, files)), marker.digest)
    except _BROKEN:
        return None


def is_kept(folder: Path, key: str) -> bool:
    """Tell whether something is kept there with this key."""
    try:
        return _read_marker(folder, key) is not None
    except _BROKEN:
        return False


def _read_marker(folder: Path, key: str) -> _Marker | None:
    marker = msgspec.msgpack.decode((folder / _MARKER).read_bytes(), type=_Marker)
    whole = all((folder / name).stat().st_size == size for name, size in marker.sizes.items())
    return marker if whole and marker.key == key else None


def _write(
    folder: Path,
    made: object,
    kind: Any,  # noqa: ANN401 # a type, of any form
    link: Link,
) -> tuple[dict[str, _Place], dict[str, int]]:
    """Write the leaves; give their places and the sizes of the files."""
    places: dict[str, _Place] = {}
    with (folder / _COLUMNS).open("xb") as file:
        for name, hint, leaf in _leaves(made, kind):
            is_array = get_origin(hint) is np.ndarray
            if is_array and link(leaf, folder / name):
                places[name] = _Place(name, 0, leaf.shape, leaf.dtype.str)
                continue
            start = file.seek(-(-file.tell() // _STEP) * _STEP)
            if is_array:
                file.write(np.ascontiguousarray(leaf).data)
                places[name] = _Place(_COLUMNS, start, leaf.shape, leaf.dtype.str)
            else:
                size = file.write(msgspec.msgpack.encode(leaf))
                places[name] = _Place(_COLUMNS, start, (size,), None)
    files = sorted({_COLUMNS, *(place.file for place in places.values())})
    return places, {name: (folder / name).stat().st_size for name in files}


def _read(
    places: Mapping[str, _Place],
    files: Mapping[str, NDArray[np.uint8]],
    name: str,
    kind: Any,  # noqa: ANN401 # a type, of any form
) -> Any:  # noqa: ANN401
    """Read a leaf of a kind."""
    place = places[name]
    if min(place.start, *place.shape) < 0:
        raise ValueError(place)
    dtype = np.dtype(place.dtype or np.uint8)
    end = place.start + prod(place.shape) * dtype.itemsize
    data = files[place.file][place.start : end]
    if place.dtype is None:
        return msgspec.msgpack.decode(data.data, type=kind)
    return data.view(dtype).reshape(place.shape)


def _parts(kind: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 # a type, of any form
    """List the names and types of what a NamedTuple holds, or a tuple of such; else nothing."""
    if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return list(get_type_hints(kind).items())
    inner = get_args(kind)
    if get_origin(kind) is tuple and all(map(_parts, inner)):
        return [(str(number), part) for number, part in enumerate(inner)]
    return []


def _leaves(made: Any, kind: Any, way: str = "") -> Iterator[tuple[str, Any, Any]]:  # noqa: ANN401
    """Give what is no tuple of others: the way to it, its type, and itself."""
    parts = _parts(kind)
    if not parts:
        yield way, kind, made
    for (name, inner), part in zip(parts, made if parts else (), strict=True):
        yield from _leaves(part, inner, f"{way}.{name}" if way else name)


def _build(kind: Any, give: Callable[[str, Any], Any], way: str = "") -> Any:  # noqa: ANN401
    """Build a tree whose leaves `give` has, by the way to them and their type."""
    parts = _parts(kind)
    if not parts:
        return give(way, kind)
    built = [_build(inner, give, f"{way}.{name}" if way else name) for name, inner in parts]
    return kind(*built) if isinstance(kind, type) else tuple(built)
