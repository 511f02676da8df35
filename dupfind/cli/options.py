"""The options that commands share, by what they are about."""

from collections.abc import Callable
from functools import reduce
from typing import Any, Final, TypeVar

import click

from dupfind.reports import FORMS
from dupfind.settings import LEAST, Settings, recall

__all__ = ["comparison_options", "engine_options", "report_options", "settings_options"]

_DEFAULT: Final = Settings()

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


def _number(name: str, text: str) -> Callable[[F], F]:
    """Make an option that takes a whole number, in the range that `Settings` allows."""
    field = name.removeprefix("--").replace("-", "_")
    return click.option(
        name,
        type=click.IntRange(min=LEAST[field]),
        default=getattr(_DEFAULT, field),
        show_default=True,
        metavar="N",
        help=text,
    )


def _group(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Make one decorator of several options, shown in this order."""
    return lambda command: reduce(lambda made, option: option(made), reversed(options), command)


settings_options = _group(
    click.option(
        "--threshold",
        type=click.FloatRange(min=0, max=1, min_open=True),
        default=_DEFAULT.threshold,
        show_default=True,
        metavar="SHARE",
        help="Least coverage of the shorter document.",
    ),
    _number("--min-words", "Do not compare documents with fewer words."),
    _number("--guarantee", "Shortest shared run of words that is always found."),
    _number(
        "--shingle-size", "Words in a shingle; also the shortest run of equal words that counts."
    ),
    _number("--num-perm", "Values in a MinHash signature."),
    _number("--bands", _recall_help()),
    _number("--rows", "Values in a band; more rows propose fewer pairs."),
    click.option(
        "--passages",
        is_flag=True,
        help="Also list the pairs that share passages but are too little alike for a cluster.",
    ),
)
"""Those of `Settings`, under the names of its fields."""

comparison_options = _group(
    click.option(
        "--reference",
        multiple=True,
        type=click.Path(),
        metavar="PATH",
        help="Also compare with the documents of PATH, but not those with each other. Repeatable.",
    ),
    click.option(
        "--boilerplate",
        multiple=True,
        type=click.Path(),
        metavar="FILE",
        help="Do not count the paragraphs of FILE, wherever they stand. Repeatable.",
    ),
)
"""What is compared with what: `reference`, `boilerplate`."""

engine_options = _group(
    click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Processes that work at once.  [default: one for each core]",
    ),
    click.option("-q", "--quiet", is_flag=True, help="No progress and no summary."),
    click.option("-v", "--verbose", is_flag=True, help="Tell each stage's counts and seconds."),
)
"""How the work is done: `jobs`, `quiet`, `verbose`."""

report_options = _group(
    click.option(
        "-f",
        "--format",
        "form",
        type=click.Choice(list(FORMS)),
        help="Form of the report.  [default: terminal, or by the extension of --output]",
    ),
    click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        type=click.Path(),
        metavar="FILE",
        help="Write the report to FILE, `-` for the terminal; .json and .txt are known. "
        "Repeatable.",
    ),
    click.option("--diff/--no-diff", default=True, help="Show or leave out what differs."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Color the terminal report; auto obeys NO_COLOR and FORCE_COLOR.",
    ),
)
"""Where reports go and how they look: `form`, `outputs`, `diff`, `color`."""
