"""Measures to a relation: what two documents that share text are to each other.

The first rule that holds decides. s and l are the coverage of the shorter and of the longer
document; t is the threshold.

    identical       the same tokens in the same order
    template        s >= t, but the facts inside the frame are others, or the frame is everybody's
    near-duplicate  s, l >= .8
    abridgement     s >= .8, from the head of the longer
    embedded        s >= .8 elsewhere in the longer, or s >= t and l < .2
    revision        s >= t
    quote           >= 70 % of the shared words stand inside quotation marks
    shared-passage  a passage of >= 20 words, or >= 40 shared words

Identical, near-duplicate and abridgement are the high tier, embedded and revision the
moderate one: these join documents to clusters. Templates stand apart; quotes and shared
passages are listed on request.

Few words: what covers t may be a phrase that anybody might use. Fewer than 20 equal words count
as covering it only where they are half of the shorter document, or where the other holds as good
as all of its facts, three at least.

A frame with other facts: what the shorter document has and the other lacks is facts (numbers,
names) rather than words, and either the shared text is broken up, less than two thirds of it in
runs of 20 words, and more than a tenth of the numbers or of the names differ (15 % of them: a
name may be spelled in two ways), or half of all facts differ, three at least. A story that was
noisily copied or rewritten loses words along with facts, so it is no form, unless the text is
broken up and three quarters of the facts differ.

Everybody's frame: more than 3 stories hold more than half of the shared text, and what is left of
the equal words, the story's own, no longer reaches t. Where such text stands in long runs and
covers less than .6, with the same facts, it is background within other text: a quote or a shared
passage.

An ending: all that is shared stands in the last two fifths of both documents. Agencies end many a
story with what they have said before: a quote or a shared passage.

Where two stories stand in several copies, all pairs of their copies are judged alike, by most
of them: an edit to one copy makes no other story of it. But the same text with the same facts is
no form, whatever its copies are to others: two releases of one page say.
"""

from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Bools, Floats, Ints
from dupfind.model import Relation
from dupfind.settings import FEW

__all__ = [
    "NONE",
    "PASSAGE_WORDS",
    "RELATIONS",
    "SHAPE",
    "SHARED_WORDS",
    "Shapes",
    "are",
    "explain",
    "is_form",
    "refills",
    "relate",
    "shares_passage",
    "tells_one_story",
    "tells_the_same",
]

RELATIONS: Final = tuple(Relation)
"""By the numbers that columns have for them."""
NONE: Final = len(RELATIONS)
"""The number of no relation."""
_MOST: Final = 0.8
_PART: Final = 0.2
_HEAD: Final = 40  # words into the longer document in which an abridgement begins
_QUOTED: Final = 0.7
PASSAGE_WORDS: Final = 20
SHARED_WORDS: Final = 40
"""Equal words of the longest passage, or of all, that make a pair worth naming."""

_SOLID: Final = 2 / 3  # of the shared words stand in long runs
_SAME_NUMBERS: Final = 0.9
_SAME_NAMES: Final = 0.85
_DETAILS: Final = 0.1  # of the facts of a copy differ
_DENSE: Final = 0.02  # differing facts to equal words
_OTHER_FACTS: Final = 0.5
_ALL_FACTS: Final = 0.75
_NO_CHANCE: Final = 5  # facts, at least, of which as good as all differ
_NO_CORRECTION: Final = 3  # facts that differ: fewer may be a correction
_OWN: Final = 0.5  # of the shared text is the story's own
_FORM: Final = 0.5  # of the pairs of two stories' copies, at most, are forms by chance
_HALF: Final = 0.5  # of the shorter document
_TELLING: Final = 3  # facts, at least, in which few words agree
_BACKGROUND: Final = 0.6  # of the shorter document, at most, is background
_LATE: Final = 0.6  # of both documents stands before what is no more than an ending


_FEW_WORDS: Final = (
    f"fewer than {PASSAGE_WORDS} words join only if they are half of the shorter or keep its facts"
)

