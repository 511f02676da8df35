"""Reading and sketching: documents come batch by batch, and are sketched as they come."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from dupfind.corpus import Documents
from dupfind.minhash import Permutations
from dupfind.model import Document, Skipped
from dupfind.resuming import Read
from dupfind.running import Run, Watch
from dupfind.settings import Settings
from dupfind.sketches import join, sketch

if TYPE_CHECKING:
    from dupfind.cache import Cache

__all__ = ["MUCH", "sketch_all"]

MUCH: Final = 1 << 22
"""Characters that are worth the start of worker processes."""
_BATCH: Final = 1 << 20  # characters sketched at once


def sketch_all(
    found: Iterable[Document | Skipped],
    settings: Settings,
    parameters: Permutations,
    run: Run,
    watch: Watch,
    cache: "Cache | None" = None,
) -> Read:
    """Sketch documents, batch by batch, as they are read; give them and what was skipped, too.

    A cache gives the sketches that it keeps, and keeps the others.
    """
    documents = Documents(run.column, run.look_at)
    skipped: list[Skipped] = []
    task = partial(
        sketch,
        size=settings.shingle_size,
        window=settings.window,
        bands=settings.bands,
        rows=settings.rows,
        parameters=parameters,
    )
    batches = _read(found, documents, skipped, run, watch)
    stage = "reading and sketching"
    if cache is None:
        sketches = run(task, batches, stage)
    else:
        sketches = cache.sketch(lambda missing: run(task, missing, stage), batches)
    joined = join(sketches, settings.bands, run.column)
    documents.close()
    return Read(documents.told, documents.texts, documents.offsets, skipped, joined)


def _read(
    found: Iterable[Document | Skipped],
    documents: Documents,
    skipped: list[Skipped],
    run: Run,
    watch: Watch,
) -> Iterator[list[str]]:
    """Collect what is found, and give the texts batch by batch."""
    batch: list[Document] = []
    volume = room = 0
    watch("reading and sketching", 0, 0)
    for item in found:
        if isinstance(item, Skipped):
            skipped.append(item)
            continue
        batch.append(item)
        room += len(item.text) + 1
        if room >= _BATCH:
            documents.extend(batch)
            yield [document.compared for document in batch]
            # One giant document is sketched here: to hand it over would take longer.
            volume += room
            if volume >= MUCH:
                run.prepare()
            watch("reading and sketching", len(documents), 0)
            batch, room = [], 0
    if batch:
        documents.extend(batch)
        yield [document.compared for document in batch]
