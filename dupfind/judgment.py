"""Verified pairs to relations: the measures of a pair, weighed by what the corpus knows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from dupfind.arrays import Bools, Ints
from dupfind.clusters import label, unite
from dupfind.corpus import Corpus
from dupfind.matches import Pair, apart, copied, lay_out, quoted_share
from dupfind.model import Relation
from dupfind.rarity import Apply, count_common
from dupfind.relations import (
    CLUSTERING,
    Shape,
    is_form,
    relate,
    shares_passage,
    tells_one_story,
    tells_the_same,
)
from dupfind.settings import FEW
from dupfind.verification import Verified

__all__ = ["Found", "find_nearest", "judge", "judge_copies", "judge_strangers"]


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
    corpus: Corpus,
    batches: Sequence[Verified],
    threshold: float,
    size: int,
    compared: Bools,
    apply: Apply,
    memory: int,
) -> Iterator[Found]:
    """Name the relations of the pairs that have one.

    Takes the verified pairs, the least coverage of the shorter document for a match, the
    shingle size, which documents were compared, (documents,) bool, what maps a function over
    batches, and about how many bytes to take.
    """
    rows = _weigh(corpus, list(_list(batches, threshold)), threshold, size, compared, apply, memory)
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
        some = np.flatnonzero(verified.worth_naming(threshold))
        documents = verified.documents[some]
        shared = found.shared[some]
        either = found.distinct[some].sum(axis=1) - shared
        columns = (some, documents, shared, shared / either)
        for shape, row, (a, b), count, alike in zip(
            verified.shapes(some), *(column.tolist() for column in columns), strict=True
        ):
            yield _Row(a, b, shape, count, alike, partial(verified.pair, row))


def _weigh(
    corpus: Corpus,
    rows: list[_Row],
    threshold: float,
    size: int,
    compared: Bools,
    apply: Apply,
    memory: int,
) -> list[_Row]:
    """Weigh what pairs share by the stories that hold it, and let copies agree."""
    stories = _tell_stories([row for row in rows if row.shape.shorter >= threshold], len(compared))
    own = _find_own(corpus, rows, stories, size, compared, apply, memory)
    weighed = [
        row if share == row.shape.own else row._replace(shape=row.shape._replace(own=share))
        for row, share in zip(rows, own, strict=True)
    ]
    story = stories.tolist()
    between = [tuple(sorted((story[row.a], story[row.b]))) for row in rows]
    pairs, forms = Counter(between), Counter[tuple[int, ...]]()
    for row, key in zip(weighed, between, strict=True):
        forms[key] += is_form(row.shape, threshold)
    return [
        row._replace(shape=row.shape._replace(form=forms[key] / pairs[key])) if forms[key] else row
        for row, key in zip(weighed, between, strict=True)
    ]


def _tell_stories(covered: list[_Row], documents: int) -> Ints:
    """Give each document the number of its story.

    Texts that are the same but for details are copies. Two sets of copies, an abridged and an
    extended version say, tell one story where most of the pairs between them share their facts.
    """
    sides = np.array([(row.a, row.b) for row in covered], dtype=np.int64).reshape(-1, 2)
    same = np.array([tells_the_same(row.shape) for row in covered], dtype=bool)
    copies = label(sides[same], documents)
    votes: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    closest: dict[tuple[int, int], float] = defaultdict(float)
    for row, (a, b) in zip(covered, np.sort(copies[sides], axis=1).tolist(), strict=True):
        if a == b:
            continue
        agrees = tells_one_story(row.shape)
        votes[a, b][not agrees] += 1
        if agrees:
            closest[a, b] = max(closest[a, b], row.resemblance)
    order = sorted(closest, key=lambda pair: (-closest[pair], pair))
    united = unite(votes, order)
    return np.array([united.get(story, story) for story in copies.tolist()], dtype=np.int64)


def _find_own(
    corpus: Corpus,
    rows: list[_Row],
    stories: Ints,
    size: int,
    compared: Bools,
    apply: Apply,
    memory: int,
) -> list[float]:
    """Find how much of what pairs share is their story's own."""
    if int(compared.sum()) <= FEW:
        return [1.0] * len(rows)
    common = count_common(
        corpus.hashes,
        corpus.offsets,
        corpus.kinds,
        np.where(compared, stories, -1),
        np.array([(row.a, row.b) for row in rows], dtype=np.int64).reshape(-1, 2),
        apply,
        size=size,
        memory=memory,
    ).tolist()
    return [1 - count / max(row.shared, 1) for row, count in zip(rows, common, strict=True)]


def judge_copies(corpus: Corpus, least: int) -> Iterator[Found]:
    """Give each copy of at least so many words with the document that stands for it.

    Where a reference stands for them, all are references, which are not compared.
    """
    lengths = corpus.lengths
    copies = corpus.first != np.arange(len(corpus.first))
    for copy in np.flatnonzero(copies & (lengths >= least)).tolist():
        original, words = int(corpus.first[copy]), int(lengths[copy])
        if corpus.documents[original].reference:
            continue
        shape = Shape(1.0, 1.0, 0, words, words, 1.0, 1.0, 0, 0, 0, 0, 0, 0)
        a, b = min(original, copy), max(original, copy)
        yield Found(a, b, Relation.IDENTICAL, shape, partial(copied, words))


def judge_strangers(corpus: Corpus) -> Found:
    """Give the first two documents as a pair that shares no passage."""
    nothing = Shape(0.0, 0.0, 0, 0, 0, 0.0, 1.0, 0, 0, 0, 0, 0, 0)
    a, b = corpus.lengths[:2].tolist()
    return Found(0, 1, Relation.SHARED_PASSAGE, nothing, partial(apart, a, b))


def find_nearest(batches: Sequence[Verified], judged: Sequence[Found]) -> Found | None:
    """Find the pair that came closest to joining its documents, by coverage of the shorter.

    Takes the verified pairs and those of them that have a relation.
    """
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
    a, b = verified.documents[row].tolist()
    for found in judged:
        if (found.a, found.b) == (a, b):
            return found
    (shape,) = verified.shapes(np.array([row]))
    return Found(a, b, Relation.SHARED_PASSAGE, shape, partial(verified.pair, row))
