"""`dupfind.minhash` against datasketch."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from strategies import join

from dupfind.minhash import band_keys, hash32, permutations, permute, sign

words64 = st.integers(0, 2**64 - 1)
batches = st.lists(st.lists(words64, max_size=12), max_size=6)


def concatenate(lists):
    """Give the shingles of texts as `sign` takes them."""
    hashes = np.array(join(lists), dtype=np.uint64)
    return hashes, np.cumsum([0, *map(len, lists)], dtype=np.int64)


def sketch(shingles, num_perm):
    """Let datasketch sign a text."""
    signed = MinHash(num_perm=num_perm, scheme="affine32", hashfunc=lambda value: value)
    for value in hash32(np.array(shingles, dtype=np.uint64)).tolist():
        signed.update(value)
    return signed.hashvalues.tolist()


@given(batches, st.sampled_from([1, 2, 16, 128]))
def test_rows_are_datasketch_signatures(lists, num_perm):
    """A row of the matrix is the hash values of a MinHash that was fed the same hashes."""
    signed = sign(*concatenate(lists), permutations(num_perm))
    assert (signed.dtype, signed.shape) == ("u4", (len(lists), num_perm))
    assert signed.tolist() == [sketch(shingles, num_perm) for shingles in lists]


@pytest.mark.parametrize("num_perm", [1, 128, 256])
def test_permutations(num_perm):
    """Permutation parameters are datasketch's own, the multipliers odd."""
    ours, theirs = permutations(num_perm), MinHash(num_perm=num_perm, scheme="affine32")
    assert np.array_equal(ours.a, theirs.permutations[0])
    assert np.array_equal(ours.b, theirs.permutations[1])
    assert (ours.a.dtype, ours.b.dtype, len(ours.a)) == ("u4", "u4", num_perm)
    assert (ours.a % 2 == 1).all()


def test_empty_text():
    """A text without shingles has the signature of an empty MinHash."""
    signed = sign(*concatenate([[], [7], []]), permutations(16))
    assert signed[0].tolist() == signed[2].tolist() == sketch([], 16) == [0xFFFFFFFF] * 16
    assert sign(*concatenate([]), permutations(16)).shape == (0, 16)


def test_hash32():
    """A shingle's upper half stands for it."""
    assert hash32(np.array([0x0123456789ABCDEF, 1], dtype=np.uint64)).tolist() == [0x01234567, 0]


@given(st.lists(words64, min_size=1, max_size=12))
def test_permute(shingles):
    """The least permuted hash of a text is its row of the signature."""
    hashes, parameters = np.array(shingles, dtype=np.uint64), permutations(8)
    least = [int(permute(hashes, parameters, row).min()) for row in range(8)]
    assert least == sketch(shingles, 8)


def test_many_shingles():
    """Texts that are signed in several runs have the signatures of each alone."""
    generator = np.random.default_rng(1)
    counts = [40_000, 0, 30_000, 1, 0, 70_000, 5, 131_072, 2, 0]
    hashes = generator.integers(0, 2**64, sum(counts), dtype=np.uint64)
    offsets, parameters = np.cumsum([0, *counts]), permutations(4)
    alone = [
        sign(hashes[begin:end], np.array([0, end - begin]), parameters)[0].tolist()
        for begin, end in pairwise(offsets)
    ]
    assert sign(hashes, offsets, parameters).tolist() == alone


@given(arrays(np.uint32, st.tuples(st.integers(0, 6), st.just(12)), elements=st.integers(0, 2)))
def test_band_keys(signatures):
    """Keys are equal where all rows of a band are, and only there; bands never meet."""
    for bands, rows in [(12, 1), (6, 2), (4, 3), (2, 6), (2, 5), (1, 12)]:
        keys = band_keys(signatures, bands, rows)
        assert (keys.dtype, keys.shape) == ("u8", (len(signatures), bands))
        for one, other in combinations(range(len(signatures)), 2):
            equal = [
                signatures[one, band * rows : (band + 1) * rows].tolist()
                == signatures[other, band * rows : (band + 1) * rows].tolist()
                for band in range(bands)
            ]
            assert (keys[one] == keys[other]).tolist() == equal
        columns = [set(column.tolist()) for column in keys.T]
        assert sum(map(len, columns)) == len(set().union(*columns))
