"""Dates: whatever a record calls its date → ISO 8601. No locale and no clock is asked."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

__all__ = ["parse_date"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), 1
    )
}
_NEWSWIRE = re.compile(
    r"([0-9]{1,2})[- ]([A-Za-z]{3})[- ]([0-9]{4})"
    r"(?: +([0-9]{1,2})(:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?))?"
)
"""26-FEB-1987 15:01:01.79, as in Reuters-21578."""
_MAIL = re.compile(
    r"(?:[a-z]{3,9},? +)?\d{1,2} +[a-z]{3,9} +\d{2,4} +\d{1,2}:\d\d(?::\d\d)?(?: +\S.*)?",
    re.IGNORECASE | re.ASCII,
)
"""Fri, 20 Dec 2019 09:30:00 +0000 (RFC 2822). email's parser reads a date into almost anything,
so it is asked only about what looks like one."""


def parse_date(value: object) -> str | None:
    """Read a date or a time.

    Takes a string (ISO 8601, RFC 2822 or `26-FEB-1987 15:01:01.79`) or seconds since 1970.
    Gives ISO 8601: a date where there was no time, a time in UTC where it had a zone, else as
    it stood. Gives None for anything else, and for what no calendar holds.
    """
    try:
        if isinstance(value, str):
            return _parse_text(value.strip())
        if isinstance(value, int | float) and not isinstance(value, bool):
            return (_EPOCH + timedelta(seconds=value)).isoformat()
    except (ValueError, OverflowError):
        pass
    return None


def _parse_text(text: str) -> str:
    if text[:4].isdecimal():
        if len(text) > len("2019-12-20"):
            return _in_utc(datetime.fromisoformat(text.upper()))
        return date.fromisoformat(text.upper()).isoformat()
    if newswire := _NEWSWIRE.fullmatch(text):
        # Written as ISO 8601, which datetime reads faster than we could.
        day, month, year, hour, rest = newswire.groups()
        written = f"{year}-{_MONTHS.get(month.upper())}-{day.zfill(2)}"
        if hour is None:
            return date.fromisoformat(written).isoformat()
        return datetime.fromisoformat(f"{written} {hour.zfill(2)}{rest}").isoformat()
    if _MAIL.fullmatch(text):
        return _in_utc(parsedate_to_datetime(text))
    raise ValueError("no date")


def _in_utc(time: datetime) -> str:
    return (time.astimezone(UTC) if time.tzinfo else time).isoformat()
