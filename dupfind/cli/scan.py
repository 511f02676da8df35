"""`dupfind scan`: look and report."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dupfind.cli.output import choose_color, open_output
from dupfind.cli.progress import Progress
from dupfind.settings import Settings, recall

if TYPE_CHECKING:
    from dupfind.model import Summary

__all__ = ["scan"]

_DEFAULT = Settings()

F = TypeVar("F", bound=Callable[..., Any])


def _recall_help() -> str:
    found = ", ".join(
        f"{recall(resemblance, _DEFAULT.bands, _DEFAULT.rows):.1%} at resemblance {resemblance:g}"
        for resemblance in (0.1, 0.2, 0.3)
    )
    return (
        f"Bands of a signature; more bands propose more pairs. {_DEFAULT.bands} bands of "
        f"{_DEFAULT.rows} rows propose {found}; -v prints it for other values."
    )


def _number(name: str, default: int, text: str) -> Callable[[F], F]:
    """Make an option that takes a whole number; `Settings` checks its range."""
    return click.option(name, type=int, default=default, show_default=True, metavar="N", help=text)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option(
    "--threshold",
    type=float,
    default=_DEFAULT.threshold,
    show_default=True,
    metavar="SHARE",
    help="Least coverage of the shorter document, 0 to 1.",
)
@_number("--min-words", _DEFAULT.min_words, "Do not compare documents with fewer words.")
@_number("--guarantee", _DEFAULT.guarantee, "Shortest shared run of words that is always found.")
@_number(
    "--shingle-size",
    _DEFAULT.shingle_size,
    "Words in a shingle; also the shortest run of equal words that counts.",
)
@_number("--num-perm", _DEFAULT.num_perm, "Values in a MinHash signature.")
@_number("--bands", _DEFAULT.bands, _recall_help())
@_number("--rows", _DEFAULT.rows, "Values in a band; more rows propose fewer pairs.")
@click.option(
    "--passages",
    is_flag=True,
    help="Also list the pairs that share passages but are too little alike for a cluster.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that work at once.  [default: one for each core]",
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["terminal", "json"]),
    help="Form of the report.  [default: terminal, or by the extension of --output]",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(),
    metavar="FILE",
    help="Write the report to FILE, `-` for the terminal; .json and .txt are known. Repeatable.",
)
@click.option("--diff/--no-diff", default=True, help="Show or leave out what differs.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Color the terminal report; auto obeys NO_COLOR and FORCE_COLOR.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
@click.option("-v", "--verbose", is_flag=True, help="Tell each stage's counts and seconds.")
def scan(
    paths: tuple[str, ...],
    threshold: float,
    min_words: int,
    guarantee: int,
    shingle_size: int,
    num_perm: int,
    bands: int,
    rows: int,
    passages: bool,  # noqa: FBT001 - click passes options by name
    jobs: int | None,
    form: str | None,
    outputs: tuple[str, ...],
    diff: bool,  # noqa: FBT001
    color: str,
    quiet: bool,  # noqa: FBT001
    verbose: bool,  # noqa: FBT001
) -> None:
    """Find overlapping documents among files and folders, and show what they share.

    Reads .txt and .md files, and .jsonl files with a record a line (text, and id, title and
    date where present), also gzipped. Folders are searched; what .gitignore and .dupfindignore
    name is left out, and so are hidden files. Exits with 0 when it ran to the end.
    """
    began = time.perf_counter()
    settings = Settings(
        threshold=threshold,
        min_words=min_words,
        shingle_size=shingle_size,
        num_perm=num_perm,
        bands=bands,
        rows=rows,
        guarantee=guarantee,
        passages=passages,
    )
    targets = [open_output(output, form) for output in outputs or ("-",)]
    colored = choose_color(color)

    from dupfind.engines.local import Workers, usable_cores
    from dupfind.pipeline import find
    from dupfind.sources import read

    with Progress(quiet=quiet, verbose=verbose) as progress:
        if verbose:
            progress.tell(
                f"{bands} bands of {rows} rows propose "
                + ", ".join(
                    f"{recall(share, bands, rows):.1%} of pairs at resemblance {share:g}"
                    for share in (0.1, 0.2, 0.3, 0.5, 0.8)
                )
            )
        with Workers(jobs or usable_cores()) as workers:
            findings = find(read(paths), settings, workers, progress)
    for target in targets:
        target.write(findings, colored=colored, diff=diff)
    if not quiet:
        click.echo(_sum_up(findings.report.summary, time.perf_counter() - began), err=True)


def _sum_up(summary: "Summary", seconds: float) -> str:
    counts = (
        (summary.documents, "document"),
        (summary.clusters, "cluster"),
        (summary.redundant, "redundant document"),
    )
    told = [f"{count:,} {noun}{'s' * (count != 1)}" for count, noun in counts]
    if summary.skipped:
        told.append(f"{summary.skipped:,} skipped")
    return f"{', '.join(told)} in {seconds:.2f} s"
