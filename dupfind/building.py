"""The parts of a report that take long, built some clusters at a time: matches, versions, entries.

A lot holds all that is needed to build it but the texts, so that lots can be built in any process
and no more texts are laid out at once than those of one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final, NamedTuple, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints
from dupfind.chronology import Clues
from dupfind.clusters import Link, find_indirect
from dupfind.corpus import Documents, decode
from dupfind.judgment import Judged
from dupfind.matches import Pair, Side, lay_out, make_match
from dupfind.model import Cluster, Document, Entry, Indirect, Match, Relation
from dupfind.relations import RELATIONS, explain
from dupfind.versions import elect, list_versions

__all__ = ["Built", "Group", "Lot", "build", "cut_lots", "digest_text"]

_ID: Final = 12  # hexadecimal digits

T = TypeVar("T")


class Group(NamedTuple):
    """What becomes a cluster; documents are numbers of the corpus."""

    members: list[int]
    weakest: float
    pairs: Ints
    """(matches,) int64: rows of the judged pairs."""
    asked: int
    """Pairs of members that were compared."""


class _Known(NamedTuple):
    """A pair with its relation and its passages; documents are numbers of the report."""

    a: int
    b: int
    relation: Relation
    shape: np.void
    pair: Pair


class _Source(NamedTuple):
    """A document without its text, and where that is among all texts, in bytes."""

    told: Document
    begin: int
    end: int
    words: int


class Lot(NamedTuple):
    """Some clusters, and pairs beside clusters; documents are numbers of the report."""

    documents: dict[int, _Source]
    """Those that occur."""
    listed: list[int]
    """Those whose entries this lot makes."""
    groups: list[tuple[Group, list[_Known]]]
    apart: list[_Known]


class Built(NamedTuple):
    """What was made of a lot."""

    clusters: list[Cluster]
    passages: list[Match]
    entries: list[tuple[int, Entry]]
    """With the numbers of their documents."""


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
        members = [order[beside], *(group.members for group in groups)]
        own = np.unique(np.concatenate([*members, judged.documents[apart].ravel()]))
        numbers = np.searchsorted(order, own)
        listed = numbers[left[numbers]].tolist()
        left[numbers] = False
        return Lot(
            {
                number: _Source(
                    documents.told[document], *documents.span(document), int(words[document])
                )
                for number, document in zip(numbers.tolist(), own.tolist(), strict=True)
            },
            listed,
            [
                (
                    group._replace(members=np.searchsorted(order, group.members).tolist()),
                    _tell(judged, group.pairs, order),
                )
                for group in groups
            ],
            _tell(judged, apart, order),
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


def _tell(judged: Judged, rows: Ints, order: Ints) -> list[_Known]:
    sides = np.searchsorted(order, judged.documents[rows]).tolist()
    return [
        _Known(a, b, RELATIONS[judged.relations[row]], judged.shapes[row], judged.pair(row))
        for row, (a, b) in zip(rows.tolist(), sides, strict=True)
    ]


def build(lot: Lot, texts: NDArray[np.uint8]) -> Built:
    """Build a lot. Takes all texts as UTF-8, (bytes,) uint8."""
    documents = {
        number: msgspec.structs.replace(source.told, text=decode(texts, source.begin, source.end))
        for number, source in lot.documents.items()
    }
    laid = lay_out(list(documents.values()))
    sides = {
        number: Side(number, Clues(document), own)
        for (number, document), own in zip(documents.items(), laid, strict=True)
    }
    entries = {
        number: _list(document, lot.documents[number].words)
        for number, document in documents.items()
    }
    return Built(
        [_build_cluster(group, pairs, entries, sides) for group, pairs in lot.groups],
        [_match(known, sides) for known in lot.apart],
        [(number, entries[number]) for number in lot.listed],
    )


def _match(known: _Known, sides: Mapping[int, Side]) -> Match:
    why = explain(known.relation, known.shape, len(known.pair.passages))
    return make_match(known.pair, known.relation, why, sides[known.a], sides[known.b])


def _build_cluster(
    group: Group, pairs: list[_Known], entries: Mapping[int, Entry], sides: Mapping[int, Side]
) -> Cluster:
    members = group.members
    matches = tuple(
        _match(known, sides) for known in sorted(pairs, key=lambda known: (known.a, known.b))
    )
    words = {member: entries[member].words for member in members}
    versions = list_versions({member: sides[member].clues for member in members}, matches, words)
    lead, reason = elect(versions, words)
    links = [Link(known.a, known.b, float(known.shape["shorter"])) for known in pairs]
    copies = sum(known.relation is Relation.IDENTICAL for known in pairs)
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
