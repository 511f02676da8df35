"""Wire conventions: what a story's head and tail say about it.

They set flags; they never make two stories alike.
"""

import re
from typing import Final

__all__ = ["find_agencies", "find_marker", "same_agency"]

_REACH: Final = 400  # characters of head and tail that are looked at

_MARKER: Final = re.compile(
    r"\b(?=[UWCRAKE\dw])(?:UPDATE(?:[ -]?\d+)?|WRAP(?:UP|-UP)(?: \d+)?"
    r"|CORRECTED|CORRECTION|REFILE|REPEAT|RPT"
    r"|\d(?:st|nd|rd|th) (?:Ld|LD|Lead|LEAD)|\d+(?:st|nd|rd|th)Ld|[Ww]rite-?[Tt]hru|WRITE-?THRU"
    r"|URGENT|ADVISORY|KILL|WITHDRAWN|EMBARGOED)\b"
)
# "(Yonhap)" before the dash of a dateline; "(Yonhap)" or "Source: Yonhap News Agency" at the end.
_DATELINE: Final = re.compile(r"\(([^()\n]{2,40})\)\s{0,3}(?:--|[-_\u2013\u2014=])")
_TAIL: Final = re.compile(r"\(([^()\n]{2,40})\)\s*$", re.MULTILINE)
_SOURCE: Final = re.compile(r"^\W*Source:\s*([^\n]{2,60}?)\s*$", re.MULTILINE | re.IGNORECASE)


def find_marker(text: str, title: str | None) -> str | None:
    """Find what marks a story as a version: UPDATE 2, CORRECTED, 1st Ld and the like."""
    found = _MARKER.search(f"{title or ''}\n{text[: _REACH // 2]}")
    return found[0] if found else None


def find_agencies(text: str) -> frozenset[tuple[str, ...]]:
    """Find the agencies named in the dateline and the tail lines, as folded words."""
    head, tail = text[:_REACH], text[-_REACH:]
    names = [*_DATELINE.findall(head), *_TAIL.findall(tail), *_SOURCE.findall(tail)]
    return frozenset(words for name in names if (words := tuple(name.casefold().split())))


def same_agency(a: frozenset[tuple[str, ...]], b: frozenset[tuple[str, ...]]) -> bool:
    """Tell whether an agency of one story is one of the other: Yonhap is Yonhap News Agency."""
    return any(one[: len(other)] == other or other[: len(one)] == one for one in a for other in b)
