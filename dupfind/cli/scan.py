"""`dupfind scan`: look and report."""

import time
from typing import TYPE_CHECKING, Any

import click

from dupfind.cli.options import (
    comparison_options,
    engine_options,
    report_options,
    settings_options,
    source_options,
)
from dupfind.cli.output import choose_color, open_outputs
from dupfind.cli.run import find_overlaps, take_work
from dupfind.cli.source import list_files, take_source
from dupfind.settings import Settings

if TYPE_CHECKING:
    from dupfind.model import Summary

__all__ = ["scan", "sum_up"]


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@source_options
@click.option(
    "--show-files", is_flag=True, help="Only list what would be read, as what, and what not."
)
@comparison_options
@settings_options
@report_options
@engine_options
def scan(
    paths: tuple[str, ...],
    *,
    reference: tuple[str, ...],
    boilerplate: tuple[str, ...],
    form: str | None,
    outputs: tuple[str, ...],
    null: bool,
    diff: bool,
    color: str,
    quiet: bool,
    verbose: bool,
    show_files: bool,
    **chosen: Any,  # noqa: ANN401 - click gives them, the values they make check them
) -> None:
    """Find overlapping documents among files and folders, and show what they share.

    Reads texts and Markdown, records in JSON, JSON Lines, CSV, Parquet and Arrow, and web
    archives, also packed and in zip and tar files; `-` is standard input. Folders are searched;
    what .gitignore and .dupfindignore name is left out, and so are hidden files. Exits with 0
    when it ran to the end.
    """
    began = time.perf_counter()
    source = take_source(paths, chosen, null=null)
    work = take_work(chosen, quiet=quiet, verbose=verbose)
    if show_files:
        list_files(source)
        return
    checked = Settings(**chosen)
    targets = open_outputs(outputs, form)
    colored = choose_color(color)
    with find_overlaps(
        source, checked, work, reference=reference, boilerplate=boilerplate
    ) as findings:
        for target in targets:
            target.write(findings, colored=colored, diff=diff, null=null)
    if not quiet:
        click.echo(sum_up(findings.report.summary, time.perf_counter() - began), err=True)


def sum_up(summary: "Summary", seconds: float) -> str:
    """Sum a run up in a line."""
    counts = (
        (summary.documents, "document"),
        (summary.clusters, "cluster"),
        (summary.redundant, "redundant document"),
    )
    told = [f"{count:,} {noun}{'s' * (count != 1)}" for count, noun in counts]
    if summary.skipped:
        told.append(f"{summary.skipped:,} skipped")
    return f"{', '.join(told)} in {seconds:.2f} s"
