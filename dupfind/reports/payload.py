"""What the HTML report embeds: an index of all clusters, and apart from it what each one needs.

The page parses the index when it is opened and any other element when somebody looks at it, so
that a report of thousands of clusters opens as fast as a small one. Places in texts count
UTF-16 units here, as JavaScript's strings do. Names and titles have their control and direction
characters escaped; in texts the page does that, so that places stay what they are.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from dupfind.assembly import Findings
from dupfind.chronology import published_at
from dupfind.model import Cluster, Entry, Match, Passage, Relation, Report, Version
from dupfind.reports.known import may_link, tell_known
from dupfind.reports.wording import escape, name_of

__all__ = [
    "MEANINGS",
    "Element",
    "cluster_link",
    "count_units",
    "embed",
    "pair_link",
]

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")
_MARKUP: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})

MEANINGS: Final = {
    Relation.IDENTICAL: "the same words in the same order",
    Relation.NEAR_DUPLICATE: "nearly all of both is shared",
    Relation.ABRIDGEMENT: "a cut, from the head of the longer",
    Relation.EMBEDDED: "one stands inside the other",
    Relation.REVISION: "much is shared, much has changed",
    Relation.TEMPLATE: "the same form, other facts",
    Relation.QUOTE: "the same words quoted",
    Relation.SHARED_PASSAGE: "a passage is shared, no more",
}
"""Each relation in a few words, in the order of the rules."""

Count = Callable[[int], int]


class Element(NamedTuple):
    """A block of data in the page."""

    id: str
    json: str
    """Holds no character that means anything in HTML."""


def embed(findings: Findings) -> Iterator[Element]:
    """Give the index, then the matches of each cluster and loose pair, then the documents.

    What is known of a document is one element and its text another. There is none where nothing
    is known, or the text is gone (empty or None).
    """
    report, texts = findings.report, findings.texts
    yield Element("data-index", _encode(_make_index(report)))
    counts = [count_units(text or "") for text in texts]
    for cluster in report.clusters:
        yield Element(f"data-{cluster_link(cluster)}", _encode(_pack_cluster(cluster, counts)))
    for match in report.passages:
        packed = {
            "matches": [_pack_match(match, counts)],
            "through": [],
            "omitted": 0,
            "versions": [],
        }
        yield Element(f"data-{pair_link(match)}", _encode(packed))
    for number, text in enumerate(texts):
        if known := _list_known(report.documents[number]):
            yield Element(f"data-known-{number}", _encode(known))
        if text:
            yield Element(f"data-text-{number}", _encode(_SURROGATE.sub("\ufffd", text)))


def cluster_link(cluster: Cluster) -> str:
    """Name a cluster in the page's address."""
    return cluster.id


def pair_link(match: Match) -> str:
    """Name a pair outside the clusters in the page's address."""
    return f"p-{match.a}-{match.b}"


def count_units(text: str) -> Count:
    """Make a function that counts the UTF-16 units before a place given in code points."""
    astral = [found.start() for found in _ASTRAL.finditer(text)]
    return lambda at: at + bisect_left(astral, at)


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode().translate(_MARKUP)


def _make_index(report: Report) -> dict[str, Any]:
    pairs = [_list_pair(match, report.documents) for match in report.passages]
    return {
        "relations": {relation.value: meaning for relation, meaning in MEANINGS.items()},
        "documents": [_list_document(entry) for entry in report.documents],
        "clusters": [*map(_list_cluster, report.clusters), *pairs],
    }


def _list_document(entry: Entry) -> dict[str, Any]:
    return {
        "name": name_of(entry),
        "title": escape(entry.title) if entry.title else None,
        "published": escape(entry.published) if entry.published else None,
        "time": _time(entry.published),
        "words": entry.words,
    }


def _list_known(entry: Entry) -> dict[str, Any]:
    """List what is known beside what the index has, and whether the address may be a link."""
    known = tell_known(entry)
    known.pop("published", None)
    return {"facts": known, "linked": may_link(entry)} if known else {}


def _time(published: str | None) -> float | None:
    """Give seconds since 1970; a saved report may hold what is no date."""
    try:
        return published_at(published).timestamp() if published else None
    except ValueError:
        return None


def _list_cluster(cluster: Cluster) -> dict[str, Any]:
    return {
        "id": cluster_link(cluster),
        "lead": cluster.lead,
        "reason": escape(cluster.lead_reason),
        "members": cluster.members,
        "weakest": cluster.weakest,
        "labels": _label(cluster.matches),
    }


def _list_pair(match: Match, documents: Sequence[Entry]) -> dict[str, Any]:
    """List a pair outside the clusters as a cluster of two, the longer one first."""
    longer = max(match.a, match.b, key=lambda number: (documents[number].words, -number))
    return {
        "id": pair_link(match),
        "lead": longer,
        "reason": None,
        "members": (match.a, match.b),
        "weakest": max(match.coverage),
        "labels": _label([match]),
    }


def _label(matches: Sequence[Match]) -> list[str]:
    """Give the relations and flags that occur, by which the list is filtered."""
    return sorted({label for match in matches for label in (match.relation.value, *match.flags)})


def _pack_cluster(cluster: Cluster, counts: Sequence[Count]) -> dict[str, Any]:
    return {
        "matches": [_pack_match(match, counts) for match in cluster.matches],
        "through": [(indirect.member, indirect.through) for indirect in cluster.indirect],
        "omitted": cluster.matches_omitted,
        "versions": [_pack_version(version) for version in cluster.versions],
    }


def _pack_version(version: Version) -> tuple[Any, ...]:
    return (
        *(version.member, version.place, version.evidence and escape(version.evidence)),
        *(version.before, version.added, version.dropped),
    )


def _pack_match(match: Match, counts: Sequence[Count]) -> dict[str, Any]:
    a, b = counts[match.a], counts[match.b]
    return {
        "a": match.a,
        "b": match.b,
        "relation": match.relation.value,
        "flags": match.flags,
        "coverage": match.coverage,
        "resemblance": match.resemblance,
        "words": match.words,
        "longest": match.longest,
        "order": match.order,
        "why": escape(match.why),
        "earlier": match.earlier and escape(match.earlier.evidence),
        "first": match.earlier and match.earlier.document,
        "passages": [_pack_passage(passage, a, b) for passage in match.passages],
    }


def _pack_passage(passage: Passage, a: Count, b: Count) -> tuple[Any, ...]:
    """Give start, end and line in a, the same in b, words, moved, and the edits' four places."""
    return (
        *(a(passage.a.start), a(passage.a.end), passage.a.line),
        *(b(passage.b.start), b(passage.b.end), passage.b.line),
        passage.words,
        passage.moved,
        [(a(e.a.start), a(e.a.end), b(e.b.start), b(e.b.end)) for e in passage.edits],
    )
