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

A frame with other facts: what the shorter document has and the other lacks is facts (numbers,
names) rather than words, and either the shared text is broken up, less than two thirds of it in
runs of 20 words, and more than a tenth of the numbers or of the names differ (15 % of them: a
name may be spelled in two ways), or half of all facts differ, three at least. A story that was
noisily copied or rewritten loses words along with facts, so it is no form, unless the text is
broken up and three quarters of the facts differ.

Everybody's frame: more than 3 stories hold more than half of the shared text, and what is left
of it, the story's own, no longer reaches t. Where such text stands in long runs and covers less
than .6, with the same facts, it is background within other text: a quote or a shared passage.

Where two stories stand in several copies, all pairs of their copies are judged alike, by most
of them: an edit to one copy makes no other story of it.
"""

from typing import Final, NamedTuple

from dupfind.model import Relation
from dupfind.settings import FEW

__all__ = [
    "CLUSTERING",
    "PASSAGE_WORDS",
    "SHARED_WORDS",
    "Shape",
    "explain",
    "is_form",
    "refills",
    "relate",
    "shares_passage",
    "tells_one_story",
    "tells_the_same",
]

CLUSTERING: Final = frozenset(
    {
        Relation.IDENTICAL,
        Relation.NEAR_DUPLICATE,
        Relation.ABRIDGEMENT,
        Relation.EMBEDDED,
        Relation.REVISION,
    }
)

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
_BACKGROUND: Final = 0.6  # of the shorter document, at most, is background


class Shape(NamedTuple):
    """What decides the relation of a pair."""

    shorter: float
    """Coverage of the shorter document."""
    longer: float
    """Coverage of the longer document."""
    begin: int
    """First word of the longer document inside a passage, from 0."""
    words: int
    """Equal words."""
    longest: int
    """Equal words of the longest passage."""
    solid: float
    """Share of the equal words that stand in runs of 20 or more."""
    scale: float
    """Tokens that make a word; see `dupfind.tokens.PER_WORD`."""
    numbers: int
    """Distinct numbers in the frame of the document whose facts differ less, one that was
    not extended; see `dupfind.facts`."""
    shared_numbers: int
    """Those that the other document holds."""
    names: int
    """Distinct names in that frame."""
    shared_names: int
    """Those that the other document holds."""
    unshared: int
    """Numbers and names in the frame of the other document that this one does not hold."""
    lost: int
    """Distinct other words in the frame of the shorter document that the longer one lacks."""
    own: float = 1.0
    """Share of the shared shingles that no more than 3 stories hold."""
    form: float = 0.0
    """Share of the pairs of copies of the two stories, this pair included, that are forms."""


def relate(shape: Shape, threshold: float, quoted: float) -> Relation | None:
    """Name the relation of a pair that is not identical; None where too little is shared.

    `quoted` is the share of the equal words that stand inside quotation marks.
    """
    covered = shape.shorter >= threshold
    if covered and shape.form <= _FORM and not _is_common(shape, threshold):
        return _relate_covered(shape)
    if shape.form > _FORM and (covered or shares_passage(shape)):
        return Relation.TEMPLATE
    if not shares_passage(shape):
        return None
    return Relation.QUOTE if quoted >= _QUOTED else Relation.SHARED_PASSAGE


def shares_passage(shape: Shape) -> bool:
    """Tell whether a pair shares enough to be named at all."""
    return shape.longest >= PASSAGE_WORDS * shape.scale or shape.words >= SHARED_WORDS * shape.scale


def is_form(shape: Shape, threshold: float) -> bool:
    """Tell whether other facts stand in the same frame, or the frame is everybody's."""
    return refills(shape) or (
        _is_common(shape, threshold)
        and (shape.shorter >= _BACKGROUND or shape.solid < _SOLID or not keeps_facts(shape))
    )


def _is_common(shape: Shape, threshold: float) -> bool:
    return shape.own < _OWN and shape.shorter * shape.own < threshold


def refills(shape: Shape) -> bool:
    """Tell whether other facts stand in the same frame."""
    differing = _differing(shape)
    facts = shape.numbers + shape.names
    if shape.solid < _SOLID and differing >= max(_ALL_FACTS * facts, _NO_CHANCE):
        return True
    if not differing or differing < shape.lost:
        return False
    if differing >= max(_OTHER_FACTS * facts, _NO_CORRECTION):
        return True
    return shape.solid < _SOLID and differing >= _DENSE * shape.words and not keeps_facts(shape)


def tells_the_same(shape: Shape) -> bool:
    """Tell whether two documents are one text in all but details, with the same facts."""
    facts = shape.shared_numbers + shape.shared_names + shape.unshared
    return (
        min(shape.shorter, shape.longer) >= _MOST
        and keeps_facts(shape)
        and shape.unshared <= _DETAILS * facts
    )


def tells_one_story(shape: Shape) -> bool:
    """Tell whether two documents are versions of one story: alike in most of their text.

    That text is solid, or holds the same facts.
    """
    return (
        shape.shorter >= _BACKGROUND
        and not refills(shape)
        and (shape.solid >= _SOLID or keeps_facts(shape))
    )


def keeps_facts(shape: Shape) -> bool:
    """Tell whether the facts of one document are, as good as all, the other's."""
    return (
        shape.shared_numbers >= _SAME_NUMBERS * shape.numbers
        and shape.shared_names >= _SAME_NAMES * shape.names
    )


def _differing(shape: Shape) -> int:
    return shape.numbers - shape.shared_numbers + shape.names - shape.shared_names


def _relate_covered(shape: Shape) -> Relation:
    if shape.shorter >= _MOST:
        if shape.longer >= _MOST:
            return Relation.NEAR_DUPLICATE
        return Relation.ABRIDGEMENT if shape.begin <= _HEAD else Relation.EMBEDDED
    return Relation.EMBEDDED if shape.longer < _PART else Relation.REVISION


def explain(relation: Relation, shape: Shape, passages: int) -> str:
    """Say in one line why a pair has its relation."""
    where = f"{passages} passage{'s' * (passages != 1)}"
    covered = f"{shape.shorter:.0%} of the shorter and {shape.longer:.0%} of the longer"
    match relation:
        case Relation.IDENTICAL:
            return "the same words in the same order"
        case Relation.TEMPLATE:
            if not refills(shape):
                common = _tell_common(shape) if shape.own < 1 else "as copies of the two show"
                return f"same form: {common}; {covered} in {where}"
            facts = (
                (shape.numbers, shape.shared_numbers, "numbers"),
                (shape.names, shape.shared_names, "names"),
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
            return f"{covered}, from word {shape.begin + 1} of the longer"
        case Relation.REVISION:
            return f"{covered} in {where}"
        case Relation.QUOTE:
            return f"{shape.words} shared words, most of them inside quotation marks"
        case Relation.SHARED_PASSAGE:
            background = f"; {_tell_common(shape)}" if shape.own < 1 else ""
            return f"{shape.words} shared words in {where}, {covered}{background}"


def _tell_common(shape: Shape) -> str:
    return f"{1 - shape.own:.0%} of what they share stands in more than {FEW} stories"
