"""What simple methods find, by the same texts: sets of 5-word shingles, and MinHash LSH of them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from peers import SHINGLE_SIZE, split_words

__all__ = ["METHODS", "Join", "join_by_lsh", "join_by_resemblance", "resemblance", "shingle"]

_NUM_PERM: Final = 128

Shingles = frozenset[str]
Pairs = set[frozenset[str]]
Join = Callable[[Mapping[str, str]], Pairs]
"""Takes texts by name and gives the pairs that are the same to it."""


def shingle(text: str) -> Shingles:
    """Give the 5-word shingles of a text; of a shorter one all its words."""
    words = split_words(text.lower())
    starts = range(max(len(words) - SHINGLE_SIZE + 1, 1))
    return frozenset(" ".join(words[at : at + SHINGLE_SIZE]) for at in starts)


def resemblance(a: Shingles, b: Shingles) -> float:
    """Give the Jaccard index of two sets."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def join_by_resemblance(texts: Mapping[str, str], least: float) -> Pairs:
    """Give all pairs of at least this resemblance, exactly.

    Of two such sets each holds one of the other's rarest shingles (see `truth.find_alike`).
    """
    shingles = {name: shingle(text) for name, text in texts.items()}
    holders: dict[str, list[str]] = {}
    for name, own in shingles.items():
        for item in own:
            holders.setdefault(item, []).append(name)
    found: Pairs = set()
    seen: dict[str, list[str]] = {}
    for name, own in shingles.items():
        rare = sorted(own, key=lambda item: (len(holders[item]), item))
        rare = rare[: len(own) - int(least * len(own) - 1e-9)]
        for other in {other for item in rare for other in seen.get(item, ())}:
            if resemblance(own, shingles[other]) >= least:
                found.add(frozenset((name, other)))
        for item in rare:
            seen.setdefault(item, []).append(name)
    return found


def join_by_lsh(texts: Mapping[str, str], **parameters: float) -> Pairs:
    """Give the pairs that `datasketch.MinHashLSH` gives, unverified, as it is set by default."""
    from datasketch import MinHash, MinHashLSH

    encoded = [[item.encode() for item in sorted(shingle(text))] for text in texts.values()]
    sketches: Any = MinHash.bulk(encoded, num_perm=_NUM_PERM)
    index = MinHashLSH(num_perm=_NUM_PERM, **parameters)
    found: Pairs = set()
    for name, sketch in zip(texts, sketches, strict=True):
        found |= {frozenset((name, other)) for other in index.query(sketch)}
        index.insert(name, sketch)
    return found


METHODS: Final[dict[str, Join]] = {
    "resemblance >= .7": lambda texts: join_by_resemblance(texts, 0.7),
    "resemblance >= .5": lambda texts: join_by_resemblance(texts, 0.5),
    "MinHashLSH()": join_by_lsh,
    "MinHashLSH(threshold=.5)": lambda texts: join_by_lsh(texts, threshold=0.5),
}
