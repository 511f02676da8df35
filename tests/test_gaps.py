"""`dupfind.gaps` against a walk from stone to stone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from strategies import crosses, pack

from dupfind.gaps import cross


def cross_all(gaps, step, width=1):
    """Cross gaps, (words of a, words of b) each, whose tokens are `width` to the word."""
    hashes, offsets = pack([side for gap in gaps for side in gap])
    starts, ends = offsets[:-1].reshape(-1, 2), offsets[1:].reshape(-1, 2)
    per_word = np.full(len(hashes), width, dtype=np.uint8)
    return cross(hashes, starts, ends, per_word, np.full(len(gaps), step)).tolist()


words = st.lists(st.integers(1, 6), max_size=14)


@given(st.lists(st.one_of(st.tuples(words, words), words.map(lambda a: (a, a[::-1])))),
       st.integers(0, 4))  # fmt: skip
def test_cross(gaps, step):
    """A gap is crossed if a walk on its stones crosses it, whatever the other gaps are."""
    assert cross_all(gaps, step) == [crosses(a, b, step) for a, b in gaps]


def test_a_phrase():
    """Two words together are a stone, if they stand once on either side."""
    a, b = [*range(8), 50, 51, *range(10, 18)], [*range(20, 27), 50, 51, *range(30, 37)]
    assert cross_all([(a, b)], 8) == [True]
    assert cross_all([(a, b)], 7) == [False]
    assert cross_all([(a, [*b, 50, 51])], 8) == [False]


def test_a_word_in_its_place():
    """One word is a stone where it stands in the same place of gaps of one size."""
    a, b = [1, 2, 3, 50, 4, 5, 6], [11, 12, 13, 50, 14, 15, 16]
    assert cross_all([(a, b), (a, [*b, 17])], 3) == [True, False]


def test_backward():
    """What has moved within a gap leads nowhere."""
    first, second = [50, 51], [60, 61]
    a = [1, 2, 3, 4, *first, 5, 6, 7, 8, *second, 9, 10, 11, 12]
    b = [21, 22, 23, 24, *second, 25, 26, 27, 28, *first, 29, 30, 31, 32]
    assert cross_all([(a, a), (a, b)], 4) == [True, False]


def test_letters():
    """Where four tokens make a word, a phrase is eight of them."""
    a, b = [1, 2, *range(50, 58), 3], [4, *range(50, 58), 5, 6]
    assert cross_all([(a, b)], 2, width=4) == [True]
    assert cross_all([([*a[:9], *a[10:]], b)], 2, width=4) == [False]
