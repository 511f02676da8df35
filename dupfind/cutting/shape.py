"""Shape: what a file is made of, from the outside in; see `sources.opening`."""

import os
from io import BufferedReader, FileIO
from typing import Final, NamedTuple

from dupfind.sources import formats
from dupfind.sources.archives import archive_of
from dupfind.sources.decoding import Transcoded, marked
from dupfind.sources.streams import BUFFER, look_ahead
from dupfind.sources.unpacking import Budget, packing_of

__all__ = [
    "ARCHIVES",
    "RECORDS",
    "Core",
    "Shape",
    "begin_budget",
    "find_core",
    "open_file",
    "shape_by_name",
    "shape_of",
]

RECORDS: Final = {
    "arrow": "arrow",
    "csv": "csv",
    "json": "json",
    "jsonlines": "jsonlines",
    "mail": "mail",
    "ninjs": "json",
    "parquet": "parquet",
}
"""The formats of which records can be cut out, and what cuts them."""
ARCHIVES: Final = ("zip", "tar")


class Shape(NamedTuple):
    """What a file is made of."""

    kind: str
    """A format, or zip or tar."""
    layers: tuple[str, ...] = ()
    """What it is packed or encoded in, from the outside in."""


class Core(NamedTuple):
    """What is inside of all packings."""

    stream: BufferedReader
    shape: Shape


def shape_by_name(name: str) -> Shape | None:
    """Tell by its name what a file to write is; None where nothing of this name can be cut."""
    layers = []
    while packed := packing_of(b"", name):
        layers.append(packed[0].name)
        name = packed[1]
    form = formats.by_name(name)
    kind = archive_of(b"", name) or (form.name if form else "")
    return Shape(kind, tuple(layers)) if kind in {*RECORDS, *ARCHIVES} else None


def shape_of(name: str) -> Shape:
    """Tell what a file is made of. Raises `OSError` where it cannot be read."""
    budget = begin_budget(name)
    with open_file(name) as stream:
        return find_core(stream, name, budget).shape


def open_file(name: str) -> BufferedReader:
    """Open a file, what packs it not undone."""
    return BufferedReader(FileIO(name), BUFFER)  # As sources opens it.


def begin_budget(name: str) -> Budget:
    """Begin to count what is unpacked from a file."""
    budget = Budget()
    budget.packed = os.path.getsize(name)  # noqa: PTH202 - a name as sources gives it
    return budget


def find_core(stream: BufferedReader, name: str, budget: Budget) -> Core:
    """Open a file down to what holds its documents; see `sources.opening`."""
    layers = []
    while True:
        head = look_ahead(stream)
        if encoding := marked(head):
            layers.append(encoding)
            stream = BufferedReader(Transcoded(stream, encoding), BUFFER)
            head = look_ahead(stream)
        form = formats.by_content(head)
        packed = packing_of(head, name) if form is None else None
        if packed is None:
            break
        packing, name = packed
        layers.append(packing.name)
        stream = packing.open(stream, budget)
    kind = archive_of(head, name) if form is None else None
    form = form or formats.by_name(name) or formats.TEXT
    return Core(stream, Shape(kind or form.name, tuple(layers)))
