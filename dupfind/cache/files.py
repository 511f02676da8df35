"""What files were read to, kept between runs, found again by their bytes.

Nothing but the bytes tells: neither size nor time, which say little of a file that was changed a
moment ago. A text that is the file's, as a page's is, is not kept a second time.
"""

from collections.abc import Callable, Iterator
from typing import Final

import msgspec
import numpy as np

from dupfind.cache.packs import KEYS, Columns, Layout, Packs, make_key
from dupfind.model import Document, Skipped
from dupfind.reading import Reading
from dupfind.sources import Found, Note

__all__ = ["LAYOUT", "recall"]

LAYOUT: Final = Layout({"sizes": np.int64, "found": np.uint8}, {"found": "sizes"}, {})
"""What is kept of a file: what it was read to, as MessagePack."""

_NOTHING: Final[Columns] = {"sizes": np.empty(0, np.int64), "found": np.empty(0, np.uint8)}


class _Kept(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What a file was read to, each with its place among all."""

    documents: list[tuple[int, Document]]
    whole: list[int]
    """The places of documents whose text is the file's."""
    skipped: list[tuple[int, Skipped]]
    notes: list[tuple[int, Note]]


def recall(
    kept: Packs,
    form: str,
    path: str,
    reading: Reading,
    data: bytes,
    read: Callable[[], Iterator[Found]],
) -> Iterator[Found]:
    """Give what the bytes of a file were read to by a format, else `read` it."""
    try:
        about = "\0".join((form, path, repr(reading), "")).encode()
    except UnicodeEncodeError:  # A name that is no text.
        yield from read()
        return
    keys = np.array([make_key(about + data)], KEYS)
    rows = kept.find(keys)
    there = rows >= 0
    found = kept.take(rows, _NOTHING)["found"].tobytes() if there.all() else b""
    if there.all():
        yield from _unpack(found, data)
    else:
        items = []
        for item in read():
            items.append(item)
            yield item
        packed = _pack(items, data)
        if packed is None:
            return
        found = packed
    columns = {"sizes": np.array([len(found)]), "found": np.frombuffer(found, np.uint8)}
    kept.keep(keys, columns, ~there)


def _pack(items: list[Found], data: bytes) -> bytes | None:
    """Pack what a file was read to; None where MessagePack has no words for it."""
    text = _decode(data)
    documents: list[tuple[int, Document]] = []
    kept = _Kept(documents, [], [], [])
    for place, item in enumerate(items):
        if isinstance(item, Document):
            whole = item.text == text
            kept.whole.extend([place] if whole else [])
            documents.append((place, msgspec.structs.replace(item, text="") if whole else item))
        elif isinstance(item, Skipped):
            kept.skipped.append((place, item))
        else:
            kept.notes.append((place, item))
    try:
        return msgspec.msgpack.encode(kept)
    except UnicodeEncodeError:  # A surrogate that stands alone.
        return None


def _unpack(packed: bytes, data: bytes) -> Iterator[Found]:
    kept = msgspec.msgpack.decode(packed, type=_Kept)
    found: dict[int, Found] = dict([*kept.documents, *kept.skipped, *kept.notes])
    for place, document in kept.documents:
        if place in kept.whole:
            found[place] = msgspec.structs.replace(document, text=_decode(data))
    for _, item in sorted(found.items()):
        yield item


def _decode(data: bytes) -> str | None:
    """Give the text of a file as most are: UTF-8, perhaps with a byte order mark."""
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None
