"""Finds overlapping documents, above all wire stories, and shows what they share.

>>> from dupfind import Settings, scan
>>> report = scan(["seeds/"], Settings(threshold=0.3))
>>> report.summary.clusters
4

`scan`, `check` and `compare` do the work; the nouns they return are in `dupfind.model`.
Names load on first use, so that importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from dupfind.api import check, compare, scan
    from dupfind.errors import BaselineError, DupfindError, OutputError, SettingsError, SourceError
    from dupfind.model import (
        Accepted,
        Boilerplate,
        Cluster,
        Document,
        Earlier,
        Edit,
        Entry,
        Indirect,
        Match,
        Nearest,
        Passage,
        Place,
        Relation,
        Report,
        Skipped,
        Span,
        Summary,
        Tool,
        Verdict,
    )
    from dupfind.reading import Reading, Selection
    from dupfind.settings import Settings

__all__ = [
    "Accepted",
    "BaselineError",
    "Boilerplate",
    "Cluster",
    "Document",
    "DupfindError",
    "Earlier",
    "Edit",
    "Entry",
    "Indirect",
    "Match",
    "Nearest",
    "OutputError",
    "Passage",
    "Place",
    "Reading",
    "Relation",
    "Report",
    "Selection",
    "Settings",
    "SettingsError",
    "Skipped",
    "SourceError",
    "Span",
    "Summary",
    "Tool",
    "Verdict",
    "check",
    "compare",
    "scan",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attributes are of any type
    """Load a public name from the module it lives in."""
    if name in __all__:
        for home in ("settings", "reading", "errors", "model", "api"):
            module = import_module(f"{__name__}.{home}")
            if name in module.__all__:
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted([*__all__, "__version__"])
