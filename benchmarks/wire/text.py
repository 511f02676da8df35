"""Texts that know where their words come from.

Every word of an original sentence gets a key of its own. Whatever is done to the text later, a
word that stays keeps its key and one that is changed gets another: two texts share exactly the
words whose keys they share, and nothing has to be searched for.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import count
from typing import Final, NamedTuple

from .grammar import Language

__all__ = ["Ink", "Paragraph", "Sentence", "Text", "count_tokens", "fold", "render"]

_JOINER: Final = re.compile(r"(?<=\w)[.,'’](?=\w)")
_ENDS: Final = '.?!。”"»'
_OPENING: Final = re.compile(r"""(?:^|: )["“«]?\w""")
_ALONE: Final = r"\u0e00-\u0e7f\u3400-\u9fff"  # Thai and Han characters are words by themselves
_TOKEN: Final = re.compile(rf"[^\W_{_ALONE}]+|[{_ALONE}]")


class Sentence(NamedTuple):
    """Words and their keys, equally many."""

    words: tuple[str, ...]
    keys: tuple[int, ...]


Paragraph = tuple[Sentence, ...]


class Text(NamedTuple):
    """A text as it is read, and where each of its words stands."""

    text: str
    keys: tuple[int, ...]
    starts: tuple[int, ...]
    """Characters before each word."""
    ends: tuple[int, ...]
    tokens: tuple[int, ...]
    """How many normalized words each word counts for: `state-owned` is two."""


class Ink:
    """Gives out keys, none twice."""

    def __init__(self) -> None:
        self._keys = count(1)

    def key(self) -> int:
        """Give a key that no word has."""
        return next(self._keys)

    def write(self, language: Language, told: str, *, stop: bool = True) -> Sentence:
        """Cut a sentence into words and give each a key."""
        if stop:
            told = _OPENING.sub(lambda found: found[0].upper(), told)
            told += "" if told[-1] in _ENDS else language.stop
        words = tuple(split(language, told))
        return Sentence(words, tuple(next(self._keys) for _ in words))


def split(language: Language, told: str) -> Iterator[str]:
    """Cut a sentence into words; where a script has no spaces, into characters with their marks."""
    if language.space:
        yield from told.split()
        return
    word = ""
    for char in told:
        if word and _stands_alone(char):
            yield word
            word = ""
        word += char
    yield word


def _stands_alone(char: str) -> bool:
    """Tell whether a word begins here: not with a mark, a digit, a sign or a space."""
    return unicodedata.category(char) == "Lo" and char not in "ำๅะา"


def render(language: Language, blocks: tuple[Paragraph, ...]) -> Text:
    """Set a text: an empty line between paragraphs."""
    parts: list[str] = []
    starts, ends, keys = [], [], []
    at = 0
    for number, paragraph in enumerate(blocks):
        between = "\n\n" if number else ""
        for sentence in paragraph:
            for word, key in zip(*sentence, strict=True):
                parts += between, word
                at += len(between)
                starts.append(at)
                at += len(word)
                ends.append(at)
                keys.append(key)
                between = language.space
            between = language.gap
    tokens = tuple(count_tokens(word) for word in parts[1::2])
    return Text("".join(parts), tuple(keys), tuple(starts), tuple(ends), tokens)


@lru_cache(maxsize=1 << 16)
def count_tokens(word: str) -> int:
    """Count normalized words."""
    return len(fold(word))


def fold(text: str) -> list[str]:
    """Normalize to words: `U.S.` is `us`, `1,000` is `1000`, marks above letters are nothing."""
    plain = text.casefold()
    if not plain.isascii():
        marked = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in marked if unicodedata.category(char)[0] != "M")
    return _TOKEN.findall(_JOINER.sub("", plain))
