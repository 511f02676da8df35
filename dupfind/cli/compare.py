"""`dupfind compare`: explain one pair."""

import click

from dupfind.cli.options import report_options, threshold_option
from dupfind.cli.output import choose_color, open_outputs
from dupfind.errors import SourceError
from dupfind.settings import Settings

__all__ = ["compare"]


@click.command()
@click.argument("a")
@click.argument("b")
@threshold_option
@report_options
def compare(
    a: str,
    b: str,
    *,
    threshold: float,
    form: str | None,
    outputs: tuple[str, ...],
    null: bool,
    diff: bool,
    color: str,
) -> None:
    """Compare two documents, say what they are to each other, and show what differs.

    A and B are files, records named as in reports (stories.jsonl#ID, with the record's id or,
    where it has none, its number), or - for standard input. They are compared however short
    they are; where they do not count as overlapping, it says why. A terminal of 100 columns
    shows them side by side. Exits with 0, whatever they are to each other.
    """
    settings = Settings(threshold=threshold)
    targets = open_outputs(outputs, form)
    if a == b == "-":
        raise SourceError("standard input can be one of the two documents only; name a file")

    from dupfind.pipeline import compare as compare_documents
    from dupfind.sources.picking import pick

    findings = compare_documents(pick(a), pick(b), settings)
    colored = choose_color(color)
    for target in targets:
        target.write(findings, colored=colored, diff=diff, null=null, paired=True)
