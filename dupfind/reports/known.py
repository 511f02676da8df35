"""What is known of a document, in words: everything its format declares beside text and title.

All forms for readers tell it alike. Values are hostile: each is put on one line, escaped, and cut
where it is longer than anything a desk would write; the JSON report has it as it came.
"""

import re
from typing import Final

from dupfind.model import Entry
from dupfind.reports.wording import escape

__all__ = ["join_known", "may_link", "tell_known"]

_LONGEST: Final = 120
"""Characters of a value."""
_LONGEST_URL: Final = 500
"""A cut address leads nowhere, so it is cut later."""
_LABELS: Final = {
    "published": "published ",
    "updated": "updated ",
    "byline": "by ",
    "place": "place ",
    "agency": "agency ",
    "version": "version ",
    "status": "status ",
    "urgency": "urgency ",
    "slug": "slug ",
    "language": "language ",
    "note": "note: ",
    "url": "",
}
"""What comes before each value, in the order in which a desk asks: when, who, where, which one."""
_BY: Final = re.compile(r"^by:?\s+", re.IGNORECASE)
_TIME: Final = re.compile(r"T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(\+00:00|Z)?", re.ASCII)
_WEB: Final = re.compile(r"https?://[^/]", re.IGNORECASE)


def tell_known(entry: Entry) -> dict[str, str]:
    """Tell what is known of a document: the words by field, in the order of a line."""
    told = {
        field: f"{label}{words}"
        for field, label in _LABELS.items()
        if (words := _tell(field, getattr(entry, field)))
    }
    if _tell("updated", entry.published) == _tell("updated", entry.updated):
        told.pop("updated", None)
    return told


def join_known(told: dict[str, str]) -> str:
    """Put what is known on one line."""
    return " · ".join(told.values())


def may_link(entry: Entry) -> bool:
    """Tell whether a document's address may become a link: it is on the web, and told whole."""
    return bool(entry.url and _WEB.match(entry.url)) and _tell("url", entry.url) == entry.url


def _tell(field: str, value: str | None) -> str:
    words = " ".join((value or "").split())
    if field in {"published", "updated"}:
        words = _TIME.sub(lambda time: f" {time[1]}{' UTC' if time[2] else ''}", words)
    elif field == "byline":
        words = _BY.sub("", words)
    longest = _LONGEST_URL if field == "url" else _LONGEST
    return escape(words if len(words) <= longest else f"{words[: longest - 1]}…")
