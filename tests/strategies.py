"""What hypothesis makes for the tests of the stages: texts, and documents of tokens."""

from itertools import chain, combinations, pairwise

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from dupfind.arrays import mix64

settings.register_profile("dupfind", deadline=None)  # first calls fill tables, load SciPy
if settings.get_current_profile_name() == "default":
    settings.load_profile("dupfind")

SCRIPTS = {
    "ASCII": "abcXYZ089",
    "Latin": "éÉßøŁſıİŽ",
    "marks above and below": "\u0301\u0308\u0327\u0338",
    "Greek": "αΣςΆᾳ\u0345",
    "Cyrillic": "йЙяЁё",
    "Hebrew": "שלום\u05b8\u05bc\ufb1d",
    "Arabic": "سلامى\u0640\u064e\u0651أ",
    "Devanagari": "कखि़्\u0958\u095bो",
    "Bengali": "ক\u09cbে",
    "Thai": "กไม่น้า",
    "Lao": "ລາວ",
    "Khmer": "ខ្មែរ",
    "Burmese": "မြန်မာဦး",
    "Hangul": "한국가각",
    "jamo": "\u1112\u1161\u11ab\u1100\u11a8\u1160",
    "Han": "中国々〇\uf900𠀋",
    "kana": "ガガカかがーｶﾞﾟｱ",
    "digits": "１２٣४๕²①𝟗",
    "ligatures and numerals": "ﬁﬄⅧĳ½",
    "full width": "ＣａＺ",
    "symbols": "-–—$€™®㈱ﷺ😀",
    "ignored": "\u00ad\u200b\u200d\u200e\ufe0f\ufeff\u034f",
    "surrogates": "\ud800\udfff",
    "unassigned and private": "\u0378\ue000\U000f0000",
    "controls": "\x00\t\n\r\x1f\x85",
    "joiners": "''’‘ʼ..．,,，٫٬",
    "spaces": "  \u00a0\u3000\u2028",
}
"""Code points that the tokenizer treats in as many ways as it knows."""

SPLIT = "ำຳໜໝゟヿ"
"""Code points whose forms hold letters that stand alone after others: two tokens in one place."""

WORDS = [
    "U.S.", "N.K.", "a.m.", "Pyongyang’s", "Pyongyang's", "1,000", "5.93", "café", "cafe\u0301",
    "ﬁnal", "Straße", "co\u00adoperate", "한국어", "中国", "ไม่", "ガス", "ｶﾞｽ", "١٬٠٠٠",
    "हिन्दी", "مُحَمَّد", "example.com", "rock'n'roll", "end.Start", "word",
]  # fmt: skip


def texts():
    """Make texts that mix scripts, joiners and spaces."""
    char = st.sampled_from(list(SCRIPTS.values())).flatmap(st.sampled_from)
    return st.lists(
        st.one_of(
            char,
            char,
            st.sampled_from(WORDS),
            st.just(" "),
            st.characters(exclude_characters=SPLIT, exclude_categories=["Cn"]),
        ),
        max_size=24,
    ).map("".join)


def join(lists):
    """Make one list of many."""
    return list(chain.from_iterable(lists))


def documents(*, words=3, longest=16, least=0, most=4):
    """Make documents: lists of tokens, which are small numbers."""
    return st.lists(
        st.lists(st.integers(1, words), min_size=least, max_size=longest),
        min_size=1,
        max_size=most,
    )


@st.composite
def related(draw, *, words=3, longest=16, least=0, most=4):
    """Make documents that consist of the same few runs, in any order, and of tokens between."""
    runs = draw(st.lists(st.lists(st.integers(1, words), max_size=longest // 2), min_size=1))
    parts = st.one_of(st.sampled_from(runs), st.lists(st.integers(1, words), max_size=3))
    document = st.lists(parts, max_size=4).map(lambda lists: join(lists)[:longest])
    document = document.filter(lambda tokens: len(tokens) >= least)
    return draw(st.lists(document, min_size=2, max_size=most))


def pack(lists):
    """Give the tokens of documents as the stages take them: hashes and offsets."""
    hashes = mix64(np.array(join(lists), dtype=np.uint64))
    offsets = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    return hashes, offsets


def split(values, offsets):
    """Give the values of each document as a list."""
    return [values[begin:end].tolist() for begin, end in pairwise(offsets)]


def all_pairs(count):
    """Give all pairs of so many documents, (pairs, 2) int64."""
    return np.array(list(combinations(range(count), 2)), dtype=np.int64).reshape(-1, 2)


def shingles_of(tokens, size):
    """Give the shingles of a document as tuples; of a short one all its tokens, if any."""
    if len(tokens) < size:
        return [tuple(tokens)] if tokens else []
    return [tuple(tokens[at : at + size]) for at in range(len(tokens) - size + 1)]


def crosses(a, b, step):
    """Tell whether stones lead across a gap, at most so many words to a step on either side.

    Stones are pairs of words that stand once in a and once in b, and, if these are of one size,
    words in the same place.
    """
    two_a, two_b = ([tuple(side[at : at + 2]) for at in range(len(side) - 1)] for side in (a, b))
    stones = [
        (two_a.index(two), two_b.index(two), 2)
        for two in two_a
        if two_a.count(two) == two_b.count(two) == 1
    ]
    if len(a) == len(b):
        stones += [(at, at, 1) for at in range(len(a)) if a[at] == b[at]]
    reached = [(-1, -1, 1)]
    for at_a, at_b, length in reached:
        ahead = [(x - at_a, y - at_b, (x, y, more)) for x, y, more in stones]
        reached += [
            stone
            for x, y, stone in ahead
            if min(x, y) > 0 and max(x, y) <= length + step and stone not in reached
        ]
    return any(
        max(len(a) - at_a, len(b) - at_b) <= length + step for at_a, at_b, length in reached[1:]
    )
