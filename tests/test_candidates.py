"""`dupfind.candidates` against datasketch's LSH and against all pairs of documents."""

from itertools import combinations

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from strategies import documents, join, pack, related

from dupfind.arrays import mix64
from dupfind.candidates import HOT, digest, group_copies, pair, truncate
from dupfind.minhash import band_keys
from dupfind.shingles import shingle
from dupfind.winnowing import fingerprint


def posting(holders_of):
    """Give postings of small keys, spread over 64 bits, each with its holders."""
    keys = [key for key, holders in holders_of.items() for _ in holders]
    holders = [holder for holders in holders_of.values() for holder in holders]
    spread = mix64(np.array(keys, dtype=np.uint64) + np.uint64(1))
    return spread, np.array(holders, dtype=np.int64)


def as_set(pairs):
    """Give pairs as a set of tuples."""
    return {tuple(row) for row in pairs.tolist()}


postings = st.dictionaries(st.integers(0, 20), st.lists(st.integers(0, 70), max_size=80))


@given(postings, st.integers(71, 5000))
def test_reference(holders_of, documents):
    """Holders of a key are paired all against all, or with the first where they are many."""
    expected = set()
    for holders in holders_of.values():
        first, *others = sorted(set(holders)) or [0]
        if len(others) < HOT:
            expected |= set(combinations([first, *others], 2))
        else:
            expected |= {(first, other) for other in others}
    found = pair([posting(holders_of)], documents)
    assert found.pairs.tolist() == sorted(map(list, expected))
    assert (found.pairs.dtype, found.pairs.shape[1]) == ("i8", 2)


@given(postings, st.integers(71, 5000))
def test_hot(holders_of, documents):
    """Keys of more than `HOT` holders are told, truncated and ascending, with their holders."""
    hot = {key: sorted(set(own)) for key, own in holders_of.items() if len(set(own)) > HOT}
    keys, _ = posting({key: [0] for key in hot})
    named = dict(zip(truncate(keys, documents).tolist(), hot.values(), strict=True))
    found = pair([posting(holders_of)], documents)
    assert found.hot.tolist() == sorted(named)
    assert found.sizes.tolist() == [len(named[key]) for key in sorted(named)]
    assert found.holders.tolist() == [own for key in sorted(named) for own in named[key]]


@pytest.mark.parametrize(("holders", "pairs"), [(HOT, HOT * (HOT - 1) // 2), (HOT + 1, HOT)])
def test_star(holders, pairs):
    """A key of 32 holders pairs them all; with one more it is a star on the first."""
    found = pair([posting({1: range(holders)})], holders)
    assert len(found.pairs) == pairs
    assert len(found.hot) == len(found.sizes) == (holders > HOT)


def test_holder_that_holds_a_key_twice():
    """A document that holds a key more than once counts once, and is not its own candidate."""
    found = pair([posting({1: [3] * 40 + [5] * 2, 2: [4, 4]})], 6)
    assert found.pairs.tolist() == [[3, 5]]
    assert len(found.hot) == 0


@pytest.mark.parametrize("documents", [0, 1, 2, 1000])
def test_no_postings(documents):
    """Without postings there are no candidates."""
    found = pair([(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64))], documents)
    assert found.pairs.shape == (0, 2)
    assert (len(found.hot), len(found.sizes), len(found.holders)) == (0, 0, 0)


@given(st.lists(st.integers(0, 2**64 - 1), max_size=20), st.integers(1, 2**31))
def test_truncate(keys, documents):
    """Truncated keys lose just the bits that the greatest document number needs."""
    bits = max(len(f"{documents - 1:b}"), 1)
    expected = [key // 2**bits for key in keys]
    assert truncate(np.array(keys, dtype=np.uint64), documents).tolist() == expected


@given(arrays(np.uint32, st.tuples(st.integers(1, 20), st.just(12)), elements=st.integers(0, 3)))
def test_datasketch(signatures):
    """The pairs of band keys are those of datasketch's LSH."""
    for bands, rows in [(12, 1), (6, 2), (4, 3), (3, 3), (2, 6)]:
        lsh = MinHashLSH(num_perm=12, params=(bands, rows))
        sketches = [MinHash(hashvalues=row, scheme="affine32") for row in signatures]
        for number, sketch in enumerate(sketches):
            lsh.insert(number, sketch)
        expected = {
            (min(number, other), max(number, other))
            for number, sketch in enumerate(sketches)
            for other in lsh.query(sketch)
            if other != number
        }
        keys = band_keys(signatures, bands, rows)
        holders = np.repeat(np.arange(len(signatures)), bands)
        assert as_set(pair([(keys.ravel(), holders)], len(signatures)).pairs) == expected


def runs_of(tokens, length):
    """Give all runs of so many tokens."""
    return {tuple(tokens[at : at + length]) for at in range(len(tokens) - length + 1)}


@st.composite
def planted(draw):
    """Make documents, some of which hold a run as long as the guarantee, and its terms."""
    size, window = draw(st.integers(2, 5)), draw(st.integers(1, 8))
    words = draw(st.sampled_from([2, 4, 30]))
    token = st.integers(1, words)
    run = draw(st.lists(token, min_size=window + size - 1, max_size=window + size - 1))
    filler = st.lists(token, max_size=12)
    document = st.tuples(filler, st.sampled_from([[], run, run[1:], run]), filler)
    lists = draw(st.lists(document.map(join), min_size=2, max_size=8))
    return lists, size, window


@given(planted())
def test_guarantee(given_documents):
    """All pairs of documents that share a run of window + size - 1 tokens are candidates."""
    lists, size, window = given_documents
    expected = {
        (one, other)
        for one, other in combinations(range(len(lists)), 2)
        if runs_of(lists[one], window + size - 1) & runs_of(lists[other], window + size - 1)
    }
    hashes, offsets = shingle(*pack(lists), size)
    chosen = fingerprint(hashes, offsets, window)
    holders = np.searchsorted(offsets, chosen, side="right") - 1
    assert expected <= as_set(pair([(hashes[chosen], holders)], len(lists)).pairs)


@given(st.one_of(documents(words=2, longest=4, most=12), related(most=12)))
def test_group_copies(lists):
    """The first document of the same tokens stands for each; one without tokens for itself."""
    expected = [lists.index(tokens) if tokens else at for at, tokens in enumerate(lists)]
    found = group_copies(digest(*pack(lists)), *pack(lists))
    assert (found.tolist(), found.dtype) == (expected, "i8")


def test_group_copies_tells_order():
    """Documents of the same tokens in another order are no copies."""
    lists = [[1, 2, 3], [3, 2, 1], [1, 2], [1, 2, 3], [2, 1], [1, 2]]
    assert group_copies(digest(*pack(lists)), *pack(lists)).tolist() == [0, 1, 2, 0, 4, 2]
