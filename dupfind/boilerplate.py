"""Keys that too many documents hold, and the words behind them.

A hot key is a fingerprint or the bucket of a band. The first is a shingle itself; behind
the second are the shingles whose permuted hashes are the least of its rows.
"""

from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64
from dupfind.candidates import Candidates, truncate
from dupfind.minhash import Permutations, band_keys, permute, sign
from dupfind.shingles import shingle
from dupfind.tokens import PER_WORD

__all__ = ["Hot", "find_hot"]


class Hot(NamedTuple):
    """A run of words that many documents hold, as it stands in the first of them."""

    document: int
    start: int
    """First token."""
    end: int
    """Past the last token."""
    holders: Ints
    """(documents,) int64, ascending."""


def find_hot(
    hashes: Words64,
    offsets: Ints,
    kinds: NDArray[np.uint8],
    candidates: Candidates,
    parameters: Permutations,
    *,
    size: int,
    window: int,
    bands: int,
    rows: int,
) -> list[Hot]:
    """Find the words behind the hot keys of a corpus.

    Takes its tokens, (tokens,) uint64, where each document's begin, (documents + 1,) int64,
    what each token is, (tokens,) uint8, and how shingles, fingerprints and signatures are made.
    Keys that the same documents hold are one run where they lie within a winnowing window of each
    other.
    """
    ends = np.append(0, np.cumsum(candidates.sizes))
    groups: dict[bytes, list[int]] = {}
    for number, (first, last) in enumerate(pairwise(ends.tolist())):
        groups.setdefault(sha256(candidates.holders[first:last].data).digest(), []).append(number)
    found = []
    for numbers in groups.values():
        holders = candidates.holders[slice(*ends[numbers[0] : numbers[0] + 2].tolist())]
        document = int(holders[0])
        place = slice(*offsets[document : document + 2].tolist())
        tokens = hashes[place]
        shingles, bounds = shingle(tokens, np.array([0, len(tokens)]), size, PER_WORD[kinds[place]])
        own = truncate(shingles, len(offsets) - 1)
        keys = candidates.hot[numbers]
        places = set(np.flatnonzero(np.isin(own, keys)).tolist())
        # What is no fingerprint is the bucket of a band.
        keys = np.setdiff1d(keys, own)
        if len(keys):
            signature = sign(shingles, bounds, parameters)
            buckets = truncate(band_keys(signature, bands, rows), len(offsets) - 1)[0]
            for band in np.flatnonzero(np.isin(buckets, keys)).tolist():
                for row in range(band * rows, (band + 1) * rows):
                    least = permute(shingles, parameters, row) == signature[0, row]
                    places |= set(np.flatnonzero(least).tolist())
        found += [Hot(document, *run, holders) for run in _merge(places, size, window)]
    return found


def _merge(places: set[int], size: int, window: int) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place in sorted(places):
        if runs and place - runs[-1][1] < window - size:
            runs[-1] = (runs[-1][0], place + size)
        else:
            runs.append((place, place + size))
    return runs
