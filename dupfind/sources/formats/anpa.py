"""IPTC 7901 and ANPA 1312, the wire formats of the teletype: a message is a document.

`SOH header STX text ETX date EOT`. The text is that of the message as it stands in the file,
its header, furniture and control characters hidden.
"""

import re
from collections.abc import Iterator
from io import BufferedReader
from typing import Final

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.dates import parse_date
from dupfind.sources.decoding import decode
from dupfind.sources.metadata import clean
from dupfind.sources.streams import RefusedError, read_whole
from dupfind.stretches import lay_out

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="IPTC 7901, ANPA 1312",
    document="a message",
    fields=(
        "title",
        "published",
        "byline",
        "version",
        "slug",
        "line",
        "urgency",
        "note",
    ),
    left_out="header, lines above the story, control characters, what follows the text",
    in_place=True,
)

_SOH, _STX, _ETX = "\x01\x02\x03"
_IPTC: Final = re.compile(
    r"\x01(?P<service>[A-Za-z]{1,6})(?P<number>\d{1,5})[ \t]+(?P<priority>\d)[ \t]+"
    r"(?P<category>\w{1,4})[ \t]+(?P<words>\d{1,5})?(?P<slug>[^\r\n\x02\x03]{0,200})"
)
_ANPA: Final = re.compile(
    r"\x01(?P<service>[A-Za-z])(?P<number>\d{4})\x1f[^\r\n\x02\x03]{0,80}\r?\n"
    r"(?P<priority>[a-z]) (?P<category>[a-z])[\x11-\x14 ]{0,4}(?:(?:am|pm|bc|ap)-)?"
    r"(?P<slug>[\w.-]{1,60})(?P<take>[^\r\n\x02\x03]{0,80})",
    re.IGNORECASE,
)
_ANPA_DATE: Final = re.compile(r"(\d\d)-(\d\d)-(\d\d) (\d\d)(\d\d)(?:GMT|UTC|Z)")
_IPTC_DATE: Final = re.compile(r"(\d\d)(\d\d)(\d\d)(?:[A-Z]{1,4})?\s+([A-Za-z]{3})\s+(\d\d)\b")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
_TOP_LINE: Final = re.compile(r"\^(?P<words>[^\r\n]*+)(?:\r\n|\r|\n|\Z)")
"""A line of ANPA 1312 above the story: slug, headline, note to editors, byline."""
_HEADLINE: Final = re.compile(r"\s*+(?P<words>[^\r\n]{1,200})=[ \t]*(?:\r\n|\r|\n)")
"""Of IPTC 7901: the first line, if it ends in an equals sign."""
_SLUG_LINE: Final = re.compile(r"(?:[A-Z]{2}-)?(?:AM|PM|BC|AP|[A-Z]{2})-{1,2}\S", re.IGNORECASE)
_NOTE: Final = re.compile(r"(?:eds|editors)\b", re.IGNORECASE)
_TAKE: Final = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)[ -](?:Ld(?:[ -]Writethru)?|Add)\b|\bWritethru\b",
    re.IGNORECASE,
)
_END_LINE: Final = re.compile(r"^[ \t]*(?:NNNN|ZCZC[^\r\n]*)[ \t]*\r?$", re.MULTILINE)
_SIGNS: Final = " \t<>=^"
_CENTURY: Final = 70
"""Two digits from this on are a year of the last century."""


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read the messages of a file, those before the first one's start of heading left out."""
    text = decode(read_whole(stream, reading.max_size), assumed=reading.encoding or "cp1252")
    starts = [found.start() for found in re.finditer(_SOH, text)]
    if not starts:
        raise RefusedError("invalid", "no message: it holds no start of heading (SOH)")
    line = 1 + text.count("\n", 0, starts[0])
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(text)], strict=True), 1):
        record = number if len(starts) > 1 else None
        yield _message(text[start:end], path, record, line if record else None)
        line += text.count("\n", start, end)


def _message(text: str, path: str, record: int | None, line: int | None) -> Document:
    begin = text.find(_STX) + 1
    if not begin:
        begin = text.find("\n") + 1  # The sign was lost on the way: the header is a line.
    end = text.find(_ETX, begin)
    end = len(text) if end < 0 else end
    top, body = _top(text, begin, end)
    header = _IPTC.match(text) or _ANPA.match(text)
    slug_line = top[0] if top and _SLUG_LINE.match(top[0]) else None
    version = _TAKE.search(slug_line or (header["slug"] if header else ""))
    furniture = (found.span() for found in _END_LINE.finditer(text, body, end))
    control = (found.span() for found in _CONTROL.finditer(text, body, end))
    return Document(
        path=path,
        text=text,
        hidden=lay_out([(0, body), (end, len(text)), *furniture, *control]),
        record=record,
        title=next(
            (clean(words) for words in top if words != slug_line and not _NOTE.match(words)), None
        ),
        published=_date(text[end : end + 200]),
        byline=next((words for words in map(clean, top[1:]) if words and _is_byline(words)), None),
        version=version[0] if version else None,
        slug=_slug(text, begin, slug_line, header),
        line=line,
        urgency=header["priority"] if header else None,
        note=next((clean(words) for words in top if _NOTE.match(words)), None),
    )


def _top(text: str, begin: int, end: int) -> tuple[list[str], int]:
    """Give the lines above the story, and where it begins."""
    top = []
    while found := _TOP_LINE.match(text, begin, end):
        top.append(found["words"].strip(_SIGNS))
        begin = found.end()
    if not top and (found := _HEADLINE.match(text, begin, end)):
        return [found["words"].strip(_SIGNS)], found.end()
    return top, begin


def _is_byline(words: str) -> bool:
    return words[:3].lower() == "by "


def _slug(text: str, begin: int, slug_line: str | None, header: re.Match[str] | None) -> str | None:
    if header is None:
        return None
    if slug_line is None and header.re is _IPTC:
        # Keywords stand on a line of their own, or at the end of the first one.
        lines = text[header.end() : begin - 1].strip().splitlines()
        return clean(lines[0] if lines else header["slug"])
    return clean(header["slug"])


def _date(after: str) -> str | None:
    """Read the date that follows the text of a message."""
    if found := _ANPA_DATE.search(after):
        month, day, year, hour, minute = found.groups()
        return parse_date(f"{_full(year)}-{month}-{day}T{hour}:{minute}Z")
    if found := _IPTC_DATE.search(after):
        day, hour, minute, month, year = found.groups()
        return parse_date(f"{day}-{month}-{_full(year)} {hour}:{minute}")
    return None


def _full(year: str) -> str:
    return f"{19 if int(year) >= _CENTURY else 20}{year}"
