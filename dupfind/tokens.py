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
from itertools import accumulate
from typing import Any, Final, NamedTuple
from unicodedata import category, combining, decimal, normalize

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64, mix64, ranges

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
    for pieces in _blocks(texts):
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
    return Tokens(
        np.concatenate([part.hashes for part in parts]),
        np.concatenate([part.kinds for part in parts]),
        offsets,
        np.concatenate([part.starts for part in parts]),
        np.concatenate([part.ends for part in parts]),
    )


def _blocks(texts: Sequence[str]) -> Iterator[list[tuple[int, int, str]]]:
    """Group texts into blocks of (index of the text, offset in it, piece)."""
    block: list[tuple[int, int, str]] = []
    size = 0
    for index, text in enumerate(texts):
        at = 0
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
        origin = None
    else:
        classes, units, origin = _fold_wide(joined)
    dropped = _drop_joiners(classes)
    if len(dropped):
        keep = np.ones(len(classes), dtype=bool)
        keep[dropped] = False
        classes, units = classes[keep], units[keep]

    starts, ends = _boundaries(classes)
    # Where the texts begin, after all that was ignored or expanded before.
    firsts = begins if origin is None else np.searchsorted(origin, begins)
    firsts = firsts - np.searchsorted(dropped, firsts)
    offsets = np.searchsorted(starts, firsts)
    none = np.empty(0, dtype=np.int64)
    tokens = Tokens(_hash(units, starts, ends), classes[starts], offsets, none, none)
    if spans:
        shift = dropped - np.arange(len(dropped))
        first = starts + np.searchsorted(shift, starts, side="right")
        last = ends + np.searchsorted(shift, ends - 1, side="right")
        if origin is not None:
            # A form of two letters that stand alone is two tokens: both have all of it.
            first, last = origin[first], np.maximum(origin[last], origin[last - 1] + 1)
        begin = np.repeat(begins[:-1], np.diff(offsets))
        tokens = tokens._replace(starts=first - begin, ends=last - begin)
    return tokens


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
    alone = classes >= _ALONE
    if alone.any():
        # A letter that stands alone begins a token; so does a letter or digit after it
        # or after its marks. What follows a mark is told by the last character before it.
        base = np.maximum.accumulate(np.where(classes == _MARK, 0, np.arange(len(classes))))
        after = np.zeros_like(alone)
        after[1:] = alone[base[:-1]]
        begin = alone | (after & (classes > _MARK))
        begin[starts] = True
        starts = np.flatnonzero(begin)
        end = np.zeros_like(alone)
        end[ends] = True
        end[starts] |= inside[starts - 1]
        ends = np.flatnonzero(end)
    return starts, ends


def _hash(units: NDArray[Any], starts: Ints, ends: Ints) -> Words64:
    """Hash the tokens of a block; `units` are folded characters, uint8 or uint32."""
    if units.dtype == np.uint8:
        return _hash_lanes(units, starts, ends, np.uint64(0))
    wide = np.flatnonzero(units > 0x7F)  # noqa: PLR2004 - ASCII
    hashes = _hash_lanes(units.astype(np.uint8), starts, ends, np.uint64(0))
    # The tokens that hold wide characters are hashed anew, from their code points.
    those = np.searchsorted(starts, wide, side="right") - 1
    those = those[np.concatenate(([True], those[1:] != those[:-1]))] if len(those) else those
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


def _fold_wide(text: str) -> tuple[NDArray[np.uint8], NDArray[np.uint32], Ints | None]:
    """Give the classes and folded forms of a text's characters, and each one's position.

    Positions are None where they are those of the text.
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    used = np.zeros(len(_FILLED), dtype=bool)
    used[0] = True
    used[points[points > 0x7F] >> 8] = True  # noqa: PLR2004 - ASCII
    for page in np.flatnonzero(used & ~_FILLED).tolist():
        _fill_page(page)
    packed = _TABLE[points]
    classes, folds = (packed >> 24).astype(np.uint8), packed & 0xFFFFFF
    origin: Ints | None = None
    if used[0x11]:
        _compose_jamo(points, classes, folds)
    if (classes == _EXPANDING).any():
        classes, folds, origin = _expand(points, classes, folds)
    if (classes == _IGNORED).any():
        keep = classes != _IGNORED
        classes, folds = classes[keep], folds[keep]
        origin = np.flatnonzero(keep) if origin is None else origin[keep]
    return classes, folds, origin


def _expand(
    points: NDArray[np.uint32], classes: NDArray[np.uint8], folds: NDArray[np.uint32]
) -> tuple[NDArray[np.uint8], NDArray[np.uint32], Ints]:
    """Put the letters of each expanding form in its place."""
    where = np.flatnonzero(classes == _EXPANDING)
    forms = [_EXPANSIONS[point] for point in points[where].tolist()]
    counts = np.ones(len(points), dtype=np.int64)
    counts[where] = [len(form) for form in forms]
    origin = np.repeat(np.arange(len(points)), counts)
    letters = np.frombuffer("".join(forms).encode("utf-32-le"), dtype="<u4")
    slots = ranges((np.cumsum(counts) - counts)[where], counts[where])
    classes, folds = classes[origin], folds[origin]
    folds[slots] = letters
    classes[slots] = [kind for point in points[where].tolist() for kind in _KINDS[point]]
    return classes, folds, origin


def _compose_jamo(
    points: NDArray[np.uint32], classes: NDArray[np.uint8], folds: NDArray[np.uint32]
) -> None:
    """Compose conjoining jamo into syllables, in place (Unicode §3.12)."""
    lead = points[:-2].astype(np.int64) - 0x1100
    vowel = points[1:-1].astype(np.int64) - 0x1161
    after = points[2:].astype(np.int64) - 0x11A7
    pair = (lead >= 0) & (lead < 19) & (vowel >= 0) & (vowel < 21)  # noqa: PLR2004
    closed = pair & (after > 0) & (after < 28)  # noqa: PLR2004
    at = np.flatnonzero(pair)
    folds[at] = 0xAC00 + (lead[at] * 21 + vowel[at]) * 28 + np.where(closed[at], after[at], 0)
    classes[at], classes[at + 1], classes[np.flatnonzero(closed) + 2] = _LETTER, _IGNORED, _IGNORED
    syllable = points[:-1].astype(np.int64) - 0xAC00
    final = points[1:].astype(np.int64) - 0x11A7
    at = np.flatnonzero(
        (syllable >= 0) & (syllable < len(_HANGUL)) & (syllable % 28 == 0)
        & (final > 0) & (final < 28)  # noqa: PLR2004
    )  # fmt: skip
    folds[at] = points[at] + final[at]
    classes[at + 1] = _IGNORED


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
