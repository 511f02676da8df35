"""Quotation: how much of what two documents share stands inside quotation marks."""

from collections.abc import Iterator
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Floats, Ints, cut, find_heads
from dupfind.corpus import Corpus, Source
from dupfind.matches import lay_out
from dupfind.running import Means
from dupfind.verification import Pairs

__all__ = ["find_quoted"]

_LOT: Final = 1 << 18  # words of the documents that are looked through at once


class _Lot(NamedTuple):
    """Some pairs, and the documents that come first in them."""

    documents: list[Source]
    first: Ints
    """(pairs,) int64: rows of the documents."""
    pairs: Pairs


def find_quoted(corpus: Corpus, first: Ints, pairs: Pairs, means: Means) -> Floats:
    """Find the share of the equal words of pairs that stand inside quotation marks.

    Takes the first document of each pair, (pairs,) int64, ascending. Gives (pairs,) float64.
    """
    documents = corpus.documents
    new = find_heads(first)

    def give() -> Iterator[_Lot]:
        for own in cut(np.where(new, corpus.lengths[first], 0), _LOT):
            some, row = np.unique(first[own], return_inverse=True)
            sources = list(map(documents.source, some.tolist()))
            yield _Lot(sources, row, pairs.take(np.arange(own.start, own.stop)).pack())

    shares = means.apply(partial(_measure, texts=documents.texts), give())
    return np.concatenate([np.zeros(0), *shares])


def _measure(lot: _Lot, texts: NDArray[np.uint8]) -> Floats:
    """Measure the share of some pairs. Takes all texts as UTF-8."""
    laid = lay_out([source.read(texts) for source in lot.documents])
    quoted = np.concatenate([own.quoted for own in laid])
    begins = np.cumsum([0, *(len(own.quoted) for own in laid)])
    row = np.repeat(np.arange(len(lot.first)), lot.pairs.counts)
    place, _, length, _ = lot.pairs.tiles.T
    at = begins[lot.first[row]] + place
    inside = np.bincount(row, quoted[at + length] - quoted[at])
    share: Floats = inside / np.bincount(row, length)
    return share
