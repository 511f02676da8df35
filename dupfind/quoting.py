"""Quotation: how much of what two documents share stands inside quotation marks."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Bools, Floats, Ints, cut, find_heads
from dupfind.corpus import Corpus, Source
from dupfind.layout import Layout, lay_out
from dupfind.pairs import Pairs
from dupfind.running import Means

__all__ = ["find_quoted"]

_QUOTE: Final = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|「[^「」]*」|„[^„“”]*[“”]")
_LOT: Final = 1 << 18  # words of the documents that are looked through at once


class _Lot(NamedTuple):
    """Some pairs, and the documents that come first in them."""

    documents: list[Source]
    first: Ints
    """(pairs,) int64: rows of the documents."""
    pairs: Pairs


def find_quoted(corpus: Corpus, first: Ints, pairs: Pairs, rows: Ints, means: Means) -> Floats:
    """Find the share of the equal words of some pairs that stand inside quotation marks.

    Takes the first document of each, (rows,) int64, ascending, and which they are of all that are
    gathered, (rows,) int64. Gives (rows,) float64.
    """
    documents = corpus.documents
    new = find_heads(first)

    def give() -> Iterator[_Lot]:
        for own in cut(np.where(new, corpus.lengths[first], 0), _LOT):
            some, row = np.unique(first[own], return_inverse=True)
            sources = list(map(documents.source, some.tolist()))
            asked = pairs.take(rows[own]).pack()
            means.look_at(asked.tiles.nbytes)
            yield _Lot(sources, row, asked)

    shares = means.apply(partial(_measure, texts=documents.texts), give())
    return np.concatenate([np.zeros(0), *shares])


def _measure(lot: _Lot, texts: NDArray[np.uint8]) -> Floats:
    """Measure the share of some pairs. Takes all texts as UTF-8."""
    layout = lay_out([source.read(texts) for source in lot.documents])
    tokens = layout.tokens
    quoted = np.append(0, np.cumsum(_find_inside(layout)))
    row = np.repeat(np.arange(len(lot.first)), lot.pairs.counts)
    place, _, length, _ = lot.pairs.tiles.T
    at = tokens.offsets[layout.rows[lot.first[row]]] + place
    inside = np.bincount(row, quoted[at + length] - quoted[at])
    share: Floats = inside / np.bincount(row, length)
    return share


def _find_inside(layout: Layout) -> Bools:
    """Tell which tokens stand inside quotation marks, (tokens,) bool."""
    tokens, parts = layout.tokens, [np.zeros(0, dtype=bool)]
    for text, (first, last) in zip(layout.texts, pairwise(tokens.offsets.tolist()), strict=True):
        spans = [found.span() for found in _QUOTE.finditer(text)]
        begins, ends = np.array(spans, dtype=np.int64).reshape(-1, 2).T
        before = (
            np.searchsorted(places, tokens.starts[first:last], "right") for places in (begins, ends)
        )
        parts.append(np.greater(*before))
    return np.concatenate(parts)
