"""Text to tokens: 64-bit hashes of normalized words, and where they stand in the text.

What a token is
    Letters, digits and marks make words; all else separates. Folding makes `ＣＡＦÉ`,
    `café` and `cafe` one token: case, width, accents and compatibility forms fold
    (NFKD, casefold, then accents dropped), decimal digits of every script fold to 0-9,
    and a form that stands for several letters (`ﬁ`, `ß`, `Ⅷ`) becomes those letters.
    Forms whose letters come with signs (`½`, `㈱`) do not: they stay themselves if they
    are letters or numbers, and separate otherwise, as symbols do (`™`).

    Ignored, wherever they stand: accents and points of Latin, Greek, Cyrillic, Hebrew and
    Arabic writing, kana voicing marks, nukta, tatweel, variation selectors, soft hyphens,
    zero-width and direction marks. Vowel signs, viramas and Thai tone marks are kept, for
    they tell words apart. Conjoining jamo are composed, so NFC and NFD texts agree.

    Vanish inside a word: apostrophes between letters or digits (`Pyongyang’s`), points
    between single letters (`U.S.`, `a.m.`), points and commas between digits (`1,000`).

    Han, kana, Thai, Lao, Khmer and Burmese letters are a token each, with the marks
    that follow them; `PER_WORD` says how many count as a word. Lone
    surrogates separate; code points that Unicode has not assigned, and private ones, are
    letters (of their block) that fold to themselves.

How it is computed
    Whole blocks of texts at once, in NumPy: tables give each code point a class and a
    folded form; the folded characters of a token are read as 64-bit lanes (8 ASCII
    characters or 2 wider code points each) and mixed lane by lane with MurmurHash3's
    finalizer. Up to 8 ASCII characters the hash is a bijection of the word; tokens of
    more than 64 characters are hashed with BLAKE2b. No hash depends on the block.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, chain
from typing import Any, Final, NamedTuple
from unicodedata import category, combining, decimal, normalize

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64, find_heads, mix64, ranges

__all__ = ["CAPITALIZED", "NUMBER", "PER_WORD", "Tokens", "tokenize"]

# Classes of code points. Words are made of all from _MARK on.
_SEPARATOR, _APOSTROPHE, _POINT, _COMMA, _IGNORED, _EXPANDING = range(6)
_MARK, _LETTER, CAPITALIZED, NUMBER, _IDEOGRAPH, _SYLLABLE = range(6, 12)
_ALONE: Final = _IDEOGRAPH  # and all above it

PER_WORD: Final = np.array([1] * _ALONE + [2, 4], dtype=np.uint8)
"""How many tokens of each kind make up a word, roughly: where a letter is a token, a shingle, a
passage or a guarantee of so many words takes as many letters as other scripts need words."""

_BLOCK: Final = 1 << 18  # characters of a block: its arrays stay in the processor's cache
_LONGEST: Final = 64  # characters of a token that are mixed lane by lane
_WIDE: Final = np.uint64(0x5851F42D4C957F2D)  # keeps wide tokens apart from ASCII ones
_STEP: Final = np.uint64(0x9E3779B97F4A7C15)

_JOINERS: Final = (
    dict.fromkeys("'‘’ʼ＇", _APOSTROPHE)
    | dict.fromkeys(".．", _POINT)
    | dict.fromkeys(",，٫٬", _COMMA)
)
_CAPITALS: Final = ("Lu", "Lt")
_SYLLABIC: Final = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x19E0, 0x19FF),  # Khmer symbols
    (0xA9E0, 0xA9FF),  # Burmese extensions
    (0xAA60, 0xAA7F),
)
_IDEOGRAPHIC: Final = (
    (0x3005, 0x3007),  # Han repetition marks, zero
    (0x3021, 0x3029),  # Hangzhou numerals
    (0x3031, 0x30FF),  # kana
    (0x31F0, 0x31FF),  # kana extensions
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),  # Han compatibility forms
    (0xFF66, 0xFF9D),  # narrow kana
    (0x1AFF0, 0x1B16F),  # kana extensions
    (0x20000, 0x3FFFF),  # Han
)
_HANGUL: Final = range(0xAC00, 0xD7A4)
_LEADS, _VOWELS, _OPEN = 19, 21, 28  # of the last each syllable that is open is a multiple


class Tokens(NamedTuple):
    """The tokens of a list of texts, one text after the other."""

    hashes: Words64
    """(tokens,) uint64."""
    kinds: NDArray[np.uint8]
    """(tokens,) uint8: by the first character `NUMBER`, `CAPITALIZED`, or another class."""
    offsets: Ints
    """(texts + 1,) int64: tokens of text i are `offsets[i]:offsets[i + 1]`."""
    starts: Ints
    """(tokens,) int64: first code point in the text; empty unless spans were asked for."""
    ends: Ints
    """(tokens,) int64: past the last code point; empty unless spans were asked for."""


def tokenize(texts: Sequence[str], *, spans: bool = False) -> Tokens:
    """Normalize, split and hash texts; see the module for what a token is."""
    counts = np.zeros(len(texts), dtype=np.int64)
    parts = []
    # Texts of ASCII alone take half the time where no others are among them.
    wide = np.array([not text.isascii() for text in texts], dtype=bool)
    order = np.argsort(wide, kind="stable")
    for pieces in chain(
        _blocks(texts, np.flatnonzero(~wide)), _blocks(texts, np.flatnonzero(wide))
    ):
        part = _tokenize_block([text for _, _, text in pieces], spans=spans)
        found = np.diff(part.offsets)
        np.add.at(counts, [owner for owner, _, _ in pieces], found)
        if spans:
            shift = np.repeat([at for _, at, _ in pieces], found)
            part = part._replace(starts=part.starts + shift, ends=part.ends + shift)
        parts.append(part)
    offsets = np.concatenate(([0], np.cumsum(counts)))
    none = np.empty(0, dtype=np.int64)
    parts = parts or [Tokens(none.view(np.uint64), none.astype(np.uint8), none, none, none)]
    hashes, kinds, _, starts, ends = map(np.concatenate, zip(*parts, strict=True))
    if (np.diff(order) < 0).any():
        begins = np.empty_like(counts)
        begins[order] = np.cumsum(counts[order]) - counts[order]
        places = ranges(begins, counts)
        hashes, kinds = hashes[places], kinds[places]
        if spans:
            starts, ends = starts[places], ends[places]
    return Tokens(hashes, kinds, offsets, starts, ends)


def _blocks(texts: Sequence[str], some: Ints) -> Iterator[list[tuple[int, int, str]]]:
    """Group some of the texts into blocks of (index of the text, offset in it, piece)."""
    block: list[tuple[int, int, str]] = []
    size = 0
    for index in some.tolist():
        text, at = texts[index], 0
        while len(text) - at > 2 * _BLOCK and (cut := _cut(text, at + _BLOCK)):
            block.append((index, at, text[at:cut]))
            yield block
            block, size, at = [], 0, cut
        block.append((index, at, text[at:] if at else text))
        size += len(text) - at
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def _cut(text: str, near: int) -> int:
    """Find a place where no token can stand across; 0 where there is none.

    Only spaces and line ends will do: whether anything else parts two tokens depends on
    its neighbors.
    """
    return min((cut for sign in " \n" if (cut := text.find(sign, near) + 1)), default=0)


def _tokenize_block(texts: Sequence[str], *, spans: bool) -> Tokens:
    # Two separators at both ends: every joiner has two neighbors on either side.
    joined = "\n\n" + "\n".join(texts) + "\n\n"
    begins = np.fromiter(
        accumulate((len(text) + 1 for text in texts), initial=2), np.int64, len(texts) + 1
    )
    units: NDArray[Any]
    if joined.isascii():
        data = joined.encode("ascii")
        classes = np.frombuffer(bytearray(data.translate(_ascii_classes())), dtype=np.uint8)
        units = np.frombuffer(data.translate(_ascii_folds()), dtype=np.uint8)
        edits = None
    else:
        classes, units, edits = _fold_wide(joined)
    dropped = _drop_joiners(classes)
    if len(dropped):
        keep = np.ones(len(classes), dtype=bool)
        keep[dropped] = False
        classes, units = classes[keep], units[keep]

    starts, ends = _boundaries(classes)
    firsts = _leave(edits.apply(begins) if edits else begins, dropped)
    offsets = np.searchsorted(starts, firsts)
    none = np.empty(0, dtype=np.int64)
    tokens = Tokens(_hash(units, starts, ends), classes[starts], offsets, none, none)
    if spans:
        first, last = _enter(starts, dropped), _enter(ends - 1, dropped) + 1
        if edits:
            # A form of two letters that stand alone is two tokens: both have all of it.
            last = np.maximum(edits.undo(last), edits.undo(last - 1) + 1)
            first = edits.undo(first)
        begin = np.repeat(begins[:-1], np.diff(offsets))
        tokens = tokens._replace(starts=first - begin, ends=last - begin)
    return tokens


class _Edits(NamedTuple):
    """What was done to the characters of a block, and so how places have moved."""

    added: Ints
    """Where, ascending, letters were put in: those of a form that follow its first one."""
    dropped: Ints
    """Where, ascending, characters were taken out then."""

    def apply(self, places: Ints) -> Ints:
        """Give the places that those of the text have become."""
        return _leave(_enter(places, self.added), self.dropped)

    def undo(self, places: Ints) -> Ints:
        """Give the places in the text, of what was put in that of its form."""
        return _leave(_enter(places, self.dropped) + 1, self.added) - 1


def _leave(places: Ints, some: Ints) -> Ints:
    """Give places new numbers, without some, ascending; one of those has that of what follows."""
    left: Ints = places - np.searchsorted(some, places)
    return left


def _enter(places: Ints, some: Ints) -> Ints:
    """Give places new numbers, with some, ascending, that they were numbered without."""
    entered: Ints = places + np.searchsorted(some - np.arange(len(some)), places, side="right")
    return entered


def _drop_joiners(classes: NDArray[np.uint8]) -> Ints:
    """Find the joiners that vanish; the others become separators, in place."""
    joiners = np.flatnonzero((classes - np.uint8(_APOSTROPHE)) <= _COMMA - _APOSTROPHE)
    inside = joiners[(classes[joiners - 1] >= _MARK) & (classes[joiners + 1] >= _MARK)]
    kind, left, right = classes[inside], classes[inside - 1], classes[inside + 1]
    digits = (left == NUMBER) & (right == NUMBER)
    # A single letter: what stands beyond it is no part of a word. _ALONE letters never join.
    single = (
        ((left == _LETTER) | (left == CAPITALIZED))
        & ((right == _LETTER) | (right == CAPITALIZED))
        & (classes[inside - 2] < _MARK)
        & (classes[inside + 2] < _MARK)
    )
    apostrophe = (kind == _APOSTROPHE) & (left < _ALONE) & (right < _ALONE)
    vanish = apostrophe | digits | ((kind == _POINT) & single)
    classes[joiners] = _SEPARATOR
    vanishing: Ints = inside[vanish]
    return vanishing


def _boundaries(classes: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Give the starts and ends of all tokens."""
    inside = classes != _SEPARATOR
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    alone = np.flatnonzero(classes >= _ALONE)
    if len(alone):
        # A letter that stands alone begins a token; so does a letter or digit after it
        # or after its marks.
        after = _pass_marks(classes, alone + 1)
        begins = np.concatenate((alone, after[classes[after] > _MARK]))
        begin, end = np.zeros((2, len(classes)), dtype=bool)
        begin[starts] = begin[begins] = True
        end[ends] = end[begins[inside[begins - 1]]] = True
        starts, ends = np.flatnonzero(begin), np.flatnonzero(end)
    return starts, ends


