"""A wire corpus: made stories and what newsrooms do with them, with the truth about each pair.

    for item in generate(100_000, seed=1): ...

Documents come one by one, families mixed as on a wire; nothing depends on anything but the
number and the seed. `make_families` gives whole families, whose pairs and clusters are known.
"""

import random
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from .desk import Desk
from .families import FAMILIES, make_family
from .grammar import load
from .stories import Newsroom
from .text import Ink
from .truth import CLUSTERING, Member, Pair, Relations, expect, group, pair_members

__all__ = [
    "CLUSTERING",
    "Family",
    "Member",
    "Pair",
    "Relations",
    "corrupt",
    "expect",
    "generate",
    "make_families",
    "mix",
    "record",
    "tell_truth",
]


_OPEN: Final = 64  # families that are on the wire at once
_LARGE: Final = 20  # a family has at most one in so many of all documents
_LEAST: Final = 5


class Family(NamedTuple):
    """Documents that one story, event or form has become."""

    number: int
    kind: str
    members: tuple[Member, ...]

    def pairs(self) -> list[Pair]:
        """Compare the members; in a family of more than 12 each with the next three."""
        return list(pair_members(self.members))

    def clusters(self, pairs: list[Pair]) -> list[list[str]]:
        """Give the ids of the documents that belong together, by the family's pairs."""
        return group(self.members, pairs)


def make_families(documents: int, seed: int, length: float = 1.0) -> Iterator[Family]:
    """Make families of so many documents in all, one by one.

    `length` multiplies the paragraphs of stories: at 1 a document has some 250 words.
    """
    made = dict.fromkeys(FAMILIES, 0)
    most = max(_LEAST, documents // _LARGE)
    total = number = 0
    while total < documents:
        # The kind comes next of which most is missing.
        kind = max(FAMILIES, key=lambda name: FAMILIES[name][1] * (total + 1) - made[name])
        source = random.Random(f"{seed}/{number}")
        drafts = make_family(kind, source, most, length)[: documents - total]
        members = tuple(Member(f"w{total + at}", draft) for at, draft in enumerate(drafts))
        yield Family(number, kind, members)
        made[kind] += len(members)
        total += len(members)
        number += 1


def generate(documents: int, seed: int) -> Iterator[Member]:
    """Make so many documents, one by one, in the order of a wire: families mixed."""
    yield from mix(make_families(documents, seed), seed)


def mix(families: Iterable[Family], seed: int) -> Iterator[Member]:
    """Give the documents of families in the order of a wire."""
    source = random.Random(f"{seed}/order")
    waiting: list[list[Member]] = []
    for family in families:
        waiting.append(list(family.members[::-1]))
        while len(waiting) >= _OPEN:
            yield _take(waiting, source)
    while waiting:
        yield _take(waiting, source)


def _take(waiting: list[list[Member]], source: random.Random) -> Member:
    at = source.randrange(len(waiting))
    member = waiting[at].pop()
    if not waiting[at]:
        waiting[at] = waiting[-1]
        waiting.pop()
    return member


def corrupt(stories: int, rate: float, seed: int) -> Iterator[tuple[Member, Member]]:
    """Make so many stories, each with a copy in which this share of the words is misread."""
    for number in range(stories):
        source = random.Random(f"{seed}/corrupt/{number}")
        desk = Desk(Newsroom(load("en"), source, Ink()))
        story = desk.newsroom.send(desk.newsroom.write())
        yield (
            Member(f"s{number}", story),
            Member(f"c{number}", desk.corrupt(story, rate).later(1)),
        )


def record(member: Member) -> dict[str, Any]:
    """Give a document as a record of JSON Lines."""
    return {
        "id": member.id,
        "title": member.draft.title,
        "date": member.draft.published.isoformat(),
        "text": member.text.text,
    }


def tell_truth(family: Family) -> dict[str, Any]:
    """Give what is true of a family as a record of JSON Lines.

    Of each pair that shares anything: its relations, the expected one first, and its passages,
    each a list of runs of equal words `[start and end in a, start and end in b]`.
    """
    pairs = family.pairs()
    return {
        "kind": family.kind,
        "documents": [member.id for member in family.members],
        "clusters": family.clusters(pairs),
        "pairs": [
            {
                "a": pair.a,
                "b": pair.b,
                "relations": pair.relations,
                "passages": [passage.runs for passage in pair.passages],
            }
            for pair in pairs
            if pair.passages
        ],
    }
