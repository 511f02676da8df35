"""`dupfind.shingles.shingle` against tuples of tokens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import documents, join, pack, related, shingles_of, split

from dupfind.shingles import reach, shingle


def hold_against_tuples(lists, size):
    """Hold that hashes are equal where tuples of tokens are, and only there."""
    found = split(*shingle(*pack(lists), size))
    expected = [shingles_of(tokens, size) for tokens in lists]
    assert [len(hashes) for hashes in found] == [len(tuples) for tuples in expected]
    pairs = set(zip(join(expected), join(found), strict=True))
    assert len(pairs) == len({tokens for tokens, _ in pairs}) == len({key for _, key in pairs})


@given(st.one_of(documents(most=8), related(most=8)), st.integers(2, 7))
def test_reference(lists, size):
    """Shingles are equal where their tokens are, in one text and between texts."""
    hold_against_tuples(lists, size)


@given(documents(words=2, longest=7, most=12), st.integers(2, 7))
def test_short_texts(lists, size):
    """A text shorter than a shingle has one, equal only to that of the same tokens."""
    hold_against_tuples(lists, size)


@given(documents(most=8), st.integers(2, 7))
def test_batch(lists, size):
    """Many texts in one call have the shingles of each alone."""
    together = split(*shingle(*pack(lists), size))
    assert together == [shingle(*pack([tokens]), size).hashes.tolist() for tokens in lists]


@pytest.mark.parametrize("size", range(2, 8))
@pytest.mark.parametrize("count", [0, 1, 3])
def test_empty(size, count):
    """Texts without tokens have no shingles."""
    found = shingle(*pack([[]] * count), size)
    assert found.offsets.tolist() == [0] * (count + 1)
    assert (found.hashes.dtype, found.offsets.dtype, len(found.hashes)) == ("u8", "i8", 0)


@pytest.mark.parametrize(
    ("tokens", "counts"),
    [
        ([[1, 2, 3, 4, 5]], [1]),
        ([[1, 2, 3, 4, 5, 6, 7]], [3]),
        ([[1], [], [1, 2], [1] * 9, []], [1, 0, 1, 5, 0]),
    ],
)
def test_count(tokens, counts):
    """A text of n tokens has n - 4 shingles of 5, repeats included; a shorter one has one."""
    assert np.diff(shingle(*pack(tokens), 5).offsets).tolist() == counts


def test_order_of_tokens():
    """The same tokens in another order are another shingle."""
    found = shingle(*pack([[1, 2, 3], [3, 2, 1], [2, 1, 3], [1, 2, 3]]), 3).hashes.tolist()
    assert len(set(found)) == 3
    assert found[0] == found[3]


def test_leaves_tokens_alone():
    """The tokens given are not changed."""
    hashes, offsets = pack([[1, 2, 3], [4], [5, 6, 7, 8]])
    before = hashes.copy(), offsets.copy()
    shingle(hashes, offsets, 3)
    assert np.array_equal(hashes, before[0])
    assert np.array_equal(offsets, before[1])


@given(documents(most=4), st.integers(2, 4), st.data())
def test_letters(lists, size, data):
    """Where several tokens make a word a shingle spans so many, unless its text ends before."""
    total = sum(map(len, lists))
    per_word = data.draw(st.lists(st.sampled_from([1, 2, 4]), min_size=total, max_size=total))
    hashes, offsets = pack(lists)
    widths = np.array(per_word, dtype=np.uint8)
    found = split(*shingle(hashes, offsets, size, widths))
    spans = reach(offsets, size, widths)
    for tokens, keys, begin in zip(lists, found, offsets.tolist(), strict=False):
        for place in range(max(len(tokens) - size + 1, 0)):
            span = size * per_word[begin + place]
            span = span if place + span <= len(tokens) else size
            alone = shingle(*pack([tokens[place : place + span]]), span).hashes.tolist()
            assert (spans[begin + place], [keys[place]]) == (span, alone)
