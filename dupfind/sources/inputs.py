"""Inputs: the files of a run, and whether they are still those that were read.

That is told by stamps, without reading the files: a file is taken for the same where its number on
its disk, its size and its times are. The time of the last change of its entry is among them; no
program can set it, as some do with the other one. Where stamps do not decide it, the answer is
that it may have changed.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import blake2b
from typing import Final, NamedTuple

from dupfind.model import Document, Skipped
from dupfind.reading import Reading, Selection
from dupfind.sources import Note, Recall, read
from dupfind.sources.choice import Choice
from dupfind.sources.discovery import STDIN, File, LeftOut, discover

__all__ = ["Inputs"]

_SETTLED: Final = 2_000_000_000  # nanoseconds: times count in steps of 2 s on some file systems

Item = File | Skipped | LeftOut
Stamp = tuple[int, ...] | None
Pathlike = str | os.PathLike[str]


class _Group(NamedTuple):
    paths: tuple[Pathlike, ...]
    selection: Selection
    reading: Reading


class Inputs:
    """What a run reads: the documents, those they are also compared with, and boilerplate."""

    def __init__(
        self,
        paths: Iterable[Pathlike],
        reference: Iterable[Pathlike],
        boilerplate: Iterable[Pathlike],
        selection: Selection | None,
        reading: Reading | None,
    ) -> None:
        selection, reading = selection or Selection(), reading or Reading()
        self._groups = (
            _Group(tuple(paths), selection, reading),
            _Group(tuple(reference), selection, reading),
            # Whatever its date or language: it is no document to be chosen.
            _Group(tuple(boilerplate), Selection(), reading),
        )
        self._watched = False
        self._read: list[list[tuple[Item, Stamp]]] = [[], [], []]

    def watch(self) -> None:
        """Remember what is read: somebody may ask whether it has changed."""
        self._watched = True

    def read(
        self, tell: Callable[[Note], None] | None = None, recall: Recall | None = None
    ) -> list[Iterator[Document | Skipped]]:
        """Read each of the three; see `dupfind.sources.read`."""
        logs = [partial(_log, log) if self._watched else None for log in self._read]
        return [
            read(*group, tell, log, recall) for group, log in zip(self._groups, logs, strict=True)
        ]

    def look(self) -> str | None:
        """Sum up what there is to read; None where it may change and nobody could tell."""
        return self._sum_up(
            [(item, _look_at(item)) for item in discover(group.paths, Choice(group.selection))]
            for group in self._groups
        )

    def recall(self) -> str | None:
        """Sum up what was read; None where it has changed since, or may have."""
        same = all(_look_at(item) == stamp for log in self._read for item, stamp in log)
        return self._sum_up(self._read) if same else None

    def _sum_up(self, found: Iterable[list[tuple[Item, Stamp]]]) -> str | None:
        told: list[object] = [os.geteuid() if hasattr(os, "geteuid") else 0]
        for group, items in zip(self._groups, found, strict=True):
            told.append((group.selection, group.reading))
            for item, stamp in items:
                if isinstance(item, LeftOut):
                    continue
                if stamp is None:
                    return None
                told.append((item, stamp))
        return blake2b(repr(told).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _log(log: list[tuple[Item, Stamp]], item: Item) -> None:
    log.append((item, _look_at(item)))


def _look_at(item: Item) -> Stamp:
    """Give what tells a file from itself after a change; None where nothing does."""
    if isinstance(item, LeftOut):
        return ()
    if isinstance(item, Skipped):
        return None if item.reason == "unreadable" else ()
    try:
        found = os.stat(item.name, follow_symlinks=item.named)  # noqa: PTH116 - a name as given
    except OSError:
        return None
    times = (found.st_mtime_ns, found.st_ctime_ns)
    if item.name == STDIN or max(times) > time.time_ns() - _SETTLED:
        return None
    return (found.st_ino, found.st_size, *times)
