"""Measures to a relation: what two documents that share text are to each other.

The first rule that holds decides. s and l are the coverage of the shorter and of the longer
document; t is the threshold.

    identical       the same tokens in the same order
    template        s >= t, but the shared text is broken up by other numbers
    near-duplicate  s, l >= .8
    abridgement     s >= .8, from the head of the longer
    embedded        s >= .8 elsewhere in the longer, or s >= t and l < .2
    revision        s >= t
    quote           >= 70 % of the shared words stand inside quotation marks
    shared-passage  a passage of >= 20 words, or >= 40 shared words

Identical, near-duplicate and abridgement are the high tier, embedded and revision the
moderate one: these join documents to clusters. Templates stand apart; quotes and shared
passages are listed on request.
"""

from typing import Final, NamedTuple

from dupfind.model import Relation

__all__ = ["CLUSTERING", "Shape", "explain", "relate", "shares_passage"]

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
_PASSAGE_WORDS: Final = 20
_SHARED_WORDS: Final = 40
# A form: of two or more numbers less than this share recurs, and the facts filled in
# leave equal runs that are short on average.
_FORM_NUMBERS: Final = 2
_FORM_SHARE: Final = 0.7
_FORM_RUN: Final = 20


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
    run: float
    """Mean length of a run of equal words."""
    numbers: int
    """Distinct numbers of the document that has fewer."""
    shared_numbers: int
    """Distinct numbers that both documents hold."""


def relate(shape: Shape, threshold: float, quoted: float) -> Relation | None:
    """Name the relation of a pair that is not identical; None where too little is shared.

    `quoted` is the share of the equal words that stand inside quotation marks.
    """
    if shape.shorter >= threshold:
        return _relate_covered(shape)
    if not shares_passage(shape):
        return None
    return Relation.QUOTE if quoted >= _QUOTED else Relation.SHARED_PASSAGE


def shares_passage(shape: Shape) -> bool:
    """Tell whether a pair shares enough to be named at all."""
    return shape.longest >= _PASSAGE_WORDS or shape.words >= _SHARED_WORDS


def _relate_covered(shape: Shape) -> Relation:
    if _is_form(shape):
        return Relation.TEMPLATE
    if shape.shorter >= _MOST:
        if shape.longer >= _MOST:
            return Relation.NEAR_DUPLICATE
        return Relation.ABRIDGEMENT if shape.begin <= _HEAD else Relation.EMBEDDED
    return Relation.EMBEDDED if shape.longer < _PART else Relation.REVISION


def _is_form(shape: Shape) -> bool:
    return (
        shape.numbers >= _FORM_NUMBERS
        and shape.shared_numbers < _FORM_SHARE * shape.numbers
        and shape.run < _FORM_RUN
    )


def explain(relation: Relation, shape: Shape, passages: int) -> str:
    """Say in one line why a pair has its relation."""
    where = f"{passages} passage{'s' * (passages != 1)}"
    covered = f"{shape.shorter:.0%} of the shorter and {shape.longer:.0%} of the longer"
    match relation:
        case Relation.IDENTICAL:
            return "the same words in the same order"
        case Relation.TEMPLATE:
            return (
                f"same form, other figures: {shape.numbers - shape.shared_numbers} of "
                f"{shape.numbers} numbers differ; {covered} in {where}"
            )
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
            return f"{shape.words} shared words in {where}, {covered}"
