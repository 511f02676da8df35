"""Verified pairs to relations: the measures of a pair, weighed by what the corpus knows."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from dupfind.arrays import Bools, Ints
from dupfind.clusters import label
from dupfind.corpus import Corpus
from dupfind.matches import Pair, copied, lay_out, quoted_share
from dupfind.model import Relation
from dupfind.rarity import FEW, count_common
from dupfind.relations import (
    CLUSTERING,
    PASSAGE_WORDS,
    SHARED_WORDS,
    Shape,
    is_form,
    keeps_facts,
    refills,
    relate,
    shares_passage,
    tells_the_same,
)
from dupfind.shingles import shingle
from dupfind.verification import Verified

__all__ = ["Found", "find_nearest", "judge", "judge_copies"]

_ONE_STORY: Final = 0.6
"""Coverage of the shorter of two documents from which, facts being equal, they count as one
story when it is asked in how many stories a shingle stands."""


_UNQUOTED: Final = CLUSTERING | {Relation.TEMPLATE}
"""Relations that quotation marks have no say in."""


class Found(NamedTuple):
    """A pair whose relation is known; a < b are document numbers."""

    a: int
    b: int
    relation: Relation
    shape: Shape
    pair: Callable[[], Pair]
    """Gives the passages; asked only for pairs that are listed."""

    @property
    def joins(self) -> bool:
        """Whether the pair joins its documents to a cluster."""
        return self.relation in CLUSTERING


class _Row(NamedTuple):
    """A pair that may have a relation."""

    a: int
    b: int
    shape: Shape
    shared: int
    """Distinct shingles that both hold."""
    resemblance: float
    pair: Callable[[], Pair]


def judge(
    corpus: Corpus, batches: Sequence[Verified], threshold: float, size: int, compared: Bools
) -> Iterator[Found]:
    """Name the relations of the pairs that have one.

    Takes the verified pairs, the least coverage of the shorter document for a match, the
    shingle size, and which documents were compared, (documents,) bool.
    """
    rows = _weigh(corpus, list(_list(batches, threshold)), threshold, size, compared)
    # Quotations are looked for only where they decide.
    asked = {
        number
        for number, row in enumerate(rows)
        if shares_passage(row.shape) and relate(row.shape, threshold, 0.0) not in _UNQUOTED
    }
    firsts = sorted({rows[number].a for number in asked})
    laid = dict(zip(firsts, lay_out([corpus.documents[a] for a in firsts]), strict=True))
    for number, row in enumerate(rows):
        quoted = quoted_share(row.pair(), laid[row.a]) if number in asked else 0.0
        relation = relate(row.shape, threshold, quoted)
        if relation:
            yield Found(row.a, row.b, relation, row.shape, row.pair)


def _list(batches: Sequence[Verified], threshold: float) -> Iterator[_Row]:
    """List the pairs that may have a relation."""
    for verified in batches:
        found = verified.measures
        some = np.flatnonzero(
            (verified.coverage >= threshold)
            | (found.longest >= PASSAGE_WORDS)
            | (found.words >= SHARED_WORDS)
        )
        documents = verified.documents[some]
        shared = found.shared[some]
        either = found.distinct[some].sum(axis=1) - shared
        columns = (some, documents, shared, shared / either)
        for shape, row, (a, b), count, alike in zip(
            verified.shapes(some), *(column.tolist() for column in columns), strict=True
        ):
            yield _Row(a, b, shape, count, alike, partial(verified.pair, row))


def _weigh(
    corpus: Corpus, rows: list[_Row], threshold: float, size: int, compared: Bools
) -> list[_Row]:
    """Weigh what covered pairs share by the stories that hold it, and let copies agree."""
    covered = [row for row in rows if row.shape.shorter >= threshold]
    rest = [row for row in rows if row.shape.shorter < threshold]
    stories = _tell_stories(covered, len(compared))
    own = _find_own(corpus, covered, stories, size, compared)
    covered = [
        row._replace(shape=row.shape._replace(own=share))
        for row, share in zip(covered, own, strict=True)
    ]
    between = [tuple(sorted((int(stories[row.a]), int(stories[row.b])))) for row in covered]
    pairs, forms = Counter(between), Counter[tuple[int, ...]]()
    for row, key in zip(covered, between, strict=True):
        forms[key] += is_form(row.shape, threshold)
    return rest + [
        row._replace(shape=row.shape._replace(form=forms[key] / pairs[key]))
        for row, key in zip(covered, between, strict=True)
    ]


def _tell_stories(covered: list[_Row], documents: int) -> Ints:
    """Give each document the number of its story.

    Texts that are the same but for details are copies. A set of copies tells the story of the
    set it resembles most among those it shares its facts with, as most of the pairs between
    the two say: an abridged and an extended version are one story. One pair that happens to
    agree unites no two sets.
    """
    sides = np.array([(row.a, row.b) for row in covered], dtype=np.int64).reshape(-1, 2)
    same = np.array([tells_the_same(row.shape) for row in covered], dtype=bool)
    copies = label(sides[same], documents)
    between, of_row, pairs = np.unique(
        np.sort(copies[sides], axis=1), axis=0, return_inverse=True, return_counts=True
    )
    kept = np.array(
        [
            row.shape.shorter >= _ONE_STORY and keeps_facts(row.shape) and not refills(row.shape)
            for row in covered
        ],
        dtype=bool,
    )
    votes = np.bincount(of_row[kept], minlength=len(between))
    resemblance = np.zeros(len(between))
    np.maximum.at(resemblance, of_row, [row.resemblance for row in covered])
    agreed = np.flatnonzero((2 * votes > pairs) & (between[:, 0] != between[:, 1]))
    ends = np.concatenate((between[agreed], between[agreed, ::-1]))
    order = np.lexsort((ends[:, 1], -np.tile(resemblance[agreed], 2), ends[:, 0]))
    _, nearest = np.unique(ends[order, 0], return_index=True)
    return label(ends[order[nearest]], documents)[copies]


def _find_own(
    corpus: Corpus, covered: list[_Row], stories: Ints, size: int, compared: Bools
) -> list[float]:
    """Find how much of what pairs share is their story's own."""
    if int(compared.sum()) <= FEW:
        return [1.0] * len(covered)
    common = count_common(
        shingle(corpus.hashes, corpus.offsets, size),
        np.where(compared, stories, -1),
        np.array([(row.a, row.b) for row in covered]).reshape(-1, 2),
    ).tolist()
    return [1 - count / max(row.shared, 1) for row, count in zip(covered, common, strict=True)]


