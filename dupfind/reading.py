"""What is read and how: the user's choices and the limits that keep hostile input harmless."""

import re
from typing import Final

import msgspec

from dupfind.encodings import python_name
from dupfind.errors import SettingsError

__all__ = ["Reading", "Selection"]

_LARGEST: Final = 256 << 20  # bytes; the longest novels have a fiftieth of that


class Reading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How files are read. Fields of records are named by dotted paths, such as `meta.title`.

    Raises `SettingsError` where a value is out of range.
    """

    text_field: str | None = None
    """The field of a record that holds its text; None takes the first of the usual names."""
    id_field: str | None = None
    title_field: str | None = None
    date_field: str | None = None
    encoding: str | None = None
    """Of texts that are not UTF-8 and declare none; None decodes those that leave no doubt."""
    html: str = "article"
    """What of an HTML page is its text: the `article` alone, or all that is `visible`."""
    drafts: bool = True
    """Read documents whose front matter says that they are drafts."""
    canonical: bool = False
    """Pass over documents whose front matter or head names another page as the original."""
    max_size: int = _LARGEST
    """Bytes of the largest document, unpacked: a file, or a record of a file."""

    def __post_init__(self) -> None:
        if self.html not in {"article", "visible"}:
            raise SettingsError(f"html is {self.html!r}; it must be 'article' or 'visible'")
        if self.encoding is not None and python_name(self.encoding) is None:
            raise SettingsError(
                f"encoding is {self.encoding!r}, which is unknown; use a name such as 'cp1252'"
            )
        if self.max_size < 1:
            raise SettingsError(f"max_size is {self.max_size}; it must be at least 1")


class Selection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which files and documents are read. What the user names is read in any case.

    Patterns are those of .gitignore, seen from the folder that the user named, or from the root
    of an archive. Raises `SettingsError` where a value makes no sense.
    """

    include: tuple[str, ...] = ()
    """Read only files in folders that match one of these patterns; empty means all."""
    exclude: tuple[str, ...] = ()
    """Leave out files and folders that match one of these patterns."""
    hidden: bool = False
    """Read files and folders whose names begin with a dot, too."""
    ignore_files: bool = True
    """Leave out what .gitignore and .dupfindignore name."""
    since: str | None = None
    """Read only documents published at this time or later; 2019, 2019-12, 2019-12-20 or
    2019-12-20T09:30, in UTC. Documents without a date are left out."""
    until: str | None = None
    """Read only documents published at this time or earlier; all of a day, month or year."""
    language: str | None = None
    """Read only documents that declare this language; `en` means `en-US`, too."""

    def __post_init__(self) -> None:
        for name in ("since", "until"):
            value = getattr(self, name)
            if value is not None and not _TIME.fullmatch(value):
                raise SettingsError(
                    f"{name} is {value!r}; it must be a year, a month, a day or a time, "
                    "such as 2019-12-20 or 2019-12-20T09:30"
                )


_TIME: Final = re.compile(
    r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])"
    r"(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?)?)?"
)
