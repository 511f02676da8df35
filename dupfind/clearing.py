"""Clearing: furniture is taken out of the documents of a run before they are compared in full."""

from collections import Counter
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, distinct, ranges
from dupfind.columns import Held
from dupfind.corpus import Corpus, Texts
from dupfind.furniture import Furniture, Line, list_lines
from dupfind.model import Boilerplate
from dupfind.running import HERE, Means
from dupfind.stretches import Stretch, lay_out
from dupfind.tokens import tokenize

__all__ = ["clear"]

_CHUNK: Final = 1 << 16  # values left out of at once: most chunks stay whole

T = TypeVar("T", bound=np.generic)


class _Place(NamedTuple):
    """Where a line is furniture."""

    line: Line
    in_head: bool
    shown: str
    """The line as it stands there."""


class _Cuts(NamedTuple):
    """What is taken out of the documents of a lot."""

    hidden: dict[int, tuple[Stretch, ...]]
    """What is hidden, all in all, of those that something is taken out of."""
    tokens: list[tuple[int, int, int]]
    """The document, and from where to where, counted in its tokens."""
    counts: Counter[str]
    """Out of how many each line is taken."""
    shown: dict[str, str]
    """Each line as it stands in the first of them."""


def clear(
    corpus: Corpus, furniture: Furniture, means: Means = HERE, *, least: int, most: int
) -> Corpus:
    """Take furniture out of the documents at whose head or tail it stands, and say which.

    A document keeps its own where fewer than `least` words would be left, and a line stays that
    has `most` words or more. The texts stay what they are: the lines are hidden.
    """
    documents, lengths = corpus.documents, corpus.lengths
    task = partial(
        _find_cuts, texts=documents.texts, furniture=furniture.lines, least=least, most=most
    )
    lots = ((lot, lengths[lot.numbers]) for lot in documents.cut_texts(furniture.holders))
    cuts: list[tuple[int, int, int]] = []
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for found in means.apply(task, lots):
        for number, hidden in found.hidden.items():
            documents.hide(number, hidden)
        cuts += found.tokens
        counts.update(found.counts)
        shown = found.shown | shown
    if not cuts:
        return corpus
    holders, begins, ends = np.array(cuts).T
    gone = distinct(ranges(corpus.offsets[holders] + begins, ends - begins))
    lengths -= np.bincount(np.searchsorted(corpus.offsets, gone, "right") - 1, None, len(lengths))
    left = [
        Boilerplate(text=shown[folded], documents=count)
        for folded, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return corpus._replace(
        hashes=_leave_out(gone, corpus.hashes, means.column),
        kinds=_leave_out(gone, corpus.kinds, means.column),
        offsets=np.append(0, np.cumsum(lengths)),
        furniture=tuple(left),
    )


def _leave_out(gone: Ints, values: NDArray[T], column: Held) -> NDArray[T]:
    """Leave some values out; takes their places, which ascend."""
    kept = column(values.dtype)
    for begin in range(0, len(values), _CHUNK):
        part = values[begin : begin + _CHUNK]
        first, last = np.searchsorted(gone, (begin, begin + _CHUNK))
        kept.extend(np.delete(part, gone[first:last] - begin) if first < last else part)
    return kept.close()


def _find_cuts(
    lot: tuple[Texts, Ints],
    *,
    texts: NDArray[np.uint8],
    furniture: AbstractSet[str],
    least: int,
    most: int,
) -> _Cuts:
    """Find what is to be taken out of documents, with the words of each, (documents,) int64.

    Takes all texts as UTF-8.
    """
    sources, lengths = lot
    found: list[list[_Place]] = []
    pieces: list[str] = []
    for text, compared in sources.read(texts):
        places = [
            _Place(line, _in_head(compared, line), text[line.start : line.end].strip())
            for line in list_lines(compared, furniture)
        ]
        found.append(places)
        # Before a line stand as many tokens as in the text up to it, for lines part tokens.
        for line, in_head, _ in places:
            outer = compared[: line.start] if in_head else compared[line.end :]
            pieces += (outer, compared[line.start : line.end])
    counted = iter(np.diff(tokenize(pieces).offsets).tolist())
    cuts = _Cuts({}, [], Counter(), {})
    for number, hidden, length, places in zip(
        sources.numbers.tolist(), sources.hidden, lengths.tolist(), found, strict=True
    ):
        taken, tokens = [], []
        for place in places:
            outer, own = next(counted), next(counted)
            if 0 < own < most:
                at = outer if place.in_head else length - outer - own
                taken.append(place)
                tokens.append((number, at, at + own))
        if taken and length - sum(end - begin for _, begin, end in tokens) >= least:
            spans = [(place.line.start, place.line.end) for place in taken]
            cuts.hidden[number] = lay_out([*hidden, *spans])
            cuts.tokens.extend(tokens)
            cuts.counts.update({place.line.folded for place in taken})
            for place in taken:
                cuts.shown.setdefault(place.line.folded, place.shown)
    return cuts


def _in_head(text: str, line: Line) -> bool:
    """Tell whether a line is nearer to the head of a text than to its tail."""
    return line.start < len(text) - line.end
