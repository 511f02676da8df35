"""`dupfind.rarity` against sets."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dupfind.arrays import mix64
from dupfind.rarity import count_common
from dupfind.settings import FEW

DOCUMENTS = st.lists(
    st.tuples(st.lists(st.integers(1, 6), max_size=8), st.integers(-1, 6)), min_size=2, max_size=12
)


@given(DOCUMENTS, st.sampled_from([200, 1 << 30]))
def test_common_shingles_are_those_of_many_stories(documents, memory):
    """Of the shingles that a pair shares, those count that more than FEW stories hold."""
    values = [value for held, _ in documents for value in held]
    hashes = mix64(np.array(values, dtype=np.uint64))
    offsets = np.append(0, np.cumsum([len(held) for held, _ in documents]))
    kinds = np.zeros(len(hashes), dtype=np.uint8)
    stories = np.array([story for _, story in documents])
    pairs = np.array(list(combinations(range(len(documents)), 2)))
    holders = {
        value: {story for held, story in documents if value in held and story >= 0}
        for value in values
    }
    common = {value for value, held in holders.items() if len(held) > FEW}
    expected = [
        sum(
            value in common
            for value in set(documents[a][0]) & set(documents[b][0])
            if documents[a][1] >= 0 and documents[b][1] >= 0
        )
        for a, b in pairs
    ]
    found = count_common(hashes, offsets, kinds, stories, pairs, map, size=1, memory=memory)
    assert found.tolist() == expected
