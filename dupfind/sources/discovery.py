"""Discovery: paths → files to read, in an order that is the same on every file system."""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from operator import attrgetter

import msgspec

from dupfind.errors import SourceError
from dupfind.folders import TAG, is_own
from dupfind.model import Skipped
from dupfind.sources.choice import Choice
from dupfind.sources.ignores import Layer, descend, is_ignored, layers_above, layers_in

__all__ = ["STDIN", "File", "LeftOut", "discover", "unreadable"]

# Strings and os.path all through: a Path for each of many thousand files costs more than
# finding them.
# ruff: noqa: PTH100, PTH114, PTH115, PTH116, PTH118


STDIN = "-"
"""What the user calls standard input."""

_NO_BYTES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Surrogates that stand for no byte of a name."""


class File(msgspec.Struct, frozen=True):
    """A file to read."""

    name: str
    """What opens it."""
    path: str
    """What it is called in the report."""
    named: bool
    """By the user, who wants it read, whatever it is called."""


class LeftOut(msgspec.Struct, frozen=True):
    """A file or a folder that was not asked for."""

    path: str
    why: str


class _Folder(msgspec.Struct, frozen=True):
    """A folder to walk."""

    name: str
    path: str
    real: str
    layers: tuple[Layer, ...]
    """The ignore rules of the folders above it, as seen from it."""
    below: str = ""
    """The way down from the folder that the user named: empty, or `a/b/`."""


_Item = File | Skipped | LeftOut | _Folder


def discover(
    paths: Iterable[str | os.PathLike[str]], choice: Choice
) -> Iterator[File | Skipped | LeftOut]:
    """Find the files to read, lazily.

    Takes files and folders, and `-` for standard input; in which order they are named makes no
    difference. A named file is always given, a folder is walked: entries in the order of their
    names' code points, without following links. What is hidden, ignored or not chosen is left
    out. A file reached twice is given once; where it was named, at its name's turn. Raises
    `SourceError` at the call where a path does not exist.
    """
    starts: dict[str, File | Skipped | _Folder] = {}
    seen: set[str] = set()
    # Sorted, so that it does not matter in which order they were named.
    names = [os.fspath(path) for path in paths]
    for name in sorted(names, key=lambda name: (_shown_start(name), name)):
        if name == STDIN:
            starts[STDIN] = File(STDIN, STDIN, named=True)
            continue
        start = _start(name, choice)
        real = os.path.realpath(name)
        starts.setdefault(real, start)
        if not isinstance(start, _Folder):
            seen.add(real)
        if (place := _place(name)) != real:
            # A named link is followed here, so the walk need not report it.
            seen.add(place)
    return _walk(starts.values(), seen, choice)


def unreadable(path: str, error: OSError) -> Skipped:
    """Give the `Skipped` of a file or folder that the system refused, in the system's words."""
    return Skipped(path=path, reason="unreadable", detail=error.strerror or type(error).__name__)


def _start(name: str, choice: Choice) -> File | Skipped | _Folder:
    """Tell what the user named."""
    try:
        mode = os.stat(name).st_mode
    except (FileNotFoundError, NotADirectoryError):
        what = "is a broken link" if os.path.islink(name) else "does not exist"
        raise SourceError(
            f"{name!r} {what}; check its spelling and the folder you are in"
        ) from None
    except PermissionError:
        mode = stat.S_IFREG  # It may exist; opening it will tell.
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SourceError(f"{name!r} cannot be a path: {why}; name a file or a folder") from None
    path = _shown_start(name)
    if stat.S_ISDIR(mode):
        real = os.path.realpath(name)
        return _Folder(name, path, real, layers_above(real) if choice.ignore_files else ())
    if stat.S_ISREG(mode):
        return File(name, path, named=True)
    return _special(path, mode)


