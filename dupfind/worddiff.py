"""Inside a passage: which words are kept, and which stand where others stood."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from dupfind.arrays import Words64

__all__ = ["Change", "find_changes"]


class Change(NamedTuple):
    """Tokens `[a_start, a_end)` of a stand where b has `[b_start, b_end)`; one may be empty."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int


def find_changes(a: Words64, b: Words64, tiles: Sequence[tuple[int, int, int]]) -> Iterator[Change]:
    """Tell what changed in a passage, in order; all that lies between is equal.

    Takes the token hashes of both documents and the passage's tiles (place in a, place in b,
    length), ascending on both sides. The few words between two tiles are compared one by one
    (Ratcliff and Obershelp, without difflib's guess at junk).
    """
    for (a_tile, b_tile, length), (a_next, b_next, _) in pairwise(tiles):
        a_gap, b_gap = a_tile + length, b_tile + length
        if a_gap == a_next or b_gap == b_next:
            if a_gap < a_next or b_gap < b_next:
                yield Change(a_gap, a_next, b_gap, b_next)
            continue
        own, other = a[a_gap:a_next].tolist(), b[b_gap:b_next].tolist()
        if set(own).isdisjoint(other):
            # So it is with most, and difflib takes long to find out.
            yield Change(a_gap, a_next, b_gap, b_next)
            continue
        matcher = SequenceMatcher(None, own, other, autojunk=False)
        for tag, a_start, a_end, b_start, b_end in matcher.get_opcodes():
            if tag != "equal":
                yield Change(a_gap + a_start, a_gap + a_end, b_gap + b_start, b_gap + b_end)
