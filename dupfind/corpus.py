"""All documents of a run, with their tokens."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64, cut
from dupfind.columns import Column, Held, LookAt, look_at
from dupfind.model import Boilerplate, Document
from dupfind.stretches import Stretch, blank

__all__ = ["Corpus", "Documents", "Source", "Texts"]

_LOT: Final = 1 << 22  # bytes of texts that are looked through at once
_LEAST: Final = 1 << 11  # bytes that a text counts as at least


class Source(NamedTuple):
    """A document without its text, and where that is among all texts, in bytes."""

    told: Document
    begin: int
    end: int

    def read(self, texts: NDArray[np.uint8]) -> Document:
        """Give it with its text, which may hold lone surrogates. Takes all texts as UTF-8."""
        return msgspec.structs.replace(self.told, text=_decode(texts[self.begin : self.end]))


class Texts(NamedTuple):
    """The texts of some documents: where they are among all texts, in bytes."""

    numbers: Ints
    """(documents,) int64."""
    bounds: Ints
    """(documents, 2) int64."""
    hidden: list[tuple[Stretch, ...]]
    """What is not compared of each."""

    def read(self, texts: NDArray[np.uint8]) -> Iterator[tuple[str, str]]:
        """Give each text, and what is compared of it. Takes all texts as UTF-8."""
        for (begin, end), hidden in zip(self.bounds.tolist(), self.hidden, strict=True):
            text = _decode(texts[begin:end])
            yield text, blank(text, hidden)


class Documents:
    """The documents of a run. Their texts lie in a column, and are decoded when asked for."""

    def __init__(self, column: Held = Column, look_at: LookAt = look_at) -> None:
        """Begin empty; `look_at` is told of the texts that are asked for."""
        self.told: list[Document] = []
        """What is known of them, without their texts."""
        self._column = column(np.uint8)
        self._look_at = look_at
        self._sizes: list[int] = []
        self.texts = np.empty(0, dtype=np.uint8)
        """All texts, one after the other, as UTF-8."""
        self.offsets: Ints = np.zeros(1, dtype=np.int64)
        """(documents + 1,) int64: where each begins there, and where the last one ends."""

    @classmethod
    def of(
        cls, told: list[Document], texts: NDArray[np.uint8], offsets: Ints, look_at: LookAt
    ) -> Self:
        """Give documents that were closed, of what they consisted of then."""
        documents = cls(look_at=look_at)
        documents.told, documents.texts, documents.offsets = told, texts, offsets
        return documents

    def extend(self, documents: Iterable[Document]) -> None:
        """Add documents."""
        texts = []
        for document in documents:
            texts.append(document.text.encode("utf-8", "surrogatepass"))
            self.told.append(msgspec.structs.replace(document, text=""))
        self._sizes += map(len, texts)
        self._column.extend(np.frombuffer(b"".join(texts), dtype=np.uint8))

    def close(self) -> Self:
        """End the adding of documents; from now on they can be asked for."""
        self.texts = self._column.close()
        self.offsets = np.append(0, np.cumsum(self._sizes, dtype=np.int64))
        return self

    def __len__(self) -> int:
        return len(self.told)

    def __getitem__(self, number: int) -> Document:
        source = self.source(number)
        self._look_at(source.end - source.begin)
        return source.read(self.texts)

    def source(self, number: int) -> Source:
        """Give a document without its text."""
        return Source(self.told[number], *self.offsets[number : number + 2].tolist())

    def cut_texts(self, some: Ints) -> Iterator[Texts]:
        """Cut the texts of some documents, (documents,) int64, into lots to be looked through."""
        sizes = np.diff(self.offsets)[some]
        for own in cut(np.maximum(sizes, _LEAST), _LOT):
            numbers = some[own]
            bounds = np.stack((self.offsets[numbers], self.offsets[numbers + 1]), axis=1)
            yield Texts(numbers, bounds, [self.told[number].hidden for number in numbers.tolist()])

    def hide(self, number: int, hidden: tuple[Stretch, ...]) -> None:
        """Hide stretches of a document's text, and none beside."""
        self.told[number] = msgspec.structs.replace(self.told[number], hidden=hidden)


def _decode(text: NDArray[np.uint8]) -> str:
    return text.tobytes().decode("utf-8", "surrogatepass")


class Corpus(NamedTuple):
    """All documents of a run, sorted by path, with their tokens."""

    documents: Documents
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
