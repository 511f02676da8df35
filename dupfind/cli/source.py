"""What the command line says of the documents to read, and the list of what that comes to."""

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from dupfind.reading import Reading, Selection

if TYPE_CHECKING:
    from dupfind.model import Skipped
    from dupfind.sources import Note

__all__ = ["Source", "list_files", "take_source"]


class Source(NamedTuple):
    """What `dupfind.sources.read` takes."""

    paths: tuple[str, ...]
    selection: Selection
    reading: Reading


def take_source(paths: tuple[str, ...], chosen: dict[str, Any]) -> Source:
    """Take what `source_options` gave out of the options of a command.

    Raises `SourceError` where the file that names the files cannot be read, `SettingsError`
    for a value that makes no sense, and `click.UsageError` where nothing is named.
    """
    selection = Selection(**{name: chosen.pop(name) for name in Selection.__struct_fields__})
    reading = Reading(**{name: chosen.pop(name) for name in Reading.__struct_fields__})
    listing, null = chosen.pop("files_from"), chosen.pop("null")
    if listing is None:
        if not paths:
            raise click.UsageError("name files or folders to read, `-`, or --files-from")
        return Source(paths, selection, reading)
    from dupfind.sources.listing import read_listing

    if listing == "-" and "-" in paths:
        raise click.UsageError("standard input cannot be both a text and the list of files")
    return Source((*paths, *read_listing(listing, null=null)), selection, reading)


def list_files(source: Source) -> None:
    """Print a line for each file: what it is read as, or why it is not read."""
    from dupfind.model import Skipped
    from dupfind.sources import read

    listing = _Listing()
    for item in read(*source, listing.tell):
        listing.add(item.path, item if isinstance(item, Skipped) else None)
    listing.end()


class _Listing:
    """Tells of one file after the other."""

    def __init__(self) -> None:
        self._path: str | None = None
        self._notes: Counter[str] = Counter()
        self._documents = 0
        self._skipped: Counter[str] = Counter()
        self._all: Counter[str] = Counter()

    def tell(self, note: "Note") -> None:
        """Take what was made out about a file."""
        self._turn_to(note.path)
        self._notes[note.text] += 1

    def add(self, path: str, skipped: "Skipped | None") -> None:
        """Take a document of a file, or what was skipped of it."""
        self._turn_to(path)
        if skipped is None:
            self._documents += 1
        else:
            detail = f", {skipped.detail}" if skipped.detail else ""
            self._skipped[f"{skipped.reason}{detail}"] += 1

    def end(self) -> None:
        """Tell of the last file, and of all of them."""
        self._turn_to(None)
        documents = _count(self._all["documents"], "document")
        click.echo(f"{_count(self._all['files'], 'file')}, {documents}", err=True)

    def _turn_to(self, path: str | None) -> None:
        from dupfind.reports.terminal import escape

        if path == self._path:
            return
        if self._path is not None:
            parts = [_times(note, count) for note, count in self._notes.items()]
            if self._documents:
                parts.append(_count(self._documents, "document"))
            shown = self._skipped.most_common(_SHOWN)
            parts += [_times(f"skipped: {why}", count) for why, count in shown]
            if rest := sum(self._skipped.values()) - sum(count for _, count in shown):
                parts.append(f"{rest:,} more skipped")
            click.echo(escape(f"{self._path}  {'; '.join(parts)}"))
            self._all["files"] += bool(self._documents)
            self._all["documents"] += self._documents
        self._path, self._documents = path, 0
        self._notes.clear()
        self._skipped.clear()


_SHOWN = 3  # reasons


def _times(text: str, count: int) -> str:
    return f"{count:,} x {text}" if count > 1 else text


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"
