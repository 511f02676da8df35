"""NewsML-G2: a news item is a document; a message holds several."""

import base64
import binascii
import re
from collections.abc import Iterator
from io import BufferedReader
from typing import Final

from dupfind.model import Document, Skipped
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.dates import parse_date
from dupfind.sources.formats import nitf
from dupfind.sources.metadata import clean, list_ids
from dupfind.sources.streams import RefusedError, read_whole
from dupfind.sources.visible import visible_text
from dupfind.sources.xml import Element, find, find_all, local, parse, said, words

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="NewsML-G2",
    document="a news item, also in messages",
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
        "urgency",
        "note",
        "ids",
        "follows",
    ),
    left_out="headline, markup; packages, concepts, planning; content in other files",
)

_ITEMS: Final = {
    "packageItem": ("package", "a package refers to stories and holds none"),
    "conceptItem": ("concept", "a concept describes a subject and tells no story"),
    "knowledgeItem": ("concept", "a knowledge item describes subjects and tells no story"),
    "planningItem": ("planning", "a planning item announces coverage and tells no story"),
    "catalogItem": ("concept", "a catalog lists vocabularies and tells no story"),
}
_EARLIER: Final = re.compile(r"(?:^|[:/#])(?:previousVersion|evolvedFrom)$", re.IGNORECASE)
"""Relations of IPTC's vocabulary to what came before."""
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document | Skipped]:
    """Read an item or a message of items; a `Skipped` stands for an item that is no story."""
    root = parse(read_whole(stream, reading.max_size), reading.encoding)
    if local(root) != "newsMessage":
        yield _read_item(root, path, None)
        return
    for number, item in enumerate(
        (item for items in find_all(root, "itemSet") for item in items), 1
    ):
        yield _read_item(item, path, clean(item.get("guid")) or number)


def _read_item(item: Element, path: str, record: str | int | None) -> Document | Skipped:
    try:
        return _story(item, path, record)
    except RefusedError as refused:
        return refused.skip(path, record)


def _story(item: Element, path: str, record: str | int | None) -> Document:
    name = local(item)
    if name in _ITEMS:
        raise RefusedError(*_ITEMS[name])
    if name != "newsItem":
        raise RefusedError("unsupported", f"an item of NewsML-G2 that is unknown: {clean(name)}")
    about = find(item, "itemMeta")
    content = find(item, "contentMeta")
    inner = _inner_nitf(item)
    text = inner.text if inner else _text(item)
    dateline = said(find(content, "dateline"))
    if dateline and inner is None and not text.startswith(dateline):
        text = f"{dateline}\n{text}"
    return Document(
        path=path,
        text=text,
        record=record,
        title=said(find(content, "headline")) or said(find(about, "title")),
        published=_date(about, "firstCreated")
        or _date(content, "contentCreated")
        or _date(about, "versionCreated"),
        updated=_date(about, "versionCreated"),
        byline=said(find(content, "by")) or _named(find(content, "creator")),
        place=_named(find(content, "located")),
        agency=_named(find(about, "provider")) or _named(find(content, "infoSource")),
        language=_tag(content) or clean(item.get(_LANGUAGE)),
        version=clean(item.get("version")),
        status=_code(find(about, "pubStatus")) or "usable",
        slug=said(find(content, "slugline")),
        urgency=said(find(content, "urgency")),
        note=said(find(about, "edNote")),
        ids=_ids(item, about, content),
        follows=list_ids(_follows(about)),
    )


def _ids(item: Element, *parts: Element | None) -> tuple[str, ...]:
    """Give the id of an item, and others that it goes by."""
    others = (said(name) for part in parts for name in find_all(part, "altId"))
    return list_ids((item.get("guid"), *others))


def _follows(about: Element | None) -> Iterator[str]:
    """Give the ids of earlier versions, with their versions where the links tell them."""
    for link in find_all(about, "link"):
        rel = link.get("rel") or link.get("reluri") or ""
        name = clean(link.get("residref")) or clean(link.get("href"))
        if name and _EARLIER.search(rel):
            version = clean(link.get("version"))
            yield f"{name}:{version}" if version else name


def _inner_nitf(item: Element) -> Document | None:
    for inline in find_all(item, "contentSet", "inlineXML", "nitf"):
        return nitf.story(inline, "")
    return None


def _text(item: Element) -> str:
    """Give the first content that is text, in whatever way it is inside."""
    for inline in find_all(item, "contentSet", "inlineXML"):
        body = next((each for each in inline.iter() if local(each) == "body"), inline)
        if text := words(body, ("head", "script", "style", "figure")):
            return text
    for inline in find_all(item, "contentSet", "inlineData"):
        kind = inline.get("contenttype") or "text/plain"
        if kind.partition(";")[0].strip() in {"text/plain", "text/html", "application/xhtml+xml"}:
            data = _decoded(inline)
            return data if "html" not in kind else visible_text(data, keep_lines=False)
    if find(item, "contentSet", "remoteContent") is not None:
        raise RefusedError("remote", "its content is in another file; name that one")
    raise RefusedError("empty", "holds no text")


def _decoded(inline: Element) -> str:
    data = "".join(inline.itertext())
    if "base64" not in (inline.get("encoding") or ""):
        return data
    try:
        return base64.b64decode(data).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise RefusedError("undecodable", "its content is not UTF-8 in base64") from None


def _date(parent: Element | None, name: str) -> str | None:
    return parse_date(said(find(parent, name)) or "")


def _named(element: Element | None) -> str | None:
    """Give a party or a place: its name, else its code."""
    if element is None:
        return None
    return said(find(element, "name")) or clean(element.get("literal")) or _code(element)


def _code(element: Element | None) -> str | None:
    """Give a qualified code without its prefix; the last step of a concept's address."""
    if element is None:
        return None
    code = element.get("qcode") or (element.get("uri") or "").rstrip("/").rpartition("/")[2]
    return clean(code.rpartition(":")[2])


def _tag(content: Element | None) -> str | None:
    language = find(content, "language")
    return None if language is None else clean(language.get("tag"))
