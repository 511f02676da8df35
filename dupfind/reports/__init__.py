"""Reports: what is found, in the form its reader needs. A report never runs the engine.

Each form is a module of this package with one function, `render`.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["FORMS", "Style", "render"]

FORMS: Final = {
    "terminal": (".txt",),
    "json": (".json",),
}
"""The forms by name, and the extensions of the files that hold them."""


class Style(NamedTuple):
    """How a form for human eyes is laid out; forms for tools take no notice of it."""

    colored: bool = False
    diff: bool = True
    """Show what differs."""
    width: int | None = None
    """Columns to wrap lines to; None does not wrap them."""
    encoding: str = "utf-8"


def render(form: str, findings: "Findings", style: Style) -> Iterator[bytes]:
    """Render a report, piece by piece."""
    renderer: Callable[[Findings, Style], Iterator[bytes]]
    renderer = import_module(f"{__name__}.{form}").render
    return renderer(findings, style)
