"""Where reports go: the terminal, a pipe, or a file that is whole or not there at all."""

import os
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Final, NamedTuple

from dupfind.errors import OutputError
from dupfind.reports import FORMS, Style, render

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["Output", "choose_color", "open_output", "replace"]

_BY_EXTENSION: Final = {extension: form for form, known in FORMS.items() for extension in known}


def choose_color(asked: str) -> bool:
    """Decide on color for standard output: as asked, else NO_COLOR, FORCE_COLOR, a terminal."""
    if asked != "auto":
        return asked == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


class Output(NamedTuple):
    """A place for a report, and the form it takes there."""

    path: Path | None
    """None for standard output."""
    form: str

    def write(self, findings: "Findings", *, colored: bool, diff: bool) -> None:
        """Write the report. Raises `OutputError` where the file cannot be written."""
        if self.path is not None:
            replace(self.path, render(self.form, findings, Style(diff=diff)))
            return
        width = get_terminal_size().columns if sys.stdout.isatty() else None
        style = Style(colored, diff, width, sys.stdout.encoding)
        sys.stdout.flush()
        for piece in render(self.form, findings, style):
            sys.stdout.buffer.write(piece)


def open_output(name: str, form: str | None) -> Output:
    """Check an output before the work begins.

    Takes a file's name, `-` for standard output, and the form asked for, if any. Raises
    `OutputError` where the name's extension tells no form or its folder does not exist.
    """
    if name == "-":
        return Output(None, form or "terminal")
    path = Path(name)
    known = form or _BY_EXTENSION.get(path.suffix.lower())
    if known is None:
        extensions = " or ".join(sorted(_BY_EXTENSION))
        raise OutputError(f"{name!r}: no form has this extension; use {extensions}, or --format")
    if path.is_dir():
        raise OutputError(f"{name!r} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise OutputError(f"{name!r}: its folder does not exist; create it first")
    return Output(path, known)


def replace(path: Path, content: Iterable[bytes]) -> None:
    """Write a file whole: into a temporary one beside it, which then takes its name."""
    shown = str(path)
    path = path.resolve()  # What a link points to is replaced, not the link.
    temporary = None
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:  # A device or a named pipe stays what it is.
                file.writelines(content)
            return
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".dupfind-", delete=False) as file:
            temporary = Path(file.name)
            file.writelines(content)
        # A temporary file is private; a report is as readable as what it replaces.
        temporary.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        reason = error.strerror or error
        raise OutputError(f"{shown!r} cannot be written: {reason}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
