"""Furniture: the lines that sites and desks set above and below a story.

A line is furniture where it is on a short list (`Back to top`, `(Reporting by …)`), or where it
stands at the head or tail of several stories that have little else in common. What has as many
words as the guarantee is never furniture: a passage that long is always compared.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from heapq import nsmallest
from itertools import chain
from typing import Final, NamedTuple

import numpy as np

from dupfind.arrays import Words64
from dupfind.listed import LISTED

__all__ = ["Line", "find_furniture", "fold_edges", "list_lines"]

_REACH: Final = 200  # characters of head and tail that are looked at
_STORIES: Final = 4  # in which a line stands that recurs
_ASKED: Final = 64  # documents that are asked for their story, of those that have a line
_OTHER: Final = 0.25  # of the fingerprints of two stories, at most, are the same

_LISTED: Final = frozenset(
    name + dots for dots in ("", ".", "...", " ...", "…", " …") for name in LISTED
)
_CLOSING: Final = tuple(".!?…\"'”’»)。！？")
_CREDIT: Final = re.compile(r"\(+(?:additional )?(?:reporting|writing|editing|compiled) by .*\)")


class Line(NamedTuple):
    """A line at the head or tail of a text."""

    start: int
    end: int
    folded: str


def find_furniture(
    texts: Sequence[str], digests: Words64, fingerprints: Callable[[int], Words64 | None]
) -> frozenset[str]:
    """Find the lines, folded, that are furniture: those on the list, and those that recur.

    Takes texts, a digest of each by which some are chosen where many have a line, (texts,)
    uint64, and what gives the fingerprints of one, None for a copy of another.
    """
    # All at once, and not cut at lines: what is found here is looked at again.
    edges = "\n".join(chain([text[:_REACH] for text in texts], [text[-_REACH:] for text in texts]))
    counts = Counter(map(str.strip, edges.casefold().split("\n")))
    listed = counts.keys() & _LISTED
    listed |= {line for line in counts if line.startswith("(") and _is_listed(line)}
    often = {line for line, count in counts.items() if count >= _STORIES and _may_recur(line)}
    often -= listed
    either = often | listed
    holders: dict[str, list[int]] = {line: [] for line in often}
    for number, text in enumerate(texts if often else ()):
        for line in often.intersection(fold_edges(text)):
            holders[line].append(number)
    known = cache(fingerprints)
    stand = cache(lambda number: {line.folded for line in list_lines(texts[number], either)})
    recurring = set()
    for line, own in holders.items():
        asked = nsmallest(_ASKED, own, key=lambda number: (int(digests[number]), number))
        if _are_several((number for number in asked if line in stand(number)), known):
            recurring.add(line)
    return frozenset(listed | recurring)


def fold_edges(text: str) -> Iterator[str]:
    """Give the lines at the head and tail of a text, folded; for a first look, in haste."""
    return map(str.strip, "".join(_cut_edges(text)).casefold().split("\n"))


def list_lines(text: str, among: AbstractSet[str]) -> Iterator[Line]:
    """List the lines at the head and tail of a text that are, folded, among those given.

    A line of a paragraph that is broken into lines is none: what stands before it is nothing, or
    another such line, or the end of a sentence; and what is not on the list has nothing below it.
    """
    head, tail = _cut_edges(text)
    for begin, part in ((0, head), (len(text) - len(tail), tail)):
        at = begin
        for line in part.split("\n"):
            folded, end = _fold(line), at + len(line)
            if folded in among and _stands_alone(text, at, end, among, folded):
                yield Line(at, end, folded)
            at = end + 1


def _stands_alone(text: str, start: int, end: int, among: AbstractSet[str], folded: str) -> bool:
    above = _fold(text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)])
    if above and above not in among and not above.endswith(_CLOSING):
        return False
    stop = text.find("\n", end + 1)
    below = _fold(text[end + 1 : stop if stop >= 0 else len(text)])
    return not below or below in among or _is_listed(folded)


def _fold(line: str) -> str:
    return line.casefold().strip()


def _is_listed(folded: str) -> bool:
    return folded in _LISTED or _CREDIT.fullmatch(folded) is not None


def _cut_edges(text: str) -> tuple[str, str]:
    """Cut head and tail off a text, at the ends of lines; a short text is all head."""
    if len(text) <= 2 * _REACH:
        return text, ""
    return text[: text.rfind("\n", 0, _REACH) + 1], text[text.find("\n", -_REACH) :]


def _may_recur(line: str) -> bool:
    """Tell whether a line has words and is no sentence, which is text, however often it is said.

    Nor is a single word worth the search: it covers nothing.
    """
    if line.isascii() and " " not in line:
        return False
    return any(map(str.isalnum, line)) and (not line.endswith(".") or line.endswith(".."))


def _are_several(numbers: Iterable[int], tell: Callable[[int], Words64 | None]) -> bool:
    """Tell whether there are enough different stories among documents."""
    stories: list[Words64] = []
    for number in numbers:
        own = tell(number)
        if own is not None and not any(_are_alike(own, other) for other in stories):
            stories.append(own)
            if len(stories) == _STORIES:
                return True
    return False


def _are_alike(one: Words64, other: Words64) -> bool:
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both >= _OTHER * max(min(len(one), len(other)), 1)
