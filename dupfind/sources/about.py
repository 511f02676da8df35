"""About: what a reader says of itself, for the table in the documentation."""

from typing import NamedTuple

__all__ = ["About"]


class About(NamedTuple):
    """A format, as users know it."""

    name: str
    document: str
    """What becomes a document."""
    fields: tuple[str, ...]
    """Fields of a `Document`, beside its text, that the format declares."""
    left_out: str
    """What is in the file, but not compared."""
    in_place: bool = False
    """The text is that of the file, and offsets count in it; else it is taken out of it."""
    extra: str | None = None
    """The extra that has to be installed."""
