"""`dupfind.tokens.tokenize` against a reference that looks at one character at a time."""

import sys
from functools import cache
from itertools import pairwise
from unicodedata import category, combining, decimal, name, normalize

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import SCRIPTS, SPLIT, join, texts

from dupfind.tokens import _BLOCK, CAPITALIZED, NUMBER, tokenize

ALONE = (
    "CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "HANGZHOU", "IDEOGRAPHIC ITERATION",
    "IDEOGRAPHIC CLOSING", "IDEOGRAPHIC NUMBER", "VERTICAL KANA", "VERTICAL IDEOGRAPHIC", "MASU",
    "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "HENTAIGANA", "THAI", "LAO", "KHMER", "MYANMAR",
)  # fmt: skip
"""How the names begin of characters that stand alone."""
IGNORED = [1, 7, 8, *range(10, 37), *range(200, 256)]
"""Combining classes: overlays, nukta, kana voicing, points of Hebrew and Arabic, accents."""


@cache
def ignored(char):
    """Tell whether the reference passes over a character."""
    group = category(char)
    return (
        group in ("Cf", "Me")
        or (group == "Mn" and combining(char) in IGNORED)
        or char in "\u0640\u034f\u180b\u180c\u180d\u180f"
        or 0xFE00 <= ord(char) <= 0xFE0F
        or 0xE0100 <= ord(char) <= 0xE01EF
    )


@cache
def look_at(char):
    """Give what a character is made of to the reference: pairs of a folded character and a kind."""
    for signs, kind in (("'‘’ʼ＇", "'"), (".．", "."), (",，٫٬", ",")):
        if char in signs:
            return [(char, kind)]
    group = category(char)
    if ignored(char):
        return []
    if group[0] in "PSZ" or group in ("Cc", "Cs"):
        return [(char, " ")]
    if "가" <= char <= "힣":
        return [(char, "letter")]
    bare = "".join(part for part in normalize("NFKD", char) if not ignored(part))
    folded = normalize("NFKD", bare.casefold())
    folded = [part for part in folded if not ignored(part) and part not in "'‘’ʼ＇"]
    if any(category(part)[0] in "PSZ" for part in folded):
        folded = [char]
    capital = "capital" if group in ("Lu", "Lt") else "letter"
    if len(folded) == 1:
        return [look_at_part(folded[0], capital)]
    return [look_at_part(part, capital) for part in folded]


def look_at_part(part, letter):
    """Give a part of a character, folded to digits, and its kind."""
    if category(part) == "Nd":
        return str(decimal(part)), "number"
    if category(part)[0] == "M":
        return part, "mark"
    return part, "alone" if name(part, "").startswith(ALONE) else letter


def compose(text):
    """Give (character, place in the text), conjoining jamo composed."""
    composed = []
    for place, char in enumerate(text):
        before = composed[-1][0] if composed and composed[-1][1] + 1 == place else ""
        open_lead = len(before) == 1 and "\u1100" <= before <= "\u1112"
        if open_lead and "\u1161" <= char <= "\u1175":
            composed[-1] = (normalize("NFC", before + char), composed[-1][1])
        else:
            composed.append((char, place))
    closed = []
    for char, place in composed:
        before = closed[-1][0] if closed else ""
        if (
            "가" <= before <= "힣"
            and "\u11a8" <= char <= "\u11c2"
            and adjoin(closed[-1], place, text)
        ):
            syllable = normalize("NFC", before + char)
            if len(syllable) == 1:
                closed[-1] = (syllable, closed[-1][1])
                continue
        closed.append((char, place))
    return closed


def adjoin(previous, place, text):
    """Tell whether a place follows a syllable that may have been two jamo."""
    return place - previous[1] == (2 if text[previous[1]] < "가" else 1)


def reference(text):
    """Tokenize slowly: (normalized, start, end, kind of the first character)."""
    units = [
        (folded, kind, place) for char, place in compose(text) for folded, kind in look_at(char)
    ]
    kinds = [" ", " ", *(kind for _, kind, _ in units), " ", " "]
    tokens, word, base = [], [], " "
    for at, (folded, kind, place) in enumerate(units):
        before, left, _, right, after = kinds[at : at + 5]
        if vanishes(kind, before, left, right, after):
            continue
        parts = kind in " '.,"
        if word and (parts or kind == "alone" or (kind != "mark" and base == "alone")):
            tokens.append(word)
            word = []
        if not parts:
            word.append((folded, kind, place, at))
        if kind != "mark":
            base = kind
    places = [*(place for *_, place in units), len(text)]
    return [
        ("".join(part[0] for part in word), word[0][2], places[word[-1][3] + 1], word[0][1])
        for word in [*tokens, word]
        if word
    ]


