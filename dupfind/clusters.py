"""Matches to clusters: connected components, what holds them together, and their lead."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from dupfind.arrays import Bools, Floats, Ints

__all__ = ["Link", "connect", "cut_apart", "find_indirect", "label"]


class Link(NamedTuple):
    """Two documents, by number, and how strongly a match joins them."""

    a: int
    b: int
    strength: float


def connect(pairs: Ints, strengths: Floats, documents: int) -> list[tuple[list[int], float]]:
    """Group documents that are joined by links, directly or through others.

    Takes the links, (links, 2) int64, each pair of documents once, how strong each is, (links,)
    float64, and how many documents there are.
    Gives for each group of two or more its members, ascending, and its weakest link: the
    least strength on the strongest way to join them all (a maximum spanning tree; its least
    edge is the same for every such tree). Groups come in order of their first members.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - a third of a second: only where used
    from scipy.sparse.csgraph import connected_components, minimum_spanning_tree  # noqa: PLC0415

    if not len(pairs):
        return []
    # The least tree of distances is the greatest tree of strengths. A distance must not be 0.
    graph = coo_array((2.0 - strengths, pairs.T), shape=(documents, documents)).tocsr()
    tree = minimum_spanning_tree(graph).tocoo()
    _, labels = connected_components(tree, directed=False)
    weakest: dict[int, float] = defaultdict(lambda: 1.0)
    for row, distance in zip(tree.row.tolist(), tree.data.tolist(), strict=True):
        label = int(labels[row])
        weakest[label] = min(weakest[label], 2.0 - distance)
    members: dict[int, list[int]] = defaultdict(list)
    for document in np.unique(pairs).tolist():
        members[int(labels[document])].append(document)
    return [(group, weakest[label]) for label, group in members.items()]


def cut_apart(pairs: Ints, strengths: Floats) -> Bools:
    """Keep the links inside groups in which every two documents are linked (complete linkage).

    Greedy, the strongest link first, of equals the first documents': it unites the groups of its
    documents if all of the one are linked with all of the other. Takes the links, (links, 2)
    int64, each pair of documents once, and how strong each is, (links,) float64; gives (links,)
    bool.
    """
    near: dict[int, Counter[int]] = defaultdict(Counter)
    for a, b in pairs.tolist():
        near[a][b] += 1
        near[b][a] += 1
    home = {document: document for document in near}
    members = {document: [document] for document in near}
    for a, b in pairs[np.lexsort((*pairs.T[::-1], -strengths))].tolist():
        # The one with fewer neighbors moves.
        gone, kept = sorted((home[a], home[b]), key=lambda group: (len(near[group]), group))
        if gone == kept or near[gone][kept] < len(members[gone]) * len(members[kept]):
            continue
        for other, count in near.pop(gone).items():
            del near[other][gone]
            if other != kept:
                near[kept][other] += count
                near[other][kept] += count
        home.update(dict.fromkeys(members[gone], kept))
        members[kept] += members.pop(gone)
    return np.array([home[a] == home[b] for a, b in pairs.tolist()], dtype=bool)


def label(pairs: Ints, documents: int) -> Ints:
    """Give each document the number of its group: pairs, (pairs, 2) int64, join them."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - as above
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    if not len(pairs):
        return np.arange(documents)
    graph = coo_array((np.ones(len(pairs)), pairs.T), shape=(documents, documents))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def unite(
    votes: Mapping[tuple[int, int], Sequence[int]], order: Iterable[tuple[int, int]]
) -> dict[int, int]:
    """Unite groups where most of the votes between them say so (average linkage).

    Takes for pairs of groups, the lower number first, how many say yes and how many no, and
    the pairs in the order in which to try them. When two groups are one, so are the votes on
    them: one group that agrees with all others unites none that disagree. Gives for each group
    that was united with a lower one the lowest.
    """
    near: dict[int, dict[int, list[int]]] = defaultdict(dict)
    for (a, b), (yes, no) in votes.items():
        near[a][b] = near[b][a] = [yes, no]
    home: dict[int, int] = {}
    members: dict[int, list[int]] = defaultdict(list)
    for pair in order:
        # The one with fewer neighbors moves.
        gone, kept = sorted(
            (home.get(group, group) for group in pair), key=lambda group: (len(near[group]), group)
        )
        if gone == kept or 2 * near[gone][kept][0] <= sum(near[gone][kept]):
            continue
        for other, (yes, no) in near.pop(gone).items():
            del near[other][gone]
            if other != kept:
                told = near[kept].setdefault(other, [0, 0])
                near[other][kept] = told
                told[0] += yes
                told[1] += no
        members[kept] += [gone, *members.pop(gone, [])]
        home.update(dict.fromkeys(members[kept], kept))
    lowest = {kept: min(kept, *united) for kept, united in members.items()}
    return {group: lowest[kept] for kept in members for group in (kept, *members[kept])}


def find_indirect(lead: int, links: Iterable[Link]) -> dict[int, int]:
    """Find the members that no link joins to the lead, and through whom each hangs on.

    The way to a member is the strongest one: that whose weakest link is the strongest
    (a maximum spanning tree grown from the lead; Prim 1957).
    """
    near: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for link in links:
        near[link.a].append((-link.strength, link.b))
        near[link.b].append((-link.strength, link.a))
    through: dict[int, int] = {}
    waiting = [(-1.0, lead, lead)]
    while waiting:
        _, member, via = heappop(waiting)
        if member in through:
            continue
        through[member] = via
        for weight, other in near[member]:
            if other not in through:
                heappush(waiting, (weight, other, member))
    direct = {other for _, other in near[lead]} | {lead}
    return {member: via for member, via in sorted(through.items()) if member not in direct}
