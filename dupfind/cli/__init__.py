"""The command line: the only place that exits, prints or asks.

Commands load when they are called: `--help`, `--version` and wrong options import neither
numpy nor datasketch.
"""

import os
import signal
import sys
import traceback
from functools import cache
from importlib import import_module
from types import FrameType
from typing import Final, NoReturn

import click

from dupfind import __version__
from dupfind.cli.configuration import configured
from dupfind.errors import DupfindError

__all__ = ["group", "main"]

_COMMANDS: Final = {
    "check": "Fail where documents overlap that nobody has accepted: the gate for CI.",
    "compare": "Compare two documents and say why they do or do not overlap.",
    "config": "Show what options hold and where each value comes from.",
    "dedupe": "Write a corpus without the documents that it does not need.",
    "report": "Show a saved JSON report again, in any form.",
    "scan": "Find overlapping documents and show what they share.",
}
_FAILED: Final = 2
_INTERRUPTED: Final = 128 + signal.SIGINT
_PIPE_CLOSED: Final = 128 + 13
_SOON: Final = 0.02  # seconds


class _LazyGroup(click.Group):
    """Imports a command's module when the command is asked for."""

    def invoke(self, ctx: click.Context) -> int:
        """Run a command and give its exit code, which is 0 for most."""
        try:
            return super().invoke(ctx) or 0
        except BrokenPipeError:
            _drop_output()
            return _PIPE_CLOSED  # click would make 1 of it

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _load(cmd_name) if cmd_name in _COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_COMMANDS.items()))


@cache
def _load(name: str) -> click.Command:
    command: click.Command = getattr(import_module(f"dupfind.cli.{name}"), name)
    return command if name == "config" else configured(command)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def group() -> None:
    """Find overlapping documents, above all wire stories, and show what they share."""


def main() -> NoReturn:
    """Run the command line and exit: 0 done, 2 could not do it, 130 interrupted, 141 closed pipe.

    click's own codes are no use here: it makes 1 of an interrupt, a closed pipe and an error.
    """
    stop = _Stop()
    try:
        code = group.main(prog_name="dupfind", standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - whatever it is, 1 would say that `check` found something
        # C code that is interrupted, an import too, raises what it likes.
        code = stop.code or _tell(error)
    code = stop.code or code
    if code == _INTERRUPTED:
        # The terminal has written ^C. Who terminates it otherwise may wish for no word.
        click.echo("\n" * sys.stderr.isatty() + "dupfind: interrupted", err=True)
    sys.exit(code)


def _tell(error: BaseException) -> int:
    """Tell why a command could not do it, and give its exit code."""
    match error:
        case click.ClickException():
            error.show()
        case DupfindError():
            for line in str(error).splitlines():
                click.echo(f"dupfind: {line}", err=True)
        case SystemExit():
            # click's completion of shell words ends so.
            raise error
        case BrokenPipeError():
            _drop_output()
            return _PIPE_CLOSED
        case OSError():
            _drop_output()
            click.echo(f"dupfind: {error.strerror or error}", err=True)
        case _:
            traceback.print_exception(error)
            click.echo("dupfind: this is a bug; please report the lines above", err=True)
    return _FAILED


class _Stop:
    """Ends the run from outside: what it is at unwinds, and its files are removed."""

    def __init__(self) -> None:
        self.code: int | None = None
        """The exit code to end with, once the end has been asked for."""
        for number in (signal.SIGINT, signal.SIGTERM):
            # Who starts a process in the background may wish it not to hear interrupts.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.code = 128 + number
        self._end(number, frame)

    def _end(self, _number: int, frame: FrameType | None) -> None:
        if hasattr(signal, "setitimer") and _is_importing(frame):
            # Many a module swallows what is raised while it is imported.
            signal.signal(signal.SIGALRM, self._end)
            signal.setitimer(signal.ITIMER_REAL, _SOON)
        else:
            raise SystemExit(self.code)


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _drop_output() -> None:
    """Let nothing that is still buffered be written at exit, where it would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
