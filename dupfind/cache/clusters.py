"""Clusters as a report lists them, kept between runs.

A cluster is found again by all that it is built of: what is known of its members, their texts, and
the pairs among them with what they share. What the corpus says of a pair, its relation and how
rare its words are, is part of that. Its documents are numbered from 0, in the report's order.
"""

import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from dupfind.arrays import Ints
from dupfind.building import Built, Group, Lot, rank_cluster
from dupfind.cache.packs import KEYS, Columns, Layout, Packs, make_key
from dupfind.listing import Lister, Listing
from dupfind.model import Cluster, Entry
from dupfind.renumbering import renumber_cluster

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LAYOUT", "build"]

LAYOUT: Final = Layout({"sizes": np.int64, "built": np.uint8}, {"built": "sizes"}, {})
"""What is kept of a cluster: itself and the entries of its members, as MessagePack, packed."""
_NOTHING: Final[Columns] = {"sizes": np.empty(0, np.int64), "built": np.empty(0, np.uint8)}
_LEVEL: Final = 1  # of compression: the fastest


class _Kept(msgspec.Struct, array_like=True, frozen=True, gc=False):
    cluster: Cluster
    entries: list[Entry]


def build(
    kept: Packs,
    run: Callable[[Iterable[Lot]], Iterator[Built]],
    texts: "NDArray[np.uint8]",
    lots: Iterable[Lot],
) -> Iterator[Built]:
    """Build lots; `run` gets those clusters that are not kept. Takes all texts as UTF-8."""
    waiting: deque[tuple[Lot, NDArray[Any], Ints]] = deque()

    def miss() -> Iterator[Lot]:
        for lot in lots:
            keys = np.array([_name(lot, group, texts) for group in lot.groups], KEYS)
            rows = kept.find(keys)
            waiting.append((lot, keys, rows))
            yield lot.leave_out(set(np.flatnonzero(rows >= 0).tolist()))

    for fresh in run(miss()):
        lot, keys, rows = waiting.popleft()
        missing = [lot.groups[number].members for number in np.flatnonzero(rows < 0).tolist()]
        columns = kept.take(rows, _pack(fresh, missing))
        kept.keep(keys, columns, rows < 0)
        yield _add(fresh, lot, columns, rows)


def _pack(built: Built, members: Iterable[Sequence[int]]) -> Columns:
    """Pack clusters, each with its members as they are numbered in the report."""
    entries = dict(zip(built.numbers, built.entries, strict=True))
    packed = []
    for cluster, own in zip(built.clusters, members, strict=True):
        places = {number: place for place, number in enumerate(own)}
        found = _Kept(renumber_cluster(cluster, places), [entries[number] for number in own])
        packed.append(zlib.compress(msgspec.msgpack.encode(found), _LEVEL))
    return {
        "sizes": np.array([len(one) for one in packed], np.int64),
        "built": np.frombuffer(b"".join(packed), np.uint8),
    }


def _add(fresh: Built, lot: Lot, columns: Columns, rows: Ints) -> Built:
    """Add what was kept of a lot to what was built of it."""
    known: list[Cluster] = []
    listed: list[Entry] = []
    ranks, numbers = list(fresh.ranks), list(fresh.numbers)
    ends = np.cumsum(columns["sizes"])
    for number in np.flatnonzero(rows >= 0).tolist():
        end = int(ends[number])
        packed = columns["built"][end - int(columns["sizes"][number]) : end].tobytes()
        found = msgspec.msgpack.decode(zlib.decompress(packed), type=_Kept)
        members = lot.groups[number].members
        known.append(renumber_cluster(found.cluster, dict(enumerate(members))))
        listed += found.entries
        ranks.append(rank_cluster(members))
        numbers += members
    clusters, entries = Lister(Cluster), Lister(Entry)
    clusters.extend(fresh.clusters)
    clusters.extend(Listing.of(Cluster, known))
    entries.extend(fresh.entries)
    entries.extend(Listing.of(Entry, listed))
    return Built(clusters.close(), fresh.passages, entries.close(), ranks, numbers)


def _name(lot: Lot, group: Group, texts: "NDArray[np.uint8]") -> bytes:
    """Make the key of a cluster, which stands for all that it is built of."""
    begin, end = int(group.pairs[0]), int(group.pairs[-1]) + 1
    judged, pairs = lot.judged, lot.judged.pairs
    first = int(pairs.starts[begin])
    listed = [lot.documents[member] for member in group.members]
    told = [
        (one.told, words, blake2b(texts[one.begin : one.end].data, digest_size=16).digest())
        for one, words in listed
    ]
    counts = pairs.counts[begin:end]
    tiles = pairs.tiles[first : first + int(counts.sum())]
    # Passages are numbered from whatever the pairs before have left.
    passages = tiles[:, 3] - np.repeat(pairs.tiles[pairs.starts[begin:end], 3], counts)
    columns = (
        np.searchsorted(group.members, judged.documents[begin:end]),
        judged.relations[begin:end],
        judged.shapes[begin:end],
        *(column[begin:end] for column in pairs[:5]),
        counts,
        tiles[:, :3],
        passages,
    )
    parts = [np.ascontiguousarray(column).tobytes() for column in columns]
    return make_key(msgspec.msgpack.encode((told, group.weakest, group.asked, parts)))