def _pass_marks(classes: NDArray[np.uint8], places: Ints) -> Ints:
    """Give the next places without a mark; takes places that are none, or the first of some."""
    marks = np.flatnonzero(classes == _MARK)
    begins = marks[np.diff(marks, prepend=-2) > 1]
    ends = marks[np.diff(marks, append=len(classes) + 1) > 1] + 1
    passed = places.copy()
    there = np.flatnonzero(classes[places] == _MARK)
    passed[there] = ends[np.searchsorted(begins, places[there])]
    return passed


def _hash(units: NDArray[Any], starts: Ints, ends: Ints) -> Words64:
    """Hash the tokens of a block; `units` are folded characters, uint8 or uint32."""
    if units.dtype == np.uint8:
        return _hash_lanes(units, starts, ends, np.uint64(0))
    wide = np.flatnonzero(units > 0x7F)  # noqa: PLR2004 - ASCII
    hashes = _hash_lanes(units.astype(np.uint8), starts, ends, np.uint64(0))
    # The tokens that hold wide characters are hashed anew, from their code points.
    those = np.searchsorted(starts, wide, side="right") - 1
    those = those[find_heads(those)]
    hashes[those] = _hash_lanes(units, starts[those], ends[those], _WIDE)
    return hashes


def _hash_lanes(units: NDArray[Any], starts: Ints, ends: Ints, seed: np.uint64) -> Words64:
    size = units.itemsize
    capacity = 8 // size
    data = np.concatenate((units, np.zeros(capacity, dtype=units.dtype)))
    # An overlapping view: lane i is the 64 bits that begin at character i.
    lanes = np.ndarray((len(units),), dtype="<u8", buffer=data, strides=(size,))
    masks = np.array(
        [(1 << (8 * size * length)) - 1 for length in range(capacity + 1)], dtype=np.uint64
    )
    lengths = ends - starts
    hashes: Words64 = lanes[starts]
    hashes &= masks[np.minimum(lengths, capacity)]
    hashes ^= seed
    rest = np.flatnonzero((lengths > capacity) & (lengths <= _LONGEST))
    done = capacity
    while len(rest):
        lane = lanes[starts[rest] + done]
        lane &= masks[np.minimum(lengths[rest] - done, capacity)]
        mixed = mix64(hashes[rest])
        mixed ^= lane
        mixed *= _STEP
        hashes[rest] = mixed
        done += capacity
        rest = rest[lengths[rest] > done]
    mix64(hashes)
    for token in np.flatnonzero(lengths > _LONGEST).tolist():
        characters = units[starts[token] : ends[token]].astype("<u4").tobytes()
        hashes[token] = int.from_bytes(blake2b(characters, digest_size=8).digest(), "little")
    return hashes


