"""What a document says about when it appeared, and which of two documents came first.

What tells it, the most certain first:

    link        what follows an item after that item; version 2 of it after version 1
    published   the date that the document came with
    marker      UPDATE 2 after UPDATE 1; CORRECTED after the same headline without it
    dateline    Dec. 21 after Dec. 20
    file name   2019-12-21-trip.txt after 2019-12-20-trip.txt
    status      what was canceled after what was not

The text alone tells nothing: the longer of two versions may be the earlier one, cut later. A day
without a time is all of that day, so that nothing on it is earlier or later than the day itself.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Final

from dupfind.datelines import Dateline, find_dateline
from dupfind.markers import Marker, find_marker, strip_markers
from dupfind.model import Document
from dupfind.revisions import Revision, compare, make_revision

__all__ = ["YEAR", "Clues", "Period", "published_at", "tell_earlier"]

_NAMED: Final = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([-_./]?)([0-9]{2})\2([0-9]{2})(?![0-9])")
_DAY: Final = timedelta(days=1, microseconds=-1)
_CANCELED: Final = frozenset({"canceled", "cancelled", "killed", "withdrawn"})

YEAR: Final = 366
"""Days of a year that has all of them."""

Period = tuple[datetime, datetime]
"""The first moment that something can have been, and the last."""


class Clues:
    """What a document says about when it appeared."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def marker(self) -> Marker:
        """What marks it as a version."""
        return find_marker(self._document.text, self._document.title, self._document.note)

    @cached_property
    def revision(self) -> Revision:
        """What it says of itself and of others by their ids."""
        return make_revision(self._document)

    @property
    def version(self) -> str | None:
        """The version of its item."""
        return self._document.version

    @property
    def is_canceled(self) -> bool:
        """Whether it was taken back, by its status or its marker."""
        return (self._document.status or "").lower() in _CANCELED or self.marker.cancels

    @cached_property
    def headline(self) -> str:
        """Its headline without markers, folded; empty where it has none."""
        return " ".join(strip_markers(self._document.title or "").casefold().split())

    @cached_property
    def dateline(self) -> Dateline | None:
        """The dateline."""
        return find_dateline(self._document.text)

    @property
    def published(self) -> str | None:
        """When it was published, as it is told; ISO 8601."""
        return self._document.published

    @cached_property
    def period(self) -> Period | None:
        """When it was published: the first moment that it can have been, and the last."""
        if self.published is None:
            return None
        begin = published_at(self.published)
        return begin, begin + _DAY if len(self.published) == len("2019-12-20") else begin

    @cached_property
    def named(self) -> date | None:
        """The date in the name of its file, or of a folder above it."""
        for found in reversed(list(_NAMED.finditer(self._document.path))):
            try:
                return date(int(found[1]), int(found[3]), int(found[4]))
            except ValueError:
                continue
        return None


def published_at(published: str) -> datetime:
    """Read an ISO 8601 time to compare it; without a zone it is taken as UTC."""
    time = datetime.fromisoformat(published)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def tell_earlier(a: Clues, b: Clues, *, versions: bool) -> tuple[bool, str] | None:
    """Tell which of two documents came first: whether a did, and how that is known.

    Markers count only where the two are `versions` of one story. Gives None where nothing tells.
    """
    if turned := compare(a.revision, b.revision):
        first, last = (a, b) if turned < 0 else (b, a)
        if first.revision.names & last.revision.follows:
            return turned < 0, "named by the other as what came before it"
        return turned < 0, f"version {first.version}, the other {last.version}"
    if a.period and b.period:
        if _precedes(a.period, b.period):
            return True, f"published {a.published}, the other {b.published}"
        if _precedes(b.period, a.period):
            return False, f"published {b.published}, the other {a.published}"
    if versions and (turned := _compare_markers(a, b)):
        first, last = (a, b) if turned < 0 else (b, a)
        marked = f"marked {first.marker}" if first.marker.names else "not marked"
        return turned < 0, f"{marked}, the other {last.marker}"
    lines = a.dateline, b.dateline
    if lines[0] and lines[1] and (turned := _compare_days(lines[0], lines[1])):
        told = [lines[0].told, lines[1].told]
        early, late = told if turned < 0 else told[::-1]
        return turned < 0, f"dateline {early}, the other {late}"
    if a.named and b.named and a.named != b.named:
        dates = sorted((a.named, b.named))
        return a.named < b.named, f"file name {dates[0]}, the other {dates[1]}"
    if versions and a.is_canceled != b.is_canceled:
        return b.is_canceled, "the other was canceled"
    return None


def _precedes(one: Period, other: Period) -> bool:
    return one[1] < other[0]


def _compare_markers(a: Clues, b: Clues) -> int:
    """Compare what markers tell: negative where a came first, 0 where they tell nothing."""
    one, other = a.marker, b.marker
    if one.series and one.series == other.series and one.number != other.number:
        return one.number - other.number
    same = a.headline and a.headline == b.headline
    if same and (one.series, one.number) == (other.series, other.number):
        return one.again - other.again
    return 0


def _compare_days(one: Dateline, other: Dateline) -> int:
    """Give the days from one dateline to the other; where a year is missing, the shorter way."""
    if one.day is None or other.day is None:
        return 0
    days = one.day - other.day
    if one.year and other.year:
        return days + YEAR * (one.year - other.year)
    if abs(days) > YEAR // 2:
        days -= YEAR if days > 0 else -YEAR
    return days
