"""Clearing: furniture is taken out of the documents of a run before they are compared in full."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from dupfind.columns import Held
from dupfind.corpus import Corpus
from dupfind.furniture import Furniture, Line, list_lines
from dupfind.model import Boilerplate
from dupfind.stretches import lay_out
from dupfind.tokens import tokenize

__all__ = ["clear"]

_LOT: Final = 1 << 12  # documents looked through at once

T = TypeVar("T", bound=np.generic)


class _Cut(NamedTuple):
    """What is taken out of a document."""

    document: int
    lines: list[Line]
    tokens: list[tuple[int, int]]
    """From where to where, counted in its tokens."""


def clear(corpus: Corpus, furniture: Furniture, column: Held, *, least: int, most: int) -> Corpus:
    """Take furniture out of the documents at whose head or tail it stands, and say which.

    A document keeps its own where fewer than `least` words would be left, and a line stays that
    has `most` words or more. The texts stay what they are: the lines are hidden.
    """
    cuts = list(_find_cuts(corpus, furniture, least, most))
    if not cuts:
        return corpus
    taken: list[tuple[int, int]] = []
    lengths = corpus.lengths
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for number, lines, tokens in cuts:
        document = corpus.documents[number]
        spans = [(line.start, line.end) for line in lines]
        hidden = lay_out([*document.hidden, *spans])
        corpus.documents.hide(number, hidden)
        counts.update({line.folded for line in lines})
        for line in lines:
            shown.setdefault(line.folded, document.text[line.start : line.end].strip())
        for begin, end in tokens:
            first = int(corpus.offsets[number])
            taken.append((first + begin, first + end))
            lengths[number] -= end - begin
    left = [
        Boilerplate(text=shown[folded], documents=count)
        for folded, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return corpus._replace(
        hashes=_leave_out(taken, corpus.hashes, column),
        kinds=_leave_out(taken, corpus.kinds, column),
        offsets=np.append(0, np.cumsum(lengths)),
        furniture=tuple(left),
    )


def _leave_out(taken: Iterable[tuple[int, int]], values: NDArray[T], column: Held) -> NDArray[T]:
    kept = column(values.dtype)
    at = 0
    for begin, end in lay_out(taken):
        kept.extend(values[at:begin])
        at = end
    kept.extend(values[at:])
    return kept.close()


def _find_cuts(corpus: Corpus, furniture: Furniture, least: int, most: int) -> Iterator[_Cut]:
    """Find what is to be taken out of each document."""
    lengths = corpus.lengths.tolist()
    for begin in range(0, len(furniture.holders), _LOT):
        found: list[tuple[int, list[Line], list[bool]]] = []
        pieces: list[str] = []
        for number in furniture.holders[begin : begin + _LOT].tolist():
            text = corpus.documents[number].compared
            lines = list(list_lines(text, furniture.lines))
            found.append((number, lines, [_in_head(text, line) for line in lines]))
            # Before a line stand as many tokens as in the text up to it, for lines part tokens.
            for line in lines:
                pieces += (_outer(text, line), text[line.start : line.end])
        counted = iter(np.diff(tokenize(pieces).offsets).tolist())
        for number, lines, heads in found:
            taken, tokens = [], []
            for line, head in zip(lines, heads, strict=True):
                outer, own = next(counted), next(counted)
                if 0 < own < most:
                    taken.append(line)
                    at = outer if head else lengths[number] - outer - own
                    tokens.append((at, at + own))
            if taken and lengths[number] - sum(end - begin for begin, end in tokens) >= least:
                yield _Cut(number, taken, tokens)


def _in_head(text: str, line: Line) -> bool:
    return line.start < len(text) - line.end


def _outer(text: str, line: Line) -> str:
    """Give the text from a line to the nearer end."""
    return text[: line.start] if _in_head(text, line) else text[line.end :]
