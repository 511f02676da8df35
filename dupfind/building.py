"""The parts of a report that take long, built some clusters at a time: matches, versions, entries.

A lot holds all that is needed to build it but the texts, so that lots can be built in any process
and no more texts are laid out at once than those of one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from hashlib import sha256
from itertools import pairwise
from typing import Final, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from dupfind.agencies import find_agencies
from dupfind.arrays import Ints
from dupfind.chronology import Clues
from dupfind.clusters import Link, find_indirect
from dupfind.corpus import Documents, Source
from dupfind.judgment import Judged
from dupfind.layout import lay_out
from dupfind.listing import Listing
from dupfind.matches import Side, make_matches
from dupfind.model import Cluster, Document, Entry, Indirect, Match, Relation
from dupfind.relations import Shapes
from dupfind.versions import elect, list_versions

__all__ = ["Built", "Group", "Lot", "build", "cut_lots", "digest_text", "rank_cluster"]

_ID: Final = 12  # hexadecimal digits

T = TypeVar("T")


class Group(NamedTuple):
    """What becomes a cluster; documents are numbers of the corpus."""

    members: list[int]
    weakest: float
    pairs: Ints
    """(matches,) int64: rows of the pairs that are known."""
    asked: int
    """Pairs of members that were compared."""


class Listed(NamedTuple):
    """A document that a lot needs."""

    source: Source
    words: int


class Lot(NamedTuple):
    """Some clusters, and pairs beside clusters; documents are numbers of the report."""

    documents: dict[int, Listed]
    """Those that occur."""
    listed: list[int]
    """Those whose entries this lot makes."""
    groups: list[Group]
    apart: Ints
    """(matches,) int64: rows of the pairs."""
    judged: Judged

    def leave_out(self, known: AbstractSet[int]) -> Self:
        """Leave some of the groups out, by their numbers, and their documents, which are theirs."""
        if not known:
            return self
        left = [group for number, group in enumerate(self.groups) if number not in known]
        gone = {member for number in known for member in self.groups[number].members}
        ends = np.cumsum([len(self.apart), *(len(group.pairs) for group in left)]).tolist()
        return self._replace(
            documents={number: one for number, one in self.documents.items() if number not in gone},
            listed=[number for number in self.listed if number not in gone],
            groups=[
                group._replace(pairs=np.arange(begin, end))
                for group, (begin, end) in zip(left, pairwise(ends), strict=True)
            ],
            apart=np.arange(len(self.apart)),
            judged=self.judged.take(
                np.concatenate([self.apart, *(group.pairs for group in left)])
            ).pack(),
        )


class Built(NamedTuple):
    """What was made of a lot."""

    clusters: Listing[Cluster]
    passages: Listing[Match]
    entries: Listing[Entry]
    ranks: list[tuple[int, int]]
    """Of each cluster how many members it has, less than nothing, and the first of them."""
    numbers: list[int]
    """Of each entry that of its document."""


def cut_lots(
    documents: Documents,
    words: Ints,
    order: Ints,
    judged: Judged,
    groups: Sequence[Group],
    apart: Ints,
    most: int,
) -> Iterator[Lot]:
    """Cut what is to be built into lots of about so many words.

    Takes the documents, the words of each, (documents,) int64, the numbers of those that the
    report lists, (listed,) int64, ascending, the pairs with a relation, the clusters to be, and
    the rows of the pairs that are listed beside them. Every document listed is so by one lot.
    """
    left = np.ones(len(order), dtype=bool)

    def make(groups: Sequence[Group], apart: Ints, beside: Ints) -> Lot:
        rows = np.concatenate([apart, *(group.pairs for group in groups)])
        pairs = judged.take(rows).pack()
        members = [order[beside], *(group.members for group in groups)]
        own = np.unique(np.concatenate([*members, pairs.documents.ravel()]))
        numbers = np.searchsorted(order, own)
        listed = numbers[left[numbers]].tolist()
        left[numbers] = False
        ends = np.cumsum([len(apart), *(len(group.pairs) for group in groups)]).tolist()
        return Lot(
            {
                number: Listed(documents.source(document), int(words[document]))
                for number, document in zip(numbers.tolist(), own.tolist(), strict=True)
            },
            listed,
            [
                group._replace(
                    members=np.searchsorted(order, group.members).tolist(),
                    pairs=np.arange(begin, end),
                )
                for group, (begin, end) in zip(groups, pairwise(ends), strict=True)
            ],
            np.arange(len(apart)),
            pairs._replace(documents=np.searchsorted(order, pairs.documents)),
        )

    none = order[:0]
    for some in _cut(groups, lambda group: int(words[group.members].sum()), most):
        yield make(some, none, none)
    for part in _cut(apart.tolist(), lambda row: int(words[judged.documents[row]].sum()), most):
        yield make((), np.array(part), none)
    if left.any():
        yield make((), none, np.flatnonzero(left))


def _cut(items: Sequence[T], weigh: Callable[[T], int], most: int) -> Iterator[list[T]]:
    some: list[T] = []
    weight = 0
    for item in items:
        some.append(item)
        weight += weigh(item)
        if weight >= most:
            yield some
            some, weight = [], 0
    if some:
        yield some


def build(lot: Lot, texts: NDArray[np.uint8]) -> Built:
    """Build a lot. Takes all texts as UTF-8, (bytes,) uint8."""
    documents = {number: listed.source.read(texts) for number, listed in lot.documents.items()}
    layout = lay_out(list(documents.values()))
    clues = {number: Clues(document) for number, document in documents.items()}
    sides = [
        Side(number, clues[number], layout.headlines[row], find_agencies(document.text))
        for (number, document), row in zip(documents.items(), layout.rows.tolist(), strict=True)
    ]
    entries = {
        number: _list(document, lot.documents[number].words)
        for number, document in documents.items()
    }
    matches = make_matches(lot.judged, sides, layout)
    clusters = (
        _build_cluster(group, matches, lot.judged.shapes, entries, clues) for group in lot.groups
    )
    return Built(
        Listing.of(Cluster, clusters),
        Listing.of(Match, (matches[row] for row in lot.apart.tolist())),
        Listing.of(Entry, (entries[number] for number in lot.listed)),
        [rank_cluster(group.members) for group in lot.groups],
        lot.listed,
    )


def rank_cluster(members: Sequence[int]) -> tuple[int, int]:
    """Give by what clusters are ordered: the largest first, of equals that which begins first."""
    return -len(members), members[0]


def _build_cluster(
    group: Group,
    among: Sequence[Match],
    shapes: Shapes,
    entries: Mapping[int, Entry],
    clues: Mapping[int, Clues],
) -> Cluster:
    members = group.members
    matches = tuple(
        sorted((among[row] for row in group.pairs.tolist()), key=lambda match: (match.a, match.b))
    )
    words = {member: entries[member].words for member in members}
    versions = list_versions({member: clues[member] for member in members}, matches, words)
    lead, reason = elect(versions, words)
    links = [
        Link(among[row].a, among[row].b, strength)
        for row, strength in zip(
            group.pairs.tolist(), shapes["shorter"][group.pairs].tolist(), strict=True
        )
    ]
    copies = sum(match.relation is Relation.IDENTICAL for match in matches)
    names = sorted(f"{entries[member].path}\0{entries[member].record}" for member in members)
    digests = sorted(entries[member].digest for member in members)
    return Cluster(
        id=f"c-{_hash(names)[:_ID]}",
        fingerprint=_hash(digests)[: 2 * _ID],
        lead=lead,
        lead_reason=reason,
        members=tuple(members),
        weakest=round(group.weakest, 4),
        indirect=tuple(
            Indirect(member=member, through=through)
            for member, through in find_indirect(lead, links).items()
        ),
        versions=versions,
        matches=matches,
        matches_omitted=len(members) * (len(members) - 1) // 2 - group.asked - copies,
    )


def digest_text(text: str) -> str:
    """Give the digest by which a report knows a document's text."""
    return f"sha256:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _list(document: Document, words: int) -> Entry:
    return Entry(
        path=document.path,
        record=document.record,
        title=document.title,
        published=document.published,
        updated=document.updated,
        byline=document.byline,
        place=document.place,
        agency=document.agency,
        language=document.language,
        version=document.version,
        status=document.status,
        slug=document.slug,
        url=document.url,
        line=document.line,
        words=words,
        digest=digest_text(document.text),
        urgency=document.urgency,
        note=document.note,
        ids=document.ids,
        follows=document.follows,
    )


def _hash(parts: Iterable[str]) -> str:
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