# Folding. Tables are filled by pages of 256 code points, as texts need them.

_TABLE: Final = np.zeros(0x110000, dtype=np.uint32)  # class << 24 | folded form
_FILLED: Final = np.zeros(0x1100, dtype=bool)
_EXPANSIONS: Final[dict[int, str]] = {}
_KINDS: Final[dict[int, list[int]]] = {}  # the classes of an expansion's letters


def _fold_wide(text: str) -> tuple[NDArray[np.uint8], NDArray[np.uint32], _Edits | None]:
    """Give the classes and folded forms of a text's characters, and how places have moved."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    used = np.zeros(len(_FILLED), dtype=bool)
    used[0] = True
    used[points[points > 0x7F] >> 8] = True  # noqa: PLR2004 - ASCII
    for page in np.flatnonzero(used & ~_FILLED).tolist():
        _fill_page(page)
    packed = _TABLE[points]
    classes, folds = (packed >> 24).astype(np.uint8), packed & 0xFFFFFF
    if used[0x11]:
        _compose_jamo(points, classes, folds)
    expanding = np.flatnonzero(classes == _EXPANDING)
    added = expanding
    if len(expanding):
        classes, folds, added = _expand(points[expanding].tolist(), expanding, classes, folds)
    dropped = np.flatnonzero(classes == _IGNORED)
    if len(dropped):
        keep = classes != _IGNORED
        classes, folds = classes[keep], folds[keep]
    edits = _Edits(added, dropped) if len(added) or len(dropped) else None
    return classes, folds, edits


def _expand(
    points: list[int], where: Ints, classes: NDArray[np.uint8], folds: NDArray[np.uint32]
) -> tuple[NDArray[np.uint8], NDArray[np.uint32], Ints]:
    """Put the letters of forms where the points that stand for them are.

    Gives the classes and folded forms then, and where those that follow a form's first one are.
    """
    forms = [_EXPANSIONS[point] for point in points]
    classes[where] = [_KINDS[point][0] for point in points]
    folds[where] = [ord(form[0]) for form in forms]
    at = np.repeat(where + 1, [len(form) - 1 for form in forms])
    letters = np.frombuffer("".join(form[1:] for form in forms).encode("utf-32-le"), dtype="<u4")
    kinds = [kind for point in points for kind in _KINDS[point][1:]]
    return np.insert(classes, at, kinds), np.insert(folds, at, letters), at + np.arange(len(at))


def _compose_jamo(
    points: NDArray[np.uint32], classes: NDArray[np.uint8], folds: NDArray[np.uint32]
) -> None:
    """Compose conjoining jamo into syllables, in place (Unicode §3.12)."""
    jamo = np.flatnonzero(points >> 8 == 0x11)  # noqa: PLR2004 - the page of all of them
    # Whatever is below the first of a range wraps around, beyond the last.
    lead = jamo[points[jamo] - 0x1100 < _LEADS]
    vowel = points[lead + 1] - 0x1161
    lead, vowel = lead[vowel < _VOWELS], vowel[vowel < _VOWELS]
    folds[lead] = 0xAC00 + ((points[lead] - 0x1100) * _VOWELS + vowel) * _OPEN
    classes[lead], classes[lead + 1] = _LETTER, _IGNORED
    # A final consonant closes the open syllable before it: of two jamo, or composed already.
    final = jamo[points[jamo] - 0x11A8 < _OPEN - 1]
    two = (points[final - 2] - 0x1100 < _LEADS) & (points[final - 1] - 0x1161 < _VOWELS)
    syllable = points[final - 1] - 0xAC00
    closes = two | ((syllable < len(_HANGUL)) & (syllable % _OPEN == 0))
    final, two = final[closes], two[closes]
    folds[np.where(two, final - 2, final - 1)] += points[final] - 0x11A7
    classes[final] = _IGNORED


def _fill_page(page: int) -> None:
    for point in range(page << 8, (page + 1) << 8):
        kind, form = _classify(chr(point))
        if kind == _EXPANDING:
            _EXPANSIONS[point] = form
            _KINDS[point] = [_classify(letter)[0] for letter in form]
            if category(chr(point)) in _CAPITALS:
                _KINDS[point][0] = CAPITALIZED
        _TABLE[point] = kind << 24 | (ord(form) if len(form) == 1 else 0)
    _FILLED[page] = True


def _classify(char: str) -> tuple[int, str]:
    """Give a character's class and its folded form, empty where it has none."""
    group = category(char)
    if char in _JOINERS:
        return _JOINERS[char], ""
    if _is_ignored(char):
        return _IGNORED, ""
    if group[0] in "ZPS" or group in ("Cc", "Cs"):
        return _SEPARATOR, ""
    form = _fold(char)
    if not form:
        return _IGNORED, ""
    if group == "Nd" or (len(form) == 1 and form.isdecimal()):
        return NUMBER, form
    if len(form) > 1:
        return _EXPANDING, form
    if group[0] == "M":
        return _MARK, form
    for kind, blocks in ((_SYLLABLE, _SYLLABIC), (_IDEOGRAPH, _IDEOGRAPHIC)):
        if any(low <= ord(form) <= high for low, high in blocks):
            return kind, form
    return (CAPITALIZED if group in _CAPITALS else _LETTER), form


