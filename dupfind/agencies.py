"""Agencies: whom a story's head and tail name as its source."""

import re
from typing import Final

__all__ = ["find_agencies", "same_agency"]

_REACH: Final = 400  # characters of head and tail that are looked at

# "(Yonhap)" before the dash of a dateline, "/TASS/" too; "(Yonhap)" or "Source: Yonhap News Agency"
# at the end.
_DATELINE: Final = re.compile(r"\(([^()\n]{2,40})\)\s{0,3}(?:--|[-_\u2013\u2014=])")
_SLASHED: Final = re.compile(r"[.,]\s{0,3}/([^/\n]{2,40})/[.\s]{0,3}(?:--|[-.\u2013\u2014])")
_TAIL: Final = re.compile(r"\(([^()\n]{2,40})\)\s*$", re.MULTILINE)
_SOURCE: Final = re.compile(r"^\W*Source:\s*([^\n]{2,60}?)\s*$", re.MULTILINE | re.IGNORECASE)
_NO_AGENCY: Final = re.compile(
    r"(?:end|ends|more|more to come|(?:reporting|writing|editing|compiled|additional).*)",
    re.IGNORECASE | re.DOTALL,
)
"""What else stands in brackets at the end."""


def find_agencies(text: str) -> frozenset[tuple[str, ...]]:
    """Find the agencies named in the dateline and the tail lines, as folded words."""
    head, tail = text[:_REACH], text[-_REACH:]
    names = [
        *_DATELINE.findall(head),
        *_SLASHED.findall(head),
        *_TAIL.findall(tail),
        *_SOURCE.findall(tail),
    ]
    return frozenset(
        words
        for name in names
        if (words := tuple(name.casefold().split())) and not _NO_AGENCY.fullmatch(name.strip())
    )


def same_agency(a: frozenset[tuple[str, ...]], b: frozenset[tuple[str, ...]]) -> bool:
    """Tell whether an agency of one story is one of the other: Yonhap is Yonhap News Agency."""
    return any(one[: len(other)] == other or other[: len(one)] == one for one in a for other in b)
