"""What is read and how: the user's choices and the limits that keep hostile input harmless."""

from typing import Final

import msgspec

from dupfind.errors import SettingsError

__all__ = ["Reading"]

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
        if self.max_size < 1:
            raise SettingsError(f"max_size is {self.max_size}; it must be at least 1")
