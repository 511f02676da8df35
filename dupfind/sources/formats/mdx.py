"""MDX: Markdown with components; what is program is hidden."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from io import BufferedReader
from operator import itemgetter
from typing import Final

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources import frontmatter
from dupfind.sources.about import About
from dupfind.sources.decoding import decode
from dupfind.sources.formats.markdown import hidden_blocks, is_closed, parse
from dupfind.sources.inlines import CodeSpans
from dupfind.sources.metadata import FIELDS, refuse_unwanted
from dupfind.sources.pages import make_page
from dupfind.sources.streams import read_whole
from dupfind.stretches import lay_out

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="MDX",
    document="the file",
    fields=FIELDS,
    left_out="as in Markdown; imports, exports, expressions, tags of components",
    in_place=True,
)

_SIGN: Final = re.compile(r"\\.|`+|[{}]", re.DOTALL)
_MODULE: Final = re.compile(
    r"""^(?:import\s+(?:["']|(?P<named>[\w*{]))|export\s+(?:default|const|let|var|function|async"""
    r"""|class|\{|\*))""",
    re.MULTILINE,
)
_FROM: Final = re.compile(r"""\sfrom\s*["']""")
_BLANK_LINE: Final = re.compile(r"\n[ \t]*\r?(?=\n)|\Z")
_STAND_IN: Final = re.compile(r"\S")


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read a page; its text is the file's, markup, modules and expressions hidden."""
    text = decode(read_whole(stream, reading.max_size), assumed=reading.encoding)
    fields, begin = frontmatter.split(text)
    refuse_unwanted(fields, reading)
    yield make_page(path, text, [(0, begin), *_hidden(text, begin)], fields, markdown=True)


def _hidden(text: str, begin: int) -> Iterator[tuple[int, int]]:
    fences = list(_fences(text, begin))
    expressions = lay_out(_expressions(text, begin, fences))
    modules = list(_modules(text, begin, fences, expressions))
    program = lay_out([*expressions, *modules])
    # What stands in for an expression keeps the tag that it is part of a tag.
    masked = [text[:begin]]
    at = begin
    for start, end in program:
        masked += text[at:start], _STAND_IN.sub("x", text[start:end])
        at = end
    yield from program
    yield from hidden_blocks("".join((*masked, text[at:])), begin)


def _fences(text: str, begin: int) -> Iterator[tuple[int, int]]:
    blocks = parse(text, begin)
    for token in blocks.tokens:
        if token.type == "fence" and token.map is not None:
            lines = blocks.starts(token.map)
            if is_closed(text, lines):
                yield lines[0], lines[-1]


def _expressions(text: str, begin: int, fences: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Give what stands in braces, outside of code; braces that have no partner are text."""
    opened: list[int] = []
    at = begin
    for start, end in (*fences, (len(text), len(text))):
        code = CodeSpans(text, at, start)
        while sign := _SIGN.search(text, at, start):
            at = sign.end()
            if sign[0] == "{":
                opened.append(sign.start())
            elif sign[0] == "}" and opened:
                yield opened.pop(), at
            elif sign[0][0] == "`":
                at = code.past(sign)
        at = end


def _modules(
    text: str,
    begin: int,
    fences: list[tuple[int, int]],
    expressions: tuple[tuple[int, int], ...],
) -> Iterator[tuple[int, int]]:
    """Give the imports and exports: up to a blank line that is in no braces."""
    at = begin
    while found := _MODULE.search(text, at):
        start, at = found.span()
        if _around(fences, start):
            continue
        if found["named"]:
            end = _blank_line(text, at)
            if not _FROM.search(text, at, end):
                at = end  # The beginning of a sentence.
                continue
        while True:
            at = _blank_line(text, at)
            around = _around(expressions, at)
            if around is None:
                break
            at = around[1]
        yield start, at


def _blank_line(text: str, at: int) -> int:
    found = _BLANK_LINE.search(text, at)
    return found.start() if found else len(text)


def _around(stretches: Sequence[tuple[int, int]], place: int) -> tuple[int, int] | None:
    """Give the stretch that holds a place."""
    before = bisect_right(stretches, place, key=itemgetter(0)) - 1
    return stretches[before] if before >= 0 and place < stretches[before][1] else None
