"""Inlines: what of a Markdown paragraph is not its words — targets, tags, entities, shortcodes.

One pass from left to right; what opens and never closes is looked for once. Code spans and
autolinks are words. Emphasis needs no hiding: its signs separate words as blanks do.
"""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator
from typing import Final

from markdown_it.common.utils import normalizeReference

from dupfind.sources.markup import TAG
from dupfind.stretches import Finder

__all__ = ["ENTITY", "CodeSpans", "hidden_in"]

ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_SIGN: Final = re.compile(
    r"(?P<words>\\.|<(?:[a-z][a-z0-9+.-]{1,31}:|[\w.+-]{1,64}@)[^\s<>]*+>)"
    rf"|(?P<whole>{ENTITY.pattern}|\[\^[^\s\[\]]++\]:?)"
    r"|(?P<code>`+)|(?P<open>!?\[)|(?P<close>\])|(?P<markup><(?=[a-z/!]))"
    r"|(?P<shortcode>\{(?:\{[<%]?|[%:#.]))",
    re.IGNORECASE | re.DOTALL,
)
"""`words` are escaped signs and autolinks, `whole` are entities and marks of footnotes."""
_FIRST: Final = re.compile(r"[\\<&\[\]`!{]")
"""What signs begin with: a set of characters is found ten times as fast as what they begin."""
_TARGET: Final = re.compile(
    r"""\(\s*+(?:<[^<>\n]*+>|(?:[^\s()\\<]|\\.|\((?:[^\s()\\]|\\.|\([^\s()]*+\))*+\))"""
    r"""(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\([^\s()]*+\))*+\))*+)?+"""
    r"""(?:\s++(?:>\s*+)?+(?:"[^"]*+"|'[^']*+'|\([^()]*+\)))?+\s*+\)"""
)
"""Target and title of a link; parentheses two deep."""
_LABEL: Final = re.compile(r"\[((?:[^\[\]\\]|\\.)*+)\]", re.DOTALL)
_BREAK_OR_TICKS: Final = re.compile(r"`+|\n[ \t\r]*(?=\n)")
_SHORTCODES: Final = {
    "{{<": ">}}",
    "{{%": "%}}",
    "{{": "}}",
    "{%": "%}",
    "{:": "}",
    "{#": "}",
    "{.": "}",
}
"""Of Hugo, Jekyll, Liquid and kramdown: what opens them, and what closes them."""


class CodeSpans:
    """Tells where code spans end: at the next run of as many backticks, in the same paragraph."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._range = (start, end)
        self._runs: dict[int, list[int]] = {}
        self._breaks: list[int] = []

    def past(self, run: re.Match[str]) -> int:
        """Give the end of the code span that a run opens, or of the run itself."""
        if not self._runs:
            for found in _BREAK_OR_TICKS.finditer(self._text, *self._range):
                if found[0][0] == "`":
                    self._runs.setdefault(len(found[0]), []).append(found.end())
                else:
                    self._breaks.append(found.end())
        after = run.end()
        end = _next(self._runs.get(len(run[0]), []), after)
        stop = _next(self._breaks, after)
        return after if end is None or (stop is not None and stop < end) else end


def _next(places: list[int], after: int) -> int | None:
    later = bisect_right(places, after)
    return places[later] if later < len(places) else None


def hidden_in(
    text: str, start: int, end: int, references: Container[str]
) -> Iterator[tuple[int, int]]:
    """Give the stretches of text[start:end], one paragraph, that are not its words.

    Takes the labels, in Markdown's normal form, that link references may name.
    """
    scanner = _Scanner(text, start, end, references)
    while first := _FIRST.search(text, scanner.at, end):
        scanner.at = first.end()
        if sign := _SIGN.match(text, first.start(), end):
            scanner.at = sign.end()
            yield from scanner.take(sign)


class _Scanner:
    """Where the pass through a paragraph has come to, and what is open there."""

    def __init__(self, text: str, start: int, end: int, references: Container[str]) -> None:
        self.at = start
        self._text = text
        self._end = end
        self._references = references
        self._code = CodeSpans(text, start, end)
        self._finder = Finder(text, end)
        self._opened: list[tuple[int, int]] = []

    def take(self, sign: re.Match[str]) -> tuple[tuple[int, int], ...]:
        """Go on past a sign, and give what is hidden of it and of what it opens or closes."""
        start = sign.start()
        past: int | None = None
        match sign.lastgroup:
            case "whole":
                return (sign.span(),)
            case "code":
                self.at = self._code.past(sign)
            case "open":
                self._opened.append(sign.span())
            case "close" if self._opened:
                opening = self._opened.pop()
                past = _past_target(self._text, self.at, self._end, self._references)
                if past:
                    self.at = past
                    return opening, (start, past)
            case "markup":
                past = _past_markup(self._text, start, self._end, self._finder)
            case "shortcode":
                past = self._finder.past(_SHORTCODES[sign[0]], sign.end())
        if past is None:
            return ()
        self.at = past
        return ((start, past),)


def _past_markup(text: str, here: int, end: int, finder: Finder) -> int | None:
    if text.startswith("<!--", here, end):
        return finder.past("-->", here + 2)
    tag = TAG.match(text, here, end)
    return tag.end() if tag else None


def _past_target(text: str, at: int, end: int, references: Container[str]) -> int | None:
    """Give the end of the target of a link whose text ends at `at`."""
    if target := _TARGET.match(text, at, end):
        return target.end()
    label = _LABEL.match(text, at, end)
    if label and (not label[1].strip() or normalizeReference(label[1]) in references):
        return label.end()
    return None
