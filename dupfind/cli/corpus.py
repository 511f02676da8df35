"""What remains of a corpus, written as it was read: files as files, records as their lines."""

import codecs
import gzip
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from dupfind.cli.source import Source
from dupfind.errors import OutputError, SourceError

__all__ = ["Part", "Target", "open_target", "refuse_inputs", "write_remaining"]

_RECORDS: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_GZIP: Final = b"\x1f\x8b"


class Part(NamedTuple):
    """A file that was read, and what is to be kept of it."""

    path: str
    """As the report shows it."""
    documents: int
    """How many of it are kept."""
    lines: Collection[int] | None
    """Of the records that are kept, from 1; none where not each has its own. None keeps the
    file whole."""


class Target(NamedTuple):
    """Where the remaining documents go."""

    path: Path
    is_file: bool


def open_target(name: str, inputs: Iterable[str]) -> Target:
    """Check where the corpus is to go, before the work begins.

    Raises `OutputError` where it could overwrite or be mixed with what is there: with its
    input above all.
    """
    path = Path(name)
    is_file = name.lower().endswith(_RECORDS) and not path.is_dir()
    refuse_inputs(path, inputs)
    if not path.parent.is_dir():
        raise OutputError(f"{name!r}: its folder does not exist; create it first")
    if not is_file and path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise OutputError(f"{name!r} exists and is no empty folder; name a new one")
    return Target(path, is_file)


def refuse_inputs(path: Path, inputs: Iterable[str]) -> None:
    """Raise `OutputError` where a place to write to is, or is in, or holds, what is read."""
    place = path.resolve()
    for given in inputs:
        read = Path(given).resolve()
        if place.is_relative_to(read) or read.is_relative_to(place):
            raise OutputError(
                f"{str(path)!r} would be mixed with its input {given!r}; name another"
            )


def write_remaining(target: Target, source: Source, parts: Sequence[Part]) -> None:
    """Write what remains: all of it, or nothing.

    Takes the target, what was read, and the files of which anything is to be kept. Raises
    `OutputError` where it cannot be written, and `SourceError` where an input is of another
    form than it can keep.
    """
    files = _find_files(source)
    for part in parts:
        whole = part.lines is None
        if part.path not in files or not (whole or (part.lines and _has_lines(files[part.path]))):
            hint = "dedupe writes whole files and lines of JSON Lines; unpack or convert it first"
            raise SourceError(f"{part.path!r} is one of many documents, or holds many; {hint}")
        if target.is_file and whole:
            raise SourceError(f"{part.path!r} is no JSON Lines; name a folder for --into")
    try:
        # Made beside the place where it is to be, it takes its name when it is whole.
        with tempfile.TemporaryDirectory(dir=target.path.resolve().parent) as temporary:
            made = Path(temporary, target.path.name)
            if target.is_file:
                lines = (_remaining_lines(files[part.path], part.lines or ()) for part in parts)
                _write_lines(made, chain.from_iterable(lines))
            else:
                _fill_folder(made, _common_folder(source.paths), files, parts)
            made.replace(target.path.resolve())
    except OSError as error:
        raise OutputError(f"{str(target.path)!r} cannot be written: {error.strerror}") from None


def _find_files(source: Source) -> dict[str, str]:
    """Find what opens the files that were read, by their paths in the report."""
    from dupfind.sources.choice import Choice
    from dupfind.sources.discovery import File, discover

    found = discover(source.paths, Choice(source.selection))
    return {file.path: file.name for file in found if isinstance(file, File)}


def _has_lines(name: str) -> bool:
    """Tell whether the lines of a file can be told apart by its bytes: that is not so of UTF-16."""
    from dupfind.sources.decoding import marked

    if not name.lower().endswith(_RECORDS):
        return False
    with _open(name) as stream:
        return marked(stream.read(4)) is None


def _open(name: str) -> BinaryIO:
    """Open a file of records, packed or not, whatever it is called."""
    with Path(name).open("rb") as file:
        packed = file.read(2) == _GZIP
    return cast("BinaryIO", gzip.open(name)) if packed else Path(name).open("rb")


def _fill_folder(folder: Path, common: str, files: dict[str, str], parts: Sequence[Part]) -> None:
    folder.mkdir()
    for part in parts:
        place = folder / os.path.relpath(files[part.path], common)
        place.parent.mkdir(parents=True, exist_ok=True)
        if part.lines is None:
            shutil.copyfile(files[part.path], place)
        else:
            _write_lines(place, _remaining_lines(files[part.path], part.lines))


def _common_folder(paths: Sequence[str]) -> str:
    """Give the folder from which the places of files count."""
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in paths]  # noqa: PTH112, PTH120
    return os.path.commonpath([os.path.abspath(folder) for folder in folders])  # noqa: PTH100


def _remaining_lines(name: str, kept: Collection[int]) -> Iterator[bytes]:
    """Give the lines of records that are kept."""
    with _open(name) as stream:
        for number, line in enumerate(stream, 1):
            if number in kept:
                yield line.removeprefix(codecs.BOM_UTF8) if number == 1 else line


def _write_lines(path: Path, lines: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        if path.name.lower().endswith(".gz"):
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                packed.writelines(_end_lines(lines))
        else:
            file.writelines(_end_lines(lines))


def _end_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Let no line run into the next: the last one of a file may have no end."""
    open_end = False
    for line in lines:
        if open_end:
            yield b"\n"
        yield line
        open_end = not line.endswith(b"\n")
