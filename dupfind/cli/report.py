"""`dupfind report`: show a saved report again."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dupfind.cli.options import report_options
from dupfind.cli.output import choose_color, open_outputs
from dupfind.errors import SourceError
from dupfind.reports import SHOW_TEXT

if TYPE_CHECKING:
    from dupfind.reports.saved import Recalled

__all__ = ["report"]


@click.command()
@click.argument("file")
@report_options
def report(
    file: str,
    *,
    form: str | None,
    outputs: tuple[str, ...],
    null: bool,
    diff: bool,
    color: str,
) -> None:
    """Show a report that was saved as JSON again, in any form.

    FILE is the JSON report, or - for standard input. What differs is shown of documents that
    are still where the report found them, seen from the folder you are in, and unchanged; of
    others it shows measures and places. Exits with 0 when it could show the report.
    """
    targets = open_outputs(outputs, form)
    data = _read(file)

    from dupfind.assembly import Findings
    from dupfind.reports.saved import load, recall

    loaded = load(data, file)
    texts: list[str | None] = [None] * len(loaded.documents)
    if diff and any(target.form in SHOW_TEXT for target in targets):
        recalled = recall(loaded)
        texts = recalled.texts
        if recalled.missing or recalled.changed:
            click.echo(_tell_gone(recalled), err=True)
    colored = choose_color(color)
    for target in targets:
        target.write(Findings(loaded, texts), colored=colored, diff=diff, null=null)


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{file!r} cannot be read: {reason}; name a JSON report") from None


def _tell_gone(recalled: "Recalled") -> str:
    counts = ((recalled.missing, "missing"), (recalled.changed, "changed since"))
    told = ", ".join(f"{count:,} {what}" for count, what in counts if count)
    total = len(recalled.texts)
    return f"dupfind: shown without their texts: {told}, of {total:,} document{'s' * (total != 1)}"
