"""`dupfind.winnowing.fingerprint` against the paper's definition, and its guarantee."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import documents, join, pack, related

from dupfind.shingles import shingle
from dupfind.winnowing import fingerprint, widen


def winnow(hashes, window):
    """Choose, of every window of a text, all that are least (Schleimer et al. 2003)."""
    if len(hashes) < window:
        return {place for place, value in enumerate(hashes) if value == min(hashes)}
    chosen = set()
    for begin in range(len(hashes) - window + 1):
        least = min(hashes[begin : begin + window])
        chosen |= {at for at in range(begin, begin + window) if hashes[at] == least}
    return chosen


@given(
    st.lists(st.lists(st.integers(1, 9), max_size=24), max_size=6),
    st.integers(1, 16),
    st.booleans(),
)
def test_reference(lists, window, great):
    """The least of every window of each text is chosen, with all that are equal to it."""
    lists = [[value + (2**64 - 10) * great for value in values] for values in lists]
    offsets = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    hashes = np.array(join(lists), dtype=np.uint64)
    expected = [
        begin + place
        for begin, values in zip(offsets.tolist(), lists, strict=False)
        for place in sorted(winnow(values, window))
    ]
    found = fingerprint(hashes, offsets, window)
    assert (found.tolist(), found.dtype) == (expected, "i8")


@given(st.lists(st.lists(st.integers(0, 3), max_size=24), max_size=6), st.integers(1, 16))
def test_hash_of_zero(lists, window):
    """A hash of 0 may be chosen too often, but nothing is chosen too seldom."""
    offsets = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    hashes = np.array(join(lists), dtype=np.uint64)
    expected = {
        begin + place
        for begin, values in zip(offsets.tolist(), lists, strict=False)
        for place in winnow(values, window)
    }
    assert expected <= set(fingerprint(hashes, offsets, window).tolist())


@pytest.mark.parametrize(
    ("hashes", "window", "chosen"),
    [
        ([77, 74, 42, 17, 98, 50, 17, 98, 8, 88, 67, 39, 77, 74, 42, 17, 98], 4, [3, 6, 8, 11, 15]),
        ([5, 1, 1, 5], 4, [1, 2]),
        ([3, 2, 1], 8, [2]),
        ([7], 4, [0]),
        ([], 4, []),
        ([2, 1, 2], 1, [0, 1, 2]),
    ],
)
def test_literal(hashes, window, chosen):
    """The example of the paper; then ties, short texts, and windows of one."""
    found = fingerprint(np.array(hashes, dtype=np.uint64), np.array([0, len(hashes)]), window)
    assert found.tolist() == chosen


@given(st.one_of(documents(most=8), related(most=8)), st.integers(2, 5), st.integers(1, 8))
def test_gaps(lists, size, window):
    """No window of a text goes without a fingerprint, and no text that has a shingle."""
    hashes, offsets = shingle(*pack(lists), size)
    chosen = fingerprint(hashes, offsets, window)
    for begin, end in pairwise(offsets):
        own = chosen[(chosen >= begin) & (chosen < end)]
        assert (len(own) > 0) == (end > begin)
        assert (np.diff(own, prepend=begin - 1, append=end) <= window).all()


@given(
    st.integers(2, 6), st.integers(1, 10), st.integers(0, 2**32 - 1), st.sampled_from([2, 9, 5000])
)
def test_guarantee(size, window, seed, words):
    """Two texts that share a run of window + size - 1 tokens share a fingerprint."""
    generator = np.random.default_rng(seed)
    run = generator.integers(1, words, window + size - 1).tolist()
    left, right, before, after = (
        generator.integers(1, words, count).tolist() for count in generator.integers(0, 40, 4)
    )
    hashes, offsets = shingle(*pack([left + run + right, before + run + after]), size)
    chosen = fingerprint(hashes, offsets, window)
    first = set(hashes[chosen[chosen < offsets[1]]].tolist())
    assert first & set(hashes[chosen[chosen >= offsets[1]]].tolist())


@given(st.integers(2, 7), st.integers(0, 20), st.data())
def test_widen(size, more, data):
    """Whatever a shingle of a shared run stands in, one of its longer keys is shared, too."""
    run = list(range(100, 100 + size + more))
    place = data.draw(st.integers(0, more))
    texts, places = [], []
    for number in (1, 2):
        before = data.draw(st.lists(st.just(number), max_size=9))
        texts.append(before + run + data.draw(st.lists(st.just(number), max_size=9)))
        places.append(len(before) + place)
    keys, holders = widen(
        np.array(texts[0] + texts[1], dtype=np.uint64),
        np.array([0, len(texts[0]), len(texts[0]) + len(texts[1])]),
        np.array([0, 1]),
        np.array(places),
        np.zeros(len(texts[0]) + len(texts[1]), dtype=np.uint8),
        size=size,
        guarantee=len(run),
    )
    first, second = (set(keys[holders == number].tolist()) for number in (0, 1))
    assert first & second


def test_widen_tells_sides_and_words_apart():
    """Keys differ where the words around differ; at the ends of a text there is none beyond."""
    hashes = np.arange(40, dtype=np.uint64)
    keys, holders = widen(
        hashes, np.array([0, 20, 40]), np.array([0, 0, 1]), np.array([0, 15, 8]),
        np.zeros(40, dtype=np.uint8),
        size=5, guarantee=20,
    )  # fmt: skip
    assert holders.tolist() == [0, 0, 1]
    assert len(set(keys.tolist())) == 3
