"""The HTML report: one file that needs nothing else, and lets nothing else in.

The page's policy (Content Security Policy Level 3, W3C) allows the one script and the one style
it was made with, by their hashes, and nothing besides: no other script, no request, no form.
Texts travel as JSON and become text nodes; no markup is ever made of them.
"""

import base64
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from dupfind.assembly import Findings
from dupfind.model import Nearest, Report
from dupfind.reports import Style
from dupfind.reports.overview import (
    count_coverage,
    count_relations,
    find_reprinted,
    group_skipped,
)
from dupfind.reports.payload import embed
from dupfind.reports.wording import escape, name_of

__all__ = ["render"]

# In the order in which one uses the other.
_STYLES: Final = ("base.css", "list.css", "overview.css", "cluster.css", "pair.css", "print.css")
_SCRIPTS: Final = (
    "dom.js", "store.js", "words.js", "search.js", "list.js", "timeline.js", "order.js",
    "matrix.js", "members.js", "text.js", "ribbons.js", "pair.js", "cluster.js", "keys.js",
    "main.js",
)  # fmt: skip
_BUFFER: Final = 256  # pieces of the page given at once


def render(findings: Findings, _style: Style) -> Iterator[bytes]:
    """Render a report as a page, in UTF-8; the same bytes every time."""
    style = _join(_STYLES)
    script = f'"use strict";\n{{\n{_join(_SCRIPTS)}}}\n'
    report = findings.report
    data = embed(findings)
    page = _environment().get_template("page.html.j2")
    stream = page.stream(
        policy=_make_policy(script, style),
        style=style,
        script=script,
        report=report,
        settings=msgspec.structs.asdict(report.settings),
        relations=count_relations(report.summary.relations),
        coverage=count_coverage(m.coverage for c in report.clusters for m in c.matches),
        reprinted=find_reprinted(findings),
        skipped=group_skipped(report.skipped),
        nearest=report.nearest and _name_both(report, report.nearest),
        index=next(data),
        data=data,
    )
    stream.enable_buffering(_BUFFER)
    return (piece.encode() for piece in stream)


def _join(names: tuple[str, ...]) -> str:
    folder = files("dupfind.reports") / "page"
    return "\n".join((folder / name).read_text("utf-8") for name in names)


def _make_policy(script: str, style: str) -> str:
    """Allow this script and this style, and let no text become markup or code."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(script)}",
            f"style-src {_hash(style)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(source.encode()).digest()).decode()}'"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("dupfind.reports", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["escaped"] = escape
    environment.filters["number"] = "{:,}".format
    return environment


def _name_both(report: Report, nearest: Nearest) -> list[str]:
    return [name_of(report.documents[number]) for number in (nearest.a, nearest.b)]
