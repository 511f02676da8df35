"""reStructuredText: a file is a document, markup is hidden where it stands.

Read by lines and their indentation. docutils would be the library for it, but it keeps no
offsets, and its directives read other files.
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
from dupfind.stretches import lay_out

__all__ = ["ABOUT", "read"]

ABOUT: Final = About(
    name="reStructuredText",
    document="the file",
    fields=FIELDS,
    left_out="fields at the top, directives (of admonitions, figures and tables only their "
    "signs), comments, literal blocks, roles, targets, footnote marks, substitutions",
    in_place=True,
)

_PROSE: Final = re.compile(
    r"admonition|attention|caution|danger|deprecated|epigraph|error|glossary|highlights|hint|"
    r"important|line-block|list-table|note|parsed-literal|pull-quote|rubric|seealso|sidebar|"
    r"table|tip|topic|version(?:added|changed)|warning"
)
"""Directives whose argument and content are text of the page; those of others are hidden."""
_CAPTIONED: Final = re.compile(r"compound|container|csv-table|figure|only")
"""Directives whose content is text of the but not their argument."""
_LINE: Final = re.compile(r"(?P<indent>[ \t]*+)(?P<rest>[^\r\n]*+)(?:\r\n|\r|\n|\Z)")
_EXPLICIT: Final = re.compile(
    r"\.\.(?:[ \t]+(?:(?P<note>\[[^\]]+\])|(?:\|[^|]+\|[ \t]+)?(?P<directive>[\w:.+-]+?)::)"
    r"(?=\s|\Z)|(?=\s|\Z))"
)
_FIELD: Final = re.compile(r":(?P<name>[\w .-]{1,60}):(?:[ \t]+(?P<value>.*))?")
_RULE: Final = re.compile(r"([!-/:-@\[-`{-~])\1{2,}\s*")
_INLINE: Final = re.compile(
    r"``[^`\n]{0,500}``"
    r"|(?P<role>:[A-Za-z][\w:.+-]{0,60}:)?`[^`<]{0,500}(?P<target><[^<>`]{1,1000}>)?`"
    r"(?P<suffix>:[A-Za-z][\w:.+-]{0,60}:)?"
    r"|(?P<note>\[[^\]\s]{1,60}\]_)|(?P<substitution>\|[^|\s][^|\n]{0,60}\|)"
)
_HIDDEN: Final = ("role", "target", "suffix", "note", "substitution")


def read(stream: BufferedReader, path: str, reading: Reading) -> Iterator[Document]:
    """Read a page; its text is the file's, directives, roles and targets hidden."""
    text = decode(read_whole(stream, reading.max_size), assumed=reading.encoding)
    fields = _docinfo(text)
    refuse_unwanted(fields, reading)
    hidden = lay_out(_hidden(text))
    title = _title(Document(path=path, text=text, hidden=hidden).compared)
    yield make_page(path, text, hidden, {"title": title, **fields})


def _hidden(text: str) -> Iterator[tuple[int, int]]:
    """Give the stretches that are markup, in no order."""
    covering = literal = options = -1
    """Indentation of the line that hides the deeper ones below it, of the paragraph that
    announces a literal block, and of the directive that options may follow; -1 for none."""
    is_top = True
    for line in _LINE.finditer(text):
        rest = line["rest"].rstrip()
        indent = len(line["indent"].expandtabs())
        if not rest:
            options = -1
            continue
        if literal >= 0:
            covering, literal = (literal if indent > literal else -1), -1
        if indent > covering >= 0:
            yield line.start(), line.end("rest")
            continue
        covering = -1
        if indent > options >= 0 and rest.startswith(":"):
            yield line.start(), line.end("rest")
            continue
        options = -1
        start = line.start("rest")
        if explicit := _EXPLICIT.match(rest):
            covers, has_options, visible = _read_explicit(explicit)
            covering, options = (indent if covers else -1), (indent if has_options else -1)
            yield start, start + (explicit.end() if visible else len(rest))
            if visible:
                yield from _hidden_inline(text, start + explicit.end(), line.end("rest"))
            continue
        if is_top and _FIELD.fullmatch(rest):
            yield line.start(), line.end("rest")
            continue
        if rest.endswith("::"):
            literal = indent
        is_top = is_top and (_RULE.fullmatch(rest) is not None or _is_heading(text, line.end()))
        yield from _hidden_inline(text, start, line.end("rest"))


def _read_explicit(explicit: re.Match[str]) -> tuple[bool, bool, bool]:
    """Tell whether explicit markup hides what is below, may have options, shows the rest of it."""
    name = (explicit["directive"] or "").lower()
    if explicit["note"] or _PROSE.fullmatch(name):
        return False, bool(name), True
    return not _CAPTIONED.fullmatch(name), bool(name), False


def _hidden_inline(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in _INLINE.finditer(text, start, end):
        for name in _HIDDEN:
            if found[name]:
                yield found.span(name)
    if text.startswith("__ ", start):
        yield start, end


def _is_heading(text: str, after: int) -> bool:
    """Tell whether the line that ends here is a heading: a rule stands below it."""
    below = _LINE.match(text, after)
    return below is not None and _RULE.fullmatch(below["rest"]) is not None


def _title(compared: str) -> str | None:
    """Give the first heading, if the page begins with it."""
    for line in _LINE.finditer(compared):
        rest = line["rest"].strip()
        if rest and not _RULE.fullmatch(rest):
            return rest if _is_heading(compared, line.end()) else None
    return None


def _docinfo(text: str) -> dict[str, str]:
    """Give the fields at the top of a page."""
    fields: dict[str, str] = {}
    for line in _LINE.finditer(text):
        rest = line["rest"].strip()
        if field := _FIELD.fullmatch(rest):
            fields.setdefault(field["name"], field["value"] or "")
        elif rest and not (
            line["indent"]
            or _EXPLICIT.match(rest)
            or _RULE.fullmatch(rest)
            or _is_heading(text, line.end())
        ):
            break
    return fields
