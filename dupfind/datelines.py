"""Datelines: where, when and by which agency a story says that it was written.

LONDON, March 3 (Reuters) -             SEOUL, Dec. 20 (Yonhap) --
SEOUL, South Korea (AP) —               BEIJING, Dec. 20 (Xinhua) --
Paris, March 3, 2021 (AFP) -            MOSCOW, December 20. /TASS/.
Berlin (dpa) -                          LONDON, 3 March (PA) -
"""

import re
from typing import Final, NamedTuple

__all__ = ["Dateline", "find_dateline"]

_REACH: Final = 600  # characters of the text that are looked at: furniture, a headline, a slug

_NAMES: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTHS: Final = {"sept": 9} | {
    short: number
    for number, name in enumerate(_NAMES, 1)
    for short in (name.lower(), name[:3].lower())
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATELINE: Final = re.compile(
    r"^[ \t]*(?P<place>[^\W\d_][^\n()/0-9]{1,60}?)[ \t]*"
    rf"(?:,[ \t]*(?:(?P<month>(?i:{_MONTH}))\.?[ \t]+(?P<day>[0-9]{{1,2}})"
    rf"|(?P<day_first>[0-9]{{1,2}})[ \t]+(?P<month_last>(?i:{_MONTH}))\.?)"
    r"(?:,?[ \t]+(?P<year>(?:19|20)[0-9]{2}))?[.,]?[ \t]*)?"
    r"(?:\((?P<agency>[^()\n]{2,40})\)[ \t]*(?:--|[-_\u2013\u2014=])"
    r"|/(?P<slashed>[^/\n]{2,40})/[ \t]*[.\-\u2013\u2014])",
    re.MULTILINE,
)
_SIGN: Final = re.compile(r"\)[ \t]*[-_\u2013\u2014=]|/[ \t]*[.\-\u2013\u2014]")
"""How such a dateline ends: it takes a fortieth of the time to see that there is none."""
_BARE: Final = re.compile(
    r"^[ \t]*(?P<place>[A-Z][A-Z.' -]{2,40}?),[ \t]*(?:"
    rf"(?P<month>(?i:{_MONTH}))\.?[ \t]+(?P<day>[0-9]{{1,2}})"
    rf"|(?P<day_first>[0-9]{{1,2}})[ \t]+(?P<month_last>(?i:{_MONTH}))\.?)"
    r"(?:,?[ \t]+(?P<year>(?:19|20)[0-9]{2}))?[ \t]*(?:--|[-\u2013\u2014])",
    re.MULTILINE,
)
"""Without an agency: the place must be in capitals."""
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Dateline(NamedTuple):
    """The dateline of a story."""

    place: str
    date: tuple[int, int] | None
    """Month and day."""
    year: int | None
    """Where there is a date and it has one."""
    agency: str | None

    @property
    def day(self) -> int | None:
        """The day of the date in a leap year, which has all of them; from 1."""
        return sum(_DAYS[: self.date[0] - 1]) + self.date[1] if self.date else None

    @property
    def told(self) -> str:
        """The date as a dateline has it; empty where there is none."""
        if self.date is None:
            return ""
        day = f"{_NAMES[self.date[0] - 1]} {self.date[1]}"
        return f"{day}, {self.year}" if self.year else day


def find_dateline(text: str) -> Dateline | None:
    """Find the first dateline among the first lines of a text."""
    head = text[:_REACH]
    found = (_DATELINE.search(head) if _SIGN.search(head) else None) or _BARE.search(head)
    if not found:
        return None
    told = found.groupdict()
    month = _MONTHS.get((told["month"] or told["month_last"] or "").lower())
    day = int(told["day"] or told["day_first"] or 0)
    dated = (month, day) if month and 1 <= day <= _DAYS[month - 1] else None
    return Dateline(
        place=" ".join(found["place"].split()),
        date=dated,
        year=int(found["year"]) if found["year"] and dated else None,
        agency=told.get("agency") or told.get("slashed"),
    )
