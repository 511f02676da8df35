"""Keys that too many documents hold, and the words behind them.

A hot key is a fingerprint or the bucket of a band. The first is a shingle itself; behind
the second are the shingles whose permuted hashes are the least of its rows.
"""

from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from itertools import chain, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64, cut, gather
from dupfind.candidates import Candidates, truncate
from dupfind.minhash import Permutations, band_keys, permute, sign
from dupfind.running import Means
from dupfind.shingles import shingle
from dupfind.tokens import PER_WORD

__all__ = ["Hot", "find_hot"]

_LOT: Final = 1 << 16  # tokens of documents looked through at once


class Hot(NamedTuple):
    """A run of words that many documents hold, as it stands in the first of them."""

    document: int
    start: int
    """First token."""
    end: int
    """Past the last token."""
    holders: Ints
    """(documents,) int64, ascending."""


class _Asked(NamedTuple):
    """Keys that the same documents hold."""

    document: int
    """The first of these."""
    keys: Words64
    """(keys,) uint64, truncated."""
    holders: Ints


def find_hot(
    hashes: Words64,
    offsets: Ints,
    kinds: NDArray[np.uint8],
    candidates: Candidates,
    parameters: Permutations,
    means: Means,
    *,
    size: int,
    window: int,
    bands: int,
    rows: int,
) -> list[Hot]:
    """Find the words behind the hot keys of a corpus.

    Takes its tokens, (tokens,) uint64, where each document's begin, (documents + 1,) int64,
    what each token is, (tokens,) uint8, what there is to work with, and how shingles,
    fingerprints and signatures are made. Keys that the same documents hold are one run where they
    lie within a winnowing window of each other.
    """
    asked = _group(candidates)
    lengths = np.diff(offsets)[[each.document for each in asked]]
    find = partial(
        _find,
        hashes=hashes,
        offsets=offsets,
        kinds=kinds,
        parameters=parameters,
        size=size,
        window=window,
        bands=bands,
        rows=rows,
    )
    return list(
        chain.from_iterable(means.apply(find, (asked[some] for some in cut(lengths, _LOT))))
    )


def _group(candidates: Candidates) -> list[_Asked]:
    """Group hot keys by their holders."""
    ends = np.append(0, np.cumsum(candidates.sizes))
    groups: dict[bytes, list[int]] = {}
    for number, (first, last) in enumerate(pairwise(ends.tolist())):
        groups.setdefault(sha256(candidates.holders[first:last].data).digest(), []).append(number)
    found = []
    for numbers in groups.values():
        holders = candidates.holders[slice(*ends[numbers[0] : numbers[0] + 2].tolist())]
        found.append(_Asked(int(holders[0]), candidates.hot[numbers], holders))
    return found


def _find(
    asked: Sequence[_Asked],
    *,
    hashes: Words64,
    offsets: Ints,
    kinds: NDArray[np.uint8],
    parameters: Permutations,
    size: int,
    window: int,
    bands: int,
    rows: int,
) -> list[Hot]:
    """Find the words behind some hot keys."""
    documents = len(offsets) - 1
    places, ends = gather(offsets, np.array([each.document for each in asked]))
    made = shingle(hashes[places], ends, size, PER_WORD[kinds[places]])
    signatures = sign(*made, parameters)
    buckets = truncate(band_keys(signatures, bands, rows), documents)
    found = []
    spans = pairwise(made.offsets.tolist())
    for (document, keys, holders), span, signature, bucket in zip(
        asked, spans, signatures, buckets, strict=True
    ):
        shingles = made.hashes[slice(*span)]
        own = truncate(shingles, documents)
        held = set(np.flatnonzero(np.isin(own, keys)).tolist())
        # What is no fingerprint is the bucket of a band.
        for band in np.flatnonzero(np.isin(bucket, np.setdiff1d(keys, own))).tolist():
            for row in range(band * rows, (band + 1) * rows):
                least = permute(shingles, parameters, row) == signature[row]
                held |= set(np.flatnonzero(least).tolist())
        found += [Hot(document, *run, holders) for run in _merge(held, size, window)]
    return found


def _merge(places: set[int], size: int, window: int) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place in sorted(places):
        if runs and place - runs[-1][1] < window - size:
            runs[-1] = (runs[-1][0], place + size)
        else:
            runs.append((place, place + size))
    return runs
