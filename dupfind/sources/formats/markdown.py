"""Markdown: a file is a document, markup is hidden where it stands."""

import re
from collections.abc import Container, Iterator, Sequence
from io import BufferedReader
from typing import Any, Final, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources import frontmatter
from dupfind.sources.about import About
from dupfind.sources.decoding import decode
from dupfind.sources.inlines import ENTITY, hidden_in
from dupfind.sources.markup import Words, scan
from dupfind.sources.metadata import FIELDS, refuse_unwanted
from dupfind.sources.pages import make_page
from dupfind.sources.streams import read_whole

__all__ = ["ABOUT", "Blocks", "hidden_blocks", "is_closed", "parse", "read"]

ABOUT: Final = About(
    name="Markdown",
    document="the file",
    fields=FIELDS,
    left_out="front matter (YAML, TOML), fenced code, HTML tags and comments, targets of links "
    "and images, reference definitions, entities, footnote marks, shortcodes",
    in_place=True,
)

_BLOCKS: Final = MarkdownIt("commonmark").enable("table")
_BLOCKS.core.ruler.enableOnly(["normalize", "block"])
_SIGNS: Final = ("```", "~~~", "<", "[", "{", "&")
"""What all that is hidden begins with; sought one by one, which is faster than all at once."""
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_FENCE_END: Final = re.compile(r"[\s>]*(?:`{3,}|~{3,})\s*")


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read a page; its text is the file's, markup hidden."""
    text = decode(read_whole(stream, reading.max_size), assumed=reading.encoding)
    fields, begin = frontmatter.split(text)
    refuse_unwanted(fields, reading)
    yield make_page(path, text, [(0, begin), *hidden_blocks(text, begin)], fields, markdown=True)


class Blocks(NamedTuple):
    """The block structure of a page."""

    tokens: list[Token]
    lines: list[int]
    """Where each line begins, and where the last one ends."""
    references: dict[str, Any]
    duplicates: list[dict[str, Any]]

    def starts(self, lines: Sequence[int]) -> list[int]:
        """Give where the lines of a block begin, and where the last one ends."""
        first, last = lines
        return self.lines[first : min(last, len(self.lines) - 1) + 1]


def parse(text: str, begin: int) -> Blocks:
    """Find the blocks of a page, from `begin` on."""
    env: dict[str, Any] = {}
    tokens = _BLOCKS.parse(text[begin:], env)
    lines = [begin, *(end.end() for end in _LINE_END.finditer(text, begin)), len(text)]
    return Blocks(tokens, lines, env.get("references", {}), env.get("duplicate_refs", []))


def hidden_blocks(text: str, begin: int) -> Iterator[tuple[int, int]]:
    """Give the stretches of a page, from `begin` on, that are markup, in no order.

    Hides fenced code, link reference definitions, tags and comments of HTML, targets of links
    and images, entities, shortcodes. Indented code stays: in wire copy it is a paragraph.
    """
    if all(text.find(sign, begin) < 0 for sign in _SIGNS):
        return  # Plain prose, as most stories are: a parser would take most of a scan's time.
    blocks = parse(text, begin)
    for definition in (*blocks.references.values(), *blocks.duplicates):
        starts = blocks.starts(definition["map"])
        yield starts[0], starts[-1]
    for token in blocks.tokens:
        if token.map is not None:
            yield from _hidden_in_block(token, text, blocks.starts(token.map), blocks.references)


def _hidden_in_block(
    token: Token, text: str, lines: list[int], references: Container[str]
) -> Iterator[tuple[int, int]]:
    """Give what is hidden of a block, by where its lines begin and the last one ends."""
    start, end = lines[0], lines[-1]
    if token.type == "fence":
        # A fence left open would hide all that follows: of that, only the sign is hidden.
        yield start, end if is_closed(text, lines) else lines[1]
    elif token.type == "html_block":
        for item in scan(text[start:end]):
            if not isinstance(item, Words):
                yield start + item.start, start + item.end
        yield from (entity.span() for entity in ENTITY.finditer(text, start, end))
    elif token.type in {"paragraph_open", "heading_open", "tr_open"}:
        yield from hidden_in(text, start, end, references)


def is_closed(text: str, lines: list[int]) -> bool:
    """Tell whether fenced code has both its fences."""
    return len(lines) > 2 and _FENCE_END.fullmatch(text, lines[-2], lines[-1]) is not None  # noqa: PLR2004
