"""Verified pairs to relations: the measures of a pair, weighed by what the corpus knows."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Self

import numpy as np

from dupfind.arrays import Bools, Floats, Ints, rank
from dupfind.clusters import label, unite
from dupfind.corpus import Corpus
from dupfind.matches import Pair, apart, copied, lay_out, quoted_share
from dupfind.model import Relation
from dupfind.rarity import Apply, count_common
from dupfind.relations import (
    CLUSTERING,
    NONE,
    RELATIONS,
    SHAPE,
    Shapes,
    are,
    is_form,
    relate,
    shares_passage,
    tells_one_story,
    tells_the_same,
)
from dupfind.settings import FEW
from dupfind.verification import Verified

__all__ = ["Judged", "Nearest", "find_nearest", "judge", "judge_copies", "judge_strangers"]


_UNQUOTED: Final = CLUSTERING | {Relation.TEMPLATE}
"""Relations that quotation marks have no say in."""
_COPY: Final = -1
"""The batch of a copy, which was not aligned: it shares all its words."""


class Judged(NamedTuple):
    """The pairs that have a relation, in columns."""

    documents: Ints
    """(pairs, 2) int64: their numbers, the lower one first."""
    relations: Ints
    """(pairs,) int64: numbers of `RELATIONS`."""
    shapes: Shapes
    places: Ints
    """(pairs, 2) int64: the batch that verified a pair, and its row there."""
    batches: Sequence[Verified]

    @property
    def joins(self) -> Bools:
        """(pairs,) bool: which pairs join their documents to a cluster."""
        return are(self.relations, CLUSTERING)

    def pair(self, number: int) -> Pair:
        """Give what one pair shares, passage by passage."""
        batch, row = self.places[number].tolist()
        return copied(row) if batch == _COPY else self.batches[batch].pair(row)

    def take(self, rows: Ints | Bools) -> Self:
        """Give some of the pairs."""
        return self._replace(
            documents=self.documents[rows],
            relations=self.relations[rows],
            shapes=self.shapes[rows],
            places=self.places[rows],
        )

    def join(self, other: "Judged") -> Self:
        """Give these pairs and others of the same batches."""
        return self._replace(
            documents=np.concatenate((self.documents, other.documents)),
            relations=np.concatenate((self.relations, other.relations)),
            shapes=np.concatenate((self.shapes, other.shapes)),
            places=np.concatenate((self.places, other.places)),
        )


class Nearest(NamedTuple):
    """The pair that came closest to joining its documents."""

    a: int
    b: int
    relation: Relation
    shape: np.void
    pair: Pair


class _Rows(NamedTuple):
    """The pairs that may have a relation, in columns."""

    documents: Ints
    """(pairs, 2)"""
    shapes: Shapes
    shared: Ints
    """Distinct shingles that both hold."""
    resemblance: Floats
    places: Ints
    """(pairs, 2): batch and row."""


def judge(
    corpus: Corpus,
    batches: Sequence[Verified],
    threshold: float,
    size: int,
    compared: Bools,
    apply: Apply,
    memory: int,
) -> Judged:
    """Name the relations of the pairs that have one.

    Takes the verified pairs, the least coverage of the shorter document for a match, the
    shingle size, which documents were compared, (documents,) bool, what maps a function over
    batches, and about how many bytes to take.
    """
    rows = _list(batches, threshold)
    shapes = rows.shapes
    _weigh(corpus, rows, threshold, size, compared, apply, memory)
    # Quotations are looked for only where they decide.
    quoted = np.zeros(len(shapes))
    asked = shares_passage(shapes) & ~are(relate(shapes, threshold, quoted), _UNQUOTED)
    judged = Judged(rows.documents, np.empty(0, np.int64), shapes, rows.places, batches)
    quoted[asked] = _find_quoted(corpus, judged, np.flatnonzero(asked))
    relations = relate(shapes, threshold, quoted)
    return judged._replace(relations=relations).take(relations != NONE)


def _find_quoted(corpus: Corpus, pairs: Judged, asked: Ints) -> list[float]:
    """Find the share of the equal words of some pairs that stand inside quotation marks."""
    firsts = pairs.documents[asked, 0].tolist()
    some = sorted(set(firsts))
    laid = dict(zip(some, lay_out([corpus.documents[a] for a in some]), strict=True))
    return [
        quoted_share(pairs.pair(row), laid[a])
        for row, a in zip(asked.tolist(), firsts, strict=True)
    ]


def _list(batches: Sequence[Verified], threshold: float) -> _Rows:
    """List the pairs that may have a relation."""
    nothing = np.empty((0, 2), np.int64)
    parts = [_Rows(nothing, np.empty(0, SHAPE), nothing[:, 0], np.empty(0), nothing)]
    for number, verified in enumerate(batches):
        found = verified.measures
        some = np.flatnonzero(verified.worth_naming(threshold))
        shared = found.shared[some]
        either = found.distinct[some].sum(axis=1) - shared
        places = np.stack((np.full(len(some), number), some), axis=1)
        parts.append(
            _Rows(verified.documents[some], verified.shapes(some), shared, shared / either, places)
        )
    return _Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _weigh(
    corpus: Corpus,
    rows: _Rows,
    threshold: float,
    size: int,
    compared: Bools,
    apply: Apply,
    memory: int,
) -> None:
    """Weigh what pairs share by the stories that hold it, and let copies agree."""
    stories = _tell_stories(rows, rows.shapes["shorter"] >= threshold, len(compared))
    if int(compared.sum()) > FEW:
        common = count_common(
            corpus.hashes,
            corpus.offsets,
            corpus.kinds,
            np.where(compared, stories, -1),
            rows.documents,
            apply,
            size=size,
            memory=memory,
        )
        rows.shapes["own"] = 1 - common / np.maximum(rows.shared, 1)
    _, between = rank(_pack(np.sort(stories[rows.documents], axis=1), len(compared)))
    forms = np.bincount(between, is_form(rows.shapes, threshold))
    rows.shapes["form"] = (forms / np.bincount(between))[between]


def _tell_stories(rows: _Rows, covered: Bools, documents: int) -> Ints:
    """Give each document the number of its story.

    Texts that are the same but for details are copies. Two sets of copies, an abridged and an
    extended version say, tell one story where most of the pairs between them share their facts.
    """
    sides, shapes = rows.documents[covered], rows.shapes[covered]
    copies = label(sides[tells_the_same(shapes)], documents)
    between = np.sort(copies[sides], axis=1)
    apart = between[:, 0] != between[:, 1]
    keys, number = rank(_pack(between[apart], documents))
    agrees = tells_one_story(shapes[apart])
    yes = np.bincount(number[agrees], minlength=len(keys))
    votes = np.stack((yes, np.bincount(number, minlength=len(keys)) - yes), axis=1)
    closest = np.zeros(len(keys))
    np.maximum.at(closest, number[agrees], rows.resemblance[covered][apart][agrees])
    # Where nobody agrees there is nothing to unite.
    groups = np.stack((keys // documents, keys % documents), axis=1)
    asked = np.isin(groups, groups[yes > 0]).all(axis=1)
    order = np.lexsort((keys, -closest))
    pairs = list(map(tuple, groups.tolist()))
    united = unite(
        {pairs[key]: votes[key].tolist() for key in np.flatnonzero(asked).tolist()},
        [pairs[key] for key in order[yes[order] > 0].tolist()],
    )
    stories = np.arange(documents)
    stories[list(united)] = list(united.values())
    return stories[copies]


def _pack(pairs: Ints, documents: int) -> Ints:
    """Give pairs of documents as single numbers."""
    packed: Ints = pairs[:, 0] * documents + pairs[:, 1]
    return packed


def judge_copies(corpus: Corpus, least: int, batches: Sequence[Verified]) -> Judged:
    """Give each copy of at least so many words with the document that stands for it.

    Where a reference stands for them, all are references, which are not compared.
    """
    lengths, first = corpus.lengths, corpus.first
    reference = np.array([document.reference for document in corpus.documents.told], dtype=bool)
    copies = np.flatnonzero((first != np.arange(len(first))) & (lengths >= least))
    copies = copies[~reference[first[copies]]]
    words = lengths[copies]
    shapes = np.zeros(len(copies), SHAPE)
    for name in ("shorter", "longer", "solid", "scale", "own"):
        shapes[name] = 1
    shapes["words"] = shapes["longest"] = words
    return Judged(
        np.sort(np.stack((first[copies], copies), axis=1), axis=1),
        np.full(len(copies), RELATIONS.index(Relation.IDENTICAL)),
        shapes,
        np.stack((np.full(len(copies), _COPY), words), axis=1),
        batches,
    )


def judge_strangers(corpus: Corpus) -> Nearest:
    """Give the first two documents as a pair that shares no passage."""
    (nothing,) = np.zeros(1, SHAPE)
    return Nearest(0, 1, Relation.SHARED_PASSAGE, nothing, apart(*corpus.lengths[:2].tolist()))


def find_nearest(judged: Judged) -> Nearest | None:
    """Find the pair that came closest to joining its documents, by coverage of the shorter.

    Whether it has a relation or not.
    """
    nearest = [
        (float(verified.coverage.max()), number)
        for number, verified in enumerate(judged.batches)
        if len(verified.documents)
    ]
    if not nearest:
        return None
    share, number = max(nearest, key=lambda pair: (pair[0], -pair[1]))
    verified = judged.batches[number]
    row = int(np.flatnonzero(verified.coverage == share)[0])
    relation, (shape,) = Relation.SHARED_PASSAGE, verified.shapes(np.array([row]))
    for own in np.flatnonzero((judged.places == (number, row)).all(axis=1)).tolist():
        relation, shape = RELATIONS[judged.relations[own]], judged.shapes[own]
    a, b = verified.documents[row].tolist()
    return Nearest(a, b, relation, shape, verified.pair(row))
