"""Candidate pairs to passages: everything two documents share, aligned exactly.

Order-free, for what a desk moves is still shared: seeds where a pair shares shingles, joined
to maximal runs of equal tokens; the runs tiled longest first, each token used once on each
side (Greedy String Tiling; Wise 1993, "String similarity via greedy string tiling and
running Karp-Rabin matching"); tiles that follow each other in both documents, at most
`BRIDGE` words apart, or with shorter phrases between them that are (`dupfind.gaps`), joined to a
passage; passages of fewer than `LEAST` equal words dropped.

All pairs of a batch are worked on at once.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dupfind.arrays import Bools, Ints, Words64, find_heads, find_tails, order_by, ranges
from dupfind.gaps import cross
from dupfind.intersection import Index, index, look_up
from dupfind.shingles import reach, shingle
from dupfind.tiling import Runs, tile_all

__all__ = ["BRIDGE", "LEAST", "Alignment", "align", "in_order"]

BRIDGE: Final = 8
"""The most words, on either side, that may differ between two tiles of one passage, or between
the phrases that lead from one to the other."""
_WIDE: Final = 2
"""So many times as wide as the tiles on its two sides together is a gap, at most, that phrases
lead over: what paraphrases have in common would lead from tile to tile, too."""
LEAST: Final = 8
"""The fewest equal words of a passage."""
_PAIRINGS: Final = 256
"""A shingle found p times in one document and q times in the other seeds p * q runs up to
this product; above it the i-th place in one is matched with the i-th in the other, and the
runs so found are extended to their full length. This bounds the work on lists and on
documents that repeat themselves; what is then reported is still shared, word for word."""
_SEEDS: Final = 1 << 21  # seeds expanded at once


class Alignment(NamedTuple):
    """What the pairs of a batch share. Places are token positions in the documents."""

    shared: Ints
    """(pairs,) int64: distinct shingles that both documents hold."""
    distinct: Ints
    """(documents,) int64: distinct shingles of each document."""
    pair: Ints
    """(tiles,) int64: the pair each tile belongs to, ascending. Then by place in a."""
    a: Ints
    """(tiles,) int64: where the tile begins in the pair's first document."""
    b: Ints
    """(tiles,) int64: where it begins in the second."""
    length: Ints
    """(tiles,) int64: equal tokens."""
    passage: Ints
    """(tiles,) int64: number of the passage the tile belongs to, from 0, ascending."""


def align(
    hashes: Words64,
    offsets: Ints,
    pairs: Ints,
    per_word: NDArray[np.uint8],
    *,
    size: int,
    least: int = LEAST,
) -> Alignment:
    """Align pairs of documents.

    Takes the tokens of the documents, (tokens,) uint64, where each one's begin, (documents + 1,)
    int64, the pairs to align, (pairs, 2) int64 document numbers, how many tokens like each one
    make a word, (tokens,) uint8, the shingle size, and the fewest equal words of a passage.
    """
    shingles = index(*shingle(hashes, offsets, size, per_word))
    pair, a, b, shared = look_up(shingles, pairs)
    # Tiles are made of shared shingles, each at most as often as both documents hold it:
    # where those are too few for a passage, there is none.
    # A document shorter than a shingle has one that is no run of so many words.
    lengths = np.diff(offsets)[pairs]
    most = np.minimum(shingles.counts[a], shingles.counts[b]) * shingles.sizes[a]
    longest = size * int(per_word.max(initial=1))
    enough = np.bincount(pair, most, len(pairs)) * longest >= least
    hopeful = (enough & (lengths >= size).all(axis=1))[pair]
    none = np.empty(0, dtype=np.int64)
    runs = [Runs(none, none, none, none)]
    widths = _span(shingles, offsets, per_word, size)
    for seeds, width, capped in _seed(shingles, widths, pair[hopeful], a[hopeful], b[hopeful]):
        runs.append(_join_seeds(hashes, offsets, pairs, seeds, width, capped=capped))
    found = Runs(*map(np.concatenate, zip(*runs, strict=True)))
    tiles = tile_all(found, lengths, size)
    scale = per_word[offsets[pairs[tiles.pair, 0]] + tiles.a].astype(np.int64)
    joined = _bridge(hashes, offsets, pairs, tiles, scale, per_word)
    return Alignment(shared, shingles.distinct, *_number(tiles, scale, joined, least))


