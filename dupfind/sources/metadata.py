"""Metadata: the fields that a page declares, under whatever names → those of a document."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, Final

from dupfind.reading import Reading
from dupfind.sources.dates import parse_date
from dupfind.sources.streams import RefusedError

__all__ = ["FIELDS", "clean", "describe", "list_ids", "refuse_unwanted"]

_LONGEST: Final = 500
"""Characters of the longest value that is taken over."""
_MOST_IDS: Final = 100
_CANONICAL: Final = ("canonical", "canonicalurl")
_OWN: Final = ("url", "permalink", "link")
_NAMES: Final = {
    "title": ("title", "headline"),
    "published": (
        *("date", "published", "publishdate", "pubdate", "publishedat", "datepublished"),
        *("publicationdate", "created", "ms.date"),
    ),
    "updated": ("updated", "lastmod", "modified", "lastmodified", "datemodified", "updatedat"),
    "byline": ("byline", "author", "authors"),
    "place": ("dateline", "place", "located"),
    "agency": ("agency", "source", "provider"),
    "language": ("lang", "language", "locale"),
    "version": ("version", "revision"),
    "status": ("status", "pubstatus"),
    "slug": ("slug", "slugline"),
    "url": (*_CANONICAL, *_OWN),
}
FIELDS: Final = tuple(_NAMES)
"""Fields of a `Document` that a page can declare."""
_FOLDED: Final = re.compile(r"[\s_-]+")


def describe(fields: Mapping[str, Any]) -> dict[str, str | None]:
    """Give the fields of a `Document` that a page's own fields declare.

    Capitals, hyphens and underscores in names make no difference. Dates come out as ISO 8601.
    """
    if not fields:
        return dict.fromkeys(_NAMES)  # As of most pages.
    folded = _fold(fields)
    found: dict[str, str | None] = {}
    for name, names in _NAMES.items():
        values = (folded[known] for known in names if known in folded)
        read = parse_date if name in {"published", "updated"} else clean
        found[name] = next(filter(None, map(read, map(_plain, values))), None)
    return found


def refuse_unwanted(fields: Mapping[str, Any], reading: Reading) -> None:
    """Raise `RefusedError` for a draft, or for a copy of another page, where it is unwanted.

    A copy names a canonical address that is not its own.
    """
    if not fields:
        return
    folded = _fold(fields)
    if not reading.drafts and str(folded.get("draft", "")).strip().lower() in {"true", "yes", "1"}:
        raise RefusedError("draft", "marked as a draft; --drafts reads it")
    original, own = (
        next((clean(_plain(folded[name])) for name in names if name in folded), None)
        for names in (_CANONICAL, _OWN)
    )
    if reading.canonical and original and original != own:
        raise RefusedError("canonical", f"names {original} as the original")


def clean(value: object) -> str | None:
    """Give a value as one line without what no terminal should be sent; None for nothing."""
    if not isinstance(value, str):
        return None
    words = " ".join(value.split())
    if not words.isprintable():
        words = "".join(each if each.isprintable() else " " for each in words)
    words = words.strip()
    return words[:_LONGEST] or None


def list_ids(values: Iterable[object]) -> tuple[str, ...]:
    """Give the ids among values, each once; more than a hundred tell no more."""
    return tuple(islice(dict.fromkeys(filter(None, map(clean, values))), _MOST_IDS))


def _fold(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {_FOLDED.sub("", str(name).lower()): value for name, value in fields.items()}


def _plain(value: object) -> object:
    """Give a value as a string: of a list its items, of a record its name.

    A number, too: as a date it is one written without hyphens, not one in seconds.
    """
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    return ", ".join(_names(value)) if isinstance(value, list | dict) else value


def _names(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, str):
            yield name
