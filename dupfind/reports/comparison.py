"""A match told as one document against another: what is shared, changed, moved, or alone."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from dupfind.model import Match, Passage, Place, Span

__all__ = ["Alone", "Piece", "Shared", "compare_texts"]

_WORD: Final = re.compile(r"\w")
# What ends the sentence before belongs to it.
_LEFT_OVER: Final = re.compile(
    r"^(?:[\s.,;:!?)\]}»”’…。，、！？；：）」]|[-\u2013\u2014]+\s|[\"'](?=\s|$))+"
)


class Alone(NamedTuple):
    """Text that only one of the two documents has."""

    text: str
    shown: bool
    """Whether the document that is shown has it, or the other."""


class Piece(NamedTuple):
    """A piece of a passage; where nothing was changed, both texts are those of the one shown."""

    other: str
    shown: str
    changed: bool


class Shared(NamedTuple):
    """A passage, in pieces."""

    words: int
    pieces: list[Piece]
    """None where a text is not at hand."""
    line: int
    """Where it stands in the document that is shown."""
    other_line: int
    moved: bool


def compare_texts(
    match: Match, shown: int, texts: Sequence[str | None]
) -> Iterator[Alone | Shared]:
    """Tell one document of a match against the other.

    Takes the number of the document to show, one of the match's two, and the texts of the
    report's documents. Follows the document that is shown: before each passage that stands in
    the same order in both comes what the other has alone, then what this one has; a moved
    passage comes where it stands in the document that is shown. Where one of the two texts is
    not at hand, only the places of the passages are told.
    """
    turned = shown == match.a
    text, other_text = texts[shown], texts[match.b if turned else match.a]
    passages = sorted(
        ((p.a, p.b, p) if turned else (p.b, p.a, p) for p in match.passages),
        key=lambda aligned: aligned[0].start,
    )
    if text is None or other_text is None:
        for here, there, passage in passages:
            yield Shared(passage.words, [], here.line, there.line, passage.moved)
        return
    moved = sorted(
        (other for _, other, passage in passages if passage.moved), key=lambda place: place.start
    )
    at = other_at = 0
    for here, there, passage in passages:
        if not passage.moved:
            yield from _alone(other_text, other_at, there.start, moved, shown=False)
            other_at = there.end
        yield from _alone(text, at, here.start, (), shown=True)
        at = here.end
        pieces = list(_cut(passage, text, other_text, turned=turned))
        yield Shared(passage.words, pieces, here.line, there.line, passage.moved)
    yield from _alone(other_text, other_at, len(other_text), moved, shown=False)
    yield from _alone(text, at, len(text), (), shown=True)


def _alone(
    text: str, start: int, end: int, holes: Sequence[Place], *, shown: bool
) -> Iterator[Alone]:
    """Give the text between two places that holds words, but for what stands elsewhere."""
    inside = [hole for hole in holes if start <= hole.start < end]
    begins = [start, *(hole.end for hole in inside)]
    ends = [*(hole.start for hole in inside), end]
    for begin, stop in zip(begins, ends, strict=True):
        piece = _LEFT_OVER.sub("", text[begin:stop]) if begin else text[:stop]
        if _WORD.search(piece):
            yield Alone(piece, shown)


def _cut(passage: Passage, text: str, other_text: str, *, turned: bool) -> Iterator[Piece]:
    here: Span = passage.a if turned else passage.b
    at = here.start
    for edit in passage.edits:
        new, old = (edit.a, edit.b) if turned else (edit.b, edit.a)
        kept = text[at : new.start]
        if kept:
            yield Piece(kept, kept, changed=False)
        yield Piece(other_text[old.start : old.end], text[new.start : new.end], changed=True)
        at = new.end
    yield Piece(text[at : here.end], text[at : here.end], changed=False)
