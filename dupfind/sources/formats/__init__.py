"""Formats: how the bytes of a file become documents, a small module each.

Which format a file has is told by its content where it has a signature, else by its extension.
The signatures stand here, so that a format's module, and the library it works with, is imported
when a file needs it. A module holds one function:

    def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Found]

It gives the documents as it reads them. It never raises for bad content: it yields a `Skipped`
with a reason of one word and a detail of one line, and goes on where it can. `OSError`, and with
it `streams.RefusedError`, it lets pass: whoever opened the stream makes a `Skipped` of it.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from io import BufferedReader
from typing import Final, NamedTuple

import msgspec

from dupfind.model import Document, Skipped
from dupfind.reading import Reading

__all__ = ["TEXT", "Format", "Found", "Note", "by_content", "by_name"]


class Note(msgspec.Struct, frozen=True, gc=False):
    """What was made out about a file and is worth telling the user: the format, the fields."""

    path: str
    text: str
    routine: bool = False
    """There is one of every file: its format, or that it was left out."""


Found = Document | Skipped | Note
"""What a format gives."""


class Format(NamedTuple):
    """A format: the name of its module, and how its files are known."""

    name: str
    extensions: tuple[str, ...] = ()
    """In lower case, with the dot."""
    begins: bytes | None = None
    """Matches the head of a file of which the format can be told; a UTF-8 byte order mark and
    blanks may stand before it, and capitals make no difference."""
    magic: bytes | None = None
    """The same, at the very start and to the byte."""
    packs: bool = False
    """Its texts may take many times the room of its files."""
    slow: bool = False
    """Its files take far longer to be read than to be found again by their bytes."""

    def read(self, stream: BufferedReader, path: str, reading: Reading) -> Iterator[Found]:
        """Read the documents of a stream."""
        return _reader_of(self.name)(stream, path, reading)


@cache
def _reader_of(name: str) -> Callable[[BufferedReader, str, Reading], Iterator[Found]]:
    reader: Callable[[BufferedReader, str, Reading], Iterator[Found]]
    reader = import_module(f"{__name__}.{name}").read
    return reader


TEXT: Final = Format("text", (".txt", ".text"))
"""What the user names is read as text where it is not known to be something else."""

_PROLOG: Final = rb"(?:<\?[^>]*\?>\s*|<!--[^>]*-->\s*|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>\s*)*"
"""What may stand above the root of an XML document."""

FORMATS: Final = (
    TEXT,
    Format("markdown", (".md", ".markdown"), slow=True),
    Format("mdx", (".mdx",), slow=True),
    Format("rst", (".rst", ".rest"), slow=True),
    Format("asciidoc", (".adoc", ".asciidoc"), slow=True),
    Format("nitf", (".nitf",), _PROLOG + rb"<(?:\w+:)?nitf[\s>]", slow=True),
    Format(
        "newsml",
        (".newsml",),
        (
            _PROLOG + rb"<(?:\w+:)?(?:news(?:Item|Message)|(?:package|concept|knowledge|planning|"
            rb"catalog)Item)[\s>]"
        ),
        slow=True,
    ),
    Format(
        "feed",
        (".rss", ".atom", ".rdf"),
        _PROLOG + rb"<(?:\w+:)?(?:rss|feed|entry|RDF)[\s>]",
        slow=True,
    ),
    Format(
        "html",
        (".html", ".htm", ".xhtml", ".shtml"),
        rb"(?:<\?xml[^>]*>\s*|<!--[^>]*-->\s*)*<(?:!DOCTYPE\s+html|html)[\s>]",
        slow=True,
    ),
    Format(
        "ninjs",
        (".ninjs",),
        rb'[\[{].*"(?:pubstatus|versioncreated|representationtype|body_xhtml)"\s*:',
    ),
    Format("anpa", (".anpa", ".iptc"), rb"\x16*\x01[a-z]{1,6}\d{1,5}[ \t\x1f]"),
    Format("mail", (".eml", ".mbox"), rb"From [^\r\n]{1,200}\d{4}\r?\n>?[\w-]+:[ \t]"),
    Format("pdf", (".pdf",), rb"%PDF-", packs=True, slow=True),
    Format(
        "docx",
        (".docx",),
        rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|docProps/|customXml/|word/)",
        packs=True,
        slow=True,
    ),
    Format(
        "odt",
        (".odt",),
        rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.text",
        packs=True,
        slow=True,
    ),
    Format(
        "epub",
        (".epub",),
        rb"PK\x03\x04.{26}mimetypeapplication/epub\+zip",
        packs=True,
        slow=True,
    ),
    # A first line that is an object, or too long to tell.
    Format(
        "jsonlines",
        (".jsonl", ".ndjson"),
        rb'\{[ \t]*"[^"\n]*"[ \t]*:(?:[^\n]*\}[ \t\r]*\n|[^\n]{4096})',
    ),
    Format("json", (".json",), rb'(?:\[\s*\{\s*|\{\s*\n\s*)"[^"\n]*"\s*:'),
    # A first line of names, one of which is usual for a text.
    Format(
        "csv",
        (".csv", ".tsv", ".tab"),
        (
            rb'(?:(?:"?+[\w.]++"?+[,;\t])+"?(?:text|body|content)"?(?:[,;\t]"?+[\w.]++"?+)*+'
            rb'|"?(?:text|body|content)"?(?:[,;\t]"?+[\w.]++"?+)++)\r?\n'
        ),
    ),
    Format("parquet", (".parquet",), magic=rb"PAR1", packs=True),
    Format(
        "arrow",
        (".arrow", ".feather", ".arrows"),
        magic=rb"ARROW1\0\0|\xff{4}.{4}\x10\0\0\0",
        packs=True,
    ),
    Format("warc", (".warc", ".wet"), magic=rb"WARC/[01]\."),
)
"""The signatures are tried in this order."""

_BY_EXTENSION: Final = {extension: form for form in FORMATS for extension in form.extensions}
_BY_NAME: Final = {form.name: form for form in FORMATS}
_SIGNATURES: Final = re.compile(
    # What was matched once is not tried again, or a head of blanks takes a second.
    rb"(?:\xef\xbb\xbf)?+\s*+(?i:%s)|%s"
    % tuple(
        b"|".join(
            b"(?P<%s>%s)" % (form.name.encode(), pattern)
            for form in FORMATS
            if (pattern := getattr(form, kind))
        )
        for kind in ("begins", "magic")
    ),
    re.DOTALL,
)
"""All of them at once: every file is held against them."""


def by_content(head: bytes) -> Format | None:
    """Tell the format of a file by its head, where that has a signature."""
    match = _SIGNATURES.match(head)
    return None if match is None else _BY_NAME[match.lastgroup or ""]


def by_name(name: str) -> Format | None:
    """Tell the format of a file by the extension of its name."""
    # Not by os.path: many thousand names are looked at.
    return _BY_EXTENSION.get(name[max(name.rfind("."), 0) :].lower())