def vanishes(kind, before, left, right, after):
    """Tell whether an apostrophe, point or comma is a part of the word around it."""
    if kind not in "'.," or left in " '.," or right in " '.,":
        return False
    if kind == "'":
        return "alone" not in (left, right)
    if (left, right) == ("number", "number"):
        return True
    letters = ("letter", "capital")
    single = before in " '.," and after in " '.,"
    return kind == "." and left in letters and right in letters and single


def tokens_of(*given_texts):
    """Tokenize texts; gives the hashes of each as a list."""
    found = tokenize(given_texts)
    return [found.hashes[begin:end].tolist() for begin, end in pairwise(found.offsets)]


def hold_against_reference(given_texts):
    """Hold tokens, in one call, against the reference: spans, kinds, which hashes are equal."""
    found = tokenize(given_texts, spans=True)
    expected = [reference(text) for text in given_texts]
    spans = np.stack([found.starts, found.ends], axis=1).tolist()
    for text, wanted, (begin, end) in zip(
        given_texts, expected, pairwise(found.offsets), strict=True
    ):
        assert spans[begin:end] == [[start, stop] for _, start, stop, _ in wanted], ascii(text)
    told = {CAPITALIZED: "capital", NUMBER: "number"}
    firsts = (
        (text[start], kind)
        for text, wanted in zip(given_texts, expected, strict=True)
        for _, start, _, kind in wanted
    )
    for (first, wanted), kind in zip(firsts, found.kinds.tolist(), strict=True):
        if len(look_at(first)) == 1:
            assert told.get(kind) == (wanted if wanted in told.values() else None), ascii(first)
    words = [token[0] for wanted in expected for token in wanted]
    pairs = set(zip(words, found.hashes.tolist(), strict=True))
    assert len(pairs) == len({word for word, _ in pairs}) == len({key for _, key in pairs})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("U.S.", "US"),
        ("N.K.", "nk"),
        ("a.m.", "AM"),
        ("Pyongyang’s", "Pyongyang's"),
        ("Pyongyang＇s", "pyongyangs"),
        ("1,000", "1000"),
        ("5.93", "593"),
        ("café", "cafe"),
        ("CAFÉ", "cafe\u0301"),
        ("ＣＡＦÉ", "café"),
        ("ﬁ", "fi"),
        ("ß", "SS"),
        ("Ⅷ", "viii"),
        ("ĳ", "IJ"),
        ("ｶﾞ", "ガ"),
        ("ｶﾞ", "カ\u3099"),
        ("１２", "12"),
        ("٣", "3"),
        ("१٬२", "12"),
        ("x²", "x2"),
        ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
        ("각", "가\u11a8"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("مـحـمـد", "محمد"),
        ("\u0958", "क"),
        ("क\u093c", "क"),
        ("йод", "ИОД"),
        ("Ἀθῆναι", "ΑΘΗΝΑΙ"),
        ("ΟΔΟΣ", "οδος"),
        ("co\u00adop", "coop"),
        ("co\u200bop", "coop"),
        ("\u200eco\ufe0fop\u200f", "coop"),
        ("rock'n'roll", "rocknroll"),
        ("l’été", "lete"),
        ("\u2126", "ω"),
        ("\uf900", "\u8c48"),
    ],
)
def test_same(one, other):
    """Forms of one word are one token."""
    ((token,), (same,)) = tokens_of(one, other)
    assert token == same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kit", "kid"),
        ("कि", "का"),
        ("क", "क्"),
        ("ไม่", "ไม้"),
        ("½", "12"),
        ("㈱", "株"),
        ("1.5", "1 5"),
        ("ab.c", "abc"),
        ("a,b", "ab"),
        ("half-life", "halflife"),
        ("cote", "cot"),
        ("\ue000", "\ue001"),
        ("\u0378", "\u0379"),
        ("résumé", "resumo"),
        ("abcdefgh", "abcdefghi"),
        ("abcdefgh", "abcdefgж"),
        ("аbc", "abc"),
        ("中国", "国中"),
    ],
)
def test_different(one, other):
    """What tells words apart is kept."""
    assert tokens_of(one) != tokens_of(other)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \n\t", 0),
        ("™ — ™", 0),
        ("\u00ad\u0301", 0),
        ("'''...,,,", 0),
        ("one two", 2),
        ("'quoted'", 1),
        ("half-life", 2),
        ("example.com", 2),
        ("end.Start", 2),
        ("a.m.", 1),
        ("U.S.A", 1),
        ("3.14, 2.72", 2),
        ("1,000,000", 1),
        ("中国", 2),
        ("東京タワー", 5),
        ("ไทย", 3),
        ("ไม่", 2),
        ("中a1国", 3),
        ("12中", 2),
        ("한국", 1),
        ("x½y", 1),
        ("株㈱式", 2),
        ("a\ud800b", 2),
        ("a\ue000b", 1),
        ("a\x00b", 2),
        ("a😀b", 2),
        ("a\u2028b", 2),
        ("a\u00a0b", 2),
    ],
)
def test_count(text, count):
    """Words are counted as documented."""
    assert len(tokenize([text]).hashes) == count


