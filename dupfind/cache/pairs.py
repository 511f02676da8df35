"""What verification found for pairs, kept between runs.

A pair is found again by the tokens of its two documents as they were compared: after clearing,
and in their order. What is kept of it are its tiles and facts; the measures are made of those.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dupfind.arrays import Ints, cut, find_heads, gather
from dupfind.cache.packs import KEYS, Columns, Layout, Packs, make_key
from dupfind.facts import Facts
from dupfind.measures import measure
from dupfind.passages import Alignment
from dupfind.tokens import PER_WORD
from dupfind.verification import Batch, Verified

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dupfind.corpus import Corpus

__all__ = ["LAYOUT", "KnownPairs"]

_DIGEST: Final = 16  # bytes
_FACTS: Final = 9  # two of each but what is lost
_TILE: Final = 4  # place in each document, length, number of the passage within the pair

LAYOUT: Final = Layout(
    {
        "counts": np.int32,
        "tiles": np.int32,
        "shared": np.int32,
        "distinct": np.int32,
        "facts": np.int32,
    },
    {"tiles": "counts"},
    {"tiles": _TILE, "distinct": 2, "facts": _FACTS},
)
"""What is kept of a pair; of one without passages there are no tiles."""


class KnownPairs:
    """The pairs of a corpus of which it is known from earlier runs what they share."""

    def __init__(self, kept: Packs, corpus: "Corpus", pairs: Ints) -> None:
        """Look pairs up, (pairs, 2) int64 document numbers."""
        self._kept = kept
        self._corpus = corpus
        self._digests = _digest(corpus, pairs)
        keys = self._name(pairs)
        rows = kept.find(keys)
        here = rows >= 0
        self._known, self._keys, self._rows = pairs[here], keys[here], rows[here]
        self.missing: Ints = pairs[~here]
        """(pairs, 2) int64: those that are to be verified."""

    def _name(self, pairs: Ints) -> "NDArray[Any]":
        tell = self._digests.__getitem__
        return np.array([make_key(tell(a) + tell(b)) for a, b in pairs.tolist()], KEYS)

    def recall(self, tokens: int) -> Iterator[Verified]:
        """Give what is known, in batches of about so many tokens."""
        for some in cut(self._corpus.lengths[self._known].sum(axis=1), max(tokens, 1)):
            documents, rows = np.unique(self._known[some], return_inverse=True)
            batch = Batch(documents, rows.reshape(-1, 2))
            columns = self._kept.take(self._rows[some], _NOTHING)
            self._kept.keep(self._keys[some], columns, np.zeros(len(batch.pairs), dtype=bool))
            yield _restore(batch, columns, self._corpus)

    def keep(self, batch: Batch, verified: Verified) -> None:
        """Keep what was found for a batch."""
        found, alignment = verified.measures, verified.alignment
        counts = np.zeros(len(batch.pairs), dtype=np.int64)
        counts[found.pair] = np.diff(found.tiles)
        facts = np.zeros((len(counts), _FACTS), dtype=np.int64)
        facts[found.pair] = np.column_stack(verified.facts)
        first = np.repeat(alignment.passage[found.tiles[:-1]], counts[found.pair])
        tiles = (alignment.a, alignment.b, alignment.length, alignment.passage - first)
        columns = {
            "counts": counts,
            "tiles": np.stack(tiles, axis=1),
            "shared": alignment.shared,
            "distinct": alignment.distinct[batch.pairs],
            "facts": facts,
        }
        keys = self._name(batch.documents[batch.pairs])
        self._kept.keep(keys, columns, np.ones(len(keys), dtype=bool))


_NOTHING: Final = {
    name: np.empty((0, LAYOUT.wide[name]) if name in LAYOUT.wide else 0, dtype)
    for name, dtype in LAYOUT.types.items()
}


def _restore(batch: Batch, columns: Columns, corpus: "Corpus") -> Verified:
    """Make of what was kept what verification gave."""
    counts, tiles = columns["counts"].astype(np.int64), columns["tiles"].astype(np.int64)
    pair = np.repeat(np.arange(len(counts)), counts)
    begins = find_heads(pair, tiles[:, 3])
    distinct = np.zeros(len(batch.documents), dtype=np.int64)
    distinct[batch.pairs] = columns["distinct"]
    shared, (a, b, length, _) = columns["shared"].astype(np.int64), tiles.T
    alignment = Alignment(shared, distinct, pair, a, b, length, np.cumsum(begins) - 1)
    places, offsets = gather(corpus.offsets, batch.documents)
    measures = measure(alignment, offsets, batch.pairs, PER_WORD[corpus.kinds[places]])
    told = columns["facts"][measures.pair].astype(np.int64)
    numbers, shared_numbers, names, shared_names = np.split(told[:, :-1], _FACTS // 2, axis=1)
    facts = Facts(numbers, shared_numbers, names, shared_names, told[:, -1])
    return Verified(batch.documents[measures.documents], measures, alignment, facts)


def _digest(corpus: "Corpus", pairs: Ints) -> dict[int, bytes]:
    """Sum up the tokens of the documents that occur in pairs."""
    digests = {}
    for document in np.unique(pairs).tolist():
        own = slice(*corpus.offsets[document : document + 2].tolist())
        found = blake2b(corpus.hashes[own].data, digest_size=_DIGEST)
        found.update(corpus.kinds[own].data)
        digests[document] = found.digest()
    return digests