SHAPE: Final = np.dtype(
    [
        ("shorter", np.float64),  # coverage of the shorter document
        ("longer", np.float64),  # coverage of the longer document
        ("begin", np.int64),  # first word of the longer document inside a passage, from 0
        ("late", np.float64),  # share of a document before its first passage, the less of both
        ("words", np.int64),  # equal words
        ("equal", np.float64),  # those, as a share of the shorter document
        ("longest", np.int64),  # equal words of the longest passage
        ("solid", np.float64),  # share of the equal words that stand in runs of 20 or more
        ("scale", np.float64),  # tokens that make a word; see `dupfind.tokens.PER_WORD`
        # Distinct numbers in the frame of the document whose facts differ less, one that was not
        # extended (see `dupfind.facts`), and those that the other document holds.
        ("numbers", np.int64),
        ("shared_numbers", np.int64),
        # Distinct names in that frame, and those that the other document holds.
        ("names", np.int64),
        ("shared_names", np.int64),
        # Numbers and names in the frame of the other document that this one does not hold.
        ("unshared", np.int64),
        # Distinct other words in the frame of the shorter document that the longer one lacks.
        ("lost", np.int64),
        ("own", np.float64),  # share of the shared shingles that no more than 3 stories hold
        # Share of the pairs of copies of the two stories, this pair included, that are forms.
        ("form", np.float64),
    ]
)
"""What decides the relation of a pair."""

Shapes = NDArray[np.void]
"""(pairs,) of `SHAPE`."""


def relate(shapes: Shapes, threshold: float, quoted: Floats) -> Ints:
    """Give the numbers of the relations of pairs that are not identical.

    `NONE` where too little is shared. `quoted` is the share of the equal words that stand inside
    quotation marks, (pairs,) float64.
    """
    covered = (shapes["shorter"] >= threshold) & _says_something(shapes)
    formed = (shapes["form"] > _FORM) & ~tells_the_same(shapes)
    passage = shares_passage(shapes)
    return np.select(
        [
            covered & ~formed & ~_is_common(shapes, threshold) & (shapes["late"] < _LATE),
            formed & (covered | passage),
            ~passage,
            quoted >= _QUOTED,
        ],
        [
            _relate_covered(shapes),
            np.int64(RELATIONS.index(Relation.TEMPLATE)),
            np.int64(NONE),
            np.int64(RELATIONS.index(Relation.QUOTE)),
        ],
        np.int64(RELATIONS.index(Relation.SHARED_PASSAGE)),
    )


def are(relations: Ints, among: Collection[Relation]) -> Bools:
    """Tell which relations, by number, are among those given."""
    known = np.array([relation in among for relation in (*RELATIONS, None)])
    found: Bools = known[relations]
    return found


def shares_passage(shapes: Shapes) -> Bools:
    """Tell whether pairs share enough to be named at all."""
    longest = shapes["longest"] >= PASSAGE_WORDS * shapes["scale"]
    found: Bools = longest | (shapes["words"] >= SHARED_WORDS * shapes["scale"])
    return found


def _says_something(shapes: Shapes | np.void) -> Bools:
    """Tell whether what pairs share is more than a phrase that anybody might use."""
    told = shapes["shared_numbers"] + shapes["shared_names"] >= _TELLING
    many = shapes["words"] >= PASSAGE_WORDS * shapes["scale"]
    found: Bools = many | (shapes["equal"] >= _HALF) | (keeps_facts(shapes) & told)
    return found


def is_form(shapes: Shapes, threshold: float) -> Bools:
    """Tell whether other facts stand in the same frame, or the frame is everybody's."""
    told = (shapes["shorter"] >= _BACKGROUND) | (shapes["solid"] < _SOLID) | ~keeps_facts(shapes)
    return refills(shapes) | (_is_common(shapes, threshold) & told)


def _is_common(shapes: Shapes, threshold: float) -> Bools:
    common: Bools = (shapes["own"] < _OWN) & (shapes["equal"] * shapes["own"] < threshold)
    return common


def refills(shapes: Shapes | np.void) -> Bools:
    """Tell whether other facts stand in the same frame."""
    differing = _differing(shapes)
    facts = shapes["numbers"] + shapes["names"]
    broken = shapes["solid"] < _SOLID
    by_chance = broken & (differing >= np.maximum(_ALL_FACTS * facts, _NO_CHANCE))
    half = differing >= np.maximum(_OTHER_FACTS * facts, _NO_CORRECTION)
    dense = broken & (differing >= _DENSE * shapes["words"]) & ~keeps_facts(shapes)
    facts_go = (differing > 0) & (differing >= shapes["lost"])
    found: Bools = by_chance | (facts_go & (half | dense))
    return found


