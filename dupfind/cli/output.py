"""Where reports go: the terminal, a pipe, or a file that is whole or not there at all."""

import os
import sys
import tempfile
from contextlib import suppress
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from dupfind.errors import OutputError

if TYPE_CHECKING:
    from dupfind.assembly import Findings

__all__ = ["Output", "choose_color", "open_output"]

_FORMS: Final = {".json": "json", ".txt": "terminal"}


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
        if self.path is None:
            self._write_out(findings, colored=colored, diff=diff)
            return
        if self.form == "json":
            content = _encode(findings)
        else:
            page = StringIO()
            _print(findings, page, colored=False, diff=diff)
            content = page.getvalue().encode("utf-8", "backslashreplace")
        _replace(self.path, content)

    def _write_out(self, findings: "Findings", *, colored: bool, diff: bool) -> None:
        if isinstance(sys.stdout, TextIOWrapper):
            # Whatever the locale can encode, the report arrives.
            sys.stdout.reconfigure(errors="backslashreplace")
        if self.form == "json":
            sys.stdout.flush()
            sys.stdout.buffer.write(_encode(findings))
        else:
            _print(findings, sys.stdout, colored=colored, diff=diff)


def open_output(name: str, form: str | None) -> Output:
    """Check an output before the work begins.

    Takes a file's name, `-` for standard output, and the form asked for, if any. Raises
    `OutputError` where the name's extension tells no form or its folder does not exist.
    """
    if name == "-":
        return Output(None, form or "terminal")
    path = Path(name)
    known = form or _FORMS.get(path.suffix.lower())
    if known is None:
        raise OutputError(
            f"{name!r}: no form has this extension; use {' or '.join(_FORMS)}, or --format"
        )
    if path.is_dir():
        raise OutputError(f"{name!r} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise OutputError(f"{name!r}: its folder does not exist; create it first")
    return Output(path, known)


def _encode(findings: "Findings") -> bytes:
    from dupfind.reports.json import encode

    return encode(findings.report)


def _print(findings: "Findings", stream: IO[str], *, colored: bool, diff: bool) -> None:
    from rich.console import Console

    from dupfind.reports.terminal import print_report

    class PlainConsole(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich would exit with 1

    console = PlainConsole(
        file=stream,
        color_system="standard" if colored else None,
        force_terminal=colored,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    print_report(findings.report, findings.texts, console, diff=diff, wrap=stream.isatty())


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole: into a temporary one beside it, which then takes its name."""
    path = path.resolve()  # What a link points to is replaced, not the link.
    temporary = None
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)  # A device or a named pipe stays what it is.
            return
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".dupfind-", delete=False) as file:
            temporary = Path(file.name)
            file.write(content)
        # A temporary file is private; a report is as readable as what it replaces.
        temporary.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        reason = error.strerror or error
        raise OutputError(f"{str(path)!r} cannot be written: {reason}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
