"""The stories to run on: a file of them, or made ones, as plain JSON Lines in either case."""

import gzip
import json
import random
import shutil
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Final

__all__ = ["generate", "unpack"]

_SEED: Final = 1987
_WORDS: Final = 30_000
_COPIES: Final = 0.3  # of all documents
_OPENINGS: Final = "bcdfghklmnprstvw"
_VOWELS: Final = "aeiou"
_CLOSINGS: Final = ("", "", "", "l", "n", "r", "s", "st", "t")


def unpack(source: Path, target: Path) -> None:
    """Copy a JSON Lines file, unpacked if its name ends in .gz."""
    opener = gzip.open if source.suffix == ".gz" else open
    with opener(source, "rb") as packed, target.open("wb") as plain:
        shutil.copyfileobj(packed, plain)


def generate(documents: int, target: Path) -> None:
    """Write made stories, the same for the same number: random sentences, and copies.

    Three of ten are an earlier story, cut or with words exchanged and a sentence added.
    """
    with target.open("w", encoding="utf-8") as lines:
        for number, text in enumerate(_tell(documents)):
            lines.write(json.dumps({"id": str(number), "text": text}) + "\n")


def _tell(documents: int) -> Iterator[str]:
    source = random.Random(_SEED)
    words = _make_words(source)
    # Frequencies as in a language: the n-th word is one n-th as frequent as the first.
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    originals: list[list[str]] = []
    for _ in range(documents):
        if originals and source.random() < _COPIES:
            story = _copy(source.choice(originals), source, words, weights)
        else:
            story = [_say(source, words, weights) for _ in range(source.randint(3, 25))]
            originals.append(story)
        yield "\n".join(story)


def _make_words(source: random.Random) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < _WORDS:
        syllables = source.choices((1, 2, 3, 4), (3, 4, 2, 1))[0]
        parts = (
            source.choice(_OPENINGS) + source.choice(_VOWELS) + source.choice(_CLOSINGS)
            for _ in range(syllables)
        )
        made["".join(parts)] = None
    return sorted(made, key=len)


def _say(source: random.Random, words: list[str], weights: list[float]) -> str:
    said = source.choices(words, cum_weights=weights, k=source.randint(8, 25))
    return " ".join(said).capitalize() + "."


def _copy(
    story: list[str], source: random.Random, words: list[str], weights: list[float]
) -> list[str]:
    """Cut a story's end, or exchange up to a tenth of its words and add a sentence."""
    if source.random() < 1 / 3:
        return story[: source.randint(2, len(story))]
    changed = source.uniform(0, 0.1)
    exchanged = [
        " ".join(
            source.choices(words, cum_weights=weights)[0] if source.random() < changed else word
            for word in sentence.split()
        )
        for sentence in story
    ]
    exchanged.insert(source.randint(0, len(story)), _say(source, words, weights))
    return exchanged
