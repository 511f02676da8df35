"""Families: what one newsroom story, event or form becomes on its way through the desks."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from .desk import Desk
from .draft import Draft
from .forms import Form, design
from .grammar import SCRIPTS, Cast, load, tell
from .stories import Newsroom
from .text import Ink, Paragraph, fold
from .versions import make_versions

__all__ = ["FAMILIES", "Family", "make_family"]

Family = tuple[Draft, ...]

_SPEECH: Final = 24  # words of a quotation that stories share, at least
_BRIEF: Final = 2  # paragraphs
_LONG: Final = 9  # paragraphs of a story that shares little with others
_FEATURE: Final = 24
_SMALL_FORM: Final = 5
_CORRECTIONS: Final = 0.04  # of all notices


def _alone(desk: Desk, _most: int) -> Iterator[Draft]:
    """Give a story that has nothing to do with any other."""
    yield desk.newsroom.send(desk.newsroom.write())


def _reprints(desk: Desk, most: int) -> Iterator[Draft]:
    """Give a story in forty papers, each with small edits and its own furniture."""
    newsroom, source = desk.newsroom, desk.source
    first = newsroom.write(paragraphs=source.randint(7, 14))
    sent = newsroom.send(first)
    yield sent
    for _ in range(min(40, most)):
        made = desk.edit(sent, source.choice((0, 0, 0.005, 0.02)))
        if desk.chance(0.3):
            made = desk.restyle(made)
        if desk.chance(0.2):
            made = desk.trim(made, source.uniform(0.5, 0.95))
        if desk.chance(0.3):
            made = replace(made, tail=())
        made = desk.headline(replace(made, head=()))
        yield desk.furnish(made, notice=desk.chance(0.15)).later(source.uniform(1, 40))


def _roundup(desk: Desk, _most: int) -> Iterator[Draft]:
    """Give several stories, and a roundup of the beginnings of all."""
    newsroom, source = desk.newsroom, desk.source
    stories = [newsroom.write(paragraphs=source.randint(3, 7)) for _ in range(source.randint(6, 9))]
    yield from map(newsroom.send, stories)
    items: list[Paragraph] = []
    for story in stories:
        items += newsroom.line(story.title.upper()), *desk.trim(story, 0.45).body
    wrap = replace(
        stories[0].with_body([newsroom.paragraph(newsroom.draw()), *items]),
        title=tell(newsroom.language, "title", source),
        stories=frozenset().union(*(story.stories for story in stories)),
        several=True,
    )
    yield newsroom.send(desk.mark(wrap, "wrap")).later(20)


def _brief(desk: Desk, _most: int) -> Iterator[Draft]:
    """Give a brief, and a feature that holds it somewhere."""
    newsroom, source = desk.newsroom, desk.source
    about = newsroom.draw()
    brief = newsroom.write(about, paragraphs=_BRIEF)
    feature = newsroom.write(about, paragraphs=_FEATURE)
    at = source.randint(4, _FEATURE - 1)
    body = (*feature.body[:at], *brief.body, *feature.body[at:])
    yield newsroom.send(desk.mark(brief, "brief"))
    feature = replace(
        feature.with_body(body), stories=feature.stories | brief.stories, several=True
    )
    yield newsroom.send(replace(feature, published=brief.published)).later(48)


def _quotes(desk: Desk, _most: int) -> Iterator[Draft]:
    """Give stories of one event, in words of their own, that quote the same speech."""
    newsroom, source = desk.newsroom, desk.source
    about = newsroom.draw()
    speech = _speak(newsroom, about)
    published = newsroom.date()
    for house in range(2):
        story = newsroom.write(about, paragraphs=_LONG + source.randrange(5), house=house)
        named = newsroom.sentence("attribution", about, house)
        body = list(story.body)
        body.insert(source.randint(1, len(body)), (*speech, named))
        told = replace(story.with_body(body), published=published)
        yield newsroom.send(told).later(source.uniform(0, 5))


def _speak(newsroom: Newsroom, about: Cast) -> Paragraph:
    opened, closed = newsroom.language.quotes
    said: list[str] = []
    while len(fold(" ".join(said))) < _SPEECH:
        told = tell(newsroom.language, "quoted", newsroom.source, about)
        said.append(told[0].upper() + told[1:] + newsroom.language.stop)
    joined = newsroom.language.gap.join(said)
    return (newsroom.ink.write(newsroom.language, f"{opened}{joined}{closed}", stop=False),)


def _background(desk: Desk, _most: int) -> Iterator[Draft]:
    """Give stories of different days that carry the same paragraph of background."""
    newsroom, source = desk.newsroom, desk.source
    about = newsroom.draw()
    known = tuple(newsroom.sentence("sentence", about) for _ in range(source.choice((3, 4))))
    for _ in range(source.randint(2, 4)):
        story = newsroom.write(paragraphs=_LONG + source.randrange(5))
        body = list(story.body)
        body.insert(source.randint(len(body) // 2, len(body)), known)
        yield newsroom.send(story.with_body(body))


def _same_event(desk: Desk, _most: int) -> Iterator[Draft]:
    """Give stories of one event by two houses, each in words of its own."""
    newsroom = desk.newsroom
    about = newsroom.draw()
    published = newsroom.date()
    for house in range(2):
        yield newsroom.send(replace(newsroom.write(about, house=house), published=published))


def _few_notices(desk: Desk, _most: int) -> Iterator[Draft]:
    """Give notices of a form that is used now and then."""
    yield from _fill(desk, desk.source.randint(2, _SMALL_FORM))


def _many_notices(desk: Desk, most: int) -> Iterator[Draft]:
    """Give notices of a form that is used every day."""
    yield from _fill(desk, min(300, most))


def _fill(desk: Desk, count: int) -> Iterator[Draft]:
    form: Form = design(desk.newsroom)
    made = 0
    while made < count:
        notice = form.fill(24 * made)
        made += 1
        yield notice
        if desk.chance(_CORRECTIONS) and made < count:
            made += 1
            yield desk.mark(desk.correct(notice), "correction").later(2)


def _with_notice(desk: Desk, _most: int) -> Iterator[Draft]:
    """Give a story on a site that puts a long legal notice below each."""
    yield desk.furnish(desk.newsroom.send(desk.newsroom.write()), notice=True)


Make = Callable[[Desk, int], Iterator[Draft]]

FAMILIES: Final[dict[str, tuple[Make, float]]] = {
    "alone": (_alone, 0.2),
    "versions": (make_versions, 0.26),
    "reprints": (_reprints, 0.05),
    "roundup": (_roundup, 0.08),
    "brief": (_brief, 0.03),
    "quotes": (_quotes, 0.05),
    "background": (_background, 0.05),
    "same-event": (_same_event, 0.05),
    "few-notices": (_few_notices, 0.06),
    "many-notices": (_many_notices, 0.14),
    "long-furniture": (_with_notice, 0.03),
}
"""How each family is made, and its share of all documents."""

_FOREIGN: Final = ("alone", "versions", "roundup", "quotes", "background", "same-event")
_FOREIGN_SHARE: Final = 0.15


def make_family(kind: str, source: random.Random, most: int, length: float = 1.0) -> Family:
    """Make a family of a kind, of no more than about so many documents where it can be large.

    `length` multiplies the paragraphs of its stories.
    """
    code = "en"
    if kind in _FOREIGN and source.random() < _FOREIGN_SHARE:
        code = source.choice(SCRIPTS)
    desk = Desk(Newsroom(load(code), source, Ink(), length))
    return tuple(islice(FAMILIES[kind][0](desk, most), most + 1))
