"""Reports: what is found, in the form its reader needs. A report never runs the engine.

Each form is a module of this package with one function, `render`.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["FORMS", "SHOW_TEXT", "Style", "render"]

FORMS: Final[dict[str, tuple[str, ...]]] = {
    "terminal": (".txt",),
    "html": (".html", ".htm"),
    "markdown": (".md", ".markdown"),
    "concise": (),
    "paths": (),
    "csv": (".csv",),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
    "sarif": (".sarif", ".sarif.json"),
    "github": (),
    "gitlab": (),
    "junit": (".xml",),
}
"""The forms by name, and the extensions of the files that hold them."""

SHOW_TEXT: Final = frozenset({"terminal", "html", "markdown"})
"""The forms that show the documents' texts."""


class Style(NamedTuple):
    """How a form for human eyes is laid out; forms for tools take no notice of it."""

    colored: bool = False
    diff: bool = True
    """Show what differs."""
    width: int | None = None
    """Columns to wrap lines to; None does not wrap them."""
    encoding: str = "utf-8"
    paired: bool = False
    """The report is about two documents: show them side by side where that fits."""
    null: bool = False
    """End each path with NUL instead of a line feed; of a form for tools, `paths` obeys this."""


def render(form: str, findings: "Findings", style: Style) -> Iterator[bytes]:
    """Render a report, piece by piece."""
    renderer: Callable[[Findings, Style], Iterator[bytes]]
    renderer = import_module(f"{__name__}.{form}").render
    return renderer(findings, style)
