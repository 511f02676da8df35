"""The cache: what was found out about texts, kept between runs.

    DIR/.gitignore, CACHEDIR.TAG
    DIR/files-LIBRARIES/…      packs; see `dupfind.cache.packs`
    DIR/permutations-SETTINGS/…
    DIR/sketches-SETTINGS/…
    DIR/pairs-SETTINGS/…
    DIR/clusters-VERSION/…

What they depend on, settings and the versions of the program and what it reads with, names their
folders; one that was not used for a month is removed.
"""

import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from unicodedata import unidata_version

import numpy as np
from numpy.typing import NDArray

from dupfind import __version__
from dupfind.arrays import Ints
from dupfind.building import Built, Lot
from dupfind.cache import clusters, files, pairs, sketches
from dupfind.cache.packs import Packs
from dupfind.corpus import Corpus
from dupfind.errors import OutputError
from dupfind.folders import mark
from dupfind.minhash import Permutations
from dupfind.passages import LEAST
from dupfind.reading import Reading
from dupfind.settings import Settings
from dupfind.signing import tell_program
from dupfind.sketches import Sketch
from dupfind.sources import Found

__all__ = ["Cache"]

_OWN: Final = re.compile(r"(?:clusters|files|pairs|permutations|sketches)-[0-9a-f]{16}")
_MONTH: Final = 30 * 24 * 60 * 60  # seconds after which what nobody used is removed


class Cache:
    """What is kept in a folder.

    Raises `OutputError` where the folder cannot be written to, or is none of a cache.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        of = settings
        sketched = (of.bands, of.rows, of.num_perm, of.shingle_size, of.window)
        verified = (of.shingle_size, min(LEAST, of.guarantee), of.threshold)
        self._stack = ExitStack()
        try:
            mark(folder, "What was found out about texts, kept", "cache", _OWN)
            _remove_unused(folder)
            self._permutations = Packs(
                _name(folder, "permutations", (of.num_perm, version("datasketch"))),
                sketches.lay_out_permutations(of.num_perm),
            )
            self._sketches = Packs(_name(folder, "sketches", sketched), sketches.lay_out(of.bands))
            self._files = Packs(_name(folder, "files", tell_program()), files.LAYOUT)
            self._pairs = Packs(_name(folder, "pairs", verified), pairs.LAYOUT)
            self._clusters = Packs(_name(folder, "clusters", ()), clusters.LAYOUT)
        except OSError as error:
            raise OutputError(f"{str(folder)!r} cannot be a cache: {error.strerror}") from None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for packs in (
                self._permutations, self._files, self._sketches, self._pairs, self._clusters
            ):  # fmt: skip
                stack.enter_context(packs)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def permute(self, num_perm: int) -> Permutations:
        """Give the permutations of so many values; see `dupfind.minhash.permutations`."""
        return sketches.permute(self._permutations, num_perm)

    def sketch(
        self,
        run: Callable[[Iterable[list[str]]], Iterator[Sketch]],
        batches: Iterable[list[str]],
    ) -> Iterator[Sketch]:
        """Sketch batches of texts; `run` gets those texts that are not kept here."""
        return sketches.sketch(self._sketches, run, batches)

    def recall(
        self,
        form: str,
        path: str,
        reading: Reading,
        data: bytes,
        read: Callable[[], Iterator[Found]],
    ) -> Iterator[Found]:
        """Give what the bytes of a file were read to; `read` gives what is not kept here."""
        return files.recall(self._files, form, path, reading, data, read)

    def look_up(self, corpus: Corpus, among: Ints) -> pairs.KnownPairs:
        """Look up what is known of pairs, (pairs, 2) int64 document numbers."""
        return pairs.KnownPairs(self._pairs, corpus, among)

    def build(
        self,
        run: Callable[[Iterable[Lot]], Iterator[Built]],
        texts: NDArray[np.uint8],
        lots: Iterable[Lot],
    ) -> Iterator[Built]:
        """Build lots; `run` gets what is not kept here. Takes all texts as UTF-8."""
        return clusters.build(self._clusters, run, texts, lots)


def _name(folder: Path, what: str, settings: object) -> Path:
    """Name the folder of what depends on settings, the program's version, and Python's Unicode."""
    told = repr((__version__, unidata_version, settings)).encode()
    return folder / f"{what}-{blake2b(told, digest_size=8).hexdigest()}"


def _remove_unused(folder: Path) -> None:
    """Remove what other versions and settings have left: a run changes the folders it uses."""
    for path in folder.iterdir():
        with suppress(OSError):
            if _OWN.fullmatch(path.name) and path.stat().st_mtime < time.time() - _MONTH:
                shutil.rmtree(path, ignore_errors=True)
