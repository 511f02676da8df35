"""Sketches to postings: the keys of documents, given in parts that memory has room for.

Bits of a key that no truncation drops decide in which part it is, so all of its holders are in
the same one.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Bools, Ints, Words64, cut
from dupfind.candidates import truncate
from dupfind.corpus import Corpus
from dupfind.intersection import Sieve
from dupfind.running import Means
from dupfind.sketches import Sketch
from dupfind.winnowing import widen

__all__ = ["PAIRED", "post_buckets", "post_fingerprints", "post_wide"]

PAIRED: Final = 64
"""Bytes that a posting takes while it is paired."""

_CHUNK: Final = 1 << 18  # fingerprints looked at at once

_Posted = tuple[Words64, Ints]
"""Keys and their holders, (postings,) uint64 and int64."""


def post_buckets(sketched: Sketch, chosen: Bools) -> Iterator[_Posted]:
    """Give the buckets of the chosen documents, band by band."""
    holders = np.flatnonzero(chosen)
    for band in sketched.buckets.T:
        yield band[holders], holders


def post_fingerprints(sketched: Sketch, chosen: Bools, means: Means) -> Iterator[_Posted]:
    """Give the fingerprints of the chosen documents, in parts that memory has room to pair."""

    def give() -> Iterator[_Posted]:
        for keys, holders, _ in _list(sketched, chosen):
            yield keys, holders
            means.look_at(keys.nbytes)

    return _part(give, len(sketched.fingerprints), means.memory)


def post_wide(
    corpus: Corpus,
    sketched: Sketch,
    chosen: Bools,
    hot: Words64,
    means: Means,
    *,
    size: int,
    guarantee: int,
) -> Iterator[_Posted]:
    """Give longer keys around the fingerprints that are hot; see `dupfind.winnowing.widen`.

    Takes the hot keys, (keys,) uint64, truncated.
    """
    hot = np.sort(hot)
    sieve = Sieve(hot)
    wide, owners = means.column(np.uint64), means.column(np.int64)
    for keys, holders, places in _list(sketched, chosen):
        short = truncate(keys, len(chosen))
        found = sieve.find(short)
        found = found[_are_among(short[found], hot)]
        longer, own = widen(
            corpus.hashes,
            corpus.offsets,
            holders[found],
            places[found].astype(np.int64),
            corpus.kinds,
            size=size,
            guarantee=guarantee,
        )
        wide.extend(longer)
        owners.extend(own)
        means.look_at(keys.nbytes + places.nbytes)
    both = wide.close(), owners.close()

    def give() -> Iterator[_Posted]:
        for begin in range(0, len(both[0]), _CHUNK):
            some = slice(begin, begin + _CHUNK)
            yield both[0][some], both[1][some]
            means.look_at(2 * both[0][some].nbytes)

    return _part(give, len(both[0]), means.memory)


def _list(sketched: Sketch, chosen: Bools) -> Iterator[tuple[Words64, Ints, NDArray[np.int32]]]:
    """Give the fingerprints of the chosen documents, some at a time: keys, holders, places."""
    bounds = np.append(0, np.cumsum(sketched.chosen))
    for own in cut(sketched.chosen, _CHUNK):
        some = slice(int(bounds[own.start]), int(bounds[own.stop]))
        holders = np.repeat(np.arange(own.start, own.stop), sketched.chosen[own])
        kept = chosen[holders]
        yield sketched.fingerprints[some][kept], holders[kept], sketched.places[some][kept]


def _part(give: Callable[[], Iterable[_Posted]], count: int, memory: int) -> Iterator[_Posted]:
    """Give so many postings in parts; `give` is asked for all of them for each."""
    parts = 1 + count * PAIRED // memory
    for part in range(parts):
        yield _choose(give(), part, parts)


def _choose(posted: Iterable[_Posted], part: int, parts: int) -> _Posted:
    """Choose the postings of one of so many parts."""
    keys, holders = [np.empty(0, dtype=np.uint64)], [np.empty(0, dtype=np.int64)]
    for some, owners in posted:
        place = some >> np.uint64(32) & np.uint64(0xFFFF)
        here = place * np.uint64(parts) >> np.uint64(16) == part
        keys.append(some[here])
        holders.append(owners[here])
    chosen = np.concatenate(keys)
    keys.clear()
    return chosen, np.concatenate(holders)


def _are_among(values: Words64, ordered: Words64) -> Bools:
    """Tell which values are among others, which ascend and are not none."""
    places = np.searchsorted(ordered, values)
    places[places == len(ordered)] = 0
    among: Bools = ordered[places] == values
    return among
