"""WARC: what a crawler kept; a page is a document. Needs the extra `warc`."""

from collections.abc import Iterator
from importlib import import_module
from io import BufferedReader, BytesIO
from typing import Any, Final, cast

import msgspec

from dupfind.model import Document, Skipped
from dupfind.reading import Reading
from dupfind.sources import formats
from dupfind.sources.about import About
from dupfind.sources.decoding import decode
from dupfind.sources.formats import Found, Note
from dupfind.sources.metadata import clean
from dupfind.sources.streams import BUFFER, RefusedError, too_large

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="WARC",
    document="a page that a crawler kept",
    fields=("title", "published", "updated", "byline", "agency", "language", "slug", "url"),
    left_out="other records; of a page as in HTML and plain text",
    extra="warc",
)

_PAGES: Final = {"response", "resource", "conversion"}
_EXTENSIONS: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
}
"""What is read, by media type; a crawl holds much else."""
_HEADERS: Final = 1 << 20  # bytes of the headers of a record
_RATIO: Final = 250  # times its size that a page may unpack to


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Found]:
    """Read the pages among the records; a document is called by its record's number.

    A page that the server could not give is no page.
    """
    try:
        warcio: Any = import_module("warcio.archiveiterator")
    except ImportError:
        detail = "needs the extra warc: pip install 'dupfind[warc]'"
        raise RefusedError("extra", detail) from None
    guarded = _Guarded(stream)
    records = warcio.ArchiveIterator(guarded)
    # It would write to standard error, among what others tell there.
    records.INC_RECORD = ""
    number = pages = 0
    while True:
        number += 1
        try:
            guarded.room = _HEADERS
            if (record := next(records, None)) is None:
                break
            guarded.room = None
            found = list(_read_record(record, number, path, reading))
            while record.raw_stream.read(BUFFER):
                pass
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - of bad content warcio makes what it likes
            detail = " ".join(str(error).split())[:200]
            raise RefusedError("invalid", f"broken WARC at record {number}: {detail}") from None
        pages += bool(found)
        yield from found
    wrong = f", {records.err_count:,} of another length than they say" * bool(records.err_count)
    yield Note(path, f"{pages:,} pages among {number - 1:,} records{wrong}")


class _Guarded:
    """A stream that warcio reads: it takes lines of any length for headers, and slowly."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream
        self.room: int | None = None
        """Bytes that may be read yet, if not all."""

    def read(self, size: int, /) -> bytes:
        """Read bytes. Raises `RefusedError` where there are too many."""
        data = self._stream.read(size)
        if self.room is not None:
            self.room -= len(data)
            if self.room < 0:
                raise RefusedError(
                    "invalid", f"broken WARC: headers of more than {_HEADERS:,} bytes"
                )
        return data


def _read_record(record: Any, number: int, path: str, reading: Reading) -> Iterator[Found]:  # noqa: ANN401 - warcio has no types
    headers = record.http_headers
    if record.rec_type not in _PAGES or (headers and not headers.get_statuscode().startswith("2")):
        return
    declared = headers.get_header("Content-Type") if headers else record.content_type
    media, _, parameters = (declared or "").partition(";")
    extension = _EXTENSIONS.get(media.strip().lower())
    if extension is None:
        return
    form = formats.by_name(f"page{extension}")
    if form is None:
        detail = f"{media.strip()} is not read"
        yield Skipped(path=path, reason="unsupported", record=number, detail=detail)
        return
    charset = parameters.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    try:
        data = _take(record, reading.max_size)
        if charset:
            # A byte order mark wins over what the page says of itself, as the server does.
            data = b"\xef\xbb\xbf" + decode(data, charset).encode()
        page = BufferedReader(cast("Any", BytesIO(data)), BUFFER)
        found = list(form.read(page, path, reading))
    except RefusedError as refused:
        yield refused.skip(path, number)
        return
    url = clean(record.rec_headers.get_header("WARC-Target-URI"))
    for item in found:
        if isinstance(item, Document):
            yield msgspec.structs.replace(item, record=number, url=item.url or url)
        elif isinstance(item, Skipped):
            yield msgspec.structs.replace(item, record=number)


def _take(record: Any, limit: int) -> bytes:  # noqa: ANN401 - warcio has no types
    """Give what a record holds, unpacked."""
    room = min(limit, record.length * _RATIO + BUFFER)
    stream = record.content_stream()
    pieces: list[bytes] = []
    while piece := stream.read(BUFFER):
        pieces.append(piece)
        room -= len(piece)
        if room < 0:
            raise too_large(limit)
    if _is_cut(record):
        raise RefusedError("invalid", "cut short")
    return b"".join(pieces)


def _is_cut(record: Any) -> bool:  # noqa: ANN401 - warcio has no types
    """Tell whether the file ends inside a record."""
    while record.raw_stream.read(BUFFER):
        pass
    return bool(getattr(record.raw_stream, "limit", 0))
