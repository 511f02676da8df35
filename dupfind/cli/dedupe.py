"""`dupfind dedupe`: a corpus without what it says twice."""

import sys
import time
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from dupfind.cli.corpus import open_target, refuse_inputs, stem_of, write_remaining
from dupfind.cli.options import (
    comparison_options,
    engine_options,
    settings_options,
    source_options,
)
from dupfind.cli.output import replace
from dupfind.cli.run import find_overlaps, take_work
from dupfind.cli.source import take_source
from dupfind.errors import SourceError
from dupfind.model import Skipped
from dupfind.settings import Settings

if TYPE_CHECKING:
    from dupfind.assembly import Findings
    from dupfind.model import Entry
    from dupfind.redundancy import LeftOut

__all__ = ["dedupe"]

_KEEP: Final = ("lead", "longest", "earliest", "latest")


class _Named(msgspec.Struct, frozen=True):
    path: str
    record: str | int | None


class _Read(msgspec.Struct, frozen=True):
    """What was read, without its text."""

    path: str
    record: str | int | None
    number: int | None
    """See `Document.number`."""
    skipped: Skipped | None


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the ledger: what was left out, and why."""

    path: str
    record: str | int | None
    reason: str
    """The relation to the document that is kept, or why it could not be read."""
    detail: str | None = None
    coverage: float | None = None
    kept: _Named | None = None


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "-o",
    "--into",
    type=click.Path(),
    metavar="DIR|FILE",
    help="Write what remains into the new folder DIR, or that of records or of an archive into "
    "FILE, named like its input (.jsonl, .csv.gz, .zip).  [required]",
)
@click.option(
    "--ledger",
    type=click.Path(),
    metavar="FILE",
    help="Write what was left out, and why, as JSON Lines; `-` for the terminal.  [default: "
    "beside --into, its name with .ledger.jsonl]",
)
@click.option(
    "--keep",
    type=click.Choice(_KEEP),
    default="lead",
    show_default=True,
    help="Of documents that could stand for each other, keep this one.",
)
@click.option(
    "--redundant",
    type=click.FloatRange(min=0, max=1, min_open=True),
    default=0.8,
    show_default=True,
    metavar="SHARE",
    help="Leave out a document if this share of its words stands in one that is kept.",
)
@source_options
@click.option("-0", "--null", is_flag=True, help="Names of --files-from end with NUL.")
@comparison_options
@settings_options
@engine_options
def dedupe(
    paths: tuple[str, ...],
    *,
    into: str | None,
    ledger: str | None,
    keep: str,
    redundant: float,
    null: bool,
    reference: tuple[str, ...],
    boilerplate: tuple[str, ...],
    quiet: bool,
    verbose: bool,
    **chosen: Any,  # noqa: ANN401 - click gives them, the values they make check them
) -> None:
    """Write a corpus without the documents that it does not need.

    A document is left out if most of its words stand in one that is kept. What remains is
    written as it was read, byte for byte: files, lines of JSON Lines, rows of CSV, objects of
    JSON, messages of mail boxes, also packed and inside of archives; of Parquet and Arrow rows
    of the same schema. A ledger names each document that was left out, the relation and the
    share, and the document that is kept. The input is never touched. With --reference, what
    stands there is left out.
    """
    began = time.perf_counter()
    if into is None:
        raise click.UsageError("it must know where to write: name a new folder, or a file, --into")
    source = take_source(paths, chosen, null=null)
    work = take_work(chosen, quiet=quiet, verbose=verbose)
    if "-" in source.paths:
        raise click.UsageError("standard input can be read only once; save it to a file first")
    checked = Settings(**chosen)
    target = open_target(into, source.paths, reference)
    stem = stem_of(into) if target.is_file else into.rstrip("/")
    ledger = ledger or f"{stem}.ledger.jsonl"
    if ledger != "-":
        refuse_inputs(Path(ledger), (*source.paths, *reference))
    from dupfind.sources import read
    from dupfind.sources.choice import Choice

    with find_overlaps(
        source, checked, work, reference=reference, boilerplate=boilerplate
    ) as findings:
        filtered = Choice(source.selection).filters
        items = [
            _Read(item.path, item.record, None, item)
            if isinstance(item, Skipped)
            else _Read(item.path, item.record, item.number, None)
            for item in read(*source)
        ]
        left = _choose(findings, sum(item.skipped is None for item in items), keep, redundant)
        keep_of, lines = _split(items, left, findings, filtered=filtered)
        write_remaining(target, source, keep_of)
        encoded = (msgspec.json.encode(line) + b"\n" for line in lines)
        if ledger == "-":
            sys.stdout.buffer.writelines(encoded)
        else:
            replace(Path(ledger), encoded)
    if not quiet:
        remaining = len(items) - len(lines)
        seconds = time.perf_counter() - began
        remain = "document remains" if remaining == 1 else "documents remain"
        told = f"{remaining:,} {remain} in {into!r}, {len(lines):,} left out"
        click.echo(f"{told}, in {seconds:.2f} s", err=True)


def _choose(findings: "Findings", own: int, keep: str, share: float) -> "dict[int, LeftOut]":
    """Choose what to leave out, by the number in which it was read; references come last."""
    from dupfind.redundancy import leave_out

    report, numbers = findings.report, findings.numbers
    references = {document for document, number in enumerate(numbers) if number >= own}
    return {
        numbers[out.document]: out
        for cluster in report.clusters
        for out in leave_out(cluster, report.documents, keep, share, references)
    }


def _split(
    items: Sequence[_Read], left: "dict[int, LeftOut]", findings: "Findings", *, filtered: bool
) -> tuple[dict[str, frozenset[int] | None], list[_Line]]:
    """Tell what is kept of the files of which anything is, and why the rest is not.

    `filtered` says that there may be documents in them that are not among the items.
    """
    entries = findings.report.documents
    keep: dict[str, frozenset[int] | None] = {}
    lines = []
    number = 0
    for path, group in groupby(items, key=attrgetter("path")):
        read = list(group)
        kept = []
        for item in read:
            out = None
            if item.skipped is None:
                out = left.get(number)
                number += 1
            if out and (item.path, item.record) != _name(entries[out.document]):
                raise SourceError(f"{path!r} has changed while it was read; try again")
            if out:
                lines.append(_tell(out, entries))
            elif item.skipped:
                reason, detail = item.skipped.reason, item.skipped.detail
                lines.append(_Line(path=path, record=item.record, reason=reason, detail=detail))
            else:
                kept.append(item)
        if kept and path in keep:
            raise SourceError(f"{path!r} is the name of two files; rename one of them")
        if kept:
            whole = len(kept) == len(read) and not filtered
            keep[path] = None if whole else _list_numbers(kept)
    return keep, lines


def _list_numbers(kept: Sequence[_Read]) -> frozenset[int] | None:
    """List the records to keep; none where they have no numbers, None for a document alone."""
    if all(item.record is None for item in kept):
        return None
    numbers = {item.number for item in kept if item.number is not None}
    return frozenset(numbers if len(numbers) == len(kept) else ())


def _tell(out: "LeftOut", entries: "Sequence[Entry]") -> _Line:
    path, record = _name(entries[out.document])
    return _Line(
        path=path,
        record=record,
        reason=out.relation.value,
        coverage=out.coverage,
        kept=_Named(*_name(entries[out.kept])),
    )


def _name(entry: "Entry") -> tuple[str, str | int | None]:
    return entry.path, entry.record
