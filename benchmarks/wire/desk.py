"""What desks do with a story: each operation takes a draft and gives another."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from .draft import Draft
from .grammar import Cast, tell
from .stories import Newsroom, capitalize
from .text import Paragraph, Sentence, fold, split

__all__ = ["Desk", "respell"]

_FIGURE: Final = re.compile(r"\d[\d,.]*\d|\d")
_WORD: Final = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)
_ACRONYM: Final = re.compile(r"(?:[A-Z]\.){2,}")
_CONFUSED: Final = (("rn", "m"), ("l", "1"), ("O", "0"), ("e", "c"), ("h", "b"), ("ti", "ü"))
_CHARACTER: Final = 0.4
_YEARS: Final = range(1900, 2100)

Words = tuple[str, ...]


class Desk:
    """Edits the stories of a newsroom."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.language = newsroom.language
        self.source = newsroom.source
        # Where every character is a word here, so many of them make a word to its readers.
        self._share = 1 if newsroom.language.space else _CHARACTER

    def chance(self, share: float) -> bool:
        """Tell, in so many of all cases, yes."""
        return self.source.random() < share

    def edit(self, draft: Draft, rate: float) -> Draft:
        """Change so many of the words: another in its place, one more, or one less."""
        rate *= self._share
        return self._rewrite(draft, lambda word: self._edit(word, rate))

    def corrupt(self, draft: Draft, rate: float) -> Draft:
        """Mistype or misread so many of the words."""
        rate *= self._share
        return self._rewrite(draft, lambda word: self._corrupt(word, rate))

    def update_figures(self, draft: Draft, share: float) -> Draft:
        """Give other figures, for so many of them."""
        return self._rewrite(
            draft, lambda word: self._change(word) if self.chance(share) else (word,)
        )

    def correct(self, draft: Draft) -> Draft:
        """Correct a single figure; a story without one is left as it is."""
        places = [
            (paragraph, sentence, word)
            for paragraph, sentences in enumerate(draft.body)
            for sentence, own in enumerate(sentences)
            for word, text in enumerate(own.words)
            if _has_figure(text)
        ]
        if not places:
            return draft
        chosen = self.source.choice(places)
        body = [list(sentences) for sentences in draft.body]
        own = body[chosen[0]][chosen[1]]
        at = chosen[2]
        body[chosen[0]][chosen[1]] = Sentence(
            (*own.words[:at], *self._change(own.words[at]), *own.words[at + 1 :]),
            (*own.keys[:at], self.newsroom.ink.key(), *own.keys[at + 1 :]),
        )
        return draft.with_body(body)

    def trim(self, draft: Draft, share: float) -> Draft:
        """Cut the tail, so that about this share of the words is left."""
        room = share * draft.length
        kept: list[Paragraph] = []
        for paragraph in draft.body:
            if room <= 0 and kept:
                break
            kept.append(paragraph)
            room -= sum(len(sentence.words) for sentence in paragraph)
        return draft.with_body(kept)

    def abridge(self, draft: Draft, share: float) -> Draft:
        """Drop sentences throughout but the first; about this share of them is left."""
        return draft.with_body(
            tuple(
                sentence
                for number, sentence in enumerate(paragraph)
                if (place == 0 and number == 0) or self.source.random() < share
            )
            for place, paragraph in enumerate(draft.body)
        )

    def lead_anew(self, draft: Draft, about: Cast) -> Draft:
        """Put a new lead in place of the first paragraph, a new headline over it."""
        newsroom = self.newsroom
        lead = (newsroom.sentence("head", about), newsroom.sentence("sentence", about))
        title = tell(self.language, "title", self.source, about)
        fresh = [lead] + [newsroom.paragraph(about) for _ in range(self.source.randrange(2))]
        return replace(draft.with_body((*fresh, *draft.body[1:])), title=capitalize(title))

    def insert(self, draft: Draft, about: Cast, paragraphs: int) -> Draft:
        """Insert new paragraphs below the first."""
        body = list(draft.body)
        for _ in range(paragraphs):
            body.insert(self.source.randint(1, len(body)), self.newsroom.paragraph(about))
        return draft.with_body(body)

    def reorder(self, draft: Draft) -> Draft:
        """Move paragraphs, all but the first."""
        first, *rest = draft.body
        self.source.shuffle(rest)
        return draft.with_body((first, *rest))

    def restyle(self, draft: Draft) -> Draft:
        """Turn American into British style: spelling, `US` for `U.S.`, curly quotation marks."""
        return self._rewrite(draft, lambda word: respell(self.language.spelling, word))

    def mark(self, draft: Draft, marker: str, number: int = 1) -> Draft:
        """Mark the headline as the agencies do: UPDATE 2-, CORRECTED-, 1st Ld-."""
        nth = f"{number}{('st', 'nd', 'rd')[number - 1] if number <= 3 else 'th'}"  # noqa: PLR2004
        told = self.language.markers[marker].format(n=number, nth=nth)
        return replace(draft, title=told + draft.title)

    def furnish(self, draft: Draft, *, notice: bool = False) -> Draft:
        """Put a site's furniture around it: lines above and below, headlines of other stories."""
        newsroom, source, given = self.newsroom, self.source, self.language.furniture
        head = [newsroom.line(line) for line in source.sample(given["heads"], source.randrange(3))]
        tail = [newsroom.line(line) for line in source.sample(given["tails"], source.randrange(3))]
        for _ in range(source.randrange(4) if tail else 0):
            title = tell(self.language, "title", source, newsroom.draw())
            tail.append(newsroom.line(capitalize(title)))
        legal = source.choice(given["notices"]) if notice else None
        if legal:
            tail.append(newsroom.line(legal))
        return replace(draft, head=(*head, *draft.head), tail=(*draft.tail, *tail), notice=legal)

    def headline(self, draft: Draft) -> Draft:
        """Set the title above the text, as sites do."""
        return replace(draft, head=(*draft.head, self.newsroom.line(draft.title)))

    def _rewrite(self, draft: Draft, change: Callable[[str], Words]) -> Draft:
        return draft.with_body(
            tuple(self._rewrite_sentence(own, change) for own in paragraph)
            for paragraph in draft.body
        )

    def _rewrite_sentence(self, sentence: Sentence, change: Callable[[str], Words]) -> Sentence:
        words, keys = [], []
        for word, key, changed in zip(*sentence, map(change, sentence.words), strict=True):
            for other in changed:
                words.append(other)
                kept = other == word or (len(changed) == 1 and fold(other) == fold(word))
                keys.append(key if kept else self.newsroom.ink.key())
        return Sentence(tuple(words), tuple(keys))

    def _edit(self, word: str, rate: float) -> Words:
        source = self.source
        if not self.chance(rate) or word.endswith(tuple('.?!。:"”»')):
            return (word,)
        if word in self.language.edits:
            return tuple(self.language.edits[word].split())
        other = tuple(split(self.language, tell(self.language, "adj", source)))
        return source.choice(((), other, (word, *other)))

    def _change(self, word: str) -> Words:
        """Change the figures of a word, and keep their form."""
        return (_FIGURE.sub(self._draw, word),) if _has_figure(word) else (word,)

    def _draw(self, found: re.Match[str]) -> str:
        old = found[0]
        while True:
            new = "".join(
                str(self.source.randint(1 if at == 0 else 0, 9)) if char.isdigit() else char
                for at, char in enumerate(old)
            )
            if new != old:
                return new

    def _corrupt(self, word: str, rate: float) -> Words:
        read = fold(word)
        if not self.chance(rate) or not read:
            return (word,)
        other = self._misread(word)
        # What the case or the accent of a letter alone tells apart is the same word still.
        return (other if fold(other) != read else f"{word}x",)

    def _misread(self, word: str) -> str:
        source = self.source
        found = [(old, new) for old, new in _CONFUSED if old in word]
        if found and self.chance(0.5):
            return word.replace(*source.choice(found), 1)
        at = source.randrange(len(word))
        way = source.randrange(3)
        if way == 0 and len(word) > 1:
            at = min(at, len(word) - 2)
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if way == 1 and len(word) > 1:
            return word[:at] + word[at + 1 :]
        return word[:at] + word[at] * 2 + word[at + 1 :]


def respell(spelling: Mapping[str, str], word: str) -> Words:
    """Write a word as the British do, which may take two: `per cent`, `harbour`, `US`, “ and ”."""
    found = _WORD.fullmatch(word)
    before, core, after = found.groups() if found else ("", word, "")
    british = spelling.get(core.lower(), core)
    if core[:1].isupper():
        british = british[:1].upper() + british[1:]
    if _ACRONYM.fullmatch(core + after[:1]):
        british, after = (core + after[:1]).replace(".", ""), after[1:]
    return tuple((before.replace('"', "“") + british + after.replace('"', "”")).split())


def _has_figure(word: str) -> bool:
    """Tell whether there is a number in it that is no year."""
    found = _FIGURE.search(word)
    return found is not None and not (found[0].isdigit() and int(found[0]) in _YEARS)
