"""PDF: a file is a document, its pages one after the other."""

import logging
from collections.abc import Iterator
from importlib import import_module
from io import BufferedReader, BytesIO
from typing import Any, Final

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.dates import parse_date
from dupfind.sources.metadata import clean
from dupfind.sources.streams import RefusedError, read_whole

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="PDF",
    document="the file",
    fields=(
        "title",
        "published",
        "updated",
        "byline",
    ),
    left_out="pictures, so scanned pages too",
    extra="office",
)

_MOST_PAGES: Final = 10_000


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read a document: the text of its pages, in the order in which they draw it."""
    data = read_whole(stream, reading.max_size)
    try:
        pypdf = import_module("pypdf")
    except ImportError:
        raise RefusedError(
            "extra", "needs the extra office: pip install 'dupfind[office]'"
        ) from None
    # It logs what it puts up with; without a handler that would land on standard error.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    try:
        document = _read(pypdf.PdfReader(BytesIO(data)), path)
    except RefusedError:
        raise
    except Exception as error:  # noqa: BLE001 - broken files raise whatever they run into
        detail = clean(str(error)) or type(error).__name__
        raise RefusedError("invalid", f"broken PDF: {detail}") from None
    yield document


def _read(pdf: Any, path: str) -> Document:  # noqa: ANN401 - the library is an extra
    if pdf.is_encrypted and not pdf.decrypt(""):
        raise RefusedError("encrypted", "needs a password; save it without one to have it read")
    pages = pdf.pages
    if len(pages) > _MOST_PAGES:
        raise RefusedError("large", f"more than {_MOST_PAGES:,} pages")
    text = "\n".join(filter(None, (page.extract_text().strip() for page in pages)))
    if not text:
        raise RefusedError("empty", "holds no text; if these are scanned pages, recognize it first")
    about = pdf.metadata
    return Document(
        path=path,
        text=_well_formed(text),
        title=clean(about.title) if about else None,
        published=_date(about.creation_date) if about else None,
        updated=_date(about.modification_date) if about else None,
        byline=clean(about.author) if about else None,
    )


def _date(time: Any) -> str | None:  # noqa: ANN401 - a datetime, if the library could read it
    return parse_date(time.isoformat()) if time else None


def _well_formed(text: str) -> str:
    """Replace lone surrogates, which fonts with broken tables yield and no report can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
