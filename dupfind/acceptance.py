"""Clusters against a baseline: which are accepted, which are new, and which entries are stale.

A cluster is accepted if all its members sit in one entry, each matched by its path or by its
content: it survives edits and renames. Each member needs a member of the entry to itself, so a
third copy is new, and so is a cluster that grew together from two accepted ones.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from itertools import chain
from typing import NamedTuple

from dupfind.baseline import Acceptance, Member, make_id

__all__ = ["Judgement", "Update", "judge", "update"]


class Judgement(NamedTuple):
    """What a baseline says of clusters."""

    accepted: list[Acceptance | None]
    """The entry that accepts each cluster."""
    outgrown: list[list[Acceptance]]
    """The entries that share members with each new cluster and accept none."""
    stale: list[Acceptance]
    """Those of which nothing is left: no cluster holds a member of them."""


class Update(NamedTuple):
    """A baseline brought up to date."""

    entries: list[Acceptance]
    added: list[Acceptance]
    """New, or grown."""
    kept: int
    removed: list[Acceptance]


def judge(
    entries: Sequence[Acceptance],
    clusters: Sequence[Sequence[Member]],
    covers: Callable[[str], bool],
) -> Judgement:
    """Judge clusters, each by its members.

    `covers` tells whether a path was looked at at all: of an entry that lies elsewhere, if only
    in part, nobody can say that it is stale.
    """
    by_name: dict[tuple[str, str | int | None], set[int]] = defaultdict(set)
    by_digest: dict[str, set[int]] = defaultdict(set)
    for number, entry in enumerate(entries):
        for path, record, digest in entry.members:
            by_name[path, record].add(number)
            by_digest[digest].add(number)

    touching: list[list[int]] = []
    accepting: list[int | None] = []
    for members in clusters:
        near = [by_name[path, record] | by_digest[digest] for path, record, digest in members]
        touching.append(sorted(set().union(*near)))
        everywhere = sorted(set.intersection(*near))
        fitting = (number for number in everywhere if _hold(entries[number].members, members))
        accepting.append(next(fitting, None))
    used = set(accepting)
    touched = {number for numbers in touching for number in numbers}
    return Judgement(
        [None if number is None else entries[number] for number in accepting],
        [
            [entries[near] for near in numbers if near not in used] if number is None else []
            for number, numbers in zip(accepting, touching, strict=True)
        ],
        [
            entry
            for number, entry in enumerate(entries)
            if number not in touched and all(covers(member.path) for member in entry.members)
        ],
    )


def update(
    entries: Sequence[Acceptance],
    clusters: Sequence[Sequence[Member]],
    wanted: Sequence[bool],
    judgement: Judgement,
    covers: Callable[[str], bool],
) -> Update:
    """Bring a baseline up to date.

    Accepts the new clusters that are `wanted`, refreshes the entries of accepted ones, and
    leaves out what is stale. A cluster that outgrew entries takes over the id of the one it
    shares most with, and the reasons of all.
    """
    present: dict[str, list[Member]] = defaultdict(list)
    for members, known in zip(clusters, judgement.accepted, strict=True):
        if known is not None:
            present[known.id] += members
    stale = {entry.id for entry in judgement.stale}
    made = {entry.id: entry for entry in entries if entry.id not in stale}
    for name, members in present.items():
        elsewhere = [member for member in made[name].members if not covers(member.path)]
        made[name] = made[name]._replace(members=tuple(dict.fromkeys([*members, *elsewhere])))
    added: dict[str, Acceptance] = {}
    for members, outgrown, wants in zip(clusters, judgement.outgrown, wanted, strict=True):
        if wants:
            heirs = [made.pop(entry.id) for entry in outgrown if entry.id in made]
            closest = max(heirs, key=lambda entry: _count_shared(entry, members), default=None)
            name = closest.id if closest else make_id(members, {*made, *added})
            reasons = dict.fromkeys(reason for entry in heirs for reason in entry.reasons)
            added[name] = Acceptance(name, tuple(members), tuple(reasons))
    updated = made | added
    gone = [entry for entry in entries if entry.id not in updated]
    return Update(list(updated.values()), list(added.values()), len(made), gone)


def _count_shared(entry: Acceptance, members: Sequence[Member]) -> int:
    paths = {(path, record) for path, record, _ in entry.members}
    digests = {digest for _, _, digest in entry.members}
    return sum((path, record) in paths or digest in digests for path, record, digest in members)


def _hold(known: Sequence[Member], members: Sequence[Member]) -> bool:
    """Tell whether each member can be given a known one to itself, of its path or its content.

    A matching in a bipartite graph, by augmenting paths (Kuhn 1955).
    """
    if len(members) > len(known):
        return False
    choices = _find_choices(known, members)
    holder: dict[int, int] = {}
    held: dict[int, int | None] = {}

    def seek(first: int) -> bool:
        seeker: dict[int, int] = {}
        waiting = deque([first])
        while waiting:
            member = waiting.popleft()
            for choice in chain(*choices[member]):
                if choice in seeker:
                    continue
                seeker[choice] = member
                if choice in holder:
                    waiting.append(holder[choice])
                    continue
                free: int | None = choice
                while free is not None:  # What its seeker had goes to the one that sought that.
                    holder[free] = taker = seeker[free]
                    held[taker], free = free, held.get(taker)
                return True
        return False

    return all(map(seek, range(len(members))))


def _find_choices(
    known: Sequence[Member], members: Sequence[Member]
) -> list[tuple[list[int], list[int]]]:
    """Give for each member the known one of its path, and those of its content."""
    named: dict[tuple[str, str | int | None], list[int]] = defaultdict(list)
    alike: dict[str, list[int]] = defaultdict(list)
    for number, (path, record, digest) in enumerate(known):
        named[path, record].append(number)
        alike[digest].append(number)
    return [(named[path, record], alike[digest]) for path, record, digest in members]
