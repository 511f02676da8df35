"""A document while a desk works on it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .grammar import Language
from .text import Paragraph, Sentence, Text, render

__all__ = ["Draft"]


@dataclass(frozen=True, slots=True)
class Draft:
    """Title, head lines, dateline, paragraphs and tail lines, with all that the truth needs."""

    language: Language
    published: datetime
    title: str
    body: tuple[Paragraph, ...]
    stories: frozenset[int]
    """The stories it tells, by number: drafts of the same story share their wording."""
    dateline: Paragraph = ()
    head: tuple[Paragraph, ...] = ()
    tail: tuple[Paragraph, ...] = ()
    several: bool = False
    """Holds other stories beside: a roundup, or a feature around a brief."""
    form: str | None = None
    """The kind of form it is a notice of."""
    notice: str | None = None
    """The long legal notice of its site, if it has one."""

    def set(self) -> Text:
        """Set it as a text."""
        first, *rest = self.body
        return render(self.language, (*self.head, (*self.dateline, *first), *rest, *self.tail))

    @property
    def length(self) -> int:
        """Words of its body."""
        return sum(len(sentence.words) for paragraph in self.body for sentence in paragraph)

    def later(self, hours: float) -> "Draft":
        """Publish it so many hours later."""
        return replace(self, published=self.published + timedelta(seconds=round(hours * 3600)))

    def with_body(self, body: Iterable[Iterable[Sentence]]) -> "Draft":
        """Exchange its paragraphs; empty ones vanish."""
        paragraphs = tuple(tuple(sentence for sentence in own if sentence.words) for own in body)
        return replace(self, body=tuple(own for own in paragraphs if own))
