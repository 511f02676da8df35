"""Corpora made to hurt: each as large as a benign one, and all of one thing.

Every maker gives texts; `write` takes as many as fill the bytes.
"""

import json
import random
from collections.abc import Callable, Iterator
from itertools import accumulate, chain, count, repeat
from pathlib import Path
from typing import Final

from bulk import Wire
from wire.forms import design
from wire.grammar import load
from wire.stories import Newsroom
from wire.text import Ink

__all__ = ["HURTS", "write"]

_SEED: Final = "hurt"
_LARGE: Final = 50_000_000  # bytes
_SHORT: Final = 10  # words
_PARAGRAPH: Final = 6  # sentences
_SENTENCES: Final = 5_000
_PER_DOCUMENT: Final = 15
_DAY: Final = 24  # hours

Texts = Iterator[str]


def write(texts: Texts, size: int, path: Path) -> int:
    """Write records as JSON Lines until so many bytes are full; give how many there are."""
    written = documents = 0
    with path.open("w", encoding="utf-8") as lines:
        while written < size:
            line = json.dumps({"id": str(documents), "text": next(texts)}, ensure_ascii=False)
            lines.write(line + "\n")
            written += len(line.encode()) + 1
            documents += 1
    return documents


def _tell(benign: Wire) -> Texts:
    return (record["text"] for record in benign.endless())


def _identical(benign: Wire, _size: int) -> Texts:
    return repeat(next(_tell(benign)))


def _one_form(_benign: Wire, _size: int) -> Texts:
    form = design(_open_newsroom())
    return (form.fill(_DAY * (day % 3650)).set().text for day in count())


def _boilerplate(benign: Wire, _size: int) -> Texts:
    newsroom = _open_newsroom()
    paragraph = " ".join(_say(newsroom) for _ in range(_PARAGRAPH))
    return (f"{text}\n\n{paragraph}" for text in _tell(benign))


def _one_document(benign: Wire, size: int) -> Texts:
    texts = _tell(benign)
    parts: list[str] = []
    held = 0
    while held < min(_LARGE, size):
        parts.append(next(texts))
        held += len(parts[-1].encode()) + 2
    return chain(("\n\n".join(parts),), texts)


def _ten_words(benign: Wire, _size: int) -> Texts:
    for text in _tell(benign):
        words = text.split()
        for at in range(0, len(words) - _SHORT + 1, _SHORT):
            yield " ".join(words[at : at + _SHORT])


def _zipf(_benign: Wire, _size: int) -> Texts:
    newsroom = _open_newsroom()
    sentences = [_say(newsroom) for _ in range(_SENTENCES)]
    weights = list(accumulate(1 / rank for rank in range(1, _SENTENCES + 1)))
    while True:
        yield " ".join(newsroom.source.choices(sentences, cum_weights=weights, k=_PER_DOCUMENT))


def _open_newsroom() -> Newsroom:
    return Newsroom(load("en"), random.Random(_SEED), Ink())


def _say(newsroom: Newsroom) -> str:
    return " ".join(newsroom.sentence("sentence", newsroom.draw()).words)


HURTS: Final[dict[str, Callable[[Wire, int], Texts]]] = {
    "all documents identical": _identical,
    "all from one form": _one_form,
    "one paragraph in every document": _boilerplate,
    "one document of 50 MB": _one_document,
    "documents of ten words": _ten_words,
    "sentences repeated by Zipf's law": _zipf,
}
"""How each is made, of the benign corpus and of the bytes to fill. The large document is as large
as the corpus where that is smaller; what room it leaves the benign corpus fills."""
