"""Pages: documents whose text is that of the file, or near it, and which declare fields."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from dupfind.model import Document
from dupfind.sources.metadata import describe
from dupfind.sources.titles import find_title
from dupfind.stretches import Stretch, lay_out

__all__ = ["make_page"]


def make_page(
    path: str,
    text: str,
    hidden: Iterable[Stretch],
    fields: Mapping[str, Any],
    *,
    markdown: bool = False,
) -> Document:
    """Make the document of a page.

    Takes what of its text is hidden, in any order, and the fields that it declares. Where these
    name no title, the headline of what is not hidden is it.
    """
    document = Document(path=path, text=text, hidden=lay_out(hidden))
    described = describe(fields)
    if described["title"] is None:
        described["title"] = find_title(document.compared.lstrip(), markdown=markdown)
    return msgspec.structs.replace(document, **described)
