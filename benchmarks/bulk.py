"""A wire of any size, made fast: editions of one made wire, each in other words.

The first 10,000 documents are those of `wire`. All that follow are editions of the same families:
within an edition every word but the commonest and those of the house (datelines, markers,
furniture, dates) is replaced by another word of the same script, one for one. What the documents
of a family share is thus the same in each edition, to the word, and of the same kind; different
editions share no more than sentences made at random of one vocabulary do. An edition costs a
twentieth of what its making anew would.
"""

import json
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import count, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import wire
from wire.grammar import Language, load
from wire.text import fold

__all__ = ["EDITION", "Wire"]

EDITION: Final = 10_000
"""Documents of an edition."""
_LENGTH: Final = 1.3  # makes documents of some 300 words
_COMMON: Final = 0.5  # share of a language's documents from which on a word is everybody's
_FEW: Final = 10  # documents that make no word common, whatever their share
_ALONE: Final = "\u0e00-\u0e7f\u3400-\u9fff"  # Thai and Han characters are words by themselves
# A word with a digit or a mark in it is left as it is.
_WORD: Final = re.compile(rf"([^\W\d_{_ALONE}]+(?![\w'’])|[{_ALONE}])")
_CHARACTER: Final = re.compile(f"[{_ALONE}]")
_MONTHS: Final = "Jan Feb Mar March Apr April May Jun June Jul July Aug Sep Sept Oct Nov Dec"


class Item(NamedTuple):
    """A document of the first edition, cut at its words."""

    id: str
    date: str
    language: str
    title: list[str]
    """What stands between words and the words, in turn."""
    text: list[str]
    story: int
    """Number of the recorded story: documents of one number belong in one cluster."""


class Wire:
    """So many documents, streamed, and which of them tell one story."""

    def __init__(self, documents: int, seed: int, edition: int = EDITION) -> None:
        self.documents = documents
        self._seed = seed
        self._items = _make_items(min(documents, edition), seed)
        self._vocabularies = _collect(self._items)

    def records(self) -> Iterator[dict[str, Any]]:
        """Give the records of the documents, one by one."""
        return islice(self.endless(), self.documents)

    def endless(self) -> Iterator[dict[str, Any]]:
        """Give records without end: edition after edition."""
        for edition in count():
            words = self._translate(edition)
            for item in self._items:
                table = words[item.language]
                yield {
                    "id": f"{edition}-{item.id}",
                    "title": _say(item.title, table),
                    "date": item.date,
                    "text": _say(item.text, table),
                }

    def write(self, path: Path) -> None:
        """Write the records as JSON Lines."""
        with path.open("w", encoding="utf-8") as lines:
            for record in self.records():
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")

    def story(self, document: int) -> int:
        """Give the number of the story that a document tells; documents count from 0."""
        edition, at = divmod(document, len(self._items))
        return edition * len(self._items) + self._items[at].story

    def _translate(self, edition: int) -> dict[str, dict[str, str]]:
        """Give for each language and word the word that stands in its place in an edition."""
        if edition == 0:
            return {code: {} for code in self._vocabularies}
        source = random.Random(f"{self._seed}/edition/{edition}")
        return {
            code: _permute(groups, forms, source)
            for code, (groups, forms) in self._vocabularies.items()
        }


Vocabulary = tuple[list[list[str]], dict[str, set[str]]]
"""Normalized words that may take each other's place, and the forms in which each occurs."""


@cache
def _make_items(documents: int, seed: int) -> tuple[Item, ...]:
    return tuple(_cut(documents, seed))


def _cut(documents: int, seed: int) -> Iterator[Item]:
    families = list(wire.make_families(documents, seed, _LENGTH))
    stories = {
        name: number
        for number, cluster in enumerate(
            cluster for family in families for cluster in family.clusters(family.pairs())
        )
        for name in cluster
    }
    alone = count(len(stories))
    for member in wire.mix(families, seed):
        record = wire.record(member)
        yield Item(
            record["id"],
            record["date"],
            member.draft.language.code,
            _WORD.split(record["title"]),
            _WORD.split(record["text"]),
            stories[member.id] if member.id in stories else next(alone),
        )


def _collect(items: Iterable[Item]) -> dict[str, Vocabulary]:
    """Collect what may be replaced, by language."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    total = Counter[str]()
    for item in items:
        found[item.language].update({*item.text[1::2], *item.title[1::2]})
        total[item.language] += 1
    return {
        code: _sort_out(words, max(_COMMON * total[code], _FEW), _know_house(load(code)))
        for code, words in found.items()
    }


def _sort_out(words: Counter[str], most: float, house: set[str]) -> Vocabulary:
    holders = Counter[str]()
    forms = defaultdict(set)
    for word, documents in words.items():
        folded = fold(word)
        if len(folded) == 1:  # else it has no word of its own that another could replace
            holders[folded[0]] += documents
            forms[folded[0]].add(word)
    groups = defaultdict(list)
    for word, documents in sorted(holders.items()):
        # Characters that are words by themselves are common one and all.
        rare = len(word) > 1 and documents < most and word not in house
        if rare or _CHARACTER.match(word):
            groups[_name_script(word)].append(word)
    return list(groups.values()), {word: forms[word] for own in groups.values() for word in own}


def _know_house(language: Language) -> set[str]:
    """Collect the words of markers, agencies and furniture."""
    told = [
        _MONTHS,
        *language.markers.values(),
        *(line for lines in language.furniture.values() for line in lines),
        *(line for own in language.agencies for line in (own["dateline"], *own["tails"])),
    ]
    return {word for line in told for word in fold(line)}


def _name_script(word: str) -> str:
    """Name the script, and apart from it the characters that are words by themselves."""
    return f"{unicodedata.name(word[0]).split()[0]} {bool(_CHARACTER.match(word))}"


def _permute(
    groups: list[list[str]], forms: dict[str, set[str]], source: random.Random
) -> dict[str, str]:
    table = {}
    for own in groups:
        for old, new in zip(own, source.sample(own, len(own)), strict=True):
            table.update({form: _write_as(form, new) for form in sorted(forms[old])})
    return table


def _write_as(form: str, word: str) -> str:
    if len(form) > 1 and form.isupper():
        return word.upper()
    return word.capitalize() if form[0].isupper() else word


def _say(parts: list[str], table: dict[str, str]) -> str:
    if not table:
        return "".join(parts)
    said = parts.copy()
    said[1::2] = [table.get(word, word) for word in parts[1::2]]
    return "".join(said)
