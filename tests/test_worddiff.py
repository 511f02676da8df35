"""`dupfind.worddiff.find_changes`: a passage of one document and its changes give the other's."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import pack, related
from test_passages import align_all, passages_of

from dupfind.worddiff import find_changes


def change_all(a, b, tiles):
    """Tell the changes of a passage of two lists of tokens: start and end in a, and in b."""
    hashes, offsets = pack([a, b])
    gaps = [((x + n, y + n), (u, v)) for (x, y, n), (u, v, _) in pairwise(tiles)]
    starts, ends = np.array(gaps, dtype=np.int64).reshape(-1, 2, 2).swapaxes(0, 1) + offsets[:2]
    found = find_changes(hashes, starts, ends)
    assert (np.diff(found.gap) >= 0).all()
    both = np.stack((found.starts, found.ends), axis=2) - offsets[:2, None]
    return [tuple(change) for change in both.reshape(-1, 4).tolist()]


@given(related(words=4, longest=30, most=2), st.integers(2, 4))
def test_reassembly(lists, size):
    """What is kept is equal token by token; with what replaces the rest it makes the other text."""
    a, b = lists[:2]
    for tiles in passages_of(align_all([a, b], size, least=size), 0):
        at_a, at_b = tiles[0][:2]
        rebuilt = []
        for a_start, a_end, b_start, b_end in change_all(a, b, tiles):
            assert a_start - at_a == b_start - at_b >= 0
            assert (a_start, b_start) < (a_end, b_end)
            rebuilt += a[at_a:a_start] + b[b_start:b_end]
            at_a, at_b = a_end, b_end
        end_a, end_b = (tiles[-1][side] + tiles[-1][2] for side in (0, 1))
        assert a[at_a:end_a] == b[at_b:end_b]
        assert rebuilt + a[at_a:end_a] == b[tiles[0][1] : end_b]


@pytest.mark.parametrize(
    ("a", "b", "tiles", "changes"),
    [
        ("abcd", "abcd", [(0, 0, 4)], []),
        ("abXcd", "abYcd", [(0, 0, 2), (3, 3, 2)], [(2, 3, 2, 3)]),
        ("abXcd", "abcd", [(0, 0, 2), (3, 2, 2)], [(2, 3, 2, 2)]),
        ("abcd", "abYcd", [(0, 0, 2), (2, 3, 2)], [(2, 2, 2, 3)]),
        ("abXmYcd", "abmZcd", [(0, 0, 2), (5, 4, 2)], [(2, 3, 2, 2), (4, 5, 3, 4)]),
        ("..abXcd", "abXYcd..", [(2, 0, 2), (5, 4, 2)], [(5, 5, 3, 4)]),
        ("aXbYc", "abc", [(0, 0, 1), (2, 1, 1), (4, 2, 1)], [(1, 2, 1, 1), (3, 4, 2, 2)]),
    ],
)
def test_changes(a, b, tiles, changes):
    """Words that differ between tiles are replaced, removed or added; equal ones are kept."""
    assert change_all(list(map(ord, a)), list(map(ord, b)), tiles) == changes
