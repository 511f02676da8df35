"""`dupfind.naming`: pairs are gathered batch by batch, and it does not matter by which."""

from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import all_pairs, pack, related

from dupfind.columns import Column
from dupfind.engines.files import Files
from dupfind.naming import Named
from dupfind.tokens import CAPITALIZED
from dupfind.verification import Batch, verify

THRESHOLD = 0.3


def verify_all(lists, batches):
    """Verify pairs of lists of tokens, batch by batch."""
    hashes, offsets = pack(lists)
    kinds = np.full(len(hashes), CAPITALIZED, dtype=np.uint8)
    numbers = np.arange(len(lists))
    for pairs in batches:
        yield verify(
            Batch(numbers, pairs),
            hashes=hashes,
            kinds=kinds,
            offsets=offsets,
            size=2,
            least=2,
            threshold=THRESHOLD,
        )


def gather(lists, batches, column=Column):
    """Give the rows, as lists, and the nearest pair, as a tuple."""
    named = Named(THRESHOLD, column)
    for verified in verify_all(lists, batches):
        named.add(verified)
    rows = named.close()
    pairs = rows.gathered.take(rows.places).pack()
    # Passages are numbered from whatever the pairs before have left.
    first = np.repeat(pairs.tiles[pairs.starts, 3], pairs.counts)
    pairs.tiles[:, 3] -= first
    columns = (rows.documents, rows.shapes, rows.shared, rows.resemblance, *pairs)
    return [column.tolist() for column in columns], named.nearest and tuple(map(str, named.nearest))


@given(related(words=4, longest=30, most=5), st.randoms())
def test_batches_do_not_matter(lists, random):
    """One by one, in any order, pairs give the same rows as all at once, in memory or in files."""
    pairs = all_pairs(len(lists))
    alone = [pair[None] for pair in pairs]
    random.shuffle(alone)
    expected = gather(lists, [pairs])
    assert gather(lists, alone) == expected
    with closing(Files()) as files:
        assert gather(lists, alone, lambda dtype: Column(dtype, files)) == expected


@given(related(words=4, longest=30, most=5))
def test_the_nearest_pair_shares_most(lists):
    """Of its shorter document, whether or not it is worth naming; of equals it is the first."""
    pairs = all_pairs(len(lists))
    (verified,) = verify_all(lists, [pairs])
    _, nearest = gather(lists, [pairs])
    found = zip(verified.coverage.tolist(), verified.documents.tolist(), strict=True)
    best = min(found, key=lambda pair: (-pair[0], pair[1]), default=None)
    assert (best is None) == (nearest is None)
    if best:
        assert [int(number) for number in nearest[:2]] == best[1]


@pytest.mark.parametrize("batches", [[], [all_pairs(1)]])
def test_nothing(batches):
    """Where there are no pairs, there are no rows and no nearest one."""
    rows, nearest = gather([[1, 2, 3]], batches)
    assert (sum(map(len, rows)), nearest) == (0, None)
