"""Verified pairs to relations: the measures of a pair, weighed by what the corpus knows."""

from typing import Final, NamedTuple, Self

import numpy as np

from dupfind.arrays import Bools, Ints, rank
from dupfind.clusters import label, unite
from dupfind.columns import Held
from dupfind.corpus import Corpus
from dupfind.measures import OPENING
from dupfind.model import CLUSTERING, Relation
from dupfind.naming import Named, Nearest, Rows
from dupfind.pairs import Pairs, join_pairs
from dupfind.quoting import find_quoted
from dupfind.rarity import count_common
from dupfind.relations import (
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
from dupfind.running import Means
from dupfind.settings import FEW

__all__ = ["Judged", "judge", "judge_copies", "judge_strangers"]


_UNQUOTED: Final = CLUSTERING | {Relation.TEMPLATE}
"""Relations that quotation marks have no say in."""


class Judged(NamedTuple):
    """The pairs that have a relation, in columns."""

    documents: Ints
    """(pairs, 2) int64: their numbers, the lower one first."""
    relations: Ints
    """(pairs,) int64: numbers of `RELATIONS`."""
    shapes: Shapes
    pairs: Pairs
    counts: Ints
    """(relations,) int64: how many pairs have each, those included that are not given."""

    @property
    def joins(self) -> Bools:
        """(pairs,) bool: which pairs join their documents to a cluster."""
        return are(self.relations, CLUSTERING)

    def take(self, rows: Ints) -> Self:
        """Give some of the pairs, (rows,) int64; see `Pairs.take`."""
        return self._replace(
            documents=self.documents[rows],
            relations=self.relations[rows],
            shapes=self.shapes[rows],
            pairs=self.pairs.take(rows),
        )

    def pack(self) -> Self:
        """Give them without what belongs to other pairs."""
        return self._replace(pairs=self.pairs.pack())

    def join(self, other: Self, column: Held) -> Self:
        """Give these pairs, and others after them."""
        return self._replace(
            documents=np.concatenate((self.documents, other.documents)),
            relations=np.concatenate((self.relations, other.relations)),
            shapes=np.concatenate((self.shapes, other.shapes)),
            pairs=join_pairs((self.pairs, other.pairs), column),
            counts=self.counts + other.counts,
        )


def judge(
    corpus: Corpus,
    named: Named,
    threshold: float,
    size: int,
    compared: Bools,
    means: Means,
    *,
    loose: bool,
) -> tuple[Judged, Nearest | None]:
    """Name the relations of pairs, and give those that join their documents.

    With `loose` gives all that have a relation. Takes the pairs that may have one, the least
    coverage of the shorter document for a match, the shingle size, and which documents were
    compared, (documents,) bool. Gives the pair that came closest, too, where none joins.
    """
    rows = named.close()
    _weigh(corpus, rows, threshold, size, compared, means)
    # Quotations are looked for only where they decide.
    quoted = np.zeros(len(rows.shapes))
    unsure = ~are(relate(rows.shapes, threshold, quoted), _UNQUOTED)
    asked = np.flatnonzero(unsure & shares_passage(rows.shapes))
    quoted[asked] = find_quoted(
        corpus, rows.documents[asked, 0], rows.gathered, rows.places[asked], means
    )
    relations = relate(rows.shapes, threshold, quoted)
    joins = are(relations, CLUSTERING)
    listed = np.flatnonzero(relations != NONE if loose else joins)
    judged = Judged(
        rows.documents[listed],
        relations[listed],
        rows.shapes[listed],
        join_pairs(rows.gathered.cut(rows.places[listed], means.look_at), means.column),
        np.bincount(relations, minlength=NONE + 1)[:NONE],
    )
    nearest = named.nearest
    if joins.any() or nearest is None:
        return judged, None
    for row in np.flatnonzero((rows.documents == nearest[:2]).all(axis=1)).tolist():
        if relations[row] != NONE:
            relation = RELATIONS[relations[row]]
            nearest = nearest._replace(relation=relation, shape=rows.shapes[row])
    return judged, nearest


def _weigh(
    corpus: Corpus,
    rows: Rows,
    threshold: float,
    size: int,
    compared: Bools,
    means: Means,
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
            means,
            size=size,
        )
        rows.shapes["own"] = 1 - common / np.maximum(rows.shared, 1)
    _, between = rank(_pack(np.sort(stories[rows.documents], axis=1), len(compared)))
    forms = np.bincount(between, is_form(rows.shapes, threshold))
    rows.shapes["form"] = (forms / np.bincount(between))[between]


def _tell_stories(rows: Rows, covered: Bools, documents: int) -> Ints:
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
    asked = np.flatnonzero(np.isin(groups, groups[yes > 0]).all(axis=1))
    order = np.lexsort((keys[asked], -closest[asked]))
    pairs = list(map(tuple, groups[asked].tolist()))
    united = unite(
        dict(zip(pairs, votes[asked].tolist(), strict=True)),
        [pairs[place] for place in order[yes[asked][order] > 0].tolist()],
    )
    stories = np.arange(documents)
    stories[list(united)] = list(united.values())
    return stories[copies]


def _pack(pairs: Ints, documents: int) -> Ints:
    """Give pairs of documents as single numbers."""
    packed: Ints = pairs[:, 0] * documents + pairs[:, 1]
    return packed


def judge_copies(corpus: Corpus, least: int) -> Judged:
    """Give each copy of at least so many words with the document that stands for it.

    Where a reference stands for them, all are references, which are not compared.
    """
    lengths, first = corpus.lengths, corpus.first
    reference = np.array([document.reference for document in corpus.documents.told], dtype=bool)
    copies = np.flatnonzero((first != np.arange(len(first))) & (lengths >= least))
    copies = copies[~reference[first[copies]]]
    words = lengths[copies]
    shapes = np.zeros(len(copies), SHAPE)
    for name in ("shorter", "longer", "equal", "solid", "scale", "own"):
        shapes[name] = 1
    shapes["words"] = shapes["longest"] = words
    both, none = np.stack((words, words), axis=1), np.zeros_like(words)
    tiles = np.stack((none, none, words, none), axis=1)
    each, shared = np.arange(len(words)), np.ones_like(words)
    opening, distinct = np.minimum(both, OPENING), np.ones_like(both)
    same = Pairs(both, both, opening, shared, distinct, each, shared, tiles)
    relations = np.full(len(copies), RELATIONS.index(Relation.IDENTICAL))
    return Judged(
        np.sort(np.stack((first[copies], copies), axis=1), axis=1),
        relations,
        shapes,
        same,
        np.bincount(relations, minlength=NONE),
    )


def judge_strangers() -> Nearest:
    """Give the first two documents as a pair that shares no passage."""
    (nothing,) = np.zeros(1, SHAPE)
    return Nearest(0, 1, Relation.SHARED_PASSAGE, nothing, (0.0, 0.0), 0)
