"""Article: the story on an HTML page, without what stands around it."""

import logging
import re
from importlib import import_module
from typing import Final

from dupfind.sources.markup import Comment, Tag, scan
from dupfind.sources.streams import RefusedError
from dupfind.stretches import Stretch

__all__ = ["around", "extract"]

_DEEPEST: Final = 250
_MOST: Final = 100_000
"""Tags of the longest page whose article is sought: the search takes seconds by then."""
_MOST_ATTRIBUTES: Final = 1000
_VOID: Final = re.compile(
    r"area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|"
    r"p|li|dt|dd|tr|td|th|option"
)
"""Elements without an end tag, or often without one: they do not add to the depth."""
_WORD: Final = re.compile(r"\w+")
_SIGNS: Final = 8
_BEFORE: Final = re.compile(r"[^\w\s]+\Z")
_AFTER: Final = re.compile(r"[^\w\s]{0,8}")


def extract(source: str) -> str | None:
    """Find the story on a page: its paragraphs, a line each; None where no story stands out.

    By trafilatura, from the extra `html`; raises `RefusedError` where that is not installed.
    """
    try:
        library = import_module("trafilatura")
    except ImportError:
        raise RefusedError(
            "extra",
            "needs the extra html: pip install 'dupfind[html]'; or read all that is "
            "visible: --html visible",
        ) from None
    seen = _seen(source)
    if seen is None:
        return None
    # It logs what it finds wrong; without a handler that would land on standard error.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL + 1)
    try:
        found: str | None = library.extract(seen, include_comments=False)
    except Exception:  # noqa: BLE001 - what it cannot take apart is read as it is seen
        return None
    return found


def _seen(source: str) -> str | None:
    """Give a page without what no reader sees.

    None where it has more tags, or deeper ones, than the library can be asked about.
    """
    depth = count = 0
    pieces: list[str] = []
    for item in scan(source):
        if isinstance(item, Comment):
            continue
        if isinstance(item, Tag):
            start, end = item.content
            if end > start:
                continue
            if not _VOID.fullmatch(item.name):
                count += 1
                depth = max(depth + (-1 if item.is_closing else 1), 0)
            if depth > _DEEPEST or count > _MOST or _has_too_many_attributes(item, source):
                return None
        pieces.append(source[item.start : item.end])
    return "".join(pieces)


def _has_too_many_attributes(tag: Tag, source: str) -> bool:
    """Tell whether a tag has so many attributes that parsers take their square of time."""
    start, end = tag.inside
    return end - start > _MOST_ATTRIBUTES and len(tag.attributes(source)) > _MOST_ATTRIBUTES


def around(visible: str, article: str) -> list[Stretch] | None:
    """Give the stretches of a page's visible text that are not its article.

    None where the article's paragraphs are not all found there, in their order.
    """
    spans = [found.span() for found in _WORD.finditer(visible)]
    words = [visible[start:end] for start, end in spans]
    # Each word with a separator in front: what is found starts and ends at whole words.
    joined = "".join(f"\0{word}" for word in words) + "\0"
    index = {at: number for number, at in enumerate(_starts(words))}
    left: list[Stretch] = []
    done = at = 0
    for line in article.splitlines():
        sought = "".join(f"\0{found}" for found in _WORD.findall(line)) + "\0"
        if sought == "\0":
            continue
        found = joined.find(sought, at)
        if found < 0:
            return None
        at = found + len(sought) - 1
        start, end = _widen(
            visible, spans[index[found]][0], spans[index.get(at, len(spans)) - 1][1]
        )
        if start > done:
            left.append((done, start))
        done = end
    return [*left, (done, len(visible))]


def _widen(text: str, start: int, end: int) -> Stretch:
    """Give a stretch with the quotation marks and points that its first and last words have."""
    before, after = _BEFORE.search(text, max(start - _SIGNS, 0), start), _AFTER.match(text, end)
    return (before.start() if before else start), (after.end() if after else end)


def _starts(words: list[str]) -> list[int]:
    starts = []
    at = 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    return starts
