"""Form notices: one frame, filled in with other names and numbers each time."""

import random
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from .draft import Draft
from .grammar import Language, tell
from .stories import Newsroom, name_day
from .text import Sentence

__all__ = ["Form", "design"]

_CHOICE: Final = re.compile(r"\[([^\]]*)\]")
_SLOT: Final = re.compile(r"<(=?)(\w+)>")
_FIXED: Final = re.compile(r"\{(\w+)\}")
_TITLE: Final = 9  # words
_ROWS: Final = (6, 18)


class Form:
    """A frame and its notices."""

    def __init__(self, newsroom: Newsroom, kind: str, frame: list[str]) -> None:
        self.newsroom = newsroom
        self.kind = kind
        self._first = newsroom.date()
        # The words of the frame have their keys from here on.
        self._lines = [
            [(piece, self._keys(piece)) for piece in _SLOT.split(line)[::3]] for line in frame
        ]
        self._slots = [_SLOT.findall(line) for line in frame]

    def _keys(self, piece: str) -> tuple[int, ...]:
        return tuple(self.newsroom.ink.key() for _ in piece.split())

    def fill(self, hours: float) -> Draft:
        """Write a notice, so many hours after the first."""
        newsroom = self.newsroom
        published = self._first + timedelta(hours=round(hours))
        known = {"thedate": name_day(published)}
        lines = [
            self._fill(pieces, slots, known)
            for pieces, slots in zip(self._lines, self._slots, strict=True)
        ]
        return Draft(
            language=newsroom.language,
            published=published,
            title=" ".join(lines[0].words[:_TITLE]),
            body=tuple((line,) for line in lines),
            stories=frozenset((newsroom.ink.key(),)),
            form=self.kind,
        )

    def _fill(
        self,
        pieces: list[tuple[str, tuple[int, ...]]],
        slots: list[tuple[str, str]],
        known: dict[str, str],
    ) -> Sentence:
        """Fill a line in; a word that touches a slot's is one with it."""
        newsroom = self.newsroom
        words: list[str] = []
        keys: list[int] = []
        for number, (piece, own) in enumerate(pieces):
            for at, (word, key) in enumerate(zip(piece.split(), own, strict=True)):
                if at == 0 and number and not piece[0].isspace():
                    words[-1] += word
                else:
                    words.append(word)
                    keys.append(key)
            if number < len(slots):
                same, symbol = slots[number]
                told = tell(newsroom.language, symbol, newsroom.source)
                if same:
                    told = known.setdefault(symbol, told)
                first, *rest = told.split()
                if piece and not piece[-1].isspace():
                    words[-1] += first
                    keys[-1] = newsroom.ink.key()
                else:
                    words.append(first)
                    keys.append(newsroom.ink.key())
                words += rest
                keys += (newsroom.ink.key() for _ in rest)
        return Sentence(tuple(words), tuple(keys))


def design(newsroom: Newsroom) -> Form:
    """Design a form of some kind: its wording is chosen here, and its rows are counted."""
    source, language = newsroom.source, newsroom.language
    kind = source.choice(list(language.forms))
    frame = _CHOICE.sub(
        lambda found: source.choice(found[1].split("/")), source.choice(language.forms[kind])
    )
    return Form(newsroom, kind, list(_set_lines(frame, language, source)))


def _set_lines(frame: str, language: Language, source: random.Random) -> Iterator[str]:
    def fix(found: re.Match[str]) -> str:
        return tell(language, found[1], source)

    for line in frame.strip().split("\n"):
        row = line.removeprefix("* ")
        for _ in range(source.randint(*_ROWS) if row != line else 1):
            yield _FIXED.sub(fix, row)
