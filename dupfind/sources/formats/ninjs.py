"""ninjs, IPTC's news in JSON: an object is a document; 1.x, 2.x and 3.x."""

import re
from collections.abc import Iterator
from io import BufferedReader
from itertools import chain
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from dupfind.model import Document, Skipped
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.dates import parse_date
from dupfind.sources.decoding import decode
from dupfind.sources.formats import Found, json
from dupfind.sources.json_scanner import Piece, scan_objects
from dupfind.sources.metadata import clean, list_ids
from dupfind.sources.streams import RefusedError, drop_mark
from dupfind.sources.visible import visible_text

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="ninjs 1.x, 2.x, 3.x",
    document="an object, also in arrays and one a line",
    fields=(
        "title",
        "published",
        "updated",
        "byline",
        "place",
        "agency",
        "language",
        "version",
        "status",
        "slug",
        "url",
        "line",
        "urgency",
        "note",
        "ids",
        "follows",
    ),
    left_out="headline, descriptions, associations, markup of bodies; packages and pictures",
)

Object = dict[str, Any]

_BODIES: Final = ("body_text", "body_html", "body_xhtml", "body_richhtml")
"""Of 1.x, in the order in which they are taken."""
_MARKUP: Final = re.compile(r"html|xml", re.IGNORECASE)


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Found]:
    """Read an object, an array of objects, an answer that lists them, or one object a line.

    They are read as they come. Where the user says which field holds the text, they are read
    as any other records.
    """
    if reading.text_field:
        yield from json.read(stream, path, reading)
        return
    drop_mark(stream)
    pieces = scan_objects(stream, reading.max_size)
    first = next(pieces, None)
    if first is None:
        raise RefusedError("empty", "holds no item")
    second = next(pieces, None)
    if second is None:
        yield from _read_piece(first, path, None)
        return
    objects = 0
    for number, piece in enumerate(chain((first, second), pieces), 1):
        objects += not isinstance(piece.data, RefusedError)
        for item in _read_piece(piece, path, number):
            yield replace(item, number=objects) if isinstance(item, Document) else item


def _read_piece(piece: Piece, path: str, number: int | None) -> Iterator[Document | Skipped]:
    """Read one of many objects, or the only one, which may list others."""
    line = piece.line if number else None
    try:
        item = _load(piece.data)
    except RefusedError as refused:
        yield refused.skip(path, number)
        return
    listed = item.get("_items")
    if isinstance(listed, list):
        for place, each in enumerate(listed, 1):
            yield _read_item(each, path, place, line)
    else:
        yield _read_item(item, path, number, line)


def _load(data: bytes | RefusedError) -> Object:
    if isinstance(data, RefusedError):
        raise data
    try:
        return msgspec.json.decode(decode(data), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise RefusedError("invalid", f"not JSON: {error}") from None
    except RecursionError:
        raise RefusedError("invalid", "nested too deeply") from None


def _read_item(item: object, path: str, number: int | None, line: int | None) -> Document | Skipped:
    record: str | int | None = number
    try:
        found = _folded(item)
        if number is not None:
            record = clean(found.get("uri")) or clean(found.get("guid")) or number
        return _story(found, path, record, line)
    except RefusedError as refused:
        return refused.skip(path, record)


def _folded(item: object) -> Object:
    """Give an object with its names in lower case, as 1.x has them: 3.x writes `pubStatus`."""
    if not isinstance(item, dict):
        raise RefusedError("invalid", "not an object of ninjs")
    return {name.lower(): value for name, value in item.items()}


def _story(item: Object, path: str, record: str | int | None, line: int | None) -> Document:
    text = _text(item)
    if text is None:
        kind = clean(item.get("type"))
        if kind == "composite":
            raise RefusedError("package", "a package refers to stories and holds none")
        raise RefusedError(
            "empty", f"holds no text: its type is {kind}" if kind else "holds no text"
        )
    return Document(
        path=path,
        text=text,
        record=record,
        title=clean(item.get("headline"))
        or _first(item.get("headlines"))
        or clean(item.get("name")),
        published=_date(item, "firstcreated", "contentcreated", "versioncreated"),
        updated=_date(item, "versioncreated", "contentmodified"),
        byline=clean(item.get("byline")) or _first(item.get("by")) or _names(item.get("authors")),
        place=_first(item.get("located")),
        agency=_first(item.get("provider"))
        or _names(item.get("infosources"))
        or clean(item.get("source"))
        or _first(item.get("copyrightholder")),
        language=clean(item.get("language")),
        version=_number(item.get("version")),
        status=clean(item.get("pubstatus")) or "usable",
        slug=clean(item.get("slugline")),
        url=_address(item),
        line=line,
        urgency=_number(item.get("urgency")),
        note=clean(item.get("ednote")),
        ids=_ids(item),
        follows=list_ids(_listed(item, "evolvedfrom", "replacing")),
    )


def _ids(item: Object) -> tuple[str, ...]:
    """Give the id of an item, and others that it goes by."""
    others = item.get("altids")
    if isinstance(others, dict):
        others = list(others.values())
    ids = [item.get("uri"), item.get("guid"), *(others if isinstance(others, list) else ())]
    return list_ids(map(_first, ids))


def _listed(item: Object, *names: str) -> Iterator[object]:
    """Give the values of fields, each of which may be a list."""
    for name in names:
        value = item.get(name)
        yield from value if isinstance(value, list) else [value]


def _text(item: Object) -> str | None:
    """Give the body: plain text where there is one, else the words of the markup."""
    for name in _BODIES:
        body = item.get(name)
        if isinstance(body, str) and body.strip():
            return visible_text(body, keep_lines=False) if _MARKUP.search(name) else body
    bodies = item.get("bodies")
    found = (
        [_folded(body) for body in bodies or () if isinstance(body, dict)]
        if isinstance(bodies, list)
        else []
    )
    # Plain text first; of several, that which says to be the main one.
    found.sort(key=lambda body: (_is_markup(body), body.get("role") not in {None, "main"}))
    for body in found:
        value = body.get("value")
        if isinstance(value, str) and value.strip():
            return visible_text(value, keep_lines=False) if _is_markup(body) else value
    return None


def _is_markup(body: Object) -> bool:
    return _MARKUP.search(str(body.get("contenttype", ""))) is not None


def _first(value: object) -> str | None:
    """Give a value that may be a string, an object with a name or a value, or a list of them."""
    for each in value if isinstance(value, list) else [value]:
        named = each.get("name") or each.get("value") if isinstance(each, dict) else each
        if words := clean(named):
            return words
    return None


def _names(value: object) -> str | None:
    if not isinstance(value, list):
        return _first(value)
    return clean(", ".join(filter(None, map(_first, value))))


def _date(item: Object, *names: str) -> str | None:
    dates = (parse_date(item.get(name)) for name in names)
    return next(filter(None, dates), None)


def _number(value: object) -> str | None:
    return str(value) if type(value) in {int, float} else clean(value)


def _address(item: Object) -> str | None:
    for name in ("url", "line", "canonicalurl", "uri"):
        value = clean(item.get(name))
        if value and value.startswith(("http://", "https://")):
            return value
    return None
