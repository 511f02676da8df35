"""Postings to candidate pairs: the LSH index, in memory.

A posting says that a document holds a key: a band's bucket or a fingerprint. Both are
grouped by the same sort. A key held by few documents pairs them all against all; above
`HOT` holders it becomes a star: its first holder against each of the others.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from typing import Final, NamedTuple

import numpy as np

from dupfind.arrays import Ints, Words64, cut, distinct, find_heads, ranges
from dupfind.running import HERE, Apply, Means

__all__ = ["HOT", "Candidates", "digest", "group_copies", "merge", "pair", "truncate"]

HOT: Final = 32
"""The most holders of a key that are paired all against all."""


_LOT: Final = 1 << 16
"""Holders of keys that are paired at once; what they propose takes a few hundred bytes each."""
_NEW: Final = 1 << 20
"""Proposals that wait, at least, until those that were made before are left out."""


class Candidates(NamedTuple):
    """The pairs to verify, and the keys that were too common to pair all their holders."""

    pairs: Ints
    """(pairs, 2) int64: document numbers, the lower first, ascending, each pair once."""
    hot: Words64
    """(hot keys,) uint64, truncated as `truncate` does."""
    sizes: Ints
    """(hot keys,) int64: how many documents hold each."""
    holders: Ints
    """Those of each hot key, ascending, one key's after the other's; int64."""


class _Shared(NamedTuple):
    """Keys that several documents hold."""

    keys: Words64
    """(keys,) uint64, truncated."""
    sizes: Ints
    """(keys,) int64: how many documents hold each."""
    holders: Ints
    """Those of each key, ascending, one key's after the other's; int64."""


def truncate(keys: Words64, documents: int) -> Words64:
    """Drop the low bits of keys that a posting needs for the document's number.

    Equal keys stay equal. Of n different keys, n^2 / 2^(65 - bits) pairs are expected to
    become equal: such an accident proposes a pair too many, never one too few.
    """
    return np.asarray(keys >> _bits(documents))


def pair(
    postings: Iterable[tuple[Words64, Ints]],
    documents: int,
    means: Means = HERE,
    apply: Apply = map,
) -> Candidates:
    """Pair the documents that hold a key together.

    Takes postings, part by part: (keys, holders), (postings,) uint64 and int64, the holders'
    numbers below `documents`. A key in two parts is two keys; a document that holds a key more
    than once counts once. Parts keep the work in the processor's cache, and they bound the memory
    that it takes: about 40 bytes for each posting of one. `apply` maps over them.
    """
    proposed = _Proposed()
    hot = [means.column(dtype) for dtype in (np.uint64, np.int64, np.int64)]
    # No name is given to what is large: it would be kept while the next is made.
    shared = apply(partial(_share, bits=_bits(documents)), postings)
    for keys, sizes, holders in _cut(shared):
        starts = np.cumsum(sizes) - sizes
        for size in np.unique(sizes[sizes <= HOT]).tolist():
            rows = holders[starts[sizes == size][:, None] + np.arange(size)]
            left, right = np.triu_indices(size, 1)
            proposed.add(_pack(rows[:, left].ravel(), rows[:, right].ravel()))
        many = np.flatnonzero(sizes > HOT)
        own = holders[ranges(starts[many], sizes[many])]
        firsts = np.repeat(holders[starts[many]], sizes[many])
        others = own != firsts
        proposed.add(_pack(firsts[others], own[others]))
        for values, filled in zip((keys[many], sizes[many], own), hot, strict=True):
            filled.extend(values)
    return Candidates(_unpack(proposed.settle()), *(filled.close() for filled in hot))


def merge(*pairs: Ints) -> Ints:
    """Merge pairs, (pairs, 2) int64 each: ascending, each pair once."""
    return _unpack(distinct(np.concatenate([_pack(*part.T) for part in pairs])))


class _Proposed:
    """Pairs that were proposed, each of which is soon kept only once."""

    def __init__(self) -> None:
        self._pairs = np.empty(0, dtype=np.int64)
        self._new: list[Ints] = []
        self._count = 0

    def add(self, pairs: Ints) -> None:
        """Add packed pairs, (pairs,) int64."""
        self._new.append(pairs)
        self._count += len(pairs)
        if self._count > max(_NEW, len(self._pairs)):
            self.settle()

    def settle(self) -> Ints:
        """Give all pairs so far, ascending, each once."""
        self._pairs = distinct(np.concatenate([self._pairs, *self._new]))
        self._new.clear()
        self._count = 0
        return self._pairs


def _cut(parts: Iterable[_Shared]) -> Iterator[_Shared]:
    """Put small parts together and cut large ones, into lots of about `_LOT` holders."""
    waiting: list[_Shared] = []
    volume = 0
    for part in parts:
        waiting.append(part)
        volume += len(part.holders)
        del part  # or it would be kept while the next one is made
        if volume >= _LOT:
            yield from _cut_all(waiting)
            volume = 0
    if waiting:
        yield from _cut_all(waiting)


def _cut_all(parts: list[_Shared]) -> Iterator[_Shared]:
    """Cut parts, which are taken out of the list, into lots."""
    keys, sizes, holders = map(np.concatenate, zip(*parts, strict=True))
    parts.clear()
    ends = np.append(0, np.cumsum(sizes))
    for some in cut(sizes, _LOT):
        own = holders[ends[some.start] : ends[some.stop]]
        yield _Shared(keys[some].copy(), sizes[some].copy(), own.copy())


def _share(posted: tuple[Words64, Ints], bits: np.uint64) -> _Shared:
    """Group the postings whose keys have two holders or more.

    One sort of plain integers groups them: the key above, the holder below.
    """
    keys, holders = posted
    none = np.empty(0, dtype=np.int64)
    postings = keys >> bits
    postings <<= bits
    postings |= holders.view(np.uint64)
    postings.sort()
    low = np.uint64(1) << bits
    same = (postings[1:] ^ postings[:-1]) < low
    if not same.any():
        return _Shared(none.view(np.uint64), none, none)
    postings = postings[np.append(same, False) | np.append(False, same)]
    # A document may hold a key more than once.
    postings = postings[find_heads(postings)]
    found = postings >> bits
    starts = np.flatnonzero(find_heads(found))
    sizes = np.diff(starts, append=len(found))
    own = (postings & (low - np.uint64(1))).astype(np.int64)
    several = sizes > 1
    return _Shared(found[starts[several]], sizes[several], own[np.repeat(several, sizes)])


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


def group_copies(digests: Words64, hashes: Words64, offsets: Ints, means: Means = HERE) -> Ints:
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
    # The digests tell most documents apart; of the others all tokens are looked at.
    seen: dict[bytes, int] = {}
    for document in np.flatnonzero(alike).tolist():
        tokens = np.ascontiguousarray(hashes[offsets[document] : offsets[document + 1]])
        first[document] = seen.setdefault(sha256(tokens.data).digest(), document)
        means.look_at(tokens.nbytes)
    return first


def _bits(documents: int) -> np.uint64:
    return np.uint64(max(documents - 1, 1).bit_length())


def _pack(left: Ints, right: Ints) -> Ints:
    return (left << 32) | right


def _unpack(packed: Ints) -> Ints:
    return np.stack([packed >> 32, packed & 0xFFFFFFFF], axis=1)
