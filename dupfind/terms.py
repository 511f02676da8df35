"""The terms of a check: what fails, what has been accepted, and what has changed."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from dupfind.baseline import Acceptance, parse_baseline
from dupfind.changes import find_changed
from dupfind.errors import BaselineError
from dupfind.model import Relation
from dupfind.relations import CLUSTERING
from dupfind.settings import Settings

__all__ = ["Terms", "demand", "open_terms"]


class Terms(NamedTuple):
    """What makes a cluster fail."""

    baseline: Sequence[Acceptance] = ()
    fail_on: frozenset[Relation] = CLUSTERING
    """A cluster fails if one of its matches has one of these relations. A pair outside the
    clusters fails by itself."""
    passages: bool = False
    """Also list the pairs outside the clusters that do not fail."""
    is_changed: Callable[[str], bool] | None = None
    """Tells whether the file of a path has changed; None where that makes no difference."""
    rebase: Callable[[str], str] = str
    """Gives a path of the report as the baseline has it."""
    covers: Callable[[str], bool] = bool
    """Tells whether a path of the baseline was looked at."""


def open_terms(
    paths: Sequence[str | os.PathLike[str]],
    reference: Sequence[str | os.PathLike[str]],
    baseline: str | os.PathLike[str] | None,
    changed_since: str | None,
    fail_on: frozenset[Relation],
    *,
    passages: bool,
    new: bool = False,
) -> Terms:
    """Read what a check of these paths and references is to go by.

    With `new` the baseline need not exist yet. Raises what `dupfind.check` raises.
    """
    terms = Terms(fail_on=fail_on, passages=passages)
    if changed_since is not None:
        changed = find_changed(paths, changed_since)
        terms = terms._replace(
            is_changed=lambda path: any(os.path.realpath(file) in changed for file in _files(path))
        )
    if baseline is None:
        return terms
    folder = Path(baseline).resolve().parent
    roots = [Path(path).resolve() for path in (*paths, *reference)]
    return terms._replace(
        baseline=[] if new and not Path(baseline).exists() else _read_baseline(Path(baseline)),
        rebase=lambda path: Path(os.path.relpath(path, folder)).as_posix(),
        covers=lambda path: any(
            (folder / file).resolve().is_relative_to(root)
            for file in _files(path)
            for root in roots
        ),
    )


def demand(settings: Settings, terms: Terms) -> Settings:
    """Let the engine also list the pairs outside the clusters, where they may fail."""
    return replace(settings, passages=settings.passages or not terms.fail_on <= CLUSTERING)


def _files(path: str) -> Iterator[str]:
    """Give the files that a path of a report may stand for: what is in archives has a `!`."""
    yield path
    for at, sign in enumerate(path):
        if sign == "!":
            yield path[:at]


def _read_baseline(path: Path) -> list[Acceptance]:
    try:
        return parse_baseline(path.read_text("utf-8"))
    except BaselineError as error:
        raise BaselineError(f"{str(path)!r}: {error}") from None
    except OSError as error:
        hint = "; --write-baseline begins it" if isinstance(error, FileNotFoundError) else ""
        reason = f"{error.strerror}{hint}"
        raise BaselineError(f"the baseline {str(path)!r} cannot be read: {reason}") from None
    except UnicodeDecodeError:
        raise BaselineError(f"{str(path)!r} is no baseline: it is not UTF-8") from None
