"""Alignments to measures: how much each pair shares, and where in the documents."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Floats, Ints, find_heads, find_tails
from dupfind.passages import Alignment

__all__ = ["LONG", "OPENING", "Measures", "measure"]

OPENING = 40
"""Words of a document that count as its opening: headline, dateline, lead sentence."""

LONG = 20
"""Equal words in a row that are more than a phrase of a form."""


class Measures(NamedTuple):
    """The measures of the pairs that have passages: (pairs,) or (pairs, 2) of int64.

    Where there are two columns they are of the pair's first and second document.
    """

    pair: Ints
    """(pairs,) rows of the pairs that were aligned, ascending."""
    documents: Ints
    """(pairs, 2) the documents' numbers."""
    tiles: Ints
    """(pairs + 1,) the tiles of pair i are `tiles[i] : tiles[i + 1]` of the alignment."""
    lengths: Ints
    """(pairs, 2) words of the document."""
    words: Ints
    """(pairs,) equal words inside the passages."""
    longest: Ints
    """(pairs,) equal words of the longest passage."""
    solid: Ints
    """(pairs,) equal words that stand in runs of `LONG` or more."""
    scale: Floats
    """(pairs,) float64: tokens that make a word, on average of the document where they are more;
    1 but for scripts that set no words apart."""
    covered: Ints
    """(pairs, 2) words inside the passages, those that differ included."""
    begins: Ints
    """(pairs, 2) first word inside a passage."""
    opening: Ints
    """(pairs, 2) words inside passages among the first `OPENING`."""
    shared: Ints
    """(pairs,) distinct shingles that both hold."""
    distinct: Ints
    """(pairs, 2) distinct shingles of the document."""


def measure(
    alignment: Alignment, offsets: Ints, pairs: Ints, per_word: NDArray[np.uint8]
) -> Measures:
    """Measure aligned pairs.

    Takes the alignment, where each document's tokens begin, (documents + 1,) int64, the
    aligned pairs, (pairs, 2) int64, and how many tokens like each one make a word, (tokens,)
    uint8.
    """
    lengths = np.diff(offsets)
    tile_starts = np.flatnonzero(find_heads(alignment.pair))
    pair = alignment.pair[tile_starts]
    documents = pairs[pair]
    firsts = np.flatnonzero(find_heads(alignment.passage))
    lasts = np.flatnonzero(find_tails(alignment.passage))
    row = np.searchsorted(pair, alignment.pair[firsts])
    row_starts = np.flatnonzero(find_heads(row))
    words = np.add.reduceat(alignment.length, firsts) if len(firsts) else firsts
    sides = []
    for places in (alignment.a, alignment.b):
        begin, end = places[firsts], (places + alignment.length)[lasts]
        early = np.maximum(np.minimum(end, OPENING) - begin, 0)
        sides.append(
            (
                np.bincount(row, end - begin, len(pair)).astype(np.int64),
                np.minimum.reduceat(begin, row_starts) if len(begin) else begin,
                np.bincount(row, early, len(pair)).astype(np.int64),
            )
        )
    covered, begins, opening = (np.stack(both, axis=1) for both in zip(*sides, strict=True))
    of_tile = np.searchsorted(pair, alignment.pair)
    scale = _scale(per_word, offsets)[documents].max(axis=1, initial=1.0)
    solid = np.where(alignment.length >= LONG * scale[of_tile], alignment.length, 0)
    return Measures(
        pair=pair,
        documents=documents,
        tiles=np.append(tile_starts, len(alignment.pair)),
        lengths=lengths[documents],
        words=np.bincount(row, words, len(pair)).astype(np.int64),
        longest=np.maximum.reduceat(words, row_starts) if len(words) else words,
        solid=np.bincount(of_tile, solid, len(pair)).astype(np.int64),
        scale=scale,
        covered=covered,
        begins=begins,
        opening=opening,
        shared=alignment.shared[pair],
        distinct=alignment.distinct[documents],
    )


def _scale(per_word: NDArray[np.uint8], offsets: Ints) -> Floats:
    """Give how many tokens make a word in each document, on average: (documents,) float64."""
    lengths = np.diff(offsets)
    wide = np.flatnonzero(per_word > 1)
    document = np.searchsorted(offsets, wide, side="right") - 1
    less = np.bincount(document, 1.0 - 1.0 / per_word[wide], len(lengths))
    scale: Floats = lengths / np.maximum(lengths - less, 1.0)
    return np.maximum(np.round(scale, 6), 1.0)