def tells_the_same(shapes: Shapes) -> Bools:
    """Tell whether two documents are one text in all but details, with the same facts."""
    facts = shapes["shared_numbers"] + shapes["shared_names"] + shapes["unshared"]
    alike = np.minimum(shapes["shorter"], shapes["longer"]) >= _MOST
    found: Bools = alike & keeps_facts(shapes) & (shapes["unshared"] <= _DETAILS * facts)
    return found


def tells_one_story(shapes: Shapes) -> Bools:
    """Tell whether two documents are versions of one story: alike in most of their text.

    That text is solid, or holds the same facts.
    """
    told = (shapes["solid"] >= _SOLID) | keeps_facts(shapes)
    found: Bools = (shapes["equal"] >= _BACKGROUND) & ~refills(shapes) & told
    return found


def keeps_facts(shapes: Shapes | np.void) -> Bools:
    """Tell whether the facts of one document are, as good as all, the other's."""
    numbers = shapes["shared_numbers"] >= _SAME_NUMBERS * shapes["numbers"]
    found: Bools = numbers & (shapes["shared_names"] >= _SAME_NAMES * shapes["names"])
    return found


def _differing(shapes: Shapes | np.void) -> Ints:
    lost_numbers: Ints = shapes["numbers"] - shapes["shared_numbers"]
    lost_names: Ints = shapes["names"] - shapes["shared_names"]
    return lost_numbers + lost_names


def _relate_covered(shapes: Shapes) -> Ints:
    most, other = (
        np.where(decided, RELATIONS.index(one), RELATIONS.index(another))
        for decided, one, another in (
            (shapes["begin"] <= _HEAD, Relation.ABRIDGEMENT, Relation.EMBEDDED),
            (shapes["longer"] < _PART, Relation.EMBEDDED, Relation.REVISION),
        )
    )
    most = np.where(shapes["longer"] >= _MOST, RELATIONS.index(Relation.NEAR_DUPLICATE), most)
    return np.where(shapes["shorter"] >= _MOST, most, other)


def explain(relation: Relation, shape: np.void, passages: int) -> str:
    """Say in one line why a pair has its relation."""
    where = f"{passages} passage{'s' * (passages != 1)}"
    covered = f"{shape['shorter']:.0%} of the shorter and {shape['longer']:.0%} of the longer"
    match relation:
        case Relation.IDENTICAL:
            return "the same words in the same order"
        case Relation.TEMPLATE:
            if not refills(shape):
                common = _tell_common(shape) if shape["own"] < 1 else "as copies of the two show"
                return f"same form: {common}; {covered} in {where}"
            facts = (
                (shape["numbers"], shape["shared_numbers"], "numbers"),
                (shape["names"], shape["shared_names"], "names"),
            )
            told = [
                f"{total - same} of {total} {noun}" for total, same, noun in facts if total > same
            ]
            return f"same form, other facts: {' and '.join(told)} differ; {covered} in {where}"
        case Relation.NEAR_DUPLICATE:
            return f"{covered} in {where}"
        case Relation.ABRIDGEMENT:
            return f"{covered}, from the head of the longer"
        case Relation.EMBEDDED:
            return f"{covered}, from word {shape['begin'] + 1} of the longer"
        case Relation.REVISION:
            return f"{covered} in {where}"
        case Relation.QUOTE:
            return f"{shape['words']} shared words, most of them inside quotation marks"
        case Relation.SHARED_PASSAGE:
            background = f"; {_tell_common(shape)}" if shape["own"] < 1 else ""
            ending = ", at the end of both" if shape["late"] >= _LATE else ""
            few = "" if _says_something(shape) else f"; {_FEW_WORDS}"
            return f"{shape['words']} shared words in {where}{ending}, {covered}{few}{background}"


def _tell_common(shape: np.void) -> str:
    return f"{1 - shape['own']:.0%} of what they share stands in more than {FEW} stories"
