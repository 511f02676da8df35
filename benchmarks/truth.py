"""The exact truth: all pairs that must be found, and how many of them were.

Nothing here estimates or samples. Documents are numbered from 0; pairs are (pairs, 2) int64.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from peers import SHINGLE_SIZE, THRESHOLD, split_words
from scipy.sparse import coo_array, csr_array, triu
from scipy.sparse.csgraph import connected_components

from dupfind.shingles import shingle
from dupfind.tokens import tokenize

__all__ = [
    "RUN",
    "find_alike",
    "find_runs",
    "find_share",
    "join",
    "label",
    "measure_precision",
    "together",
]

RUN: Final = 20
"""Words of a run that two documents share."""
_MOST_HOLDERS: Final = 32
_LEAST_WORDS: Final = 20
_CHUNK: Final = 1 << 14  # pairs intersected at once

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def find_alike(texts: list[str]) -> Ints:
    """Find all pairs whose sets of 5-word shingles have a Jaccard index of at least .7.

    Two such sets share at least .7 of the larger one, so they share one of the rarest
    shingles of each, as many as may be missing and one more (prefix filtering; Chaudhuri,
    Ganti, Kaushik 2006). An inverted index of just those proposes pairs; all their shingles
    decide.
    """
    held = _number_shingles(texts)
    sizes = held.sum(axis=1)
    proposed = _pair(_take_rarest(held, sizes))
    alike = np.zeros(len(proposed), dtype=bool)
    for begin in range(0, len(proposed), _CHUNK):
        a, b = proposed[begin : begin + _CHUNK].T
        shared = held[a].multiply(held[b]).sum(axis=1)
        alike[begin : begin + _CHUNK] = shared / (sizes[a] + sizes[b] - shared) >= THRESHOLD
    return proposed[alike]


def find_runs(texts: list[str]) -> Ints:
    """Find all pairs that share a run of 20 words, words being dupfind's tokens.

    Among documents of at least 30 words, by an index of every run of 20. Runs in more than
    32 documents are boilerplate: they pair nothing.
    """
    tokens = tokenize(texts)
    runs = shingle(tokens.hashes, tokens.offsets, RUN)
    document = np.repeat(np.arange(len(texts)), np.diff(runs.offsets))
    long = (np.diff(tokens.offsets) >= _LEAST_WORDS)[document]
    _, number = np.unique(runs.hashes[long], return_inverse=True)
    held = _hold(document[long], number, len(texts))
    holders = held.sum(axis=0)
    return _pair(held[:, np.flatnonzero((holders > 1) & (holders <= _MOST_HOLDERS))])


def label(clusters: list[list[int]], documents: int) -> Ints:
    """Label documents, (documents,) int64: equal in a cluster, each its own outside."""
    labels = np.arange(documents)
    for members in clusters:
        labels[members] = min(members)
    return labels


def join(pairs: Ints, documents: int) -> Ints:
    """Label documents by what pairs join, directly or through others."""
    rows, columns = pairs.T
    graph = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(documents, documents))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def together(labels: Ints, pairs: Ints) -> Bools:
    """Tell which pairs have the same label on both sides."""
    return np.asarray(labels[pairs[:, 0]] == labels[pairs[:, 1]])


def find_share(found: Bools) -> float | None:
    """Give the share of pairs that were found; None where there are none to find."""
    return float(found.mean()) if len(found) else None


def measure_precision(labels: Ints, truth: Ints) -> float | None:
    """Give the share of the pairs with equal labels that are equal in truth, too."""
    _, both = np.unique(np.stack([labels, truth]), axis=1, return_counts=True)
    claimed = _count_pairs(np.bincount(labels))
    return _count_pairs(both) / claimed if claimed else None


def _count_pairs(sizes: Ints) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _number_shingles(texts: list[str]) -> csr_array:
    """Index shingles without a hash: numbers of words, then of pairs, of three, and so on."""
    known: dict[str, int] = {}
    words = [
        [known.setdefault(word, len(known)) for word in split_words(text.lower())] for text in texts
    ]
    counts = np.array([len(own) for own in words], dtype=np.int64)
    flat = np.fromiter((word for own in words for word in own), np.int64, counts.sum())
    number = flat
    for place in range(1, SHINGLE_SIZE):
        _, number = np.unique(number[:-1] * len(known) + flat[place:], return_inverse=True)
    # Runs that cross from one text into the next are no shingles.
    document = np.repeat(np.arange(len(texts)), counts)
    ends = document[SHINGLE_SIZE - 1 :]
    inside = document[: len(ends)] == ends
    return _hold(ends[inside], number[inside], len(texts))


def _hold(documents: Ints, items: Ints, rows: int) -> csr_array:
    """Make the matrix that says which document holds which item, repeats counted once."""
    shape = (rows, int(items.max(initial=-1)) + 1)
    ones = np.ones(len(items), dtype=np.int64)
    held = csr_array((ones, (documents, items)), shape=shape)
    held.sum_duplicates()
    held.data[:] = 1
    return held


def _take_rarest(held: csr_array, sizes: Ints) -> csr_array:
    """Keep of each document the rarest items, so many that one of them must be shared."""
    rarity = np.argsort(np.argsort(held.sum(axis=0), kind="stable"))
    documents, items = held.nonzero()
    order = np.lexsort((rarity[items], documents))
    documents, items = documents[order], items[order]
    place = np.arange(len(items)) - (np.cumsum(sizes) - sizes)[documents]
    shared = np.array([math.ceil(THRESHOLD * size - 1e-9) for size in sizes.tolist()])
    rare = place <= (sizes - shared)[documents]
    return _hold(documents[rare], items[rare], len(sizes))


def _pair(held: csr_array) -> Ints:
    """Give all pairs of documents that hold an item together, the lower number first."""
    found = triu(held @ held.T, 1).tocoo()
    return np.stack([found.row, found.col], axis=1).astype(np.int64)
