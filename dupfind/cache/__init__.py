"""The cache: what was found out about texts, kept between runs.

    DIR/.gitignore, CACHEDIR.TAG
    DIR/SETTINGS/…    packs; see `dupfind.cache.packs`

What sketches depend on, settings and the program's version, names the folder of their packs.
"""

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from dupfind import __version__
from dupfind.cache import sketches
from dupfind.cache.packs import Packs
from dupfind.errors import OutputError
from dupfind.sketches import Sketch

__all__ = ["Cache"]

_TAG: Final = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# Sketches of dupfind; safe to delete.\n"
)


class Cache:
    """Sketches kept in a folder.

    Raises `OutputError` where the folder cannot be written to, or is none of a cache.
    """

    def __init__(self, folder: Path, bands: int, *settings: int) -> None:
        name = blake2b(repr((__version__, bands, settings)).encode(), digest_size=8).hexdigest()
        try:
            _mark(folder)
            self._sketches = Packs(folder / name, sketches.lay_out(bands))
        except OSError as error:
            raise OutputError(f"{str(folder)!r} cannot be a cache: {error.strerror}") from None

    def __enter__(self) -> Self:
        self._sketches.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._sketches.__exit__(kind, error, trace)

    def sketch(
        self,
        run: Callable[[Iterable[list[str]]], Iterator[Sketch]],
        batches: Iterable[list[str]],
    ) -> Iterator[Sketch]:
        """Sketch batches of texts; `run` gets those texts that are not kept here."""
        return sketches.sketch(self._sketches, run, batches)


def _mark(folder: Path) -> None:
    """Make the folder of a cache, which neither git nor backups look into, nor we."""
    if folder.is_dir() and not (folder / "CACHEDIR.TAG").exists() and any(folder.iterdir()):
        raise OutputError(f"{str(folder)!r} holds other things; name a new folder for the cache")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n"), (".dupfindignore", "*\n")):
        path = folder / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
