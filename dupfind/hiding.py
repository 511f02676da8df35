"""Text that does not count: paragraphs that are hidden wherever they stand in a document."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np

from dupfind.arrays import Ints, Words64
from dupfind.model import Document, Skipped
from dupfind.stretches import lay_out
from dupfind.tokens import tokenize

__all__ = ["hide", "split_paragraphs"]

_BATCH: Final = 1 << 20  # characters looked through at once


def split_paragraphs(texts: Iterable[str]) -> list[str]:
    """Split texts where a line is blank."""
    found: dict[str, None] = {}
    for text in texts:
        lines: list[str] = []
        for line in (*text.splitlines(), ""):
            if line.strip():
                lines.append(line)
            elif lines:
                found["\n".join(lines)] = None
                lines = []
    return list(found)


def hide(
    found: Iterable[Document | Skipped], paragraphs: Sequence[str]
) -> Iterator[Document | Skipped]:
    """Hide paragraphs in documents, wherever the same tokens stand in the same order.

    What is hidden already stays hidden, and does not part the tokens around it. Gives the
    documents and all else in the order in which they come.
    """
    patterns = _cut(paragraphs)
    batch: list[Document | Skipped] = []
    volume = 0
    for item in found:
        batch.append(item)
        volume += len(item.text) if isinstance(item, Document) else 0
        if volume >= _BATCH:
            yield from _hide_in(batch, patterns)
            batch, volume = [], 0
    yield from _hide_in(batch, patterns)


def _cut(paragraphs: Sequence[str]) -> list[Words64]:
    tokens = tokenize(paragraphs)
    spans = pairwise(tokens.offsets.tolist())
    return [tokens.hashes[begin:end] for begin, end in spans if end > begin]


def _hide_in(
    batch: Sequence[Document | Skipped], patterns: Sequence[Words64]
) -> Iterator[Document | Skipped]:
    documents = [item for item in batch if isinstance(item, Document)]
    tokens = tokenize([document.compared for document in documents], spans=True)
    owners = np.repeat(np.arange(len(documents)), np.diff(tokens.offsets))
    hidden = [list(document.hidden) for document in documents]
    for pattern in patterns:
        last = len(pattern) - 1
        for first in _find(tokens.hashes, owners, pattern).tolist():
            span = (int(tokens.starts[first]), int(tokens.ends[first + last]))
            hidden[owners[first]].append(span)
    spans = iter(hidden)
    for item in batch:
        if isinstance(item, Document):
            yield msgspec.structs.replace(item, hidden=lay_out(next(spans)))
        else:
            yield item


def _find(hashes: Words64, owners: Ints, pattern: Words64) -> Ints:
    """Find where a run of tokens stands in one document."""
    places: Ints = np.flatnonzero(hashes[: len(hashes) - len(pattern) + 1] == pattern[0])
    for step, token in enumerate(pattern[1:], 1):
        places = places[hashes[places + step] == token]
    inside: Ints = places[owners[places] == owners[places + len(pattern) - 1]]
    return inside
