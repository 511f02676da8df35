"""AsciiDoc: a file is a document, markup is hidden where it stands.

Read by lines. There is no parser of AsciiDoc for Python that is kept and gives offsets.
"""

import re
from collections.abc import Iterator
from io import BufferedReader
from typing import Final

from dupfind.model import Document
from dupfind.reading import Reading
from dupfind.sources.about import About
from dupfind.sources.decoding import decode
from dupfind.sources.metadata import FIELDS, refuse_unwanted
from dupfind.sources.pages import make_page
from dupfind.sources.streams import read_whole

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="AsciiDoc",
    document="the file",
    fields=FIELDS,
    left_out="header but for the title, attributes, comments, listings, literal and "
    "passthrough blocks, macros of blocks, targets, anchors, entities",
    in_place=True,
)

_LINE: Final = re.compile(r"(?P<content>[^\r\n]*+)(?:\r\n|\r|\n|\Z)")
_TITLE: Final = re.compile(r"[=#][ \t]+(?P<words>\S.*)")
_ATTRIBUTE: Final = re.compile(r":(?P<name>!?[\w-]{1,60}!?):(?:[ \t]+(?P<value>.*))?")
_REVISION: Final = re.compile(
    r"(?:v(?P<version>[\d.]{1,20}))?[,\s]{0,3}(?P<date>\d{4}-\d\d-\d\d)?(?::.*)?"
)
_AUTHOR: Final = re.compile(
    r"[^\W\d_][\w.'’-]*+(?:[ \t]++[^\W\d_][\w.'’-]*+){0,3}+[ \t]*+(?:<[^<>]{1,200}>)?(?:;.*)?"
)
_ADDRESS: Final = re.compile(r"<[^<>]*>")
_VERBATIM: Final = re.compile(r"-{4,}|\.{4,}|\+{4,}|/{4,}|`{3,}[\w,-]*")
"""What opens and closes listings, literals, passthroughs and comments."""
_FURNITURE: Final = re.compile(
    r"\[[\w\s,.#%=\"'|*<>^;:+-]{0,200}\]|\[\[[^\]]{1,200}\]\]|//(?!/).*|<<<|toc::\[\]"
    r"|(?:image|include|video|audio|ifdef|ifndef|ifeval|endif)::.*"
)
"""Lines of which nothing is text: attributes of blocks, anchors, comments, macros of blocks."""
_INLINE: Final = re.compile(
    r"(?P<macro>\b(?:link|xref|mailto|https?|ftp|image|icon|footnote|kbd|btn|menu|pass|stem):"
    r"[^\s\[\]]{0,300}+)\["
    r"|<<(?P<target>[^<>,\s]{1,200})(?:,[^<>]{0,500})?>>"
    r"|(?P<anchor>\[\[[^\]\n]{1,200}\]\]|\[#[\w-]{1,100}\])|(?P<role>\[[.][\w.-]{1,100}\](?=[#*_`]))"
    r"|(?P<reference>\{[\w-]{1,60}\})|(?P<entity>&(?:#?\w{1,31});)"
)
_HIDDEN: Final = ("macro", "target", "anchor", "role", "reference", "entity")


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read a page; its text is the file's; attributes, macros, targets and listings hidden."""
    text = decode(read_whole(stream, reading.max_size), assumed=reading.encoding)
    fields, header = _header(text)
    refuse_unwanted(fields, reading)
    yield make_page(path, text, [*header, *_hidden(text)], fields)


def _header(text: str) -> tuple[dict[str, str], list[tuple[int, int]]]:
    """Read the title, author, revision and attributes at the top, and say what of it is hidden."""
    fields: dict[str, str] = {}
    hidden: list[tuple[int, int]] = []
    below_title = 0
    """Lines below the title, counted while they may be the author's and the revision."""
    for line in _LINE.finditer(text):
        content = line["content"].rstrip()
        below_title += below_title > 0
        if title := _TITLE.fullmatch(content):
            if "title" in fields:
                break
            fields["title"] = title["words"]
            below_title = 1
            continue
        if attribute := _ATTRIBUTE.fullmatch(content):
            fields.setdefault(attribute["name"], attribute["value"] or "")
            below_title = 0
        elif not content and "title" in fields:
            break
        elif below_title == 2 and _AUTHOR.fullmatch(content):  # noqa: PLR2004 - the line below it
            fields["author"] = _ADDRESS.sub("", content).strip()
        elif below_title in {2, 3} and (revision := _REVISION.fullmatch(content)):
            fields |= {name: value for name, value in revision.groupdict().items() if value}
            below_title = 0
        elif content and not content.startswith("//"):
            break
        hidden.append(line.span("content"))
    return fields, hidden


def _hidden(text: str) -> Iterator[tuple[int, int]]:
    """Give the stretches that are markup, in no order."""
    fence = ""
    opened = 0
    lines = _fences(text)
    for line in _LINE.finditer(text):
        content = line["content"].rstrip()
        if fence:
            if content == fence:
                yield opened, line.end("content")
                fence = ""
        elif content in lines and line.start() < lines[content]:
            fence = content
            opened = line.start()
        elif _ATTRIBUTE.fullmatch(content) or _FURNITURE.fullmatch(content):
            yield line.span("content")
        else:
            for found in _INLINE.finditer(text, *line.span("content")):
                for name in _HIDDEN:
                    if found[name]:
                        yield found.span(name)


def _fences(text: str) -> dict[str, int]:
    """Give the lines that may open a verbatim block, and where each stands last.

    One that does not stand again below opens nothing: it would hide all that follows.
    """
    return {
        line["content"].rstrip(): line.start()
        for line in _LINE.finditer(text)
        if _VERBATIM.fullmatch(line["content"].rstrip())
    }
