"""`dupfind.verification`: pairs in batches."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from strategies import all_pairs

from dupfind.verification import cut_batches


@given(st.lists(st.integers(0, 50), min_size=2, max_size=12), st.integers(1, 400), st.data())
def test_batches_hold_each_pair_once(lengths, most, data):
    """Each pair is in one batch, which is no larger than allowed unless the pair is alone."""
    pairs = all_pairs(len(lengths))
    chosen = data.draw(st.lists(st.sampled_from(range(len(pairs))), unique=True))
    pairs, lengths = pairs[sorted(chosen)], np.array(lengths)
    batches = list(cut_batches(lengths, pairs, 500, most))
    found = [batch.documents[batch.pairs].tolist() for batch in batches]
    assert sorted(pair for batch in found for pair in batch) == pairs.tolist()
    for batch, own in zip(batches, found, strict=True):
        assert own == sorted(own)
        assert len(own) == 1 or lengths[batch.documents].sum() <= most


def test_batches_share_documents():
    """Of many pairs, each batch holds those of few documents."""
    pairs = all_pairs(64)
    lengths = np.full(64, 10)
    batches = list(cut_batches(lengths, pairs, 20 * len(pairs) // 8, 1 << 20))
    assert sum(len(batch.documents) for batch in batches) < 6 * 64
