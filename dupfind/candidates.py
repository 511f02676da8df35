"""Postings to candidate pairs: the LSH index, in memory.

A posting says that a document holds a key: a band's bucket or a fingerprint. Both are
grouped by the same sort. A key held by few documents pairs them all against all; above
`HOT` holders it becomes a star: its first holder against each of the others.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np

from dupfind.arrays import Ints, Words64, distinct, ranges

__all__ = ["HOT", "Candidates", "digest", "group_copies", "merge", "pair", "truncate"]

HOT: Final = 32
"""The most holders of a key that are paired all against all."""


class Candidates(NamedTuple):
    """The pairs to verify, and the keys that were too common to pair all their holders."""

    pairs: Ints
    """(pairs, 2) int64: document numbers, the lower first, ascending, each pair once."""
    hot: Words64
    """(hot keys,) uint64, truncated as `truncate` does."""
    holders: tuple[Ints, ...]
    """For each hot key its holders, ascending."""


def truncate(keys: Words64, documents: int) -> Words64:
    """Drop the low bits of keys that a posting needs for the document's number.

    Equal keys stay equal. Of n different keys, n^2 / 2^(65 - bits) pairs are expected to
    become equal: such an accident proposes a pair too many, never one too few.
    """
    return np.asarray(keys >> _bits(documents))


def pair(postings: Iterable[tuple[Words64, Ints]], documents: int) -> Candidates:
    """Pair the documents that hold a key together.

    Takes postings, part by part: (keys, holders), (postings,) uint64 and int64, the holders'
    numbers below `documents`. A key in two parts is two keys; a document that holds a key more
    than once counts once. Parts keep the work in the processor's cache: each band is one.
    """
    shared = [_share(keys, holders, _bits(documents)) for keys, holders in postings]
    none = np.empty(0, dtype=np.int64)
    keys = np.concatenate([none.view(np.uint64), *(keys for keys, _, _ in shared)])
    sizes = np.concatenate([none, *(sizes for _, sizes, _ in shared)])
    holders = np.concatenate([none, *(holders for _, _, holders in shared)])
    starts = np.cumsum(sizes) - sizes

    proposed = []
    for size in np.unique(sizes[sizes <= HOT]).tolist():
        rows = holders[starts[sizes == size][:, None] + np.arange(size)]
        left, right = np.triu_indices(size, 1)
        proposed.append(_pack(rows[:, left].ravel(), rows[:, right].ravel()))
    hot = np.flatnonzero(sizes > HOT)
    others = ranges(starts[hot] + 1, sizes[hot] - 1)
    proposed.append(_pack(np.repeat(holders[starts[hot]], sizes[hot] - 1), holders[others]))
    return Candidates(
        _unpack(distinct(np.concatenate(proposed))),
        keys[hot],
        tuple(
            holders[start : start + size]
            for start, size in zip(starts[hot], sizes[hot], strict=True)
        ),
    )


def merge(*pairs: Ints) -> Ints:
    """Merge pairs, (pairs, 2) int64 each: ascending, each pair once."""
    return _unpack(distinct(np.concatenate([_pack(*part.T) for part in pairs])))


def _share(keys: Words64, holders: Ints, bits: np.uint64) -> tuple[Words64, Ints, Ints]:
    """Group the postings whose keys have two holders or more: keys, their holders' number, holders.

    One sort of plain integers groups them: the key above, the holder below.
    """
    none = np.empty(0, dtype=np.int64)
    postings = keys >> bits
    postings <<= bits
    postings |= holders.view(np.uint64)
    postings.sort()
    low = np.uint64(1) << bits
    same = (postings[1:] ^ postings[:-1]) < low
    if not same.any():
        return none.view(np.uint64), none, none
    postings = postings[np.append(same, False) | np.append(False, same)]
    # A document may hold a key more than once.
    postings = postings[np.append(True, postings[1:] != postings[:-1])]
    found = postings >> bits
    starts = np.flatnonzero(np.append(True, found[1:] != found[:-1]))
    sizes = np.diff(starts, append=len(found))
    own = (postings & (low - np.uint64(1))).astype(np.int64)
    several = sizes > 1
    return found[starts[several]], sizes[several], own[np.repeat(several, sizes)]


def digest(shingles: Words64, offsets: Ints) -> Words64:
    """Sum up each document's shingles: (documents,) uint64, 0 for empty documents.

    Takes shingle hashes, (shingles,) uint64, and where each document's begin. Documents of the
    same tokens have the same digest; others hardly ever do.
    """
    digests = np.zeros(len(offsets) - 1, dtype=np.uint64)
    live = np.flatnonzero(np.diff(offsets))
    if len(live):
        digests[live] = np.add.reduceat(shingles, offsets[live])
    return digests


def group_copies(digests: Words64, hashes: Words64, offsets: Ints) -> Ints:
    """Find the documents that are the same token sequence.

    Takes the documents' digests, (documents,) uint64, their tokens, (tokens,) uint64, and where
    each one's begin. Gives (documents,) int64: for each document the first one that has the same
    tokens, itself if there is none before; empty documents stand for themselves.
    """
    first = np.arange(len(digests), dtype=np.int64)
    order = np.argsort(digests, kind="stable")
    same = digests[order][1:] == digests[order][:-1]
    alike = np.zeros(len(digests), dtype=bool)
    alike[order[1:]] |= same
    alike[order[:-1]] |= same
    alike &= np.diff(offsets) > 0
    # The digests tell most documents apart; the others are compared in full.
    seen: dict[bytes, int] = {}
    for document in np.flatnonzero(alike).tolist():
        tokens = hashes[offsets[document] : offsets[document + 1]].tobytes()
        first[document] = seen.setdefault(tokens, document)
    return first


def _bits(documents: int) -> np.uint64:
    return np.uint64(max(documents - 1, 1).bit_length())


def _pack(left: Ints, right: Ints) -> Ints:
    return (left << 32) | right


def _unpack(packed: Ints) -> Ints:
    return np.stack([packed >> 32, packed & 0xFFFFFFFF], axis=1)
