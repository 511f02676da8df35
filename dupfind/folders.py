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
    mode of a new one. Raises `OutputError` where it is none, or holds other things, and `OSError`
    where it cannot be made.
    """
    nearest = next((some for some in (folder, *folder.parents) if some.exists()), Path())
    if not nearest.is_dir():
        raise OutputError(f"{str(nearest)!r} is no folder; name a new one for the {use}")
    marks = {TAG: f"{_SIGNATURE}# {holds}{_OURS}", **_IGNORED}
    there = list(folder.iterdir()) if folder.exists() else []
    # Whoever was killed while marking it left some of the marks, and marks may have been removed.
    ours = [path for path in there if path.name in marks or own.fullmatch(path.name)]
    others = len(ours) < len(there) and _read(folder / TAG) != marks[TAG]
    # Through a link what is somebody else's would be written to, or removed.
    if others or any(path.is_symlink() for path in ours):
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


def _read(path: Path) -> str:
    """Give the first characters of a file; none of what is no file, such as a pipe."""
    try:
        if not path.is_file():
            return ""
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(1 << 10)
    except OSError:
        return ""
