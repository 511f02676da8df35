"""Where reports go: the terminal, a pipe, or a file that is whole or not there at all."""

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Final, NamedTuple

from dupfind.errors import OutputError
from dupfind.reports import FORMS, Style, render

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["Output", "choose_color", "open_output", "open_outputs", "replace", "split_form"]

_BY_EXTENSION: Final = {extension: form for form, known in FORMS.items() for extension in known}
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


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

    def write(
        self,
        findings: "Findings",
        *,
        colored: bool,
        diff: bool,
        null: bool = False,
        paired: bool = False,
    ) -> None:
        """Write the report. Raises `OutputError` where the file cannot be written."""
        if self.path is not None:
            style = Style(diff=diff, null=null, paired=paired)
            replace(self.path, render(self.form, findings, style))
            return
        on_terminal = sys.stdout.isatty()
        width = get_terminal_size().columns if on_terminal else None
        style = Style(colored, diff, width, sys.stdout.encoding, paired, null)
        sys.stdout.flush()
        for piece in render(self.form, findings, style):
            # Forms for tools hold names as they are; none of them may steer the terminal.
            shown = _disarm(piece) if on_terminal and self.form != "terminal" else piece
            sys.stdout.buffer.write(shown)


def open_outputs(names: Sequence[str], form: str | None) -> list[Output]:
    """Check the outputs of a command, by default standard output; see `open_output`.

    Raises `OutputError` also where two reports would go to the same place.
    """
    outputs = [open_output(name, form) for name in names or ("-",)]
    taken = set()
    for output, name in zip(outputs, names, strict=False):
        place = output.path.resolve() if output.path else None
        if place in taken:
            raise OutputError(f"{name!r} is where another report goes; give each a file of its own")
        taken.add(place)
    return outputs


def open_output(name: str, form: str | None) -> Output:
    """Check an output before the work begins.

    Takes a file's name, `-` for standard output, and the form asked for, if any; `FORM:` before
    the name asks for one, too. Raises `OutputError` where neither a form is asked for nor the
    name's extension tells one, or its folder does not exist.
    """
    prefix, name = split_form(name)
    form = prefix or form
    if name == "-":
        return Output(None, form or "terminal")
    if not name:
        raise OutputError(f"'{prefix}:' names no file; write {prefix}:FILE, or {prefix}:-")
    path = Path(name)
    known = form or _tell_form(path.name.lower())
    if known is None:
        raise OutputError(
            f"{name!r}: no form has this extension; use {', '.join(sorted(_BY_EXTENSION))}, "
            "or name the form, as in csv:FILE"
        )
    if path.is_dir():
        raise OutputError(f"{name!r} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise OutputError(f"{name!r}: its folder does not exist; create it first")
    return Output(path, known)


def split_form(name: str) -> tuple[str, str]:
    """Split an output into the form before it, empty where there is none, and the name.

    Any other text before a colon belongs to the name, so that those of Windows' drives are what
    they seem.
    """
    prefix, colon, rest = name.partition(":")
    return (prefix, rest) if colon and prefix in FORMS else ("", name)


def _tell_form(name: str) -> str | None:
    """Tell a form by the longest of the extensions that the name ends in."""
    known = [extension for extension in _BY_EXTENSION if name.endswith(extension)]
    return _BY_EXTENSION[max(known, key=len)] if known else None


def _disarm(piece: bytes) -> bytes:
    """Show control and direction characters as escapes, those of JSON, but for white space."""
    text = piece.decode("utf-8", "surrogateescape")
    shown = _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return shown.encode("utf-8", "surrogateescape")


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
