"""Verified pairs to the report: clusters with their matches, and all that is told beside."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

import numpy as np

from dupfind import __version__
from dupfind.arrays import Ints
from dupfind.boilerplate import Hot
from dupfind.chronology import Clues
from dupfind.clusters import Link, connect, cut_apart, find_indirect
from dupfind.corpus import Corpus
from dupfind.judgment import Found
from dupfind.matches import Laid, Side, lay_out, make_match
from dupfind.model import (
    SCHEMA_VERSION,
    Boilerplate,
    Cluster,
    Document,
    Entry,
    Indirect,
    Match,
    Nearest,
    Relation,
    Report,
    Skipped,
    Summary,
    Tool,
)
from dupfind.relations import explain
from dupfind.settings import Settings
from dupfind.versions import elect, list_versions

__all__ = ["Findings", "Listing", "assemble", "digest_text"]

_EXCERPT: Final = 300  # characters of boilerplate shown
_ID: Final = 12  # hexadecimal digits


class Findings(NamedTuple):
    """A report, and the texts of the documents that it lists, in the same order."""

    report: Report
    texts: list[str | None]
    """None where a text is not at hand, as when a saved report outlives its documents."""
    numbers: Sequence[int] = ()
    """The number of each among all documents that were read."""


class Listing(NamedTuple):
    """The documents that the report lists."""

    numbers: dict[int, int]
    """The number in the report of each document, by its number in the corpus."""
    documents: list[Document]
    """Those of the corpus."""
    laid: dict[int, Laid]
    """By the number in the corpus."""
    clues: dict[int, Clues]
    """By the number in the report."""

    def match(self, found: Found) -> Match:
        """Make the match of a pair of them."""
        pair = found.pair()
        why = explain(found.relation, found.shape, len(pair.passages))
        return make_match(pair, found.relation, why, self._side(found.a), self._side(found.b))

    def _side(self, number: int) -> Side:
        return Side(self.numbers[number], self.clues[self.numbers[number]], self.laid[number])


def assemble(
    corpus: Corpus,
    pairs: Sequence[Found],
    hot: Sequence[Hot],
    nearest: Found | None,
    *,
    settings: Settings,
    skipped: list[Skipped],
    candidates: Ints,
) -> Findings:
    """Assemble the report of a run.

    Takes the corpus, all pairs with a relation, the passages that were too common, the pair
    that came closest where none joins, what was skipped so far, and the candidate pairs,
    (pairs, 2) int64.
    """
    documents = corpus.documents
    groups = connect(_link(pairs, settings), len(documents))
    group_of = {member: number for number, (group, _) in enumerate(groups) for member in group}
    hot = [run for run in hot if not _in_one_group(run, group_of)]

    joining: list[Found] = []
    apart: list[Found] = []
    for found in pairs:
        inside = found.joins and group_of.get(found.a, -1) == group_of.get(found.b)
        (joining if inside else apart).append(found)
    if not settings.passages:
        apart = []
    listed = set(group_of) | {side for found in apart for side in (found.a, found.b)}
    if nearest:
        listed |= {nearest.a, nearest.b}
    order = sorted(listed)
    index = {document: number for number, document in enumerate(order)}
    needed = sorted(listed | {run.document for run in hot})
    laid = dict(zip(needed, lay_out([documents[number] for number in needed]), strict=True))
    clues = {number: Clues(documents[document]) for document, number in index.items()}
    listing = Listing(index, documents, laid, clues)
    words = corpus.lengths[order].tolist()
    entries = [_list(documents[number], count) for number, count in zip(order, words, strict=True)]

    of_group: dict[int, list[Found]] = defaultdict(list)
    for found in joining:
        of_group[group_of[found.a]].append(found)
    if settings.linkage == "complete":
        # All links hold the cluster together, not those of the strongest way alone.
        groups = [
            (group, min(found.shape.shorter for found in of_group[number]))
            for number, (group, _) in enumerate(groups)
        ]
    belongs = np.full(len(documents), -1)
    belongs[list(group_of)] = list(group_of.values())
    a, b = belongs[candidates].T
    asked = np.bincount(a[(a == b) & (a >= 0)], minlength=len(groups)).tolist()
    clusters = [
        _build_cluster(group, weakest, of_group[number], asked[number], entries, listing)
        for number, (group, weakest) in enumerate(groups)
    ]
    clusters.sort(key=lambda cluster: (-len(cluster.members), cluster.members))
    copies = Counter(corpus.first.tolist())
    report = Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool(name="dupfind", version=__version__),
        status="complete",
        settings=settings,
        summary=Summary(
            documents=int((corpus.lengths >= settings.min_words).sum()),
            skipped=len(skipped),
            candidates=len(candidates),
            matches=len(joining),
            clusters=len(clusters),
            redundant=sum(len(cluster.members) - 1 for cluster in clusters),
            relations=dict(sorted(Counter(found.relation.value for found in pairs).items())),
        ),
        documents=tuple(entries),
        clusters=tuple(clusters),
        passages=tuple(map(listing.match, apart)),
        boilerplate=tuple(_name_boilerplate(hot, laid, copies)),
        furniture=corpus.furniture,
        skipped=tuple(sorted(skipped, key=_skipped_order)),
        nearest=_tell_nearest(nearest, index, settings) if nearest else None,
    )
    return Findings(report, [documents[number].text for number in order], order)


def _link(pairs: Sequence[Found], settings: Settings) -> list[Link]:
    """Give the links that make clusters, of the pairs that join."""
    joining = [found for found in pairs if found.joins]
    links = [Link(found.a, found.b, found.shape.shorter) for found in joining]
    if settings.linkage == "single":
        return links
    # Copies are linked with the document that stands for them alone, and go where it goes.
    copied = [found.relation is Relation.IDENTICAL for found in joining]
    kept = cut_apart([link for link, copy in zip(links, copied, strict=True) if not copy])
    return kept + [link for link, copy in zip(links, copied, strict=True) if copy]


def _in_one_group(run: Hot, group_of: dict[int, int]) -> bool:
    """Tell whether all holders belong to one cluster: then the run is its story, no furniture."""
    groups = {group_of.get(holder, -1) for holder in run.holders.tolist()}
    return len(groups) == 1 and -1 not in groups


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


def _build_cluster(
    group: list[int],
    weakest: float,
    joining: list[Found],
    asked: int,
    entries: list[Entry],
    listing: Listing,
) -> Cluster:
    index = listing.numbers
    members = [index[member] for member in group]
    matches = tuple(
        listing.match(found) for found in sorted(joining, key=lambda found: (found.a, found.b))
    )
    words = {member: entries[member].words for member in members}
    versions = list_versions({member: listing.clues[member] for member in members}, matches, words)
    lead, reason = elect(versions, words)
    links = [Link(index[f.a], index[f.b], f.shape.shorter) for f in joining]
    copies = sum(found.relation is Relation.IDENTICAL for found in joining)
    names = sorted(f"{entries[member].path}\0{entries[member].record}" for member in members)
    digests = sorted(entries[member].digest for member in members)
    return Cluster(
        id=f"c-{_hash(names)[:_ID]}",
        fingerprint=_hash(digests)[: 2 * _ID],
        lead=lead,
        lead_reason=reason,
        members=tuple(members),
        weakest=round(weakest, 4),
        indirect=tuple(
            Indirect(member=member, through=through)
            for member, through in find_indirect(lead, links).items()
        ),
        versions=versions,
        matches=matches,
        matches_omitted=len(members) * (len(members) - 1) // 2 - asked - copies,
    )


def _hash(parts: Iterable[str]) -> str:
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _name_boilerplate(
    hot: Sequence[Hot], laid: dict[int, Laid], copies: Counter[int]
) -> list[Boilerplate]:
    found = []
    for run in hot:
        own = laid[run.document]
        span = own.span(run.start, run.end)
        text = " ".join(own.text[span.start : span.end].split())
        if len(text) > _EXCERPT:
            text = text[: _EXCERPT - 1] + "…"
        holders = sum(copies[holder] for holder in run.holders.tolist())
        found.append(Boilerplate(text=text, documents=holders))
    return sorted(found, key=lambda item: (-item.documents, item.text))


def _tell_nearest(found: Found, index: dict[int, int], settings: Settings) -> Nearest:
    pair, shape = found.pair(), found.shape
    if found.relation is Relation.TEMPLATE:
        why = explain(found.relation, shape, len(pair.passages))
    else:
        why = (
            f"{shape.shorter:.1%} of the shorter document is shared, "
            f"less than the threshold of {settings.threshold:.0%}"
        )
    return Nearest(
        a=index[found.a],
        b=index[found.b],
        coverage=pair.coverage,
        words=shape.words,
        longest=shape.longest,
        why=why,
    )


def _skipped_order(item: Skipped) -> tuple[str, str, int, str]:
    """Sort numbers of records as numbers, before their names."""
    number = item.record if isinstance(item.record, int) else 1 << 62
    return item.path, item.reason, number, str(item.record)
