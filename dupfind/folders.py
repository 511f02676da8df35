"""Folders of our own: marked, so that neither git nor backups look into them, nor we."""

import os
import sys
from pathlib import Path
from re import Pattern
from typing import BinaryIO, Final

from dupfind.errors import OutputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["TAG", "is_own", "lock", "mark", "sync"]

TAG: Final = "CACHEDIR.TAG"
_SIGNATURE: Final = "Signature: 8a477f597d28d172789f06886806bc55\n"
_OURS: Final = " of dupfind; safe to delete.\n"
_IGNORED: Final = {".gitignore": "*\n", ".dupfindignore": "*\n"}


def mark(folder: Path, holds: str, use: str, own: Pattern[str], mode: int = 0o777) -> None:
    """Make a folder that holds something of ours, or check that it is one.

    Takes what it holds, as its tag says, what it is for, what is ours in it by its names, and the
    mode of a new one. Raises `OutputError` where it holds other things, and `OSError` where it
    cannot be made.
    """
    marks = {TAG: f"{_SIGNATURE}# {holds}{_OURS}", **_IGNORED}
    # Whoever was killed while marking it left some of the marks, and marks may have been removed.
    others = {name for name in _list(folder) if name not in marks and not own.fullmatch(name)}
    if others and _read(folder / TAG) != marks[TAG]:
        raise OutputError(f"{str(folder)!r} holds other things; name a new folder for the {use}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode, exist_ok=True)
    for name, text in marks.items():
        if _read(folder / name) != text:
            (folder / name).write_text(text, encoding="utf-8")


def is_own(folder: str | Path) -> bool:
    """Tell whether a folder that has a tag is one of ours."""
    return _read(Path(folder, TAG)).endswith(_OURS)


def lock(folder: Path) -> BinaryIO:
    """Lock a marked folder until the file that is given closes, or this process ends.

    Raises `OutputError` where another run has it, and `OSError` where it cannot be locked.
    """
    file = (folder / TAG).open("r+b")
    try:
        if sys.platform == "win32":
            file.seek(1 << 20)  # What is locked cannot be read there.
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        file.close()
        raise OutputError(
            f"{str(folder)!r} is in use by another run; wait for its end, or name another folder"
        ) from None
    except OSError:
        file.close()
        raise
    return file


def sync(path: Path) -> None:
    """See to it that what a file holds is there after a loss of power."""
    with path.open("r+b") as file:
        os.fsync(file)


def _list(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(1 << 10)
    except OSError:
        return ""
