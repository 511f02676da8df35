"""What is true of the documents of a family: relations, passages, clusters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final, NamedTuple

from .draft import Draft
from .overlap import Passage, Shared, overlap, relate
from .text import Text, fold

__all__ = ["CLUSTERING", "Member", "Pair", "compare", "expect", "group", "pair_members"]

CLUSTERING: Final = frozenset(
    {"identical", "near-duplicate", "abridgement", "embedded", "revision"}
)
"""Relations that make two documents versions of one story."""
_HOT: Final = 32  # notices of a form beyond which not every two of them need to be named
_MANY: Final = 12  # members of a family of which all pairs are looked at
_NEXT: Final = 3  # in larger ones each is compared with so many others
_RUN: Final = 8  # equal words below which nothing is shared, where a form's words are scattered
_SHORT: Final = 30  # words below which a document need not be compared
_LONG: Final = 20

Relations = tuple[str | None, ...]
"""The expected relation, first, and others that are as defensible."""


@dataclass(frozen=True)
class Member:
    """A document of a family."""

    id: str
    draft: Draft

    @cached_property
    def text(self) -> Text:
        """Give its text."""
        return self.draft.set()

    @cached_property
    def words(self) -> list[str]:
        """Give its normalized words."""
        return fold(self.text.text)


class Pair(NamedTuple):
    """Two documents of a family, and what they truly share."""

    a: str
    b: str
    relations: Relations
    passages: tuple[Passage, ...]
    longest: int
    """Words of the longest run of equal words."""

    @property
    def joins(self) -> bool:
        """Whether they belong in one cluster."""
        return self.relations[0] in CLUSTERING


def pair_members(members: Sequence[Member]) -> Iterator[Pair]:
    """Compare the members of a family: all of them, or in a large one each with the next ones."""
    crowd = len(members) > _HOT
    for i, j in combinations(range(len(members)), 2):
        if len(members) <= _MANY or j - i <= _NEXT:
            yield compare(members[i], members[j], crowd=crowd)


def compare(a: Member, b: Member, *, crowd: bool = False) -> Pair:
    """Compare two members; `crowd`: of a family of more than 32."""
    shared = overlap(a.text, b.text)
    relations = _relate(a, b, shared, crowd=crowd)
    if min(len(a.words), len(b.words)) < _SHORT and None not in relations:
        relations = (*relations, None)
    return Pair(a.id, b.id, relations, shared.passages, max(_runs(a, shared), default=0))


def _relate(a: Member, b: Member, shared: Shared, *, crowd: bool) -> Relations:
    if a.words == b.words:
        return ("identical",)
    same_story = bool(a.draft.stories & b.draft.stories)
    if a.draft.form and not same_story:
        return ("template",) if not crowd and _shows(shared, a, b) else ("template", None)
    several = a.draft.several or b.draft.several
    return relate(shared, versions=same_story, several=several)


def _shows(shared: Shared, a: Member, b: Member) -> bool:
    """Tell whether two notices share enough in one piece to be seen as of one form."""
    runs = _runs(a, shared)
    share = sum(run for run in runs if run >= _RUN) / min(len(a.words), len(b.words))
    return share >= 0.3 or max(runs, default=0) >= _LONG  # noqa: PLR2004 - DESIGN's threshold


def _runs(a: Member, shared: Shared) -> list[int]:
    """Count the words of each run of equal words."""
    return [
        len(fold(a.text.text[run.a_start : run.a_end]))
        for passage in shared.passages
        for run in passage.runs
    ]


def expect(a: Draft, b: Draft) -> Relations:
    """Tell what documents of different families are to each other."""
    if a.form and a.form == b.form:
        return (None, "template", "shared-passage")
    if a.notice and a.notice == b.notice:
        return (None, "shared-passage")
    return (None,)


def group(members: Sequence[Member], pairs: Sequence[Pair]) -> list[list[str]]:
    """Cluster a family: the documents that pairs join, directly or through others."""
    leader = {member.id: member.id for member in members}

    def find(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for pair in pairs:
        if pair.joins:
            first, last = sorted((find(pair.a), find(pair.b)))
            leader[last] = first
    clusters: dict[str, list[str]] = {}
    for member in members:
        clusters.setdefault(find(member.id), []).append(member.id)
    return [own for own in clusters.values() if len(own) > 1]
