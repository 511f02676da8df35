"""Resuming: the stages of a run kept in a folder, for a run after it that was ended goes on there.

    DIR/.gitignore, CACHEDIR.TAG
    DIR/reading, pairing       what these stages made; see `dupfind.keeping`
    DIR/verifying/BATCH        what this stage has made so far
    DIR/batches                how large they are
    DIR/run-…                  the files of the run that is at it

What a stage made is taken where its key is the same: a hash of the program's version, the
settings that it depends on, and of what it was made of. For reading that is the stamps of the
files; for pairing what was read, whether or not it had to be read again; for verifying the
key of pairing.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final, NamedTuple, Self, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64
from dupfind.candidates import Candidates
from dupfind.columns import LookAt
from dupfind.corpus import Corpus, Documents
from dupfind.errors import OutputError
from dupfind.folders import lock, mark
from dupfind.keeping import is_kept, keep, take
from dupfind.model import Boilerplate, Document, Skipped
from dupfind.running import Run
from dupfind.settings import Settings
from dupfind.signing import sign, sum_up
from dupfind.sketches import Sketch
from dupfind.stretches import Stretch
from dupfind.verification import Batch, Verified

if TYPE_CHECKING:
    from dupfind.sources.inputs import Inputs

__all__ = ["Paired", "Read", "Stages"]

_SKETCHING: Final = ("shingle_size", "num_perm", "bands", "rows", "guarantee")
_PAIRING: Final = (*_SKETCHING, "min_words")
_VERIFYING: Final = (*_PAIRING, "threshold")
_PRIVATE: Final = 0o700
_STAGES: Final = ("verifying", "batches", "pairing", "reading")
_OWN: Final = re.compile("|".join((*_STAGES, r"run-\w+")))

T = TypeVar("T")


class Read(NamedTuple):
    """What reading and sketching makes."""

    told: list[Document]
    """What is known of the documents, without their texts."""
    texts: NDArray[np.uint8]
    """All texts, one after the other, as UTF-8."""
    offsets: Ints
    """(documents + 1,) int64: where each begins there."""
    skipped: list[Skipped]
    sketch: Sketch

    def documents(self, look_at: LookAt) -> Documents:
        """Give the documents."""
        return Documents.of(self.told, self.texts, self.offsets, look_at)


class Paired(NamedTuple):
    """What pairing makes: the candidates, and the corpus as it is compared."""

    candidates: Candidates
    hashes: Words64
    kinds: NDArray[np.uint8]
    offsets: Ints
    first: Ints
    """Of these see `dupfind.corpus.Corpus`."""
    furniture: tuple[Boilerplate, ...]
    hidden: list[tuple[int, tuple[Stretch, ...]]]
    """The documents of which more is hidden than was when they were read, and what is."""
    short: list[Skipped]

    def corpus(self, documents: Documents) -> Corpus:
        """Give the corpus of the documents that were read."""
        for number, hidden in self.hidden:
            documents.hide(number, hidden)
        return Corpus(documents, self.hashes, self.kinds, self.offsets, self.first, self.furniture)


class _Sizes(NamedTuple):
    tokens: int
    most: int


class Stages:
    """The stages of a run, kept in a folder that one run at a time works in.

    `inputs` tells what is read, and `tell` is told of each stage whether it was taken from the
    folder. Raises `OutputError` where the folder is in use, holds other things, or cannot be
    written to.
    """

    def __init__(
        self, folder: Path, inputs: "Inputs", tell: Callable[[str], object] | None = None
    ) -> None:
        self._folder = folder
        self._inputs = inputs
        inputs.watch()
        self._tell = tell
        self._before = ""
        try:
            mark(folder, "Stages of a run", "work directory", _OWN, _PRIVATE)
            self._lock = lock(folder)
            folder.chmod(_PRIVATE)
            for left in folder.glob("run-*"):
                shutil.rmtree(left, ignore_errors=True)
            self.files = Path(mkdtemp(prefix="run-", dir=folder))
            """Where the files of the run are to be."""
        except OSError as error:
            reason = error.strerror
            raise OutputError(f"{str(folder)!r} cannot be a work directory: {reason}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.files, ignore_errors=True)
        self._lock.close()

    def finish(self) -> None:
        """Remove what was kept: the run is at its end."""
        for name in _STAGES:
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def read(self, settings: Settings, run: Run, make: Callable[[], Read]) -> Read:
        """Take what was read, or read, and keep it if it is sure that it can be told again."""
        folder = self._folder / "reading"
        name = partial(sign, Read, _choose(settings, _SKETCHING))
        there = self._inputs.look() if folder.is_dir() else None
        kept = take(folder, Read, name(there), run.open) if there else None
        self._note("reading and sketching", taken=kept is not None)
        if kept is not None:
            self._before = kept.digest
            read: Read = kept.made
            return read
        made = make()
        told = msgspec.msgpack.encode((made.told, made.skipped))
        self._before = sum_up(run.look_at, made.texts, made.offsets, told)
        there = self._inputs.recall()
        if there is None or any(item.reason == "unreadable" for item in made.skipped):
            return made
        return self._keep(folder, made, Read, name(there), run, self._before)

    def pair(self, settings: Settings, run: Run, make: Callable[[], Paired]) -> Paired:
        """Take what was paired, or pair what was read."""
        folder = self._folder / "pairing"
        self._before = sign(Paired, _choose(settings, _PAIRING), self._before)
        kept = take(folder, Paired, self._before, run.open)
        self._note("pairing", taken=kept is not None)
        if kept is None:
            return self._keep(folder, make(), Paired, self._before, run)
        paired: Paired = kept.made
        return paired

    def size(self, settings: Settings, run: Run, tokens: int, most: int) -> tuple[int, int]:
        """Give the tokens of a batch to verify, and the most that memory has room for.

        They are those of the batches that there are, unless these are larger than `most`.
        """
        self._before = sign(Verified, _choose(settings, _VERIFYING), self._before)
        kept = take(self._folder / "batches", _Sizes, self._before, run.open)
        if kept is not None and kept.made.most <= most:
            sizes: _Sizes = kept.made
            return sizes
        return self._keep(self._folder / "batches", _Sizes(tokens, most), _Sizes, self._before, run)

    def verify(
        self, run: Run, task: Callable[[Batch], Verified], batches: Sequence[Batch]
    ) -> Iterator[Verified]:
        """Verify the batches that are not there yet; whichever process does it keeps it."""
        folder = self._folder / "verifying"
        keys = [sign(Verified, sum_up(run.look_at, *batch), self._before) for batch in batches]
        needed = set(keys)
        for left in folder.glob("*"):
            if left.name not in needed:
                shutil.rmtree(left, ignore_errors=True)
        missing = [not is_kept(folder / key, key) for key in keys]
        count = len(batches) - sum(missing)
        some = f"{count:,} of {len(batches):,} batches" if 0 < count < len(batches) else ""
        self._note("verifying", some, taken=count > 0)
        asked = [
            (key, batch) for key, batch, lacks in zip(keys, batches, missing, strict=True) if lacks
        ]
        made = run(partial(_verify, task=task, folder=folder, aside=self.files), asked, "verifying")
        for key, lacks in zip(keys, missing, strict=True):
            if lacks:
                next(made)
            yield self._take(folder / key, Verified, key, run)
        # It has something to put away when all is done.
        next(made, None)

    def _keep(
        self, folder: Path, made: T, kind: type[T], key: str, run: Run, digest: str = ""
    ) -> T:
        """Keep what was made, and give it as it lies there: memory needs it no longer."""
        keep(folder, self.files, made, kind, key, digest=digest, link=run.link)
        return self._take(folder, kind, key, run)

    def _take(self, folder: Path, kind: type[T], key: str, run: Run) -> T:
        kept = take(folder, kind, key, run.open)
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)
            raise OutputError(
                f"what was kept in {str(self._folder)!r} was damaged, and is removed; try again"
            )
        made: T = kept.made
        return made

    def _note(self, stage: str, some: str = "", *, taken: bool) -> None:
        what = f"{some} taken from" if some else "taken from" if taken else "not in"
        if self._tell:
            self._tell(f"{stage}: {what} the work directory")


def _verify(
    asked: tuple[str, Batch], *, task: Callable[[Batch], Verified], folder: Path, aside: Path
) -> None:
    key, batch = asked
    keep(folder / key, aside, task(batch), Verified, key, link=_never)


def _never(_array: object, _path: Path) -> bool:
    return False


def _choose(settings: Settings, names: tuple[str, ...]) -> list[object]:
    return [getattr(settings, name) for name in names]
