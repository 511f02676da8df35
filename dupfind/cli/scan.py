"""`dupfind scan`: look and report."""

import time
from typing import TYPE_CHECKING, Any

import click

from dupfind.cli.options import (
    comparison_options,
    engine_options,
    report_options,
    settings_options,
)
from dupfind.cli.output import choose_color, open_output
from dupfind.cli.run import find_overlaps
from dupfind.settings import Settings

if TYPE_CHECKING:
    from dupfind.model import Summary

__all__ = ["scan", "sum_up"]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
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
    diff: bool,
    color: str,
    jobs: int | None,
    quiet: bool,
    verbose: bool,
    **settings: Any,  # noqa: ANN401 - click gives them, `Settings` checks them
) -> None:
    """Find overlapping documents among files and folders, and show what they share.

    Reads .txt and .md files, and .jsonl files with a record a line (text, and id, title and
    date where present), also gzipped. Folders are searched; what .gitignore and .dupfindignore
    name is left out, and so are hidden files. Exits with 0 when it ran to the end.
    """
    began = time.perf_counter()
    checked = Settings(**settings)
    targets = [open_output(output, form) for output in outputs or ("-",)]
    colored = choose_color(color)
    findings = find_overlaps(
        paths,
        checked,
        reference=reference,
        boilerplate=boilerplate,
        jobs=jobs,
        quiet=quiet,
        verbose=verbose,
    )
    for target in targets:
        target.write(findings, colored=colored, diff=diff)
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
