"""RSS and Atom: an item is a document."""

from collections.abc import Iterator
from io import BufferedReader
from typing import Final

from dupfind.model import Document, Skipped
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.dates import parse_date
from dupfind.sources.metadata import clean, list_ids
from dupfind.sources.streams import RefusedError, read_whole
from dupfind.sources.visible import visible_text
from dupfind.sources.xml import Element, find, find_all, local, parse, said, words

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="RSS, Atom",
    document="an item",
    fields=(
        "title",
        "published",
        "updated",
        "byline",
        "agency",
        "language",
        "url",
        "ids",
        "follows",
    ),
    left_out="title, categories; markup of the content; summaries where there is content",
)

_DUBLIN_CORE: Final = "{http://purl.org/dc/elements/1.1/}"
_CONTENT: Final = "{http://purl.org/rss/1.0/modules/content/}encoded"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document | Skipped]:
    """Read the items of a feed; a `Skipped` stands for an item without text."""
    root = parse(read_whole(stream, reading.max_size), reading.encoding)
    name = local(root)
    if name == "entry":
        items, is_atom = [root], True
    elif name == "feed":
        items, is_atom = list(find_all(root, "entry")), True
    elif name in {"rss", "RDF"}:
        items, is_atom = [*find_all(root, "channel", "item"), *find_all(root, "item")], False
    else:
        raise RefusedError("invalid", f"not a feed: its root is {clean(name)!r}")
    channel = root if is_atom else find(root, "channel")
    for number, item in enumerate(items, 1):
        try:
            yield (_entry if is_atom else _item)(item, path, number, channel)
        except RefusedError as refused:
            yield refused.skip(path, number)


def _item(item: Element, path: str, number: int, channel: Element | None) -> Document:
    link = said(find(item, "link"))
    guid = said(find(item, "guid"))
    return Document(
        path=path,
        text=_visible(_own(item, _CONTENT) or _own(item, "description") or _any(item)),
        record=guid or link or number,
        title=_title(find(item, "title")),
        published=parse_date(said(find(item, "pubDate")) or said(find(item, "date")) or ""),
        byline=said(item.find(f"{_DUBLIN_CORE}creator")) or said(find(item, "author")),
        agency=said(find(item, "source")),
        language=said(item.find(f"{_DUBLIN_CORE}language")) or said(find(channel, "language")),
        url=link,
        ids=list_ids((guid,)),
    )


def _entry(entry: Element, path: str, number: int, feed: Element | None) -> Document:
    link = next(_linked(entry, None, "alternate"), None)
    name = said(find(entry, "id"))
    content = find(entry, "content")
    if content is not None and content.get("src"):
        content = None
    if content is None or not (text := _construct(content)):
        summary = find(entry, "summary")
        text = _construct(summary) if summary is not None else ""
    if not text:
        raise RefusedError("empty", "an entry without content and summary")
    title = find(entry, "title")
    language = entry.get(_LANGUAGE) or (feed.get(_LANGUAGE) if feed is not None else None)
    return Document(
        path=path,
        text=text,
        record=name or link or number,
        title=clean(_construct(title)) if title is not None else None,
        published=parse_date(said(find(entry, "published")) or said(find(entry, "updated")) or ""),
        updated=parse_date(said(find(entry, "updated")) or ""),
        byline=said(find(entry, "author", "name")) or said(find(feed, "author", "name")),
        agency=said(find(entry, "source", "title")),
        language=clean(language),
        url=link,
        ids=list_ids((name,)),
        follows=list_ids(_linked(entry, "predecessor-version")),
    )


def _linked(entry: Element, *relations: str | None) -> Iterator[str]:
    """Give the addresses that an entry is related to; RFC 5829 names the earlier version."""
    for link in find_all(entry, "link"):
        if link.get("rel") in relations and (address := clean(link.get("href"))):
            yield address


def _construct(element: Element) -> str:
    """Give the words of one of Atom's text constructs."""
    kind = element.get("type") or "text"
    if kind == "xhtml" or kind.endswith("+xml"):
        return words(element)
    text = "".join(element.itertext())
    return visible_text(text, keep_lines=False) if "html" in kind else text.strip()


def _own(item: Element, name: str) -> str:
    element = item.find(name)
    return "" if element is None else "".join(element.itertext())


def _any(item: Element) -> str:
    """Give a description in whatever namespace (RSS 1.0 has one for its own elements)."""
    for name in ("encoded", "description"):
        if (element := find(item, name)) is not None:
            return "".join(element.itertext())
    return ""


def _visible(markup: str) -> str:
    text = visible_text(markup, keep_lines=False)
    if not text:
        raise RefusedError("empty", "an item without content and description")
    return text


def _title(element: Element | None) -> str | None:
    """Give a title: many feeds escape it twice."""
    return None if element is None else clean(visible_text("".join(element.itertext())))
