"""Declared: what an HTML page says of itself — in its head, and as data for search engines."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

import msgspec

from dupfind.sources.markup import Tag, scan
from dupfind.sources.metadata import clean
from dupfind.sources.visible import visible_text

__all__ = ["charset", "declared"]

_FIELDS: Final = {
    "title": ("og:title", "headline", "dc.title", "twitter:title"),
    "date": (
        *("article:published_time", "datepublished", "og:published_time", "publishdate"),
        *("pubdate", "parsely-pub-date", "sailthru.date", "dc.date", "date"),
    ),
    "updated": ("article:modified_time", "datemodified", "og:updated_time", "lastmod"),
    "author": ("author", "article:author_name", "parsely-author", "byl", "dc.creator"),
    "language": ("dc.language", "content-language"),
    "slug": ("slug",),
    "agency": ("dc.source", "source"),
}
"""Names that pages give in `meta`; the first of them that is there counts."""
_STORY: Final = re.compile("article|posting|report", re.IGNORECASE)
"""Of schema.org's types, those of stories."""
_CHARSET: Final = re.compile(
    rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_HEAD: Final = 4096
_H1: Final = re.compile(r"<h1(?=[\s>])[^<>]*+>", re.IGNORECASE)
_H1_END: Final = re.compile(r"</h1", re.IGNORECASE)
_LONGEST_H1: Final = 2000
_SHOWING: Final = frozenset({"html", "link", "title"})
_LARGEST_DATA: Final = 1 << 20


def charset(data: bytes) -> str | None:
    """Give the encoding that a page declares in its first bytes."""
    found = _CHARSET.search(data, 0, _HEAD)
    return found[1].decode("ascii") if found else None


def declared(source: str) -> dict[str, Any]:
    """Give what a page declares, by the names that `metadata.describe` knows.

    `url` is the page's own address, `canonical` that of the page it is a copy of. schema.org's
    data counts before `meta`, `meta` before what the page shows.
    """
    metas: dict[str, str] = {}
    shown: dict[str, str] = {}
    data: dict[str, Any] = {}
    for tag in scan(source):
        if isinstance(tag, Tag) and not tag.is_closing:
            if tag.name == "meta":
                _take_meta(tag.attributes(source), metas)
            elif tag.name == "script" and "ld+json" in source[slice(*tag.inside)]:
                data = data or _schema_data(source[slice(*tag.content)])
            elif tag.name in _SHOWING:
                _take_shown(tag, source, shown)
    if heading := _heading(source):
        shown["title"] = heading
    if "og:url" in metas:
        shown["url"] = metas["og:url"]
    named = {
        field: next((metas[name] for name in names if name in metas), None)
        for field, names in _FIELDS.items()
    }
    return {**shown, **{name: value for name, value in named.items() if value}, **data}


def _heading(source: str) -> str | None:
    """Give the words of the first main heading."""
    if start := _H1.search(source):
        end = _H1_END.search(source, start.end(), start.end() + _LONGEST_H1)
        if end is not None:
            return clean(visible_text(source[start.end() : end.start()]))
    return None


def _take_shown(tag: Tag, source: str, shown: dict[str, str]) -> None:
    if tag.name == "title":
        shown.setdefault("title", unescape(source[slice(*tag.content)]))
        return
    attributes = tag.attributes(source)
    if tag.name == "html" and "lang" in attributes:
        shown.setdefault("language", attributes["lang"])
    elif "canonical" in attributes.get("rel", "").lower().split():
        shown.setdefault("canonical", attributes.get("href", ""))


def _take_meta(attributes: dict[str, str], metas: dict[str, str]) -> None:
    content = clean(attributes.get("content"))
    for key in ("property", "name", "itemprop", "http-equiv"):
        if content and key in attributes:
            metas.setdefault(attributes[key].strip().lower(), content)


def _schema_data(source: str) -> dict[str, Any]:
    """Read schema.org's data in JSON: of the first story in it what it says of the text."""
    if len(source) > _LARGEST_DATA:
        return {}
    try:
        found = msgspec.json.decode(source)
    except (msgspec.DecodeError, RecursionError):
        return {}
    story = next(_stories(found), {})
    fields = {
        "title": story.get("headline"),
        "date": story.get("datePublished"),
        "updated": story.get("dateModified"),
        "author": story.get("author"),
        "language": story.get("inLanguage"),
        "agency": story.get("sourceOrganization"),
    }
    return {name: value for name, value in fields.items() if value}


def _stories(found: object) -> Iterator[dict[str, Any]]:
    """Give the stories among data: at the top, in a list, or in a graph."""
    items = found if isinstance(found, list) else [found]
    for item in items:
        if isinstance(item, dict):
            if _STORY.search(str(item.get("@type", ""))):
                yield item
            if isinstance(graph := item.get("@graph"), list):
                yield from _stories(
                    [each for each in graph if isinstance(each, dict) and "@graph" not in each]
                )
