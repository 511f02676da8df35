"""`dupfind.rarity` against sets."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dupfind.arrays import mix64
from dupfind.columns import Column
from dupfind.engines.files import Files
from dupfind.rarity import count_common
from dupfind.running import Means
from dupfind.settings import FEW

DOCUMENTS = st.lists(
    st.tuples(st.lists(st.integers(1, 6), max_size=8), st.integers(-1, 6)), min_size=2, max_size=12
)


@given(DOCUMENTS, st.sampled_from([10, 200, 1 << 30]))
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
    found = count_common(hashes, offsets, kinds, stories, pairs, Means(memory=memory), size=1)
    assert found.tolist() == expected


@pytest.mark.parametrize("memory", [1 << 12, 1 << 30])
def test_shingles_are_made_twice(memory):
    """However many parts there are: to find those that occur often, and to count these."""
    asked = []

    def apply(task, batches):
        for batch in batches:
            if batch.ndim == 1:  # Pairs are looked up by the same means.
                asked.extend(batch.tolist())
            yield task(batch)

    files = Files()
    hashes, offsets = mix64(np.tile(np.arange(300, dtype=np.uint64), 7)), np.arange(8) * 300
    found = count_common(
        hashes,
        offsets,
        np.zeros(len(hashes), dtype=np.uint8),
        np.arange(7),
        np.array([[0, 3], [3, 5]]),
        Means(apply, column=lambda dtype: Column(dtype, files), memory=memory),
        size=5,
    )
    files.close()
    assert found.tolist() == [296, 296]
    assert sorted(asked) == sorted([*range(7)] * 2)


def test_many_units_are_looked_up_in_lots():
    """What is looked up in lots, in any process, comes back in the order of the pairs."""
    draw = np.random.default_rng(1)
    held = [draw.permutation(120 + 10 * document) for document in range(5)]
    lots = []

    def apply(task, batches):
        batches = list(batches)
        lots.append(len(batches))
        return map(task, batches)

    hashes = np.concatenate(held).astype(np.uint64)
    pairs = np.tile([[0, 1], [1, 2], [0, 4]], (4_000, 1))
    found = count_common(
        mix64(hashes),
        np.cumsum([0, *map(len, held)]),
        np.zeros(len(hashes), dtype=np.uint8),
        np.arange(5),
        pairs,
        Means(apply),
        size=1,
    )
    assert found.tolist() == [120, 130, 120] * 4_000
    assert lots[-1] == 2