def _span(shingles: Index, offsets: Ints, per_word: NDArray[np.uint8], size: int) -> Ints:
    """Give how many tokens each unit of shingles is made of at each of its places."""
    sizes = np.repeat(shingles.sizes, shingles.counts)
    if (per_word == 1).all():
        return sizes + size - 1
    # In mixed scripts the last shingle of a unit is not always the one that reaches furthest.
    spans = reach(offsets, size, per_word)
    first = np.repeat(offsets[shingles.groups >> 32], shingles.counts) + shingles.places
    ends = ranges(first, sizes)
    ends += spans[ends]
    starts = np.cumsum(sizes) - sizes
    return np.maximum.reduceat(ends, starts) - first if len(starts) else starts


def _seed(
    shingles: Index, widths: Ints, pair: Ints, a: Ints, b: Ints
) -> Iterator[tuple[Runs, Ints, Bools]]:
    """Expand shared units of shingles to the places that they match, some pairs at a time.

    Gives seeds, whose lengths are those of the units in shingles, for each of them its length in
    tokens, and whether its pairings were capped.
    """
    count_a, count_b = shingles.counts[a], shingles.counts[b]
    capped = count_a * count_b > _PAIRINGS
    counts = np.where(capped, np.minimum(count_a, count_b), count_a * count_b)
    total = np.cumsum(counts)
    # Whole pairs only: the runs of a pair are joined at once.
    last = np.flatnonzero(find_tails(pair))
    cuts = last[np.flatnonzero(np.diff(total[last] // _SEEDS, append=-1))] + 1
    begin = 0
    for end in cuts.tolist():
        part = slice(begin, end)
        begin = end
        # Nearly all stand once on either side: only what stands more often takes turns.
        often = part.start + np.flatnonzero(counts[part] > 1)
        again = np.repeat(often, counts[often] - 1)
        turn = ranges(np.ones_like(often), counts[often] - 1)
        width = np.where(capped[again], 1, count_b[again])
        unit_of = np.append(np.arange(part.start, part.stop), again)
        at_a, at_b = shingles.starts[a[unit_of]], shingles.starts[b[unit_of]]
        at_a[part.stop - part.start :] += turn // width
        at_b[part.stop - part.start :] += np.where(capped[again], turn, turn % width)
        yield (
            Runs(
                pair[unit_of],
                shingles.places[at_a],
                shingles.places[at_b],
                shingles.sizes[a[unit_of]],
            ),
            widths[at_a],
            capped[unit_of],
        )


def _join_seeds(
    hashes: Words64, offsets: Ints, pairs: Ints, seeds: Runs, widths: Ints, *, capped: Bools
) -> Runs:
    """Join seeds that follow each other on one diagonal to runs of tokens."""
    order = order_by(seeds.pair, seeds.b - seeds.a, seeds.a)
    seeds, capped = seeds.take(order), capped[order]
    diagonal = seeds.b - seeds.a
    joined = (
        (seeds.pair[1:] == seeds.pair[:-1])
        & (diagonal[1:] == diagonal[:-1])
        & (seeds.a[1:] == (seeds.a + seeds.length)[:-1])
    )
    starts = np.flatnonzero(np.append(True, ~joined)) if len(diagonal) else diagonal
    runs = seeds.take(starts)
    if len(starts):
        ends = np.maximum.reduceat(seeds.a + widths[order], starts)
        runs = runs._replace(length=ends - runs.a)
    if capped.any():
        # Seeds are missing in the pairs that were capped: a run may go on where they are.
        incomplete = np.zeros(len(pairs), dtype=bool)
        incomplete[seeds.pair[capped]] = True
        chosen = incomplete[runs.pair]
        extended = _extend(hashes, offsets, pairs, runs.take(chosen))
        whole = runs.take(~chosen)
        runs = Runs(*(np.concatenate(both) for both in zip(whole, extended, strict=True)))
    return runs


def _extend(hashes: Words64, offsets: Ints, pairs: Ints, runs: Runs) -> Runs:
    """Extend runs to both sides as far as the tokens are equal; equal runs become one."""
    base_a, base_b = offsets[pairs[runs.pair, 0]], offsets[pairs[runs.pair, 1]]
    limit = np.minimum(
        offsets[pairs[runs.pair, 0] + 1] - base_a - runs.a,
        offsets[pairs[runs.pair, 1] + 1] - base_b - runs.b,
    )
    at_a, at_b = base_a + runs.a, base_b + runs.b
    length = _stretch(hashes, at_a, at_b, runs.length.copy(), limit, 1)
    back = _stretch(
        hashes, at_a - 1, at_b - 1, np.zeros_like(length), np.minimum(runs.a, runs.b), -1
    )
    runs = Runs(runs.pair, runs.a - back, runs.b - back, length + back)
    order = order_by(runs.pair, runs.b - runs.a, runs.a)
    runs = runs.take(order)
    repeated = (
        (runs.pair[1:] == runs.pair[:-1])
        & (runs.a[1:] == runs.a[:-1])
        & (runs.b[1:] == runs.b[:-1])
    )
    return runs.take(np.append(True, ~repeated))


def _stretch(hashes: Words64, at_a: Ints, at_b: Ints, length: Ints, limit: Ints, step: int) -> Ints:
    """Lengthen each run, token by token, while both sides are equal."""
    active = np.flatnonzero(length < limit)
    while len(active):
        ahead = step * length[active]
        equal = hashes[at_a[active] + ahead] == hashes[at_b[active] + ahead]
        active = active[equal]
        length[active] += 1
        active = active[length[active] < limit[active]]
    return length


def _bridge(
    hashes: Words64,
    offsets: Ints,
    pairs: Ints,
    tiles: Runs,
    scale: Ints,
    per_word: NDArray[np.uint8],
) -> Bools:
    """Tell which tiles belong to one passage with the next, (tiles - 1,) bool.

    `scale` says how many tokens of each tile make a word.
    """
    rank = np.empty(len(tiles.pair), dtype=np.int64)
    rank[order_by(tiles.pair, tiles.b)] = np.arange(len(rank))
    follows = (tiles.pair[1:] == tiles.pair[:-1]) & (rank[1:] == rank[:-1] + 1)
    begins = np.stack((tiles.a, tiles.b), axis=1)
    gaps = (begins[1:] - begins[:-1] - tiles.length[:-1, None]).max(axis=1)
    steps = BRIDGE * scale[1:]
    joined: Bools = follows & (gaps <= steps)
    both = tiles.length[1:] + tiles.length[:-1]
    wide = np.flatnonzero(follows & ~joined & (gaps <= _WIDE * both))
    begins += offsets[pairs[tiles.pair]]
    starts = begins[wide] + tiles.length[wide, None]
    joined[wide] = cross(hashes, starts, begins[wide + 1], per_word, steps[wide])
    return joined


def _number(
    tiles: Runs, scale: Ints, joined: Bools, least: int
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Give the tiles with the numbers of their passages, without those of short ones."""
    count = len(tiles.pair)
    if not count:
        return *tiles, np.empty(0, dtype=np.int64)
    passage = np.cumsum(np.append(False, ~joined))
    keep = (np.bincount(passage, tiles.length / scale) >= least)[passage]
    kept = passage[keep]
    return *tiles.take(keep), np.cumsum(find_heads(kept)) - 1


def in_order(passages: list[tuple[int, int]]) -> list[bool]:
    """Find the passages that stand in the same order in both documents.

    Takes (place in b, equal words) of a pair's passages in order of their places in a, and
    tells for each whether it is of the heaviest sequence that ascends in b, too: the longest
    increasing subsequence, weighted by words (Fredman 1975), with a frontier of the places
    at which a heavier sequence ends.
    """
    ends: list[int] = []  # places in b, ascending
    best: list[tuple[int, int]] = []  # (words of the heaviest sequence that ends there, its last)
    before = [-1] * len(passages)
    for number, (place, words) in enumerate(passages):
        at = bisect_left(ends, place)
        total = words + (best[at - 1][0] if at else 0)
        before[number] = best[at - 1][1] if at else -1
        stop = at
        while stop < len(ends) and best[stop][0] <= total:
            stop += 1
        ends[at:stop], best[at:stop] = [place], [(total, number)]
    chain = [False] * len(passages)
    last = best[-1][1] if best else -1
    while last >= 0:
        chain[last] = True
        last = before[last]
    return chain
