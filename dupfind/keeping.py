"""What a stage made, kept in a folder: its arrays as they are, all else as MessagePack.

    FOLDER/columns   the arrays, one after the other
    FOLDER/NAME      an array that was a file already
    FOLDER/values    what is no array, by name
    FOLDER/marker    what it was made of, and which array lies where

What is kept is a tree of NamedTuples; its leaves are named by the way to them. The folder is
written aside and takes its name when it is whole and on the disk, so one that has its name is
whole. What it was made of is told by a key, which whoever reads it has to know.
"""

import os
import shutil
from collections.abc import Callable, Iterator
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
_VALUES: Final = "values"
_MARKER: Final = "marker"
_STEP: Final = 64  # bytes, of which each array begins at a multiple

T = TypeVar("T")

Link = Callable[[NDArray[Any], Path], bool]
"""Gives the file that an array is one more name; tells whether the array is a file."""

Open = Callable[[Path], NDArray[np.uint8]]
"""Gives the bytes of a file, not to be written to."""


class _Place(msgspec.Struct, frozen=True):
    """Where an array lies."""

    file: str
    start: int
    dtype: str
    shape: tuple[int, ...]


class _Marker(msgspec.Struct, frozen=True):
    key: str
    digest: str
    columns: dict[str, _Place]
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
        for path in (*(new / name for name in (*marker.sizes, _MARKER)), new):
            sync(path)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
        sync(folder.parent)
    except OSError as error:
        raise OutputError(
            f"cannot write to {str(folder.parent)!r}: {error.strerror}; the stages of a run need "
            "room: name another --work-dir, or none"
        ) from error


def take(folder: Path, kind: type[T], key: str, open_file: Open) -> Kept | None:
    """Take what was kept with this key; None where there is nothing."""
    try:
        marker = _read_marker(folder, key)
        if marker is None:
            return None
        files = {name: open_file(folder / name) for name in marker.sizes if name != _VALUES}
        values = msgspec.msgpack.decode(
            (folder / _VALUES).read_bytes(), type=dict[str, msgspec.Raw]
        )
    except (OSError, msgspec.DecodeError):
        return None

    def give(name: str, hint: Any) -> Any:  # noqa: ANN401 # leaves are of any type
        if name in values:
            return msgspec.msgpack.decode(values[name], type=hint)
        place = marker.columns[name]
        dtype = np.dtype(place.dtype)
        end = place.start + prod(place.shape) * dtype.itemsize
        return files[place.file][place.start : end].view(dtype).reshape(place.shape)

    return Kept(_build(kind, give), marker.digest)


def is_kept(folder: Path, key: str) -> bool:
    """Tell whether something is kept there with this key."""
    try:
        return _read_marker(folder, key) is not None
    except (OSError, msgspec.DecodeError):
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
    """Write the leaves; give the places of the arrays and the sizes of the files."""
    columns: dict[str, _Place] = {}
    values: dict[str, Any] = {}
    with (folder / _COLUMNS).open("xb") as file:
        for name, hint, leaf in _leaves(made, kind):
            if get_origin(hint) is not np.ndarray:
                values[name] = leaf
            elif link(leaf, folder / name):
                columns[name] = _Place(name, 0, leaf.dtype.str, leaf.shape)
            else:
                start = file.seek(-(-file.tell() // _STEP) * _STEP)
                file.write(np.ascontiguousarray(leaf).data)
                columns[name] = _Place(_COLUMNS, start, leaf.dtype.str, leaf.shape)
    (folder / _VALUES).write_bytes(msgspec.msgpack.encode(values))
    files = {_COLUMNS, _VALUES, *(place.file for place in columns.values())}
    return columns, {name: (folder / name).stat().st_size for name in sorted(files)}


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
