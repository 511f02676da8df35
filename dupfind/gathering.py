"""What a run compares: documents, the references beside them, less the text that does not count."""

from collections.abc import Iterable, Iterator

import msgspec

from dupfind.errors import SourceError
from dupfind.hiding import hide, split_paragraphs
from dupfind.model import Document, Skipped

__all__ = ["gather"]

Found = Iterable[Document | Skipped]


def gather(found: Found, references: Found = (), boilerplate: Found = ()) -> Found:
    """Gather what is to be compared.

    Takes the documents to report on, those they are also compared with, and those whose
    paragraphs do not count. A path that is among the first is no reference. Raises
    `SourceError` at the call where boilerplate cannot be read.
    """
    texts = []
    for item in boilerplate:
        if isinstance(item, Skipped):
            detail = f" ({item.detail})" if item.detail else ""
            raise SourceError(f"{item.path!r} is no text of boilerplate: {item.reason}{detail}")
        texts.append(item.text)
    gathered = _add(found, references)
    return hide(gathered, split_paragraphs(texts)) if texts else gathered


def _add(found: Found, references: Found) -> Iterator[Document | Skipped]:
    paths = set()
    for item in found:
        paths.add(item.path)
        yield item
    for item in references:
        if item.path not in paths:
            if isinstance(item, Document):
                yield msgspec.structs.replace(item, reference=True)
            else:
                yield item
