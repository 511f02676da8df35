"""Furniture: the lines that sites and desks set above and below a story.

A line is furniture where it is on a short list (`Back to top`, `(Reporting by …)`), or where it
stands at the head or tail of several stories that have little else in common. What has as many
words as the guarantee is never furniture: a passage that long is always compared.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, partial
from heapq import nsmallest
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64, distinct
from dupfind.corpus import Documents, Texts
from dupfind.listed import LISTED
from dupfind.running import HERE, Means

__all__ = ["Edges", "Furniture", "Line", "find_edges", "find_furniture", "list_lines"]

_REACH: Final = 200  # characters of head and tail that are looked at
_STORIES: Final = 4  # in which a line stands that recurs
_ASKED: Final = 64  # documents that are asked for their story, of those that have a line
_ON_LIST: Final = 0  # the sum of every line that is on the list
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


class Edges(NamedTuple):
    """The lines at the heads and tails of texts that may be furniture."""

    sums: Ints
    """(lines,) int64: a sum of the folded line, which another line may have, too."""
    holders: Ints
    """(lines,) int64: the text of each, ascending."""


class Furniture(NamedTuple):
    """The lines that are furniture, folded, and the texts that may have some."""

    lines: frozenset[str]
    holders: Ints
    """(texts,) int64, ascending."""


def find_edges(texts: Sequence[str]) -> Edges:
    """Find the lines at the heads and tails of texts that are on the list, or that may recur."""
    parts = ["".join(_cut_edges(text)) for text in texts]
    # One by one: what is ASCII folds fast only where all of it is.
    lines = list(map(str.strip, "\n".join(map(str.casefold, parts)).split("\n")))
    holders = np.repeat(np.arange(len(parts)), [part.count("\n") + 1 for part in parts])
    sums = _sum_up(set(lines))
    found = np.fromiter(map(sums.__getitem__, lines), np.int64, len(lines))[: len(holders)]
    kept = found >= 0
    return Edges(found[kept], holders[kept])


def find_furniture(
    edges: Edges,
    documents: Documents,
    digests: Words64,
    fingerprints: Callable[[int], Words64 | None],
    means: Means = HERE,
) -> Furniture:
    """Find the lines that are furniture: those on the list, and those that recur.

    Takes the edges of all documents' texts, the documents, a digest of each by which some are
    chosen where many have a line, (texts,) uint64, and what gives the fingerprints of one, None
    for a copy of another.
    """
    sums, counts = np.unique(edges.sums, return_counts=True)
    often = sums[(counts >= _STORIES) & (sums != _ON_LIST)]
    asked = np.isin(edges.sums, np.append(often, _ON_LIST))
    lines: set[str] = set()
    holders: dict[str, list[int]] = {}
    task = partial(_look_through, texts=documents.texts, recurs=frozenset(often.tolist()))
    lots = documents.cut_texts(distinct(edges.holders[asked]))
    for listed, recurring in means.apply(task, lots):
        lines |= listed
        for line, numbers in recurring.items():
            holders.setdefault(line, []).extend(numbers)
    known = cache(fingerprints)
    for line, own in holders.items():
        # Which ones are asked follows from what they hold alone.
        some = nsmallest(_ASKED, own, key=lambda number: (int(digests[number]), number))
        if _are_several(some, known):
            lines.add(line)
    found = np.isin(edges.sums, np.fromiter(_sum_up(lines).values(), np.int64, len(lines)))
    return Furniture(frozenset(lines), distinct(edges.holders[found]))


def _look_through(
    lot: Texts, *, texts: NDArray[np.uint8], recurs: AbstractSet[int]
) -> tuple[set[str], dict[str, list[int]]]:
    """Find the lines of documents that are on the list, and those whose sums recur.

    Takes all texts as UTF-8. Gives the numbers of the documents in which each of the latter
    stands alone.
    """
    listed: set[str] = set()
    holders: dict[str, list[int]] = {}
    for number, (_, text) in zip(lot.numbers.tolist(), lot.read(texts), strict=True):
        sums = _sum_up(set(_fold_edges(text)))
        own = {line for line, total in sums.items() if total == _ON_LIST}
        listed |= own
        recurring = {
            line for line, total in sums.items() if total in recurs and any(map(str.isalnum, line))
        }
        alone = {line.folded for line in list_lines(text, own | recurring)}
        for line in alone & recurring:
            holders.setdefault(line, []).append(number)
    return listed, holders


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


def _fold_edges(text: str) -> Iterator[str]:
    return map(str.strip, "".join(_cut_edges(text)).casefold().split("\n"))


def _sum_up(lines: set[str]) -> dict[str, int]:
    """Give a sum for each line, by which it is counted before it is looked at.

    It is -1 for what is no furniture: a sentence is text, however often it is said, and a single
    word is not worth the search: it covers nothing.
    """
    sums = {
        line: crc32(line.encode("utf-8", "surrogatepass")) + 1
        if (" " in line or not line.isascii()) and (line[-1:] != "." or line[-2:] == "..")
        else -1
        for line in lines
    }
    sums.update(dict.fromkeys(lines & _LISTED, _ON_LIST))
    sums.update((line, _ON_LIST) for line in lines if line[:1] == "(" and _is_listed(line))
    return sums


def _fold(line: str) -> str:
    return line.casefold().strip()


def _is_listed(folded: str) -> bool:
    return folded in _LISTED or (folded.startswith("(") and bool(_CREDIT.fullmatch(folded)))


def _cut_edges(text: str) -> tuple[str, str]:
    """Cut head and tail off a text, at the ends of lines; a short text is all head."""
    if len(text) <= 2 * _REACH:
        return text, ""
    return text[: text.rfind("\n", 0, _REACH) + 1], text[text.find("\n", -_REACH) :]


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
