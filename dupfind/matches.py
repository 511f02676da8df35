"""Verified pairs to matches: passages with their places in the text, flags, and the reason.

What can be found for many pairs at once is, in columns; a match is made of those.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from dupfind.agencies import same_agency
from dupfind.arrays import Bools, Ints, find_heads, find_tails
from dupfind.chronology import Clues, tell_earlier
from dupfind.judgment import Judged
from dupfind.layout import Layout
from dupfind.measures import OPENING
from dupfind.model import VERSIONS, Earlier, Edit, Match, Passage, Place, Relation, Span
from dupfind.pairs import Pairs, give_shares
from dupfind.passages import in_order
from dupfind.relations import RELATIONS, explain
from dupfind.tokens import NUMBER, Tokens
from dupfind.worddiff import Changes, find_changes

__all__ = ["Side", "make_matches"]

_ALIKE: Final = 0.5  # of the words of two headlines


class Side(NamedTuple):
    """One of the two documents of a match."""

    number: int
    """By which the report lists it."""
    clues: Clues
    headline: list[int]
    """The hashes of its words."""
    agencies: frozenset[tuple[str, ...]]
    """Those that the text names as its source."""


class _Passages(NamedTuple):
    """The passages of pairs, one pair's after the other's; places are among the tokens of all."""

    pair: Ints
    """(passages,) int64."""
    starts: Ints
    ends: Ints
    """(passages, 2) int64."""
    words: Ints
    """(passages,) int64: equal words."""
    changes: Changes
    """What changed inside them; their numbers are those of the gaps."""


class _Told(NamedTuple):
    """What is known of a pair from its row of `Pairs` and from its passages together."""

    covered: tuple[int, int]
    lengths: tuple[int, int]
    opens_anew: bool
    """The opening of either document is hardly shared."""
    shared: int
    distinct: tuple[int, int]
    words: int
    longest: int
    kept: int
    """Words of the passages that stand in the same order."""
    renumbered: bool
    """Numbers were changed inside passages."""


def make_matches(judged: Judged, sides: Sequence[Side], layout: Layout) -> list[Match]:
    """Make the matches of pairs, whose tiles follow one another.

    Takes the documents that occur in them, by their numbers, ascending, and these laid out.
    """
    rows = np.searchsorted([side.number for side in sides], judged.documents)
    texts = layout.rows[rows]
    passages = _find_passages(judged.pairs, texts, layout.tokens)
    bounds = np.append(np.flatnonzero(find_heads(passages.pair)), len(passages.pair))
    moved = _find_moved(passages, bounds)
    made = _make_passages(passages, moved, texts, layout)
    told = _tell(judged.pairs, passages, bounds[:-1], moved, layout.tokens)
    return [
        _make_match(RELATIONS[relation], shape, own, tuple(made[begin:end]), sides[a], sides[b])
        for (a, b), relation, shape, own, (begin, end) in zip(
            rows.tolist(),
            judged.relations.tolist(),
            judged.shapes,
            told,
            pairwise(bounds.tolist()),
            strict=True,
        )
    ]


def _find_passages(pairs: Pairs, texts: Ints, tokens: Tokens) -> _Passages:
    """Find the passages of pairs of texts, (pairs, 2) int64, and what changed inside them."""
    pair = np.repeat(np.arange(len(texts)), pairs.counts)
    starts = pairs.tiles[:, :2] + tokens.offsets[texts[pair]]
    ends = starts + pairs.tiles[:, 2:3]
    heads, tails = (find(pair, pairs.tiles[:, 3]) for find in (find_heads, find_tails))
    number, first, after = np.cumsum(heads) - 1, np.flatnonzero(heads), np.flatnonzero(~heads)
    changes = find_changes(tokens.hashes, ends[after - 1], starts[after])
    changes = changes._replace(gap=number[after[changes.gap]])
    begins, stops = starts[first], ends[tails]
    differ = np.bincount(changes.gap, (changes.ends - changes.starts)[:, 0], len(first))
    words = (stops - begins)[:, 0] - differ.astype(np.int64)
    return _Passages(pair[first], begins, stops, words, changes)


def _tell(
    pairs: Pairs, passages: _Passages, firsts: Ints, moved: Bools, tokens: Tokens
) -> Iterator[_Told]:
    """Tell of each pair what is needed for its match; takes the first passage of each."""
    words = passages.words
    renumbered = np.zeros(len(firsts), dtype=bool)
    renumbered[passages.pair[_find_renumbered(passages.changes, tokens)]] = True
    columns = (
        pairs.covered,
        pairs.lengths,
        (2 * pairs.opening < np.minimum(OPENING, pairs.lengths)).any(axis=1),
        pairs.shared,
        pairs.distinct,
        np.add.reduceat(words, firsts),
        np.maximum.reduceat(words, firsts),
        np.add.reduceat(np.where(moved, 0, words), firsts),
        renumbered,
    )
    return map(_Told._make, zip(*(column.tolist() for column in columns), strict=True))


def _find_renumbered(changes: Changes, tokens: Tokens) -> Ints:
    """Find the changes that change numbers; gives the passage of each, int64."""
    numbers = np.flatnonzero(tokens.kinds == NUMBER)
    hashes = tokens.hashes[numbers].tolist()
    first, last = (np.searchsorted(numbers, places) for places in (changes.starts, changes.ends))
    some = np.flatnonzero((first < last).any(axis=1))
    differ = [
        set(hashes[a:a_end]) != set(hashes[b:b_end])
        for (a, b), (a_end, b_end) in zip(first[some].tolist(), last[some].tolist(), strict=True)
    ]
    found: Ints = changes.gap[some[np.array(differ, dtype=bool)]]
    return found


def _make_passages(passages: _Passages, moved: Bools, texts: Ints, layout: Layout) -> list[Passage]:
    """Make the passages of pairs of texts, (pairs, 2) int64."""
    changes = passages.changes
    own = texts[passages.pair]
    spans = _find_spans(changes.starts, changes.ends, own[changes.gap], layout)
    edits = [
        Edit(a=Span(start=a, end=a_end), b=Span(start=b, end=b_end))
        for a, a_end, b, b_end in spans.tolist()
    ]
    spans = _find_spans(passages.starts, passages.ends, own, layout)
    lines = layout.find_lines(own.ravel(), spans[:, ::2].ravel()).reshape(-1, 2)
    bounds = np.searchsorted(changes.gap, np.arange(len(own) + 1)).tolist()
    return [
        Passage(
            a=Place(start=a, end=a_end, line=a_line),
            b=Place(start=b, end=b_end, line=b_line),
            words=words,
            moved=is_moved,
            edits=tuple(edits[begin:end]),
        )
        for (a, a_end, b, b_end), (a_line, b_line), words, is_moved, (begin, end) in zip(
            spans.tolist(),
            lines.tolist(),
            passages.words.tolist(),
            moved.tolist(),
            pairwise(bounds),
            strict=True,
        )
    ]


def _find_spans(starts: Ints, ends: Ints, texts: Ints, layout: Layout) -> Ints:
    """Find where stretches of either side begin and end in its text, (stretches, 4) int64."""
    sides = (layout.find_spans(texts[:, i], starts[:, i], ends[:, i]) for i in (0, 1))
    return np.stack([column for side in sides for column in side], axis=1)


def _find_moved(passages: _Passages, bounds: Ints) -> Bools:
    """Tell which passages stand in another order than those that carry most of their pair.

    Takes where those of each pair begin, (pairs + 1,) int64.
    """
    moved = np.zeros(len(passages.pair), dtype=bool)
    several = np.flatnonzero(np.diff(bounds) > 1)
    for begin, end in zip(bounds[several].tolist(), bounds[several + 1].tolist(), strict=True):
        own = zip(
            passages.starts[begin:end, 1].tolist(), passages.words[begin:end].tolist(), strict=True
        )
        moved[begin:end] = np.logical_not(in_order(list(own)))
    return moved


def _make_match(
    relation: Relation,
    shape: np.void,
    told: _Told,
    passages: tuple[Passage, ...],
    a: Side,
    b: Side,
) -> Match:
    shared, (one, other) = told.shared, told.distinct
    return Match(
        a=a.number,
        b=b.number,
        relation=relation,
        flags=tuple(_find_flags(relation, told, a, b)),
        coverage=give_shares(told.covered, told.lengths),
        containment=give_shares((shared, shared), told.distinct),
        resemblance=round(shared / (one + other - shared), 4),
        words=told.words,
        longest=told.longest,
        order=round(told.kept / told.words, 4),
        why=explain(relation, shape, len(passages)),
        markers=(str(a.clues.marker) or None, str(b.clues.marker) or None),
        earlier=_tell_earlier(a, b, relation),
        passages=passages,
    )


def _find_flags(relation: Relation, told: _Told, a: Side, b: Side) -> Iterator[str]:
    if told.kept < told.words:
        yield "reordered"
    # Of versions of one story it is a new lead.
    if relation in VERSIONS and told.opens_anew:
        yield "new-lead"
    if told.renumbered:
        yield "numbers-changed"
    yield from _compare_headlines(a, b)
    if a.clues.marker.names or b.clues.marker.names:
        yield "marker"
    if same_agency(a.agencies, b.agencies):
        yield "same-agency"


def _compare_headlines(a: Side, b: Side) -> Iterator[str]:
    one, other = a.headline, b.headline
    if not one or not other:
        return
    if one == other or (a.clues.headline and a.clues.headline == b.clues.headline):
        yield "same-headline"
    elif len({*one} & {*other}) >= _ALIKE * len({*one, *other}):
        yield "similar-headline"


def _tell_earlier(a: Side, b: Side, relation: Relation) -> Earlier | None:
    found = tell_earlier(a.clues, b.clues, versions=relation in VERSIONS)
    if found is None:
        return None
    first, evidence = found
    return Earlier(document=a.number if first else b.number, evidence=evidence)
