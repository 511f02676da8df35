"""All documents of a run, with their tokens."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64
from dupfind.model import Boilerplate, Document

__all__ = ["Corpus"]


class Corpus(NamedTuple):
    """All documents of a run, sorted by path, with their tokens."""

    documents: list[Document]
    hashes: Words64
    """(tokens,) uint64."""
    kinds: NDArray[np.uint8]
    """(tokens,) uint8: what each is; see `dupfind.tokens`."""
    offsets: Ints
    """(documents + 1,) int64: tokens of document i are `offsets[i]:offsets[i + 1]`."""
    first: Ints
    """(documents,) int64: the document that stands for all that have the same tokens."""
    furniture: tuple[Boilerplate, ...] = ()
    """The lines that were taken out of documents, and out of how many each."""

    @property
    def lengths(self) -> Ints:
        """(documents,) int64: words of each document."""
        return np.diff(self.offsets)
