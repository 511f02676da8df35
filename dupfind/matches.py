"""Verified pairs to matches: passages with their places in the text, flags, and the reason."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.agencies import find_agencies, same_agency
from dupfind.arrays import Ints, Words64
from dupfind.chronology import Clues, tell_earlier
from dupfind.measures import OPENING
from dupfind.model import Document, Earlier, Edit, Match, Passage, Place, Relation, Span
from dupfind.passages import in_order
from dupfind.tokens import NUMBER, tokenize
from dupfind.worddiff import Change, find_changes

__all__ = [
    "VERSIONS",
    "Laid",
    "Pair",
    "Side",
    "Tile",
    "apart",
    "lay_out",
    "make_match",
]

_QUOTE: Final = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|「[^「」]*」|„[^„“”]*[“”]")

VERSIONS: Final = (Relation.NEAR_DUPLICATE, Relation.ABRIDGEMENT, Relation.REVISION)
"""Relations between texts that differ and tell one story, and nothing beside."""

_ALIKE: Final = 0.5  # of the words of two headlines

Tile = tuple[int, int, int]
"""Place in a, place in b, length; in tokens."""


class Laid:
    """A text with its title and the places of its tokens and lines."""

    def __init__(
        self,
        text: str,
        title: str | None,
        headline: Sequence[int],
        hashes: Words64,
        kinds: NDArray[np.uint8],
        starts: Ints,
        ends: Ints,
    ) -> None:
        self.text = text
        self.title = title
        self.headline = headline
        self.hashes = hashes
        self.kinds = kinds
        self.starts = starts
        self.ends = ends

    @cached_property
    def lines(self) -> list[int]:
        """Offsets at which lines begin."""
        return list(accumulate((len(line) + 1 for line in self.text.split("\n")), initial=0))

    @cached_property
    def agencies(self) -> frozenset[tuple[str, ...]]:
        """The agencies that the text names as its source."""
        return find_agencies(self.text)

    @cached_property
    def quoted(self) -> Ints:
        """(tokens + 1,) int64: how many tokens before each, and in all, are in quotation marks."""
        spans = [found.span() for found in _QUOTE.finditer(self.text)]
        begins, ends = np.array(spans, dtype=np.int64).reshape(-1, 2).T
        inside = np.searchsorted(begins, self.starts, "right") > np.searchsorted(
            ends, self.starts, "right"
        )
        return np.append(0, np.cumsum(inside))

    @cached_property
    def numbers(self) -> Ints:
        """(tokens + 1,) int64: how many numbers stand before each token, and in all."""
        return np.append(0, np.cumsum(self.kinds == NUMBER))

    @cached_property
    def whole(self) -> Place:
        """The text from its first token to its last."""
        return self.place(0, len(self.hashes))

    def span(self, first: int, last: int) -> Span:
        """Give the text of tokens `[first, last)`; where there are none, the place between."""
        if first == last:
            at = self.ends.item(first - 1) if first else 0
            return Span(start=at, end=at)
        return Span(start=self.starts.item(first), end=self.ends.item(last - 1))

    def place(self, first: int, last: int) -> Place:
        """Give the text of tokens `[first, last)` and the line it starts on."""
        span = self.span(first, last)
        return Place(start=span.start, end=span.end, line=bisect_right(self.lines, span.start))


def lay_out(documents: Sequence[Document]) -> list[Laid]:
    """Find the places of the documents' tokens; of equal texts and titles once for all."""
    keys = [(document.text, document.title, document.hidden) for document in documents]
    distinct = list(dict.fromkeys(keys))
    originals = dict(zip(keys, documents, strict=True))
    tokens = tokenize([originals[key].compared for key in distinct], spans=True)
    titles = tokenize([title or "" for _, title, _ in distinct])
    laid = {
        key: Laid(
            *key[:2],
            titles.hashes[slice(*title)].tolist(),
            tokens.hashes[begin:end],
            tokens.kinds[begin:end],
            tokens.starts[begin:end],
            tokens.ends[begin:end],
        )
        for key, title, (begin, end) in zip(
            distinct,
            pairwise(titles.offsets.tolist()),
            pairwise(tokens.offsets.tolist()),
            strict=True,
        )
    }
    return [laid[key] for key in keys]


class Pair(NamedTuple):
    """A verified pair as the stages leave it: what it shares, in tokens."""

    passages: list[list[Tile]]
    """In order of their places in a."""
    covered: tuple[int, int]
    lengths: tuple[int, int]
    opening: tuple[int, int]
    """Covered words among the first `OPENING`."""
    containment: tuple[float, float]
    resemblance: float

    @property
    def coverage(self) -> tuple[float, float]:
        """Covered words, as a share of the document's."""
        return (
            round(self.covered[0] / self.lengths[0], 4),
            round(self.covered[1] / self.lengths[1], 4),
        )


