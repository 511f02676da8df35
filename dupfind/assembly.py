"""Verified pairs to the report: clusters with their matches, and all that is told beside."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, overload

import numpy as np

from dupfind import __version__, model
from dupfind.arrays import Bools, Ints, order_by
from dupfind.boilerplate import Hot
from dupfind.building import Built, Group, Lot, cut_lots
from dupfind.clusters import connect, cut_apart
from dupfind.corpus import Corpus, Documents
from dupfind.judgment import Judged
from dupfind.layout import lay_out
from dupfind.listing import Lister
from dupfind.model import (
    SCHEMA_VERSION,
    Boilerplate,
    Cluster,
    Entry,
    Match,
    Relation,
    Report,
    Skipped,
    Summary,
    Tool,
)
from dupfind.naming import Nearest
from dupfind.relations import RELATIONS, are, explain
from dupfind.running import HERE, Means
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
    pairs: Judged,
    hot: Sequence[Hot],
    nearest: Nearest | None,
    build: Callable[[Iterable[Lot]], Iterable[Built]],
    parts: int,
    means: Means = HERE,
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
    joining = _link(pairs, settings)
    strengths = pairs.shapes["shorter"]
    groups = connect(pairs.documents[joining], strengths[joining], len(documents))
    group_of = np.full(len(documents), -1)
    for number, (group, _) in enumerate(groups):
        group_of[group] = number
    hot = [run for run in hot if not _in_one_group(run, group_of)]

    a, b = group_of[pairs.documents].T
    inside = pairs.joins & (a == b) & (a >= 0)
    own = np.flatnonzero(inside)
    own = own[np.argsort(a[own], kind="stable")]
    bounds = np.searchsorted(a[own], np.arange(len(groups) + 1)).tolist()
    apart = np.flatnonzero(~inside) if settings.passages else own[:0]
    listed = [np.flatnonzero(group_of >= 0), pairs.documents[apart].ravel()]
    if nearest:
        listed.append(np.array([nearest.a, nearest.b]))
    order = np.unique(np.concatenate(listed))
    a, b = group_of[candidates].T
    asked = np.bincount(a[(a == b) & (a >= 0)], minlength=len(groups)).tolist()
    stories = [
        Group(group, weakest, own[begin:end], count)
        for (group, weakest), (begin, end), count in zip(
            groups, pairwise(bounds), asked, strict=True
        )
    ]
    if settings.linkage == "complete":
        # All links hold the cluster together, not those of the strongest way alone.
        stories = [story._replace(weakest=float(strengths[story.pairs].min())) for story in stories]
    clusters = Lister(Cluster, means.column)
    passages = Lister(Match, means.column)
    entries: dict[int, Entry] = {}
    ranks: list[tuple[int, int]] = []
    volume = int(corpus.lengths[order].sum())
    most = max(_SMALL, min(_LARGE, volume // parts))
    for built in build(cut_lots(documents, corpus.lengths, order, pairs, stories, apart, most)):
        clusters.extend(built.clusters)
        passages.extend(built.passages)
        entries.update(zip(built.numbers, built.entries, strict=True))
        ranks += built.ranks
    ranked = np.array(ranks, dtype=np.int64).reshape(-1, 2).T
    copies = np.bincount(corpus.first)
    report = Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool(name="dupfind", version=__version__),
        status="complete",
        settings=settings,
        summary=Summary(
            documents=int((corpus.lengths >= settings.min_words).sum()),
            skipped=len(skipped),
            candidates=len(candidates),
            matches=len(own),
            clusters=len(stories),
            redundant=sum(len(story.members) - 1 for story in stories),
            relations=dict(
                sorted(
                    (relation.value, count)
                    for relation, count in zip(RELATIONS, pairs.counts.tolist(), strict=True)
                    if count
                )
            ),
        ),
        documents=tuple(entries[number] for number in range(len(order))),
        clusters=clusters.close(order_by(*ranked), means.look_at),
        passages=passages.close(None, means.look_at),
        boilerplate=tuple(_name_boilerplate(hot, documents, copies)),
        furniture=corpus.furniture,
        skipped=tuple(sorted(skipped, key=_skipped_order)),
        nearest=_tell_nearest(nearest, order, settings) if nearest else None,
    )
    return Findings(report, _Texts(documents, order.tolist()), order.tolist())


def _link(pairs: Judged, settings: Settings) -> Bools:
    """Tell which pairs are links that make clusters, (pairs,) bool."""
    joining = pairs.joins
    if settings.linkage == "complete":
        # Copies are linked with the document that stands for them alone, and go where it goes.
        cut = joining & ~are(pairs.relations, {Relation.IDENTICAL})
        joining[cut] = cut_apart(pairs.documents[cut], pairs.shapes["shorter"][cut])
    return joining


def _in_one_group(run: Hot, group_of: Ints) -> bool:
    """Tell whether all holders belong to one cluster: then the run is its story, no furniture."""
    groups = np.unique(group_of[run.holders])
    return len(groups) == 1 and int(groups[0]) >= 0


def _name_boilerplate(hot: Sequence[Hot], documents: Documents, copies: Ints) -> list[Boilerplate]:
    found = []
    layout = lay_out([documents[run.document] for run in hot])
    begins = layout.tokens.offsets[layout.rows]
    runs = np.array([(run.start, run.end) for run in hot], dtype=np.int64).reshape(-1, 2)
    spans = layout.find_spans(layout.rows, begins + runs[:, 0], begins + runs[:, 1])
    for run, row, start, end in zip(
        hot, layout.rows.tolist(), *(column.tolist() for column in spans), strict=True
    ):
        text = " ".join(layout.texts[row][start:end].split())
        if len(text) > _EXCERPT:
            text = text[: _EXCERPT - 1] + "…"
        found.append(Boilerplate(text=text, documents=int(copies[run.holders].sum())))
    return sorted(found, key=lambda item: (-item.documents, item.text))


def _tell_nearest(found: Nearest, order: Ints, settings: Settings) -> model.Nearest:
    shape = found.shape
    if found.relation is Relation.TEMPLATE or shape["shorter"] >= settings.threshold:
        why = explain(found.relation, shape, found.passages)
    else:
        why = (
            f"{shape['shorter']:.1%} of the shorter document is shared, "
            f"less than the threshold of {settings.threshold:.0%}"
        )
    a, b = np.searchsorted(order, (found.a, found.b)).tolist()
    return model.Nearest(
        a=a,
        b=b,
        coverage=found.coverage,
        words=int(shape["words"]),
        longest=int(shape["longest"]),
        why=why,
    )


def _skipped_order(item: Skipped) -> tuple[str, str, int, str]:
    """Sort numbers of records as numbers, before their names."""
    number = item.record if isinstance(item.record, int) else 1 << 62
    return item.path, item.reason, number, str(item.record)
