"""Listing: a file that names the files to read."""

import os
import sys
from pathlib import Path

from dupfind.errors import SourceError
from dupfind.sources.discovery import STDIN

__all__ = ["read_listing"]


def read_listing(name: str, *, null: bool) -> list[str]:
    """Read paths from a file, or from standard input for `-`: a line each, or NUL after each.

    NUL ends a path where the file holds one; with `null` in any case. Raises `SourceError`
    where the file cannot be read.
    """
    try:
        data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{name!r} cannot be read for paths: {reason}") from None
    if null or b"\0" in data:
        listed = data.split(b"\0")
    else:
        listed = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    return [os.fsdecode(path) for path in listed if path]
