"""The terms of a check: what fails, what has been accepted, and what has changed."""

import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from math import inf
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from dupfind.baseline import Acceptance, parse_baseline
from dupfind.changes import Changes, find_changes
from dupfind.errors import BaselineError
from dupfind.model import CLUSTERING, Document, Entry, Relation
from dupfind.reading import Reading
from dupfind.settings import Settings
from dupfind.sources import read

__all__ = ["Terms", "demand", "open_terms"]


class Terms(NamedTuple):
    """What makes a cluster fail."""

    baseline: Sequence[Acceptance] = ()
    fail_on: frozenset[Relation] = CLUSTERING
    """A cluster fails if one of its matches has one of these relations. A pair outside the
    clusters fails by itself."""
    passages: bool = False
    """Also list the pairs outside the clusters that do not fail."""
    is_changed: Callable[[Entry], bool] | None = None
    """Tells whether a document has changed; None where that makes no difference."""
    rebase: Callable[[str], str] = str
    """Gives a path of the report as the baseline has it."""
    covers: Callable[[str], bool] = bool
    """Tells whether a path of the baseline was looked at."""


def open_terms(
    paths: Sequence[str | os.PathLike[str]],
    reference: Sequence[str | os.PathLike[str]],
    baseline: str | os.PathLike[str] | None,
    changed_since: str | None,
    fail_on: frozenset[Relation],
    *,
    passages: bool,
    reading: Reading | None = None,
    new: bool = False,
) -> Terms:
    """Read what a check of these paths and references is to go by.

    `reading` says how the paths are read. With `new` the baseline need not exist yet. Raises
    what `dupfind.check` raises.
    """
    terms = Terms(fail_on=fail_on, passages=passages)
    if changed_since is not None:
        changes = find_changes(paths, changed_since)
        terms = terms._replace(is_changed=_Changed(changes, reading or Reading()).test)
    if baseline is None:
        return terms
    folder = Path(baseline).resolve().parent
    roots = [Path(path).resolve() for path in (*paths, *reference)]
    return terms._replace(
        baseline=[] if new and not Path(baseline).exists() else _read_baseline(Path(baseline)),
        rebase=lambda path: Path(os.path.relpath(path, folder)).as_posix(),
        covers=lambda path: any(
            (folder / file).resolve().is_relative_to(root)
            for file in _files(path)
            for root in roots
        ),
    )


def demand(settings: Settings, terms: Terms) -> Settings:
    """Let the engine also list the pairs outside the clusters, where they may fail."""
    return replace(settings, passages=settings.passages or not terms.fail_on <= CLUSTERING)


class _Changed:
    """Tells which documents have changed: files, and records by the lines on which they stand."""

    def __init__(self, changes: Changes, reading: Reading) -> None:
        self._changes = changes
        self._reading = reading
        self._records: dict[str, _Records | None] = {}

    def test(self, entry: Entry) -> bool:
        """Tell whether a document, or the file or archive that it is in, has changed."""
        real = {file: os.path.realpath(file) for file in _files(entry.path)}
        if entry.line is None or real[entry.path] not in self._changes:
            return any(path in self._changes for path in real.values())
        path = real[entry.path]
        if path not in self._records:
            self._records[path] = self._find_records(path)
        records = self._records[path]
        return records is None or records.touch(entry.line)

    def _find_records(self, path: str) -> "_Records | None":
        """Find where the records of a file begin and what of it has changed, if git can tell."""
        name = self._changes.name(path)
        lines = self._changes.find_lines(path)
        if not lines or _RETURN.search(Path(name).read_bytes()):
            return None
        found = read([name], reading=self._reading)
        starts = {item.line for item in found if isinstance(item, Document) and item.line}
        return _Records(sorted(starts), lines)


class _Records(NamedTuple):
    """A file of records."""

    starts: list[int]
    """The lines on which they begin, ascending."""
    changed: list[tuple[int, int]]
    """See `Changes.find_lines`."""

    def touch(self, line: int) -> bool:
        """Tell whether the record that begins on a line has changed, up to where the next does."""
        at = bisect_right(self.starts, line)
        end = self.starts[at] - 1 if at < len(self.starts) else inf
        return any(line <= last and first <= end for first, last in self.changed)


_RETURN: Final = re.compile(rb"\r(?!\n)")
"""Ends a line of a table, and none to git."""


def _files(path: str) -> Iterator[str]:
    """Give the files that a path of a report may stand for: what is in archives has a `!`."""
    yield path
    for at, sign in enumerate(path):
        if sign == "!":
            yield path[:at]


def _read_baseline(path: Path) -> list[Acceptance]:
    try:
        return parse_baseline(path.read_text("utf-8"))
    except BaselineError as error:
        raise BaselineError(f"{str(path)!r}: {error}") from None
    except OSError as error:
        hint = "; --write-baseline begins it" if isinstance(error, FileNotFoundError) else ""
        reason = f"{error.strerror}{hint}"
        raise BaselineError(f"the baseline {str(path)!r} cannot be read: {reason}") from None
    except UnicodeDecodeError:
        raise BaselineError(f"{str(path)!r} is no baseline: it is not UTF-8") from None
