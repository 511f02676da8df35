"""Where what remains of a corpus goes: a new folder, or a file of the input's kind."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

from dupfind.cli.source import Source
from dupfind.errors import OutputError, SourceError

if TYPE_CHECKING:
    from dupfind.cutting import Keep
    from dupfind.sources.discovery import File

__all__ = ["Target", "open_target", "refuse_inputs", "stem_of", "write_remaining"]


class Target(NamedTuple):
    """Where the remaining documents go."""

    path: Path
    is_file: bool


def open_target(name: str, inputs: Sequence[str], others: Sequence[str]) -> Target:
    """Check where the corpus is to go, before the work begins.

    Takes the name, what remains of which is written, and what else is read. It is a file where
    its name is that of records or of an archive. Raises `OutputError` where it could overwrite
    or be mixed with what is there, with its input above all, and where a file that is named is
    of another kind.
    """
    from dupfind.cutting import shape_by_name

    path = Path(name)
    is_file = shape_by_name(path.name) is not None and not path.is_dir()
    refuse_inputs(path, (*inputs, *others))
    if not path.parent.is_dir():
        raise OutputError(f"{name!r}: its folder does not exist; create it first")
    if not is_file and path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise OutputError(f"{name!r} exists and is no empty folder; name a new one")
    target = Target(path, is_file)
    files = [given for given in inputs if os.path.isfile(given)]  # noqa: PTH113 - a name as given
    if is_file and files:
        _check_kinds(target, [(given, given) for given in files])
    return target


def refuse_inputs(path: Path, inputs: Iterable[str]) -> None:
    """Raise `OutputError` where a place to write to is, or is in, or holds, what is read."""
    place = path.resolve()
    for given in inputs:
        read = Path(given).resolve()
        if place.is_relative_to(read) or read.is_relative_to(place):
            raise OutputError(
                f"{str(path)!r} would be mixed with its input {given!r}; name another"
            )


def stem_of(name: str) -> str:
    """Give the name of a file without the extensions that tell its kind."""
    from dupfind.cutting import shape_by_name

    while shape_by_name(name):
        name = os.path.splitext(name)[0]  # noqa: PTH122 - a name as given
    return name


def write_remaining(target: Target, source: Source, keep: "Keep") -> None:
    """Write what remains: all of it, or nothing.

    Takes the target, what was read, and what is to be kept of each file of it. Raises
    `OutputError` where it cannot be written, and `SourceError` where an input is of a kind that
    cannot be cut.
    """
    files = _share_out(source, keep)
    if target.is_file:
        _check_kinds(target, [(file.path, file.name) for file, _ in files])
    try:
        # Made beside the place where it is to be, it takes its name when it is whole.
        with tempfile.TemporaryDirectory(dir=target.path.resolve().parent) as temporary:
            made = Path(temporary, target.path.name)
            if target.is_file:
                _write_file(made, files, source)
            else:
                _fill_folder(made, files, source)
            made.replace(target.path.resolve())
    except OSError as error:
        raise OutputError(f"{str(target.path)!r} cannot be written: {error.strerror}") from None


def _share_out(source: Source, keep: "Keep") -> "list[tuple[File, Keep]]":
    """Give the files of which anything is kept, and what."""
    from dupfind.cutting import ways_to
    from dupfind.sources.choice import Choice
    from dupfind.sources.discovery import File, discover

    found = discover(source.paths, Choice(source.selection))
    files = {file.path: file for file in found if isinstance(file, File)}
    shared: dict[str, dict[str, Any]] = {}
    for path, numbers in keep.items():
        # A file may be named like what is in an archive: the longest way is its own.
        way = next((way for way in reversed([*ways_to(path)]) if way in files), None)
        if way is None:
            raise SourceError(f"{path!r} has changed while it was read; try again")
        shared.setdefault(way, {})[path] = numbers
    return [(files[way], inside) for way, inside in shared.items()]


def _check_kinds(target: Target, files: Sequence[tuple[str, str]]) -> None:
    """Raise `OutputError` where files, each with what opens it, are not what the target is."""
    from dupfind.cutting import JOINABLE, shape_by_name, shape_of

    wanted = shape_by_name(target.path.name)
    for path, name in files:
        try:
            kind = shape_of(name).kind
        except OSError:
            continue  # Reading it will tell.
        if len(files) > 1 and kind != JOINABLE:
            raise OutputError(
                f"{path!r} is no JSON Lines, which alone can be joined; name a folder for --into"
            )
        named = shape_by_name(name)
        if wanted and wanted.kind not in {kind, named and named.kind}:
            raise OutputError(
                f"{path!r} is {kind}, which {str(target.path)!r} would not be by its name; "
                "end it like its input, or name a folder for --into"
            )


def _write_file(made: Path, files: "Sequence[tuple[File, Keep]]", source: Source) -> None:
    from dupfind.cutting import cut_content, cut_file, shape_by_name, shape_of
    from dupfind.cutting.packing import pack

    shape = shape_by_name(made.name)
    layers = shape.layers if shape else ()
    with made.open("wb") as file:
        if len(files) == 1 and shape_of(files[0][0].name).layers == layers:
            ((only, keep),) = files
            cut_file(only.name, only.path, file, keep, source.reading)
            return
        with pack(file, layers) as packed:
            joined = cast("BinaryIO", _Joined(packed))
            for each, keep in files:
                cut_content(each.name, each.path, joined, keep, source.reading)
                joined.flush()


class _Joined:
    """Lets no line run into the next: the last one of a file may have no end."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._is_open = False
        self._is_over = False

    def write(self, data: bytes) -> int:
        """Write a piece."""
        if self._is_over and data:
            self._sink.write(b"\n" * self._is_open)
            self._is_over = False
        self._is_open = not data.endswith(b"\n") if data else self._is_open
        return self._sink.write(data)

    def flush(self) -> None:
        """Tell that a file is over."""
        self._is_over = True


def _fill_folder(folder: Path, files: "Sequence[tuple[File, Keep]]", source: Source) -> None:
    from dupfind.cutting import cut_file

    common = _common_folder(source.paths)
    folder.mkdir()
    for file, keep in files:
        place = folder / os.path.relpath(file.name, common)
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as sink:
            cut_file(file.name, file.path, sink, keep, source.reading)


def _common_folder(paths: Sequence[str]) -> str:
    """Give the folder from which the places of files count."""
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in paths]  # noqa: PTH112, PTH120
    return os.path.commonpath([os.path.abspath(folder) for folder in folders])  # noqa: PTH100
