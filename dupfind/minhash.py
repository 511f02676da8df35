"""Shingle hashes to MinHash signatures, and signatures to the keys of LSH buckets.

The scheme is datasketch's `affine32` with its own permutation parameters, computed for
whole batches at once: a row of the matrix is the `hashvalues` of a `datasketch.MinHash`
that was fed the same 32-bit hashes (Broder 1997; datasketch 2).
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Ints, Words64, mix64

__all__ = ["Permutations", "band_keys", "hash32", "permutations", "permute", "sign"]

_CHUNK: Final = 1 << 16  # shingles permuted at once: both arrays fit the second-level cache
_EMPTY: Final = np.uint32(0xFFFFFFFF)
_STEP: Final = np.uint64(0x9E3779B97F4A7C15)


class Permutations(NamedTuple):
    """The parameters of h -> a * h + b modulo 2^32."""

    a: NDArray[np.uint32]
    """(num_perm,) uint32, odd."""
    b: NDArray[np.uint32]
    """(num_perm,) uint32."""


def permutations(num_perm: int) -> Permutations:
    """Take the permutation parameters from datasketch, with its default seed."""
    from datasketch import MinHash  # noqa: PLC0415 - half a second: only where it is used

    a, b = MinHash(num_perm=num_perm, scheme="affine32").permutations
    return Permutations(a, b)


def hash32(hashes: Words64) -> NDArray[np.uint32]:
    """Give the 32-bit hashes that stand for shingles in a MinHash: the upper halves."""
    return (hashes >> np.uint64(32)).astype(np.uint32)


def sign(hashes: Words64, offsets: Ints, parameters: Permutations) -> NDArray[np.uint32]:
    """Sign texts, given their shingles: (texts, num_perm) uint32, stored column by column.

    A text without shingles has the signature of an empty MinHash, all ones.
    """
    live = np.flatnonzero(np.diff(offsets))
    starts, ends = offsets[live], offsets[live + 1]
    least = np.full((len(parameters.a), len(live)), _EMPTY, dtype=np.uint32)
    for begin in range(0, len(hashes), _CHUNK):
        mixed = _premix(hash32(hashes[begin : begin + _CHUNK]))
        permuted = np.empty_like(mixed)
        # The texts that this chunk holds a part of.
        first = np.searchsorted(ends, begin, side="right")
        last = np.searchsorted(starts, begin + len(mixed))
        segments = np.maximum(starts[first:last] - begin, 0)
        own = least[:, first:last]
        for row, a, b in zip(own, *parameters, strict=True):
            np.multiply(mixed, a, out=permuted)
            np.add(permuted, b, out=permuted)
            np.minimum(row, np.minimum.reduceat(permuted, segments), out=row)
    if len(live) == len(offsets) - 1:
        return least.T
    signed = np.full((len(parameters.a), len(offsets) - 1), _EMPTY, dtype=np.uint32)
    signed[:, live] = least
    return signed.T


def permute(hashes: Words64, parameters: Permutations, row: int) -> NDArray[np.uint32]:
    """Permute shingle hashes by one permutation; a signature holds the least of them."""
    return np.asarray(_premix(hash32(hashes)) * parameters.a[row] + parameters.b[row])


def _premix(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Spread 32-bit values by the finalizer of MurmurHash3, as affine32 begins."""
    values = values ^ (values >> np.uint32(16))
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    values ^= values >> np.uint32(16)
    return values


def band_keys(signatures: NDArray[np.uint32], bands: int, rows: int) -> Words64:
    """Hash each band of each signature to a bucket key: (texts, bands) uint64.

    Two texts have the same key where, and but for a chance of 2^-64 only where, they agree
    in all rows of the same band: the buckets of `datasketch.MinHashLSH(params=(bands, rows))`.
    """
    values = signatures.T[: bands * rows].reshape(bands, rows, len(signatures))
    keys = np.repeat(np.arange(1, bands + 1, dtype=np.uint64)[:, None], len(signatures), axis=1)
    for row in range(rows):
        keys *= _STEP
        keys += values[:, row]
        mix64(keys)
    return keys.T