def judge_copies(corpus: Corpus, least: int) -> Iterator[Found]:
    """Give each copy of at least so many words with the document that stands for it."""
    lengths = corpus.lengths
    copies = corpus.first != np.arange(len(corpus.first))
    for copy in np.flatnonzero(copies & (lengths >= least)).tolist():
        original, words = int(corpus.first[copy]), int(lengths[copy])
        shape = Shape(1.0, 1.0, 0, words, words, 1.0, 0, 0, 0, 0, 0, 0, 0)
        a, b = min(original, copy), max(original, copy)
        yield Found(a, b, Relation.IDENTICAL, shape, partial(copied, words))


def find_nearest(batches: Sequence[Verified], threshold: float) -> Found | None:
    """Find the pair that came closest to joining its documents, by coverage of the shorter."""
    nearest = [
        (float(verified.coverage.max()), number)
        for number, verified in enumerate(batches)
        if len(verified.documents)
    ]
    if not nearest:
        return None
    share, number = max(nearest, key=lambda pair: (pair[0], -pair[1]))
    verified = batches[number]
    row = int(np.flatnonzero(verified.coverage == share)[0])
    (shape,) = verified.shapes(np.array([row]))
    a, b = verified.documents[row].tolist()
    relation = relate(shape, threshold, 0.0) or Relation.SHARED_PASSAGE
    return Found(a, b, relation, shape, partial(verified.pair, row))
