"""Original stories: an event, told by a house, sent by an agency."""

import random
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from .draft import Draft
from .grammar import Agency, Cast, Language, cast, tell
from .text import Ink, Paragraph, Sentence

__all__ = ["Newsroom", "capitalize", "name_day"]

_FIRST: Final = datetime(1996, 1, 1)  # noqa: DTZ001 - a wire's own time
_DAYS: Final = 25 * 365
_MONTHS: Final = (
    "Jan.", "Feb.", "March", "April", "May", "June",
    "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
)  # fmt: skip
_SENTENCES: Final = (1, 1, 2, 2, 3)  # of a paragraph
_QUOTES: Final = 0.2  # of all paragraphs


class Newsroom:
    """Writes original stories in one language, of chance that begins with one seed.

    `length` multiplies their paragraphs.
    """

    def __init__(
        self, language: Language, source: random.Random, ink: Ink, length: float = 1.0
    ) -> None:
        self.language = language
        self.source = source
        self.ink = ink
        self._length = length
        self._lines: dict[str, Paragraph] = {}

    def draw(self) -> Cast:
        """Draw an event."""
        return cast(self.language, self.source)

    def write(
        self, about: Cast | None = None, *, paragraphs: int | None = None, house: int | None = None
    ) -> Draft:
        """Write an original story, without dateline and tail, of an event or of a new one."""
        source = self.source
        about = about or self.draw()
        house = source.randrange(2) if house is None else house
        count = paragraphs or 3 + round(source.lognormvariate(1.7, 0.5))
        count = round(count * self._length)
        lead = [self.sentence("head", about, house)]
        lead += [self.sentence("sentence", about, house) for _ in range(source.randrange(2))]
        title = capitalize(tell(self.language, "title", source, about))
        return Draft(
            language=self.language,
            published=self.date(),
            title=title,
            body=(tuple(lead), *(self.paragraph(about, house) for _ in range(count - 1))),
            stories=frozenset((self.ink.key(),)),
        )

    def date(self) -> datetime:
        """Draw a date and a time."""
        return _FIRST + timedelta(
            days=self.source.randrange(_DAYS), minutes=self.source.randrange(1440)
        )

    def paragraph(self, about: Cast, house: int | None = None) -> Paragraph:
        """Write a paragraph of up to three sentences, or of quoted speech."""
        if self.source.random() < _QUOTES:
            return (self.sentence("quoting", about, house),)
        count = self.source.choice(_SENTENCES)
        return tuple(self.sentence("sentence", about, house) for _ in range(count))

    def sentence(self, symbol: str, about: Cast, house: int | None = None) -> Sentence:
        """Write a sentence with keys of its own."""
        return self.ink.write(self.language, tell(self.language, symbol, self.source, about, house))

    def send(self, draft: Draft, agency: Agency | None = None, place: str | None = None) -> Draft:
        """Send a story over an agency's wire: dateline, slug and tail lines as it writes them."""
        source, language = self.source, self.language
        agency = agency or source.choice(language.agencies)
        place = place or tell(language, "place", source)
        published = draft.published
        fields = {
            "place": place,
            "PLACE": place.upper(),
            "month": _MONTHS[published.month - 1],
            "mon": _MONTHS[published.month - 1][:3],
            "number": published.month,
            "day": published.day,
            "staff": tell(language, "staff", source),
            "slug": "-".join(re.findall(r"\w+", draft.title)[:2]),
            "count": 10 * round(draft.length / 10),
        }
        head = (self.line(agency["slug"].format(**fields)),) if "slug" in agency else ()
        tail = source.choice(agency["tails"]).format(**fields)
        return replace(
            draft,
            dateline=self.line(agency["dateline"].format(**fields)),
            head=head,
            tail=tuple(self.line(part) for part in tail.split("\n\n")),
        )

    def line(self, told: str) -> Paragraph:
        """Set a line that stands by itself; the same line has the same keys."""
        if told not in self._lines:
            self._lines[told] = (self.ink.write(self.language, told, stop=False),)
        return self._lines[told]


def name_day(date: datetime) -> str:
    """Give a day as notices do: Oct. 24."""
    return f"{_MONTHS[date.month - 1]} {date.day}"


def capitalize(told: str) -> str:
    """Write the first letter large."""
    return told[0].upper() + told[1:]
