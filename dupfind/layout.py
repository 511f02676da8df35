"""Texts laid out: where the tokens and lines of some documents stand."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from dupfind.arrays import Ints
from dupfind.model import Document
from dupfind.tokens import Tokens, tokenize

__all__ = ["Layout", "lay_out"]


class Layout(NamedTuple):
    """The texts of some documents; those that are equal, with their titles, are there once."""

    texts: list[str]
    headlines: list[list[int]]
    """(texts,): the token hashes of the title, none where there is no title."""
    tokens: Tokens
    """Of all texts, one after the other, with their places."""
    rows: Ints
    """(documents,) int64: the text of each."""

    def find_spans(self, rows: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
        """Find where tokens `[first, last)` begin and end in their text; of none, that between.

        Takes the rows of texts that have tokens, and places among the tokens of all, (spans,)
        int64. Gives code points of the text, (spans,) int64.
        """
        start = np.where(first > self.tokens.offsets[rows], self.tokens.ends[first - 1], 0)
        end = start.copy()
        some = np.flatnonzero(first < last)
        start[some] = self.tokens.starts[first[some]]
        end[some] = self.tokens.ends[last[some] - 1]
        return start, end

    def find_lines(self, rows: Ints, offsets: Ints) -> Ints:
        """Find the lines, from 1, on which code points of texts stand, (places,) int64."""
        breaks = [_find_breaks(text) for text in self.texts]
        counts = [len(own) for own in breaks]
        # Texts are set apart by more than any length.
        width = max(map(len, self.texts), default=0) + 1
        ends = np.concatenate([np.empty(0, np.int64), *breaks])
        ends += np.repeat(np.arange(len(counts)) * width, counts)
        before = np.cumsum([0, *counts])[rows]
        lines: Ints = np.searchsorted(ends, rows * width + offsets) - before + 1
        return lines


def lay_out(documents: Sequence[Document]) -> Layout:
    """Find the places of the documents' tokens; of equal texts and titles once for all."""
    keys = [(document.text, document.title, document.hidden) for document in documents]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    originals = dict(zip(keys, documents, strict=True))
    titles = tokenize([title or "" for _, title, _ in numbers])
    return Layout(
        [text for text, *_ in numbers],
        [titles.hashes[begin:end].tolist() for begin, end in pairwise(titles.offsets.tolist())],
        tokenize([originals[key].compared for key in numbers], spans=True),
        np.array([numbers[key] for key in keys], dtype=np.int64),
    )


def _find_breaks(text: str) -> Ints:
    """Find where lines end, (lines - 1,) int64."""
    if text.isascii():
        return np.flatnonzero(np.frombuffer(text.encode(), np.uint8) == ord("\n"))
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return np.flatnonzero(points == ord("\n"))
