"""Fields: a record → a document. Which field is what is told by the user or by its name."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, cast

import msgspec

from dupfind.model import Document, Skipped
from dupfind.reading import Reading
from dupfind.sources.dates import parse_date
from dupfind.sources.titles import find_title

__all__ = ["FIELDS", "Roles", "assign", "find", "is_plain_id", "make_document", "narrow", "tell"]

_USUAL: Final = {
    "text": (
        *("text", "body", "content", "article", "articleBody", "article_body", "body_text"),
        *("bodyText", "full_text", "fulltext", "story", "Text", "Body", "TEXT", "BODY"),
    ),
    "id": ("id", "_id", "guid", "uuid", "doc_id", "article_id", "ID"),
    "title": ("title", "headline", "Title", "Headline", "TITLE"),
    "published": (
        *("date", "published", "published_at", "publishedAt", "datePublished", "date_published"),
        *("pub_date", "pubDate", "publication_date", "created_at", "timestamp", "Date", "DATE"),
    ),
    "updated": ("updated", "updated_at", "modified", "dateModified", "date_modified"),
    "byline": ("byline", "author", "authors", "creator"),
    "place": ("dateline", "place", "location"),
    "agency": ("agency", "source", "publisher", "provider"),
    "language": ("language", "lang", "inLanguage"),
    "version": ("version",),
    "status": ("status", "pubstatus"),
    "slug": ("slug", "slugline", "keywords"),
    "url": ("url", "link", "uri"),
    "urgency": ("urgency",),
    "note": ("ednote", "edNote", "ed_note", "editorial_note"),
}
"""The usual names of fields, the first ones first; where one is null the next one counts."""

FIELDS: Final = tuple(role for role in _USUAL if role not in {"text", "id"})
"""Fields of a `Document` that a record can declare, beside its text and its id."""
_LONGEST: Final = 1000  # characters of what is shown on one line
_SHORTEST_BIG: Final = 10**18  # integers that not every JSON reader can hold

Roles = dict[str, tuple[str, ...]]
"""For each of the things that a document has the fields that may hold it, as dotted paths."""


def assign(reading: Reading) -> Roles:
    """Give the fields to look for: those that the user named, else the usual ones."""
    named = {
        "text": reading.text_field,
        "id": reading.id_field,
        "title": reading.title_field,
        "published": reading.date_field,
    }
    return {
        role: (field,) if (field := named.get(role)) else usual for role, usual in _USUAL.items()
    }


def narrow(roles: Roles, columns: Iterable[str]) -> Roles:
    """Give of the fields those that there are in a table."""
    here = set(columns)
    return {
        role: tuple(field for field in fields if field in here or field.partition(".")[0] in here)
        for role, fields in roles.items()
    }


def find(record: Mapping[str, Any], roles: Roles) -> dict[str, Any]:
    """Find in a record what a document has: the first value of each role that is not null."""
    found = {}
    for role, fields in roles.items():
        for field in fields:
            if (value := _dig(record, field)) is not None:
                found[role] = value
                break
    return found


def tell(columns: Iterable[str], roles: Roles) -> str:
    """Say which fields will be used, given the names of those that there are."""
    told = [
        f"{role} from {fields[0]!r}" for role, fields in narrow(roles, columns).items() if fields
    ]
    return ", ".join(told) or "no field with a usual name"


def make_document(
    found: dict[str, Any], path: str, number: int, line: int | None = None
) -> Document | Skipped:
    """Make a document of what was found in a record, the `number`-th of its file.

    Its id may be any value, or `msgspec.Raw` to be shown as it is written. Gives a `Skipped`
    where there is no text.
    """
    text = found.pop("text", None)
    name = _name(found.pop("id", None))
    if not isinstance(text, str):
        what = "no field holds a text" if text is None else "the text is no string"
        detail = f"{what}; --text-field names the one that does"
        return Skipped(path=path, reason="invalid", record=number, detail=detail)
    told: dict[str, Any] = {role: _TOLD[role](value) for role, value in found.items()}
    told["title"] = told.get("title") or find_title(text)
    return Document(
        path=path,
        text=text,
        record=number if name is None or name == "" else name,
        line=line,
        number=number,
        **told,
    )


def is_plain_id(value: object) -> bool:
    """Tell whether an id needs no other form to be shown."""
    if value is None or isinstance(value, str):
        return True
    return type(value) is int and -_SHORTEST_BIG < value < _SHORTEST_BIG


def _dig(record: Mapping[str, Any], field: str) -> object:
    """Follow a dotted path; a field may have points in its own name, too."""
    value: Any = record.get(field)
    if value is not None or "." not in field:
        return value
    value = record
    for step in field.split("."):
        if isinstance(value, list) and value:
            value = value[0]
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def _name(value: object) -> str | int | None:
    """Give an id: a string or an integer as it is, anything else as its JSON text."""
    if isinstance(value, msgspec.Raw):
        raw = bytes(value)
        if raw.startswith(b'"'):
            return msgspec.json.decode(raw, type=str)
        if raw == b"null":
            return None
        return int(raw) if _INTEGER.fullmatch(raw) else raw.decode()
    if is_plain_id(value):
        return cast("str | int | None", value)
    try:
        return msgspec.json.encode(value).decode()
    except (TypeError, ValueError, RecursionError):
        return None


_INTEGER: Final = re.compile(rb"-?[0-9]{1,18}")


def _show(value: object) -> str | None:
    """Give what is told of a document, on one line: several values with commas between them."""
    if not isinstance(value, str):
        value = _spell(value)
        if value is None:
            return None
    value = value.strip()[:_LONGEST]
    return (value if value.isprintable() else " ".join(value.split())) or None


def _spell(value: object) -> str | None:
    """Give as a string what is told by something else: a name, several values, a number."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        value = ", ".join(filter(None, map(_show, value[:_LONGEST])))
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) else None


_TOLD: Final[dict[str, Callable[[object], str | None]]] = {
    **dict.fromkeys(FIELDS, _show),
    **dict.fromkeys(("published", "updated"), parse_date),
}
"""How what a record declares is taken over, by its role."""
