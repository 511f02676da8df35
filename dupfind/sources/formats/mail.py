"""Mail: a message is a document; `.eml` holds one, an mbox several.

`email` parses the headers. The parts of a message are split here: `email`'s own parser takes
time that grows with the square of the nesting, and its modern policy raises for headers that
are merely wrong.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from io import BufferedReader
from typing import Final, NamedTuple

from dupfind.model import Document, Skipped
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.dates import parse_date
from dupfind.sources.decoding import decode
from dupfind.sources.metadata import clean, list_ids
from dupfind.sources.streams import RefusedError
from dupfind.sources.visible import visible_text

__all__ = ["ABOUT", "read", "split_messages"]

ABOUT: Final = About(
    name="Mail (.eml, mbox)",
    document="a message",
    fields=(
        "title",
        "published",
        "byline",
        "language",
        "url",
        "line",
        "ids",
        "follows",
    ),
    left_out="headers, attachments, HTML where there is plain text",
)

_DEEPEST: Final = 8
_HEADERS: Final = 1 << 18
"""Bytes of the longest headers."""
_LONGEST_LINE: Final = 1 << 16
_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_EARLIER: Final = ("Supersedes", "Obsoletes", "In-Reply-To", "References")
"""Headers that name what came before a message: RFC 5322, 5536 and 2156."""
_ID: Final = re.compile(r"<[^<>\s]{1,250}>")
_FROM: Final = b"From "
_QUOTED_FROM: Final = re.compile(r"^>(>*From )", re.MULTILINE)


class _Part(NamedTuple):
    """A part that is text, decoded."""

    text: str
    is_html: bool


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document | Skipped]:
    """Read a message, or those of an mbox one by one, attachments left out."""
    is_mbox = stream.peek(len(_FROM)).startswith(_FROM)
    for number, (line, _, message) in enumerate(
        split_messages(stream, is_mbox=is_mbox, limit=reading.max_size), 1
    ):
        record = number if is_mbox else None
        if len(message) > reading.max_size:
            refused = RefusedError("large", f"more than {reading.max_size:,} bytes")
            yield refused.skip(path, record)
        else:
            yield _read_message(message, path, record, line if is_mbox else None, reading)


def split_messages(
    stream: BufferedReader, *, is_mbox: bool, limit: int
) -> Iterator[tuple[int, bytes, bytes]]:
    """Give the messages: on which line each begins, the line that says so, and what follows it.

    Of one above the limit, a byte too many is given.
    """
    kept, opening = bytearray(), b""
    begin, number, is_after_blank = 1, 0, True
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        if is_mbox and is_after_blank and line.startswith(_FROM):
            if number > 1:
                yield begin, opening, bytes(kept)
            begin, opening = number, line
            kept.clear()
        elif len(kept) <= limit:
            kept += line[: limit + 1 - len(kept)]
        is_after_blank = not line.strip(b"\r\n")
    yield begin, opening, bytes(kept)


def _read_message(
    data: bytes, path: str, record: int | None, line: int | None, reading: Reading
) -> Document | Skipped:
    try:
        headers, body = _cut(data)
        part = _find_text(headers, body, reading, 0)
    except RefusedError as refused:
        return refused.skip(path, record)
    if part is None:
        return Skipped(path=path, reason="empty", record=record, detail="a message without text")
    if line is not None:
        part = part._replace(text=_QUOTED_FROM.sub("\\1", part.text))
    name, address = parseaddr(_header(headers, "From") or "")
    return Document(
        path=path,
        text=visible_text(part.text, keep_lines=False) if part.is_html else part.text,
        record=(_header(headers, "Message-ID") or record) if record else None,
        title=_header(headers, "Subject"),
        published=parse_date(_header(headers, "Date") or ""),
        byline=clean(name) or clean(address),
        language=_header(headers, "Content-Language"),
        url=clean((_header(headers, "Archived-At") or "").strip("<>")),
        line=line,
        ids=_ids(headers, "Message-ID")[:1],
        follows=_ids(headers, *_EARLIER),
        number=record,
    )


def _cut(data: bytes) -> tuple[Message, bytes]:
    """Part headers and body."""
    blank = _BLANK_LINE.search(data)
    head, body = (data[: blank.start()], data[blank.end() :]) if blank else (data, b"")
    if len(head) > _HEADERS:
        raise RefusedError("invalid", f"its headers have more than {_HEADERS:,} bytes")
    return message_from_bytes(head), body


def _find_text(headers: Message, body: bytes, reading: Reading, depth: int) -> _Part | None:
    """Find what a reader is shown: plain text where there is any, else HTML."""
    if depth > _DEEPEST:
        raise RefusedError("nested", f"parts nested more than {_DEEPEST} deep")
    kind = headers.get_content_type()
    if kind.startswith("multipart/"):
        found = None
        for part in _parts(headers, body):
            inner = _find_text(*_cut(part), reading, depth + 1)
            if inner and not inner.is_html:
                return inner
            found = found or inner
        return found
    if kind not in {"text/plain", "text/html"} or headers.get_content_disposition() == "attachment":
        return None
    text = decode(_transferred(headers, body), _charset(headers), reading.encoding)
    return _Part(text.replace("\r\n", "\n"), kind == "text/html") if text.strip() else None


def _parts(headers: Message, body: bytes) -> list[bytes]:
    """Split the body of a multipart at its boundary."""
    boundary = headers.get_param("boundary")
    if not isinstance(boundary, str) or not boundary.strip():
        raise RefusedError("invalid", "a message in parts that does not say what parts them")
    mark = re.escape(boundary.encode("utf-8", "surrogateescape"))
    pieces = re.split(rb"(?:\A|\r?\n)--" + mark + rb"(--)?[ \t]*(?=\r?\n|\Z)", body)
    # Every second piece is the sign that the last part is over.
    last = next((at for at in range(1, len(pieces), 2) if pieces[at]), len(pieces))
    return [piece.removeprefix(b"\r").removeprefix(b"\n") for piece in pieces[2:last:2]]


def _transferred(headers: Message, body: bytes) -> bytes:
    """Undo what a body went through on its way."""
    encoding = str(headers.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        try:
            return base64.b64decode(body)
        except binascii.Error:
            raise RefusedError("invalid", "its text is not the base64 that it says") from None
    return body


def _charset(headers: Message) -> str | None:
    charset = headers.get_param("charset")
    return charset if isinstance(charset, str) else None


def _ids(headers: Message, *names: str) -> tuple[str, ...]:
    """Give the ids of messages in some headers, each once."""
    told = " ".join(str(value) for name in names for value in headers.get_all(name, ()))
    return list_ids(found.encode("ascii", "replace").decode() for found in _ID.findall(told))


def _header(headers: Message, name: str) -> str | None:
    """Give a header as a line of text, encoded words decoded."""
    value = headers.get(name)
    if value is None:
        return None
    try:
        pieces = decode_header(str(value))
        return clean("".join(_word(piece, charset) for piece, charset in pieces))
    except (HeaderParseError, ValueError, LookupError):
        return clean(str(value).encode("ascii", "replace").decode())


def _word(piece: str | bytes, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    try:
        return decode(piece, charset)
    except RefusedError:
        return piece.decode("ascii", "replace")