def _walk(
    starts: Iterable[File | Skipped | _Folder], seen: set[str], choice: Choice
) -> Iterator[File | Skipped | LeftOut]:
    # A stack of our own, for folders can be nested deeper than Python's.
    for start in starts:
        ahead: list[_Item] = [start]
        while ahead:
            item = ahead.pop()
            if isinstance(item, _Folder):
                ahead += reversed(_look_into(item, seen, choice))
            else:
                yield item


def _look_into(folder: _Folder, seen: set[str], choice: Choice) -> list[_Item]:
    """List what is to be read in a folder, and add it to `seen`, by its real path."""
    try:
        with os.scandir(folder.name) as entries:
            listed = sorted(entries, key=attrgetter("name"))
    except OSError as error:
        if folder.real in seen:
            return []
        seen.add(folder.real)
        return [unreadable(folder.path, error)]
    if any(entry.name == TAG for entry in listed) and is_own(folder.name):
        return [LeftOut(folder.path, "of dupfind's own")]
    layers = folder.layers + layers_in(folder.real) if choice.ignore_files else ()
    items: list[_Item] = []
    shown = "" if folder.path == "." else f"{folder.path}/"
    # No link on the way down, so what begins so is a real path: no need to resolve it.
    way = os.path.join(folder.real, "")
    for entry in listed:
        path = shown + _shown(entry.name)
        real = way + entry.name
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            name = f"{entry.name}/" if is_folder else entry.name
            if why := _leave_out(name, folder.below, layers, choice):
                if real not in seen:
                    items.append(LeftOut(path, why))
            elif is_folder:
                below = descend(layers, entry.name)
                items.append(_Folder(entry.path, path, real, below, folder.below + name))
            elif real not in seen:
                seen.add(real)
                items.append(_tell(entry, path))
        except OSError as error:
            items.append(unreadable(path, error))
    return items


def _leave_out(name: str, below: str, layers: tuple[Layer, ...], choice: Choice) -> str | None:
    """Tell why an entry of a folder is left out, where it is; a folder's name ends in `/`."""
    if not choice.hidden and name.startswith("."):
        return "hidden"
    if layers and is_ignored(layers, name):
        return "ignored"
    return None if choice.takes(below + name) else "not chosen"


def _tell(entry: os.DirEntry[str], path: str) -> File | Skipped:
    """Tell what an entry of a folder is that is no folder."""
    if entry.is_file(follow_symlinks=False):
        return File(entry.path, path, named=False)
    if entry.is_symlink():
        target = _shown(os.readlink(entry.path))
        return Skipped(path=path, reason="link", detail=f"points to {target}")
    return _special(path, entry.stat(follow_symlinks=False).st_mode)


def _special(path: str, mode: int) -> Skipped:
    """Give the `Skipped` of what cannot be read like a file: a pipe would block."""
    if stat.S_ISFIFO(mode):
        what = "a named pipe"
    elif stat.S_ISSOCK(mode):
        what = "a socket"
    else:
        what = "a device"
    return Skipped(path=path, reason="special", detail=what)


def _place(name: str) -> str:
    """Give the real path of a name, without following the name itself."""
    folder, last = os.path.split(os.path.abspath(name))
    return os.path.join(os.path.realpath(folder), last)


def _shown_start(name: str) -> str:
    """Give a path as the report shows it: relative to the working directory, POSIX, UTF-8."""
    try:
        path = os.path.relpath(name)
    except (OSError, ValueError):
        path = name  # Another drive, or the working directory is gone.
    return _shown(path.replace(os.sep, "/"))


def _shown(name: str) -> str:
    r"""Give a name as the report shows it: bytes that are not UTF-8 as `\xff`."""
    if name.isascii():
        return name
    try:
        name.encode()
    except UnicodeEncodeError:
        # What no file system could have given is a mistake in the call: it is shown, too.
        escapes = "surrogateescape" if _NO_BYTES.search(name) is None else "backslashreplace"
        return name.encode("utf-8", escapes).decode("utf-8", "backslashreplace")
    return name
