"""The options that commands share, by what they are about."""

import re
from collections.abc import Callable
from functools import reduce
from typing import Any, Final, TypeVar

import click

from dupfind.reports import FORMS
from dupfind.settings import LEAST, LINKAGES, Settings, recall

__all__ = [
    "OutputPath",
    "Size",
    "comparison_options",
    "engine_options",
    "report_options",
    "settings_options",
    "source_options",
    "threshold_option",
]

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


threshold_option: Final = click.option(
    "--threshold",
    type=click.FloatRange(min=0, max=1, min_open=True),
    default=_DEFAULT.threshold,
    show_default=True,
    metavar="SHARE",
    help="Least coverage of the shorter document.",
)


class OutputPath(click.Path):
    """A file for a report; its form may stand before it, as in csv:FILE."""


class Size(click.ParamType):  # type: ignore[type-arg] # none in older releases of click
    """A number of bytes, such as 500K, 64M or 2G."""

    name = "size"

    def __init__(self, least: int = 0) -> None:
        self._least = least

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Give the bytes; 1K is 1,024."""
        match = re.fullmatch(r"([0-9]{1,12})([KMG]?)B?", str(value).upper())
        if match is None:
            self.fail(f"{value!r} is no size; use a number such as 500K, 64M or 2G", param, ctx)
        size = int(match[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[match[2]]
        if size < self._least:
            self.fail(
                f"{value!r} is too little; it must be at least {self._least >> 20}M", param, ctx
            )
        return size


source_options = _group(
    click.option(
        "--files-from",
        type=click.Path(),
        metavar="FILE",
        help="Read the paths in FILE, too: a line each, or NUL after each; `-` is standard input.",
    ),
    click.option(
        "--include",
        multiple=True,
        metavar="PATTERN",
        help="Of folders and archives read only files that match, as in .gitignore. Repeatable.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        help="Leave out files and folders that match. Repeatable.",
    ),
    click.option("--hidden", is_flag=True, help="Also read files and folders named with a dot."),
    click.option(
        "--ignore/--no-ignore",
        "ignore_files",
        default=True,
        help="Leave out or read what .gitignore and .dupfindignore name.",
    ),
    click.option(
        "--since", metavar="TIME", help="Leave out what was published before, or undated."
    ),
    click.option("--until", metavar="TIME", help="Leave out what was published after, or undated."),
    click.option(
        "--language", metavar="TAG", help="Leave out what does not declare this language."
    ),
    click.option("--text-field", metavar="NAME", help="Field of records that holds the text."),
    click.option("--id-field", metavar="NAME", help="Field of records that holds the id."),
    click.option("--title-field", metavar="NAME", help="Field of records that holds the title."),
    click.option(
        "--date-field",
        metavar="NAME",
        help="Field of records that holds the date.  [default for all four: by the usual names; "
        "-v prints them]",
    ),
    click.option(
        "--encoding",
        metavar="NAME",
        help="Encoding of texts that are not UTF-8 and declare none.  [default: detected where "
        "there is no doubt]",
    ),
    click.option(
        "--html",
        type=click.Choice(["article", "visible"]),
        default="article",
        show_default=True,
        help="What of an HTML page is compared: its article, or all that is visible.",
    ),
    click.option("--drafts/--no-drafts", default=True, help="Read or skip what is marked a draft."),
    click.option("--canonical", is_flag=True, help="Skip what names another page as its original."),
    click.option(
        "--max-size",
        type=Size(),
        default=256 << 20,
        metavar="SIZE",
        help="Skip documents of more bytes, unpacked.  [default: 256M]",
    ),
)
"""What is read and how: the fields of `Selection` and `Reading`, and `files_from`."""

settings_options = _group(
    threshold_option,
    _number("--min-words", "Do not compare documents with fewer words."),
    _number("--guarantee", "Shortest shared run of words that is always found."),
    _number(
        "--shingle-size", "Words in a shingle; also the shortest run of equal words that counts."
    ),
    _number("--num-perm", "Values in a MinHash signature."),
    _number("--bands", _recall_help()),
    _number("--rows", "Values in a band; more rows propose fewer pairs."),
    click.option(
        "--linkage",
        type=click.Choice(LINKAGES),
        default=_DEFAULT.linkage,
        show_default=True,
        help="What makes a cluster: a match to any member, or one between every two.",
    ),
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
    click.option(
        "--memory",
        type=Size(least=100 << 20),
        metavar="SIZE",
        help="Memory to use, such as 500M or 4G; what needs more lies in files meanwhile.  "
        "[default: a quarter of what is free, 2G at most]",
    ),
    click.option(
        "--cache",
        type=click.Path(),
        metavar="FOLDER",
        help="Keep what was found out about each text in FOLDER, for the next run.",
    ),
    click.option(
        "--work-dir",
        type=click.Path(),
        metavar="FOLDER",
        help="Keep finished stages in FOLDER, so that the same command goes on from there if this "
        "run is interrupted or killed. A run that ends well leaves no stage there.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="No progress and no summary."),
    click.option("-v", "--verbose", is_flag=True, help="Tell each stage's counts and seconds."),
)
"""How the work is done: `jobs`, `memory`, `cache`, `work_dir`, `quiet`, `verbose`."""

report_options = _group(
    click.option(
        "-f",
        "--format",
        "form",
        type=click.Choice(list(FORMS)),
        metavar="FORM",
        help=f"Form of the report: {', '.join(FORMS)}.  [default: terminal, or by the "
        "extension of --output]",
    ),
    click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        type=OutputPath(),
        metavar="[FORM:]FILE",
        help="Write the report to FILE, `-` for standard output, in the form that its extension "
        "or FORM says. Repeatable.",
    ),
    click.option(
        "-0",
        "--null",
        is_flag=True,
        help="Names end with NUL: those that `-f paths` writes, and those of --files-from.",
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
"""Where reports go and how they look: `form`, `outputs`, `null`, `diff`, `color`."""