def test_spans():
    """A span holds the word as it stands in its text, accents and signs inside it included."""
    given_texts = ["“Cafe\u0301,” U.S. co\u00adop", "", "中か\u3099 1,000."]
    found = tokenize(given_texts, spans=True)
    assert found.offsets.tolist() == [0, 3, 3, 6]
    spans = list(zip(found.starts, found.ends, strict=True))
    assert [given_texts[0][a:b] for a, b in spans[:3]] == ["Cafe\u0301", "U.S", "co\u00adop"]
    assert [given_texts[2][a:b] for a, b in spans[3:]] == ["中", "か\u3099", "1,000"]


def test_no_spans():
    """Spans are empty unless asked for."""
    found = tokenize(["one two"])
    assert (len(found.hashes), len(found.starts), len(found.ends)) == (2, 0, 0)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_empty(count):
    """Texts without tokens have none, and no texts make no offsets but the first."""
    found = tokenize([""] * count, spans=True)
    assert found.offsets.tolist() == [0] * (count + 1)
    assert [column.dtype for column in found] == ["u8", "u1", "i8", "i8", "i8"]
    assert len(found.hashes) == len(found.kinds) == len(found.starts) == len(found.ends) == 0


@pytest.mark.parametrize(
    ("text", "kind"), [("Ĳmuiden", CAPITALIZED), ("ẞ", CAPITALIZED), ("⑩", NUMBER), ("ﬁ", None)]
)
def test_kinds_of_forms_of_several_letters(text, kind):
    """A form of several letters or digits is of the kind of its first one."""
    (found,) = tokenize([text]).kinds.tolist()
    assert (found if found in (CAPITALIZED, NUMBER) else None) == kind


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Kim said 1,000 ٣ ²", ["capital", "", "number", "number", "number"]),
        ("Émile ГОРОД ябл 中国", ["capital", "capital", "", "", ""]),
        ("5G G5 “Kim” ＫＩＭ", ["number", "capital", "capital", "capital"]),
        ("E\u0301mile \u00adKim", ["capital", "capital"]),
    ],
)
def test_kinds(text, kinds):
    """A token's kind tells whether it begins with a capital letter or a digit."""
    told = {CAPITALIZED: "capital", NUMBER: "number"}
    assert [told.get(kind, "") for kind in tokenize([text]).kinds.tolist()] == kinds


@given(st.lists(texts(), max_size=4))
def test_reference(given_texts):
    """Spans are the reference's; hashes are equal where its normalized words are, only there."""
    hold_against_reference(given_texts)


@given(st.lists(st.text("abcdefghijя", min_size=1, max_size=12), max_size=20).map(" ".join))
def test_words(text):
    """Words of one script and of two, of all lengths that share their first lanes, stay apart."""
    hold_against_reference([text])


@given(st.lists(st.text("aя", min_size=60, max_size=140), max_size=8).map(" ".join))
def test_long_words(text):
    """Words of more than 64 characters are told apart by all of them."""
    hold_against_reference([text])


def test_length_of_long_words():
    """Words that differ in length only differ, around the length at which hashing changes."""
    words = [letter * length for letter in "aя" for length in range(1, 140)]
    (found,) = tokens_of(" ".join(words))
    assert len(set(found)) == len(words)
    assert tokens_of("A" * 65, "Я" * 65) == tokens_of("ａ" * 65, "я" * 65)


@pytest.mark.parametrize(
    "frame", ["{}", "a{}b", "a{}", "{}b", "1{}2", "a.{}.b", "中{}国", "{0}{0}"]
)
def test_every_character(frame):
    """Every character is what the reference takes it for, whatever stands beside it."""
    hold_against_reference([frame.format(char) for char in characters()])


@cache
def characters():
    """Give every character that has a name of its own, with some of those that have none."""
    named = (chr(point) for point in range(0x80, 0x2FA20))
    plain = ("CJK UNIFIED", "HANGUL SYLLABLE", "TANGUT", "CUNEIFORM", "EGYPTIAN", "ANATOLIAN")
    chosen = [char for char in named if not name(char, plain[0]).startswith(plain)]
    listed = [*map(chr, range(0x80)), *chosen, *"".join(SCRIPTS.values()), "\U0010ffff"]
    return [char for char in listed if char not in SPLIT]


@given(texts())
def test_normal_forms(text):
    """NFC and NFD of a text have the same tokens."""
    composed, decomposed = tokens_of(normalize("NFC", text), normalize("NFD", text))
    assert composed == decomposed