class Side(NamedTuple):
    """One of the two documents of a match."""

    number: int
    """By which the report lists it."""
    clues: Clues
    laid: Laid


def apart(a: int, b: int) -> Pair:
    """Give what two documents of so many words share where they share no passage: nothing."""
    return Pair([], (0, 0), (max(a, 1), max(b, 1)), (0, 0), (0.0, 0.0), 0.0)


def make_match(found: Pair, relation: Relation, why: str, a: Side, b: Side) -> Match:
    """Make the match of two documents."""
    changes = [list(find_changes(a.laid.hashes, b.laid.hashes, tiles)) for tiles in found.passages]
    passages = _make_passages(found, relation, changes, a.laid, b.laid)
    words = sum(passage.words for passage in passages)
    return Match(
        a=a.number,
        b=b.number,
        relation=relation,
        flags=tuple(_find_flags(found, relation, changes, passages, a, b)),
        coverage=found.coverage,
        containment=found.containment,
        resemblance=found.resemblance,
        words=words,
        longest=max(passage.words for passage in passages),
        order=round(sum(p.words for p in passages if not p.moved) / words, 4),
        why=why,
        markers=(str(a.clues.marker) or None, str(b.clues.marker) or None),
        earlier=_tell_earlier(a, b, relation),
        passages=passages,
    )


def _make_passages(
    found: Pair, relation: Relation, changes: list[list[Change]], a: Laid, b: Laid
) -> tuple[Passage, ...]:
    if relation is Relation.IDENTICAL:
        return (Passage(a=a.whole, b=b.whole, words=len(a.hashes), moved=False),)
    words = [
        tiles[-1][0] + tiles[-1][2] - tiles[0][0] - sum(c.a_end - c.a_start for c in changed)
        for tiles, changed in zip(found.passages, changes, strict=True)
    ]
    begins = [tiles[0][1] for tiles in found.passages]
    kept = in_order(list(zip(begins, words, strict=True)))
    return tuple(
        _make_passage(a, b, tiles, changed, count, moved=not keeps)
        for tiles, changed, count, keeps in zip(found.passages, changes, words, kept, strict=True)
    )


def _make_passage(
    a: Laid, b: Laid, tiles: list[Tile], changes: list[Change], words: int, *, moved: bool
) -> Passage:
    (a_first, b_first, _), (a_last, b_last, length) = tiles[0], tiles[-1]
    return Passage(
        a=a.place(a_first, a_last + length),
        b=b.place(b_first, b_last + length),
        words=words,
        moved=moved,
        edits=tuple(
            Edit(a=a.span(c.a_start, c.a_end), b=b.span(c.b_start, c.b_end)) for c in changes
        ),
    )


def _find_flags(
    found: Pair,
    relation: Relation,
    changes: list[list[Change]],
    passages: tuple[Passage, ...],
    a: Side,
    b: Side,
) -> Iterator[str]:
    if any(passage.moved for passage in passages):
        yield "reordered"
    # Of versions of one story, an opening that is hardly shared, on either side, is a new lead.
    if relation in VERSIONS and any(
        2 * opening < min(OPENING, length)
        for opening, length in zip(found.opening, found.lengths, strict=True)
    ):
        yield "new-lead"
    if any(_changes_numbers(a.laid, b.laid, change) for changed in changes for change in changed):
        yield "numbers-changed"
    yield from _compare_headlines(a, b)
    if a.clues.marker.names or b.clues.marker.names:
        yield "marker"
    if same_agency(a.laid.agencies, b.laid.agencies):
        yield "same-agency"


def _changes_numbers(a: Laid, b: Laid, change: Change) -> bool:
    own = _list_numbers(a, change.a_start, change.a_end)
    return own != _list_numbers(b, change.b_start, change.b_end)


def _list_numbers(laid: Laid, first: int, last: int) -> set[int]:
    if laid.numbers.item(first) == laid.numbers.item(last):
        return set()
    hashes, kinds = laid.hashes[first:last], laid.kinds[first:last]
    return set(hashes[kinds == NUMBER].tolist())


def _compare_headlines(a: Side, b: Side) -> Iterator[str]:
    one, other = a.laid.headline, b.laid.headline
    if not one or not other:
        return
    if one == other or (a.clues.headline and a.clues.headline == b.clues.headline):
        yield "same-headline"
    elif len({*one} & {*other}) >= _ALIKE * len({*one, *other}):
        yield "similar-headline"


def _tell_earlier(a: Side, b: Side, relation: Relation) -> Earlier | None:
    told = tell_earlier(a.clues, b.clues, versions=relation in VERSIONS)
    if told is None:
        return None
    first, evidence = told
    return Earlier(document=a.number if first else b.number, evidence=evidence)
