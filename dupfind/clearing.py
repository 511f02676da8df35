"""Clearing: furniture is taken out of the documents of a run before they are compared in full."""

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, cut
from dupfind.columns import Held
from dupfind.corpus import Corpus, Source
from dupfind.furniture import Furniture, Line, list_lines
from dupfind.model import Boilerplate
from dupfind.running import HERE, Means
from dupfind.stretches import Stretch, lay_out
from dupfind.tokens import tokenize

__all__ = ["clear"]

_LOT: Final = 1 << 20  # words of the documents looked through at once
_LEAST: Final = 1 << 9  # words that a document counts as at least

T = TypeVar("T", bound=np.generic)


class _Lot(NamedTuple):
    """Some documents, and the words of each."""

    numbers: list[int]
    lengths: list[int]
    sources: list[Source]


class _Cut(NamedTuple):
    """What is taken out of a document."""

    document: int
    lines: list[Line]
    tokens: list[tuple[int, int]]
    """From where to where, counted in its tokens."""


def clear(
    corpus: Corpus, furniture: Furniture, means: Means = HERE, *, least: int, most: int
) -> Corpus:
    """Take furniture out of the documents at whose head or tail it stands, and say which.

    A document keeps its own where fewer than `least` words would be left, and a line stays that
    has `most` words or more. The texts stay what they are: the lines are hidden.
    """
    documents = corpus.documents
    task = partial(
        _find_cuts, texts=documents.texts, furniture=furniture.lines, least=least, most=most
    )
    cuts = list(chain.from_iterable(means.apply(task, _cut_lots(corpus, furniture.holders))))
    if not cuts:
        return corpus
    taken: list[tuple[int, int]] = []
    lengths = corpus.lengths
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for number, lines, tokens in cuts:
        spans = [(line.start, line.end) for line in lines]
        documents.hide(number, lay_out([*documents.told[number].hidden, *spans]))
        counts.update({line.folded for line in lines})
        for line in lines:
            if line.folded not in shown:
                shown[line.folded] = documents[number].text[line.start : line.end].strip()
        for begin, end in tokens:
            first = int(corpus.offsets[number])
            taken.append((first + begin, first + end))
            lengths[number] -= end - begin
    left = [
        Boilerplate(text=shown[folded], documents=count)
        for folded, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    stretches = lay_out(taken)
    return corpus._replace(
        hashes=_leave_out(stretches, corpus.hashes, means.column),
        kinds=_leave_out(stretches, corpus.kinds, means.column),
        offsets=np.append(0, np.cumsum(lengths)),
        furniture=tuple(left),
    )


def _leave_out(taken: Iterable[Stretch], values: NDArray[T], column: Held) -> NDArray[T]:
    """Leave stretches out, which ascend."""
    kept = column(values.dtype)
    at = 0
    for begin, end in taken:
        kept.extend(values[at:begin])
        at = end
    kept.extend(values[at:])
    return kept.close()


def _cut_lots(corpus: Corpus, holders: Ints) -> Iterator[_Lot]:
    lengths = corpus.lengths[holders]
    for some in cut(np.maximum(lengths, _LEAST), _LOT):
        numbers = holders[some].tolist()
        sources = list(map(corpus.documents.source, numbers))
        yield _Lot(numbers, lengths[some].tolist(), sources)


def _find_cuts(
    lot: _Lot, *, texts: NDArray[np.uint8], furniture: AbstractSet[str], least: int, most: int
) -> list[_Cut]:
    """Find what is to be taken out of each document. Takes all texts as UTF-8."""
    found: list[tuple[list[Line], list[bool]]] = []
    pieces: list[str] = []
    for source in lot.sources:
        text = source.read(texts).compared
        lines = list(list_lines(text, furniture))
        found.append((lines, [_in_head(text, line) for line in lines]))
        # Before a line stand as many tokens as in the text up to it, for lines part tokens.
        for line in lines:
            pieces += (_outer(text, line), text[line.start : line.end])
    counted = iter(np.diff(tokenize(pieces).offsets).tolist())
    cuts = []
    for number, length, (lines, heads) in zip(lot.numbers, lot.lengths, found, strict=True):
        taken, tokens = [], []
        for line, head in zip(lines, heads, strict=True):
            outer, own = next(counted), next(counted)
            if 0 < own < most:
                taken.append(line)
                at = outer if head else length - outer - own
                tokens.append((at, at + own))
        if taken and length - sum(end - begin for begin, end in tokens) >= least:
            cuts.append(_Cut(number, taken, tokens))
    return cuts


def _in_head(text: str, line: Line) -> bool:
    return line.start < len(text) - line.end


def _outer(text: str, line: Line) -> str:
    """Give the text from a line to the nearer end."""
    return text[: line.start] if _in_head(text, line) else text[line.end :]
