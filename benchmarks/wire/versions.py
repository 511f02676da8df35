"""Versions: what a story becomes while a desk goes on with it."""

from collections.abc import Callable, Iterator
from typing import Final

from .desk import Desk
from .draft import Draft
from .grammar import Cast

__all__ = ["make_versions"]


def make_versions(desk: Desk, _most: int) -> Iterator[Draft]:
    """Give a story and what becomes of it: each version made from an earlier one."""
    newsroom, source = desk.newsroom, desk.source
    about = newsroom.draw()
    agency = source.choice(newsroom.language.agencies)
    place = source.choice(about["place"])
    first = newsroom.write(about)
    if desk.chance(0.15):
        snap = desk.mark(desk.trim(first, 0.12), "urgent").later(-0.3)
        yield newsroom.send(snap, agency, place)
    sent = newsroom.send(first, agency, place)
    yield sent
    if desk.chance(0.15):
        yield desk.mark(sent, "repeat").later(source.uniform(0.1, 3))
    bodies = [first]
    number = 0
    for _ in range(source.randint(1, 4)):
        earlier = source.choice(bodies)
        way = source.choice(_WAYS)
        if way is _update:
            number += 1
        made = way(desk, earlier, about, number).later(source.uniform(0.3, 9))
        if desk.chance(0.7):
            bodies.append(made)
        sent = newsroom.send(made, agency if desk.chance(0.8) else None, place)
        yield desk.furnish(sent) if desk.chance(0.3) else sent


def _repost(desk: Desk, draft: Draft, _about: object, _number: int) -> Draft:
    made = desk.restyle(draft) if desk.chance(0.4) else draft
    return desk.mark(made, "repeat") if desk.chance(0.3) else made


def _refile(desk: Desk, draft: Draft, _about: object, _number: int) -> Draft:
    return desk.mark(desk.edit(draft, desk.source.uniform(0.005, 0.05)), "refile")


def _trim(desk: Desk, draft: Draft, _about: object, _number: int) -> Draft:
    return desk.trim(draft, desk.source.uniform(0.2, 0.85))


def _abridge(desk: Desk, draft: Draft, _about: object, _number: int) -> Draft:
    return desk.abridge(draft, desk.source.uniform(0.3, 0.7))


def _lead_anew(desk: Desk, draft: Draft, about: Cast, number: int) -> Draft:
    return desk.mark(desk.lead_anew(draft, about), "lead", number + 1)


def _reorder(desk: Desk, draft: Draft, _about: object, _number: int) -> Draft:
    return desk.reorder(draft)


def _correct(desk: Desk, draft: Draft, _about: object, _number: int) -> Draft:
    return desk.mark(desk.correct(draft), "correction")


def _update(desk: Desk, draft: Draft, about: Cast, number: int) -> Draft:
    source = desk.source
    made = desk.update_figures(draft, source.uniform(0.1, 0.5))
    made = desk.insert(made, about, source.randint(1, 4))
    return desk.mark(made, "update", number)


def _write_through(desk: Desk, draft: Draft, about: Cast, number: int) -> Draft:
    source = desk.source
    made = desk.edit(desk.update_figures(draft, source.uniform(0.1, 0.6)), 0.03)
    made = desk.abridge(desk.insert(made, about, source.randint(1, 3)), 0.85)
    return desk.mark(desk.lead_anew(made, about), "writethru", number + 1)


def _misread(desk: Desk, draft: Draft, _about: object, _number: int) -> Draft:
    return desk.corrupt(draft, desk.source.choice((0.005, 0.01, 0.02, 0.05, 0.1)))


Way = Callable[[Desk, Draft, Cast, int], Draft]

_WAYS: Final[tuple[Way, ...]] = (
    _repost, _refile, _trim, _trim, _abridge, _lead_anew, _reorder, _correct, _update,
    _write_through, _misread,
)  # fmt: skip