def test_normal_forms_of_every_character():
    """NFC and NFD of every character are the same tokens, inside a word and alone."""
    all_characters = map(chr, range(sys.maxunicode + 1))
    chosen = [char for char in all_characters if normalize("NFD", char) != char]
    for frame in ("{}", "a{}b", "中{}1"):
        composed = tokens_of(*(frame.format(normalize("NFC", char)) for char in chosen))
        decomposed = tokens_of(*(frame.format(normalize("NFD", char)) for char in chosen))
        differing = [
            f"U+{ord(char):04X}"
            for char, one, other in zip(chosen, composed, decomposed, strict=True)
            if one != other
        ]
        assert differing == []


@pytest.mark.parametrize(
    ("form", "letters"),
    [
        ("น้ำใจ", "น้ําใจ"),
        ("ทำ10", "ทํา10"),
        ("ຄຳa", "ຄໍາa"),
        ("ໜັງ", "ຫນັງ"),
        ("ໝາ", "ຫມາ"),
        ("\u1026\u1038", "\u1025\u102e\u1038"),
        ("a\u1026", "a\u1025\u102e"),
        ("ゟ", "より"),
    ],
)
def test_forms_of_letters_that_stand_alone(form, letters):
    """A form of several letters that stand alone is the same tokens as these letters."""
    one, other = tokens_of(form, letters)
    assert one == other


@given(texts(), st.sampled_from(SPLIT), texts())
def test_spans_are_not_empty(left, char, right):
    """Spans ascend, and none is empty, even where one code point is several tokens."""
    found = tokenize([left + char + right], spans=True)
    assert (found.starts < found.ends).all()
    assert (np.diff(found.starts) >= 0).all()
    assert (np.diff(found.ends) >= 0).all()


@given(st.lists(texts(), max_size=6))
def test_batch(given_texts):
    """Many texts in one call have the tokens of each alone."""
    together = tokenize(given_texts, spans=True)
    alone = [tokenize([text], spans=True) for text in given_texts]
    hold_together(together, alone)


def hold_together(together, alone):
    """Hold the tokens of a batch against those of its texts."""
    assert np.diff(together.offsets).tolist() == [len(one.hashes) for one in alone]
    for column in ("hashes", "kinds", "starts", "ends"):
        parts = [getattr(one, column).tolist() for one in alone]
        assert getattr(together, column).tolist() == join(parts), column


MIXED = (
    "U.S. said co\u00adop, “Cafe\u0301” 1,000.5 中国\u3000ไม่ हिन्दी’s\nfi\u0301n ﬁn 한국\u200b x\t"
)


def test_blocks():
    """Texts enough for several blocks have the tokens of each alone."""
    given_texts = [MIXED * count for count in (1, _BLOCK // len(MIXED), 0, 3000, 5000, 1, 2)]
    hold_together(
        tokenize(given_texts, spans=True), [tokenize([text], spans=True) for text in given_texts]
    )


@pytest.mark.parametrize("position", [0, 1, 2])
def test_long_text_among_short_ones(position):
    """A text that is cut into blocks stays in its place among others."""
    given_texts = ["first words", "second words"]
    given_texts.insert(position, "long text " * (_BLOCK // 4))
    hold_together(
        tokenize(given_texts, spans=True), [tokenize([text], spans=True) for text in given_texts]
    )


@pytest.mark.parametrize("sign", [" ", "\n", "\n ", "\t", "中"])
def test_long_text(sign):
    """A text that is cut into blocks has the tokens of its parts, spans shifted."""
    part = MIXED.replace(" ", sign).strip() + sign
    count = (5 * _BLOCK) // (2 * len(part))
    one = tokenize(["\n" + part + "\n"], spans=True)
    found = tokenize(["\n" + (part + "\n") * count], spans=True)
    assert len(part) * count > 2 * _BLOCK
    assert found.hashes.tolist() == one.hashes.tolist() * count
    shift = np.repeat(np.arange(count) * (len(part) + 1), len(one.hashes))
    assert np.array_equal(found.starts, np.tile(one.starts, count) + shift)
    assert np.array_equal(found.ends, np.tile(one.ends, count) + shift)


@pytest.mark.slow
def test_long_text_against_reference():
    """A text that is cut into blocks has the reference's tokens."""
    hold_against_reference([" ".join(f"{MIXED}{number}" for number in range(2 * _BLOCK // 70))])


@pytest.mark.slow
def test_every_code_point():
    """Every code point is what the reference takes it for, but for those not assigned."""
    everything = map(chr, range(sys.maxunicode + 1))
    unheld = SPLIT
    chosen = [char for char in everything if category(char) != "Cn" and char not in unheld]
    hold_against_reference([f"a{char}b" for char in chosen])
