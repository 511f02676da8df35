"""`dupfind check`: the gate."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dupfind.cli.options import (
    comparison_options,
    engine_options,
    report_options,
    settings_options,
    source_options,
)
from dupfind.cli.output import choose_color, open_outputs, replace
from dupfind.cli.run import find_overlaps, take_work
from dupfind.cli.scan import sum_up
from dupfind.cli.source import take_source
from dupfind.errors import SourceError
from dupfind.model import CLUSTERING, Relation
from dupfind.settings import Settings

if TYPE_CHECKING:
    from dupfind.acceptance import Update
    from dupfind.model import Verdict

__all__ = ["check"]

_FAILED = 1
_NAMED = 10  # entries, or members of an entry, that are named


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--baseline",
    type=click.Path(),
    metavar="FILE",
    help="Let pass the clusters that FILE accepts, wherever their documents were moved and "
    "however they were edited.",
)
@click.option(
    "--write-baseline",
    is_flag=True,
    help="Accept all that fails: bring the baseline up to date, or begin it.",
)
@click.option(
    "--changed-since",
    metavar="REF",
    help="Fail only on clusters with a document that this branch has changed since it left REF, "
    "by git.",
)
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice([relation.value for relation in Relation]),
    metavar="RELATION",
    default=[relation.value for relation in Relation if relation in CLUSTERING],
    help="Fail only on clusters with this relation, or pairs of it. Repeatable.  [default: "
    f"{', '.join(relation for relation in Relation if relation in CLUSTERING)}]",
)
@click.option("--strict", is_flag=True, help="Exit with 2 if anything was skipped.")
@source_options
@comparison_options
@settings_options
@report_options
@engine_options
def check(
    paths: tuple[str, ...],
    *,
    baseline: str | None,
    write_baseline: bool,
    changed_since: str | None,
    fail_on: tuple[str, ...],
    strict: bool,
    reference: tuple[str, ...],
    boilerplate: tuple[str, ...],
    form: str | None,
    outputs: tuple[str, ...],
    null: bool,
    diff: bool,
    color: str,
    quiet: bool,
    verbose: bool,
    **chosen: Any,  # noqa: ANN401 - click gives them, the values they make check them
) -> int:
    """Fail where documents overlap that nobody has accepted.

    Does what `dupfind scan` does, but lists only the clusters that fail. Exits with 0 if there
    are none, with 1 if there are, and with 2 if it could not tell; every report is written
    before it exits.

    On an old folder, accept what is there with --baseline FILE --write-baseline, and commit
    FILE: from then on only what is new fails.
    """
    began = time.perf_counter()
    if write_baseline and baseline is None:
        raise click.UsageError("--write-baseline needs to know where: name a --baseline FILE")
    source = take_source(paths, chosen, null=null)
    work = take_work(chosen, quiet=quiet, verbose=verbose)
    asked = Settings(**chosen)
    # Without a word on where a report is to go, the new baseline is the report.
    silent = write_baseline and not outputs and form is None
    targets = [] if silent else open_outputs(outputs, form)
    colored = choose_color(color)

    from dupfind.baseline import format_baseline
    from dupfind.gate import examine
    from dupfind.terms import demand, open_terms

    terms = open_terms(
        source.paths,
        reference,
        baseline,
        changed_since,
        frozenset(map(Relation, fail_on)),
        passages=asked.passages,
        reading=source.reading,
        new=write_baseline,
    )
    with find_overlaps(
        source, demand(asked, terms), work, reference=reference, boilerplate=boilerplate
    ) as found:
        findings, verdict, update = examine(found, terms)
        for target in targets:
            target.write(findings, colored=colored, diff=diff, null=null)
        report = findings.report
        if not quiet:
            click.echo(sum_up(report.summary, time.perf_counter() - began), err=True)
        if strict and report.skipped:
            counts = Counter(item.reason for item in report.skipped)
            named = ", ".join(f"{count} {reason}" for reason, count in sorted(counts.items()))
            raise SourceError(f"with --strict nothing may be skipped, but something was: {named}")
        if baseline is not None and write_baseline:
            replace(Path(baseline), [format_baseline(update.entries).encode()])
            told = _tell_update(update, baseline)
        else:
            told = _tell(verdict, baseline)
    if not quiet:
        for line in told:
            click.echo(line, err=True)
    return _FAILED if verdict.failed and not write_baseline else 0


def _tell(verdict: "Verdict", baseline: str | None) -> Iterator[str]:
    counts = (
        (verdict.failed, "not accepted (--write-baseline accepts what is there)"),
        (len(verdict.accepted), "accepted"),
        (verdict.untouched, "without a changed document"),
        (verdict.tolerated, "of relations that do not fail"),
    )
    if told := [f"{count:,} {what}" for count, what in counts if count]:
        yield f"overlaps: {', '.join(told)}"
    if verdict.stale:
        named = ", ".join(verdict.stale[:_NAMED])
        more = len(verdict.stale) - _NAMED
        rest = f" and {more:,} more" if more > 0 else ""
        yield f"{baseline!r}: nothing is left of {named}{rest}; --write-baseline removes them"


def _tell_update(update: "Update", baseline: str) -> Iterator[str]:
    counts = (
        f"{len(update.added):,} accepted, {update.kept:,} kept, {len(update.removed):,} removed"
    )
    yield f"{baseline!r}: {counts}"
    for sign, entries in (("+", update.added), ("-", update.removed)):
        for entry in sorted(entries):
            names = sorted(member.name for member in entry.members)
            rest = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
            yield f"{sign} {entry.id} {', '.join(names[:_NAMED])}{rest}"
