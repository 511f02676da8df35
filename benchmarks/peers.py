r"""The peers: texts to clusters, each by the fastest way its own interface offers.

All with the same numbers: shingles of 5 lower-cased words (`\w+`), 128 permutations, 16 bands
of 8 rows, and clusters of the documents that pairs at Jaccard >= .7 join. datasketch, rensa and
FastSketchLSH take shingles and give candidates: they are fed as their users feed them, from
Python strings, and their candidates are checked on the shingles that are there already. gaoya
cuts its own words and shingles and checks by the signatures alone. Documents of fewer than 5
words are left out.

A peer is imported before the clock starts, so the imports below cost nothing.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

__all__ = [
    "SHINGLE_SIZE",
    "THRESHOLD",
    "cluster_datasketch",
    "cluster_fastsketchlsh",
    "cluster_file",
    "cluster_gaoya",
    "cluster_rensa",
    "read_texts",
    "split_words",
]

SHINGLE_SIZE: Final = 5
THRESHOLD: Final = 0.7
"""Least Jaccard index of the sets of shingles of a pair."""
_NUM_PERM: Final = 128
_BANDS: Final = 16
_ROWS: Final = 8
_SEED: Final = 42

split_words = re.compile(r"\w+").findall

Clusters = list[list[int]]


def read_texts(path: Path) -> list[str]:
    """Read the texts of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def cluster_file(path: Path, cluster: Callable[[list[str]], Clusters]) -> Clusters:
    """Cluster the texts of a JSON Lines file: for each cluster its lines, from 0."""
    return cluster(read_texts(path))


def cluster_gaoya(texts: list[str]) -> Clusters:
    """Let gaoya do it all, in Rust and on all cores."""
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=THRESHOLD,
        num_bands=_BANDS,
        band_size=_ROWS,
        analyzer="word",
        lowercase=True,
        ngram_range=(SHINGLE_SIZE, SHINGLE_SIZE),
        id_container="smallvec",
    )
    # All texts without a shingle would be copies of each other.
    last = SHINGLE_SIZE - 1
    live = [number for number, text in enumerate(texts) if len(text.split(None, last)) > last]
    chosen = [texts[number] for number in live]
    index.par_bulk_insert_docs(live, chosen)
    found = zip(live, index.par_bulk_query(chosen), strict=True)
    return _connect((a, b) for a, others in found for b in others if a < b)


def cluster_rensa(texts: list[str]) -> Clusters:
    """Sign sets of shingles with rensa and look all signatures up in its index."""
    from rensa import RMinHash, RMinHashLSH

    shingles = _shingle_all(texts)
    live = list(shingles)
    signed = RMinHash.from_token_sets(list(shingles.values()), num_perm=_NUM_PERM, seed=_SEED)
    index = RMinHashLSH(threshold=THRESHOLD, num_perm=_NUM_PERM, num_bands=_BANDS)
    index.insert_many(signed)
    found = zip(live, index.query_all(signed), strict=True)
    return _connect(
        _check({(a, live[row]) for a, rows in found for row in rows if a < live[row]}, shingles)
    )


def cluster_fastsketchlsh(texts: list[str]) -> Clusters:
    """Sign sets of shingles with FastSketchLSH and look the whole matrix up in its index."""
    from FastSketchLSH import LSH, FastSimilaritySketch

    shingles = _shingle_all(texts)
    live = list(shingles)
    signed = FastSimilaritySketch(size=_NUM_PERM, seed=_SEED).batch(list(shingles.values()))
    index = LSH(num_perm=_NUM_PERM, num_bands=_BANDS)
    index.insert(signed)
    rows, bounds = (array.tolist() for array in index.query(signed, format="csr"))
    found = zip(live, bounds, bounds[1:], strict=False)
    proposed = {
        (a, live[row]) for a, begin, end in found for row in rows[begin:end] if a < live[row]
    }
    return _connect(_check(proposed, shingles))


def cluster_datasketch(texts: list[str]) -> Clusters:
    """Sign sets of shingles with datasketch in bulk, by xxHash, and ask its index for each."""
    from datasketch import MinHash, MinHashLSH
    from xxhash import xxh32_intdigest

    shingles = _shingle_all(texts)
    encoded = ([shingle.encode() for shingle in own] for own in shingles.values())
    signed = MinHash.bulk(encoded, num_perm=_NUM_PERM, seed=_SEED, hashfunc=xxh32_intdigest)
    index = MinHashLSH(num_perm=_NUM_PERM, params=(_BANDS, _ROWS))
    with index.insertion_session() as session:
        for number, signature in zip(shingles, signed, strict=True):
            session.insert(number, signature, check_duplication=False)
    found = zip(shingles, signed, strict=True)
    return _connect(
        _check({(a, b) for a, own in found for b in index.query(own) if a < b}, shingles)
    )


def _shingle_all(texts: Sequence[str]) -> dict[int, list[str]]:
    """Give the shingles of every text that has any, by its number."""
    words = ((number, split_words(text.lower())) for number, text in enumerate(texts))
    return {
        number: [" ".join(own[at : at + SHINGLE_SIZE]) for at in range(len(own) - SHINGLE_SIZE + 1)]
        for number, own in words
        if len(own) >= SHINGLE_SIZE
    }


def _check(
    proposed: Iterable[tuple[int, int]], shingles: dict[int, list[str]]
) -> Iterable[tuple[int, int]]:
    """Keep the pairs, each once, whose exact Jaccard index reaches the threshold."""
    sets: dict[int, frozenset[str]] = {}
    for a, b in proposed:
        for side in (a, b):
            if side not in sets:
                sets[side] = frozenset(shingles[side])
        shared = len(sets[a] & sets[b])
        if shared / (len(sets[a]) + len(sets[b]) - shared) >= THRESHOLD:
            yield a, b


def _connect(pairs: Iterable[tuple[int, int]]) -> Clusters:
    """Join pairs to clusters, by union and find."""
    parents: dict[int, int] = {}

    def find(member: int) -> int:
        while (parent := parents.setdefault(member, member)) != member:
            parents[member] = parents[parent]
            member = parent
        return member

    for a, b in pairs:
        parents[find(a)] = find(b)
    clusters = defaultdict(list)
    for member in sorted(parents):
        clusters[find(member)].append(member)
    return list(clusters.values())
