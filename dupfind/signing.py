"""Keys of what is kept: whatever it depends on, as one short name."""

import platform
from functools import cache
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dupfind import __version__
from dupfind.columns import LookAt
from dupfind.keeping import describe

__all__ = ["sign", "sum_up", "tell_program"]

_READERS: Final = (
    "charset-normalizer",
    "courlan",
    "dateparser",
    "defusedxml",
    "htmldate",
    "justext",
    "lxml",
    "lxml_html_clean",
    "markdown-it-py",
    "msgspec",
    "numpy",
    "pathspec",
    "pyarrow",
    "pypdf",
    "python-dateutil",
    "PyYAML",
    "trafilatura",
    "warcio",
    "zstandard",
)
"""Packages whose version may decide what is read."""
_CHUNK: Final = 1 << 24  # bytes summed up at once


def sign(kind: type, *made_of: object) -> str:
    """Make the key of what is made: by what program, of what kind, and of what."""
    told = (tell_program(), describe(kind), made_of)
    return blake2b(repr(told).encode(), digest_size=16).hexdigest()


@cache
def tell_program() -> tuple[str, ...]:
    """Tell the version of the program and of whatever may decide what it reads."""
    return (__version__, platform.python_version(), *map(_tell_version, _READERS))


def _tell_version(package: str) -> str:
    # Few runs keep anything.
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def sum_up(look_at: LookAt, *parts: bytes | NDArray[Any]) -> str:
    """Sum bytes and arrays up; `look_at` is told how much was looked at."""
    found = blake2b(digest_size=16)
    for part in parts:
        data = np.frombuffer(part, dtype=np.uint8) if isinstance(part, bytes) else part
        found.update(repr((data.dtype.str, data.shape)).encode())
        for begin in range(0, len(data), _CHUNK):
            some = np.ascontiguousarray(data[begin : begin + _CHUNK])
            found.update(some.data)
            look_at(some.nbytes)
    return found.hexdigest()
