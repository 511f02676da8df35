"""Grammars: word lists and productions of a language, and the sentences they make."""

import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Any, Final

__all__ = ["SCRIPTS", "Agency", "Cast", "Language", "cast", "load", "tell"]

SCRIPTS: Final = ("ko", "zh", "ar", "ru", "th")
"""The languages beside English: one for each script."""

_FOLDER: Final = Path(__file__).parent / "languages"
_SYMBOL: Final = re.compile(r"\{(\w+)\}")
_WIDE: Final = 20
_FEW: Final = 100
_HOUSES: Final = 2  # ways to word a story

Production = tuple[str, ...]
"""Plain text and names of symbols in turn, plain text first."""

Cast = Mapping[str, tuple[str, ...]]
"""What an event is about: what stands for a symbol whenever it is told of."""

Agency = Mapping[str, Any]
"""How an agency writes: `dateline`, `tails` and perhaps `slug`."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language as newsrooms write it."""

    code: str
    space: str
    """Between words."""
    stop: str
    """Ends a sentence."""
    gap: str
    """Between sentences."""
    quotes: tuple[str, str]
    """Around quoted speech."""
    symbols: Mapping[str, tuple[Production, ...]]
    events: Mapping[str, int]
    """How many of each symbol an event is about."""
    facts: Mapping[str, tuple[int, int]]
    """Symbols that stand for numbers between two bounds."""
    spelling: Mapping[str, str]
    """American words and their British forms."""
    edits: Mapping[str, str]
    """Words and those that a desk puts in their place."""
    markers: Mapping[str, str]
    """What stands before the headline of a version."""
    furniture: Mapping[str, list[str]]
    """What sites put around stories: `heads`, `tails`, and long `notices`."""
    agencies: Sequence[Agency]
    """Each with its `dateline`, the `tails` of its stories and, where it has one, its `slug`."""
    forms: Mapping[str, list[str]]
    """Notices by kind: `[one/other]` is chosen once for a form, `<symbol>` for each notice."""


@cache
def load(code: str) -> Language:
    """Load a language by its ISO 639 code."""
    given = tomllib.loads((_FOLDER / f"{code}.toml").read_text("utf-8"))
    return Language(
        code,
        given["space"],
        given["stop"],
        given["gap"],
        tuple(given["quotes"]),
        {name: tuple(_parse(text)) for name, text in given["symbols"].items()},
        given["events"],
        {name: tuple(bounds) for name, bounds in given["facts"].items()},
        given.get("spelling", {}),
        given.get("edits", {}),
        given["markers"],
        given["furniture"],
        given["agencies"],
        given.get("forms", {}),
    )


def _parse(text: str) -> Iterator[Production]:
    for production in re.split(r"\n|\|", text):
        if production:
            yield tuple(_SYMBOL.split(production))


def cast(language: Language, source: random.Random) -> Cast:
    """Draw what an event is about."""
    return {
        name: tuple(tell(language, name, source) for _ in range(count))
        for name, count in language.events.items()
    }


def tell(
    language: Language,
    symbol: str,
    source: random.Random,
    about: Cast | None = None,
    house: int | None = None,
) -> str:
    """Make a phrase or a sentence.

    `house` is 0 or 1: of the symbol's productions one house knows those of even number, the
    other those of odd number, so that two houses never word a sentence alike.
    """
    if house is None:
        return _fill(language, ("", symbol, ""), source, about or {})
    choices = language.symbols[symbol][house::_HOUSES]
    return _fill(language, source.choice(choices), source, about or {})


def _fill(language: Language, production: Production, source: random.Random, about: Cast) -> str:
    if len(production) == 1:
        return production[0]
    parts = list(production)
    for at in range(1, len(parts), 2):
        name = parts[at]
        if name in about:
            parts[at] = source.choice(about[name])
        elif name in language.symbols:
            choices = language.symbols[name]
            parts[at] = _fill(language, source.choice(choices), source, about)
        elif name == "decimal":
            parts[at] = f"{source.uniform(1, 99):.1f}"
        elif name == "tenths":
            parts[at] = f"{source.uniform(0.1, 99):.2f}"
        else:
            parts[at] = _draw(source, *language.facts[name])
    return "".join(parts)


def _draw(source: random.Random, least: int, most: int) -> str:
    """Draw a number; of a wide range small ones are as frequent as large ones, but for years."""
    if most < _WIDE * least or most < _FEW:
        return str(source.randint(least, most))
    return f"{round(exp(source.uniform(log(least), log(most)))):,}"