def _is_ignored(char: str) -> bool:
    group, order = category(char), combining(char)
    return (
        group in ("Cf", "Me")
        or char in "\u0640\u034f"  # tatweel, grapheme joiner
        or "\ufe00" <= char <= "\ufe0f"  # variation selectors
        or char in "\u180b\u180c\u180d\u180f"
        or "\U000e0100" <= char <= "\U000e01ef"
        or (group == "Mn" and (order in (1, 7, 8) or 10 <= order <= 36 or order >= 200))  # noqa: PLR2004
    )


def _fold(char: str) -> str:
    """Fold to letters, digits and marks; empty where all parts are ignored.

    A character that has other parts folds to itself.
    """
    if ord(char) in _HANGUL:
        return char
    # Accents go first: some of them fold to letters of their own (the Greek iota subscript).
    base = "".join(part for part in normalize("NFKD", char) if not _is_ignored(part))
    parts = [
        str(decimal(part, part))
        for part in normalize("NFKD", base.casefold())
        if not _is_ignored(part) and _JOINERS.get(part) != _APOSTROPHE
    ]
    if all(category(part)[0] in "LNM" or category(part) in ("Co", "Cn") for part in parts):
        return "".join(parts)
    return char


@lru_cache(maxsize=1)
def _ascii_classes() -> bytes:
    return bytes(_classify(chr(point))[0] for point in range(128)) + bytes(128)


@lru_cache(maxsize=1)
def _ascii_folds() -> bytes:
    return bytes(ord(_classify(chr(point))[1] or "\0") for point in range(128)) + bytes(128)
