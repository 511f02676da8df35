"""What remains of a corpus, written as it was read: files as files, records as their lines."""

import codecs
import gzip
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from dupfind.errors import OutputError, SourceError
from dupfind.sources.discovery import Found, discover

__all__ = ["Part", "Target", "open_target", "write_remaining"]

_RECORDS: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


class Part(NamedTuple):
    """A file that was read, and what is to be kept of it."""

    path: str
    """As the report shows it."""
    records: bool
    keeps: Sequence[bool]
    """Of each document or broken record, in order."""


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


def write_remaining(target: Target, paths: Sequence[str], parts: Sequence[Part]) -> None:
    """Write what remains: all of it, or nothing.

    Takes the target, the paths as the user named them, and the files of which anything is to be
    kept. Raises `OutputError` where it cannot be written, and `SourceError` where an input is
    of another form than it can keep.
    """
    files = {found.path: found.name for found in discover(paths) if isinstance(found, Found)}
    for part in parts:
        if part.path not in files or (part.records and not part.path.lower().endswith(_RECORDS)):
            hint = "dedupe writes whole files and lines of JSON Lines; unpack or convert it first"
            raise SourceError(f"{part.path!r} holds records; {hint}")
        if target.is_file and not part.records:
            raise SourceError(f"{part.path!r} is no JSON Lines; name a folder for --into")
    try:
        # Made beside the place where it is to be, it takes its name when it is whole.
        with tempfile.TemporaryDirectory(dir=target.path.resolve().parent) as temporary:
            made = Path(temporary, target.path.name)
            if target.is_file:
                lines = (_remaining_lines(files[part.path], part) for part in parts)
                _write_lines(made, chain.from_iterable(lines))
            else:
                _fill_folder(made, _common_folder(paths), files, parts)
            made.replace(target.path.resolve())
    except OSError as error:
        raise OutputError(f"{str(target.path)!r} cannot be written: {error.strerror}") from None


def _fill_folder(folder: Path, common: str, files: dict[str, str], parts: Sequence[Part]) -> None:
    folder.mkdir()
    for part in parts:
        place = folder / os.path.relpath(files[part.path], common)
        place.parent.mkdir(parents=True, exist_ok=True)
        if part.records:
            _write_lines(place, _remaining_lines(files[part.path], part))
        else:
            shutil.copyfile(files[part.path], place)


def _common_folder(paths: Sequence[str]) -> str:
    """Give the folder from which the places of files count."""
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in paths]  # noqa: PTH112, PTH120
    return os.path.commonpath([os.path.abspath(folder) for folder in folders])  # noqa: PTH100


def _remaining_lines(name: str, part: Part) -> Iterator[bytes]:
    """Give the lines of records that are kept."""
    keeps = iter(part.keeps)
    with gzip.open(name) if name.lower().endswith(".gz") else open(name, "rb") as stream:  # noqa: PTH123
        for number, line in enumerate(stream, 1):
            record = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            if record and not record.isspace() and next(keeps, False):
                yield record


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
