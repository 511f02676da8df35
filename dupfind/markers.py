"""Markers: what an agency sets before a headline when it sends a story again.

Reuters writes `UPDATE 2-`, `CORRECTED-`, `REFILE-`, `RPT-`, `WRAPUP 1-`; AP `2nd Ld-Writethru` in
the slug; Yonhap `(LEAD)`, `(2nd LD)`; others `URGENT`, `ADVISORY`, `KILL`, `EMBARGOED`. A word in
capitals is a marker only where one stands: at the start of the headline or of one of the first
lines, or beside another marker or a slug, with a dash, colon, comma or bracket after it. An
editorial note says it in a sentence: `Corrects spelling in paragraph 2`.
"""

import re
from typing import Final, NamedTuple

__all__ = ["UNMARKED", "Marker", "find_marker", "strip_markers"]

_REACH: Final = 200  # characters of the text that are looked at

_MARK: Final = (
    r"(?:(?P<update>UPDATE)(?:[ -]?(?P<update_n>[0-9]{1,3}))?"
    r"|(?P<wrapup>WRAP(?:-?UP)?)(?:[ -]?(?P<wrapup_n>[0-9]{1,3}))?"
    r"|(?P<ld>(?P<ld_n>[0-9]{1,3})(?:st|nd|rd|th|ST|ND|RD|TH)[ -]?(?:LEAD|LD|Lead|Ld)|LEAD)"
    r"|(?P<writethru>[Ww]rite-?[Tt]hru|WRITE-?THRU)"
    r"|(?P<corrected>CORRECT(?:ED|ION))|(?P<refile>REFILE)|(?P<repeat>REPEAT|RPT)"
    r"|(?P<other>URGENT|ADVISORY|KILL|WITHDRAWN|EMBARGOED))"
)
_END: Final = r"(?=[ \t]*(?:[-\u2013\u2014:,)\]/]|$))"
_STAND: Final = re.compile(rf"(?:^[^\w\n]{{0,3}}|(?<=[-,(\[/:])[ \t]?){_MARK}{_END}", re.MULTILINE)
_WORDS: Final = (
    *("UPDATE", "WRAP", "LEAD", "LD", "Lead", "Ld", "rite", "WRITE", "CORRECT", "REFILE"),
    *("REPEAT", "RPT", "URGENT", "ADVISORY", "KILL", "WITHDRAWN", "EMBARGOED"),
)
"""One of these is in every marker, and none in most texts."""
_BEFORE: Final = re.compile(
    rf"\A(?:[^\w\n]{{0,3}}{re.sub(r'P<[a-z_]+>', ':', _MARK)}{_END}[^\w\n]{{0,4}})+"
)
_NOTED: Final = re.compile(
    r"(?:^|[.;:(/\u2013\u2014-])\s*(?:(?P<corrected>correct(?:s|ed|ing|ion))"
    r"|(?P<refile>refil(?:es?|ed|ing))|(?P<repeat>(?:repeat|resend)(?:s|ed|ing)?|resent)"
    r"|(?P<withdrawn>withdr(?:aws?|awn|awing|ew)))\b",
    re.IGNORECASE,
)
"""What a sentence of an editorial note begins with."""
_NAMES: Final = {
    "update": "UPDATE",
    "wrapup": "WRAPUP",
    "ld": "Ld",
    "writethru": "Writethru",
    "corrected": "CORRECTED",
    "refile": "REFILE",
    "repeat": "REPEAT",
    "withdrawn": "WITHDRAWN",
}
_COUNTED: Final = frozenset({"update", "wrapup", "ld"})
_SENT_AGAIN: Final = frozenset({"CORRECTED", "REFILE", "REPEAT"})
_CANCELED: Final = frozenset({"KILL", "WITHDRAWN"})


class Marker(NamedTuple):
    """What marks a story as a version of one that was sent before."""

    names: tuple[str, ...]
    """As they stand, each in one spelling: `CORRECTED`, `UPDATE 2`, `1st Ld`."""
    series: str | None = None
    """The kind of marker that counts versions: UPDATE, WRAPUP or Ld."""
    number: int = 0
    """Of the version in its series, from 1; 0 where it has none."""

    def __str__(self) -> str:
        return " ".join(self.names)

    @property
    def again(self) -> int:
        """How often the version was sent again: corrected, filed anew or repeated."""
        return len(_SENT_AGAIN.intersection(self.names))

    @property
    def cancels(self) -> bool:
        """Whether the story is taken back."""
        return not _CANCELED.isdisjoint(self.names)


UNMARKED: Final = Marker(())
"""Of a story that bears no marker."""


def find_marker(text: str, title: str | None, note: str | None = None) -> Marker:
    """Find what marks a story as a version, in headline, editorial note and first lines."""
    names: dict[str, None] = {}
    series, number = None, 0
    looked_at = f"{title or ''}\n{note or ''}\n{text[:_REACH]}"
    marked = any(word in looked_at for word in _WORDS)
    for found in _STAND.finditer(looked_at) if marked else ():
        kind = next(name for name, told in found.groupdict().items() if told)
        name = _NAMES.get(kind, found[kind])
        # `LEAD` without a number is the first.
        told = found[f"{kind}_n"] or kind == "ld" if kind in _COUNTED else None
        count = int(told or 0)
        if kind == "ld":
            names[f"{count}{_ordinal(count)} {name}"] = None
        else:
            names[f"{name} {count}" if count else name] = None
        if count and series is None:
            series, number = name, count
    for found in _NOTED.finditer(note or ""):
        names[_NAMES[found.lastgroup or ""]] = None
    return Marker(tuple(names), series, number)


def strip_markers(headline: str) -> str:
    """Give a headline without the markers before it."""
    return _BEFORE.sub("", headline)


def _ordinal(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
