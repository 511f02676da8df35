"""Verified pairs to the report: clusters with their matches, and all that is told beside."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple, overload

import numpy as np

from dupfind import __version__
from dupfind.arrays import Ints
from dupfind.boilerplate import Hot
from dupfind.building import Built, Group, Lot, cut_lots
from dupfind.clusters import Link, connect, cut_apart
from dupfind.corpus import Corpus, Documents
from dupfind.judgment import Found
from dupfind.matches import lay_out
from dupfind.model import (
    SCHEMA_VERSION,
    Boilerplate,
    Cluster,
    Entry,
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

__all__ = ["Findings", "assemble"]

_EXCERPT: Final = 300  # characters of boilerplate shown
_SMALL: Final = 1 << 12  # words of the documents of a lot that is not worth cutting
_LARGE: Final = 1 << 19  # words of the documents of the largest lot


class Findings(NamedTuple):
    """A report, and the texts of the documents that it lists, in the same order."""

    report: Report
    texts: Sequence[str | None]
    """None where a text is not at hand, as when a saved report outlives its documents."""
    numbers: Sequence[int] = ()
    """The number of each among all documents that were read."""


class _Texts(Sequence[str | None]):
    """The texts of some documents, decoded when asked for."""

    def __init__(self, documents: Documents, order: Sequence[int]) -> None:
        self._documents = documents
        self._order = order

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> "_Texts": ...
    def __getitem__(self, number: int | slice) -> "str | _Texts":
        if isinstance(number, slice):
            return _Texts(self._documents, self._order[number])
        return self._documents[self._order[number]].text


def assemble(
    corpus: Corpus,
    pairs: Sequence[Found],
    hot: Sequence[Hot],
    nearest: Found | None,
    build: Callable[[Iterable[Lot]], Iterable[Built]],
    parts: int,
    *,
    settings: Settings,
    skipped: list[Skipped],
    candidates: Ints,
) -> Findings:
    """Assemble the report of a run.

    Takes the corpus, all pairs with a relation, the passages that were too common, the pair
    that came closest where none joins, what builds lots and how many it asks for at least, what
    was skipped so far, and the candidate pairs, (pairs, 2) int64.
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
    stories = [
        Group(group, weakest, of_group[number], asked[number])
        for number, (group, weakest) in enumerate(groups)
    ]
    clusters: list[Cluster] = []
    passages: list[Match] = []
    entries: list[Entry | None] = [None] * len(order)
    volume = int(corpus.lengths[order].sum())
    most = max(_SMALL, min(_LARGE, volume // parts))
    for built in build(cut_lots(documents, corpus.lengths, index, stories, apart, most)):
        clusters += built.clusters
        passages += built.passages
        for number, entry in built.entries:
            entries[number] = entry
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
        documents=tuple(entry for entry in entries if entry),
        clusters=tuple(clusters),
        passages=tuple(passages),
        boilerplate=tuple(_name_boilerplate(hot, documents, copies)),
        furniture=corpus.furniture,
        skipped=tuple(sorted(skipped, key=_skipped_order)),
        nearest=_tell_nearest(nearest, index, settings) if nearest else None,
    )
    return Findings(report, _Texts(documents, order), order)


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


def _name_boilerplate(
    hot: Sequence[Hot], documents: Documents, copies: Counter[int]
) -> list[Boilerplate]:
    found = []
    first = lay_out([documents[run.document] for run in hot])
    for run, own in zip(hot, first, strict=True):
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
