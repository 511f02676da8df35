"""What two texts share, by the keys of their words, and what that makes of them."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from .text import Text

__all__ = ["BRIDGE", "LEAST", "Passage", "Run", "Shared", "overlap", "relate"]

BRIDGE: Final = 8
"""The most words, on either side, that may be changed between two runs of a passage."""
LEAST: Final = 8
"""The fewest equal words of a passage."""
_MARGIN: Final = 0.02
"""A share this close to a bound is on both sides of it."""
_PART: Final = 0.3
_MOST: Final = 0.8
_SMALL: Final = 0.2
_HEAD: Final = 40
_QUOTED: Final = 0.7
_LONG: Final = 20
_MANY: Final = 40
_QUOTE: Final = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|„[^„“”]*[“”]|‘[^‘’\n]*’(?!\w)")


class Run(NamedTuple):
    """Equal words, normalized: characters `[a_start, a_end)` of a and of b."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int


class Passage(NamedTuple):
    """Runs that follow each other in both texts, a few changed words between them at most."""

    runs: tuple[Run, ...]
    tokens: int
    """Equal words, in the unit of coverage."""

    @property
    def span(self) -> Run:
        """From the first run to the last."""
        first, last = self.runs[0], self.runs[-1]
        return Run(first.a_start, last.a_end, first.b_start, last.b_end)


class Shared(NamedTuple):
    """What two texts share."""

    passages: tuple[Passage, ...]
    coverage: tuple[float, float]
    """Words inside passages, changed ones between runs included, as a share of each text's."""
    begins: tuple[int, int]
    """Words before the first passage."""
    lengths: tuple[int, int]
    quoted: float
    """Share of the equal words that stand inside quotation marks."""

    @property
    def tokens(self) -> int:
        """Equal words inside passages."""
        return sum(passage.tokens for passage in self.passages)


def overlap(a: Text, b: Text) -> Shared:
    """Find the passages of two texts."""
    groups = [group for group in _bridge(list(_match(a, b)), a, b) if _count(a, group) >= LEAST]
    (inside_a, begin_a, all_a), (inside_b, begin_b, all_b) = (
        _measure(text, [(group[0][side], group[-1][side] + group[-1][2]) for group in groups])
        for side, text in enumerate((a, b))
    )
    return Shared(
        tuple(
            Passage(
                tuple(
                    Run(a.starts[i], a.ends[i + n - 1], b.starts[j], b.ends[j + n - 1])
                    for i, j, n in group
                ),
                _count(a, group),
            )
            for group in groups
        ),
        (inside_a / all_a, inside_b / all_b),
        (begin_a, begin_b),
        (all_a, all_b),
        _share_quoted(a, [at for group in groups for i, _, n in group for at in range(i, i + n)]),
    )


def _count(a: Text, runs: list[tuple[int, int, int]]) -> int:
    """Count equal words."""
    return sum(sum(a.tokens[i : i + n]) for i, _, n in runs)


def _measure(text: Text, passages: list[tuple[int, int]]) -> tuple[int, int, int]:
    """Count the words inside passages, those before the first of them, and all."""
    inside = sum(sum(text.tokens[first:last]) for first, last in passages)
    begin = min((first for first, _ in passages), default=0)
    return inside, sum(text.tokens[:begin]), sum(text.tokens)


def _share_quoted(a: Text, equal: list[int]) -> float:
    """Give the share of the equal words that stand inside quotation marks."""
    spans = [found.span() for found in _QUOTE.finditer(a.text)]
    quoted = [at for at in equal if any(first <= a.starts[at] < last for first, last in spans)]
    words = sum(a.tokens[at] for at in equal)
    return sum(a.tokens[at] for at in quoted) / words if words else 0.0


def _match(a: Text, b: Text) -> Iterator[tuple[int, int, int]]:
    """Find runs of equal keys: word of a, word of b, words."""
    place = {key: at for at, key in enumerate(b.keys)}
    at, count = 0, len(a.keys)
    while at < count:
        other = place.get(a.keys[at])
        if other is None:
            at += 1
            continue
        size = 1
        while (
            at + size < count
            and other + size < len(b.keys)
            and a.keys[at + size] == b.keys[other + size]
        ):
            size += 1
        yield at, other, size
        at += size


def _bridge(
    runs: list[tuple[int, int, int]], a: Text, b: Text
) -> Iterator[list[tuple[int, int, int]]]:
    """Group the runs that follow each other in both texts, few changed words between them."""
    rank = {run: number for number, run in enumerate(sorted(runs, key=lambda run: run[1]))}
    group = runs[:1]
    for run, after in pairwise(runs):
        gap_a = sum(a.tokens[run[0] + run[2] : after[0]])
        gap_b = sum(b.tokens[run[1] + run[2] : after[1]]) if after[1] > run[1] else BRIDGE + 1
        if rank[after] != rank[run] + 1 or max(gap_a, gap_b) > BRIDGE:
            yield group
            group = []
        group.append(after)
    if group:
        yield group


def relate(shared: Shared, *, versions: bool, several: bool) -> tuple[str | None, ...]:
    """Name the relation of two texts that are neither the same words nor of one form.

    `versions`: both tell the same story in the same wording, as far as they share it; else
    they are different stories, whatever they share. `several`: one of them holds other stories
    beside this one, as a roundup does. More than one relation is given where a share lies on
    a bound, and for what is placed in a roundup as an abridgement or an update would be.
    """
    short = 0 if shared.lengths[0] <= shared.lengths[1] else 1
    least, most = shared.coverage[short], shared.coverage[1 - short]
    begin = shared.begins[1 - short]
    found: list[str | None] = []
    for s in (least - _MARGIN, least, least + _MARGIN):
        for longer in (most - _MARGIN, most, most + _MARGIN):
            name = _name(s, longer, begin, shared) if versions else _name_apart(shared)
            if name not in found:
                found.append(name)
    first = _name(least, most, begin, shared) if versions else _name_apart(shared)
    if several and first in {"revision", "abridgement"}:
        found, first = [*found, "embedded"], "embedded"
    return (first, *dict.fromkeys(name for name in found if name != first))


def _name(s: float, longer: float, begin: int, shared: Shared) -> str | None:
    if s < _PART:
        return _name_apart(shared)
    if s >= _MOST:
        if longer >= _MOST:
            return "near-duplicate"
        return "abridgement" if begin <= _HEAD else "embedded"
    return "embedded" if longer < _SMALL else "revision"


def _name_apart(shared: Shared) -> str | None:
    longest = max((passage.tokens for passage in shared.passages), default=0)
    if longest < _LONG and shared.tokens < _MANY:
        return None
    return "quote" if shared.quoted >= _QUOTED else "shared-passage"
