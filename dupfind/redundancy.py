"""Clusters to the documents that can be left out: each stands, in the main, in one that is kept.

That documents belong to one cluster is not enough. A roundup joins stories that share nothing,
and of a revision with a third of new text that third would be lost. A document is left out only
if at least a share of its own words (80 % by default) is covered by its match with one document
that is kept. Of two where this holds one way, the longer is kept; of those that could stand for
each other, the one that is preferred. No chain of matches leads to a loss.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from dupfind.chronology import published_at
from dupfind.model import Cluster, Entry, Relation

__all__ = ["KEEP", "LeftOut", "leave_out"]


class LeftOut(NamedTuple):
    """A document that can be left out; documents are numbers of the report."""

    document: int
    kept: int
    relation: Relation
    coverage: float
    """Of the document, by its match with the one that is kept, or with a copy of that."""


class _Host(NamedTuple):
    """Where the words of a document stand."""

    coverage: float
    group: int
    relation: Relation


def leave_out(
    cluster: Cluster,
    entries: Sequence[Entry],
    keep: str,
    share: float,
    references: Collection[int] = (),
) -> list[LeftOut]:
    """Choose the documents of a cluster that can be left out.

    Takes the cluster, the report's documents, the name of a preference (see `KEEP`), the share
    of a document's words that must stand in one that is kept, and the documents that are there
    anyway. Gives those to leave out, by number.
    """
    prefer = KEEP[keep]

    def rank(member: int) -> tuple[Any, ...]:
        return member not in references, *prefer(cluster, member, entries[member]), member

    group_of = _group_copies(cluster)
    best: dict[int, int] = {}
    for member in sorted(cluster.members, key=rank):
        best.setdefault(group_of[member], member)
    hosts = _find_hosts(cluster, group_of, share)

    def turn(group: int) -> tuple[Any, ...]:
        inside = any(group not in hosts[other] for other in hosts[group])
        return best[group] not in references, inside, *rank(best[group])

    kept: set[int] = set()
    kept_by: dict[int, _Host] = {}
    for group in sorted(best, key=turn):
        taken = [host for other, host in hosts[group].items() if other in kept]
        free = best[group] in references or not taken
        if free:
            kept.add(group)
        else:
            kept_by[group] = max(taken, key=lambda host: (host.coverage, -host.group))
    left = []
    for member in cluster.members:
        copied = _Host(1.0, group_of[member], Relation.IDENTICAL)
        host = kept_by.get(group_of[member], copied)
        if member != best[host.group] and member not in references:
            left.append(LeftOut(member, best[host.group], host.relation, host.coverage))
    return left


def _find_hosts(
    cluster: Cluster, group_of: dict[int, int], share: float
) -> dict[int, dict[int, _Host]]:
    """Find the copies in which enough of a document's words stand, by both groups of copies."""
    hosts: dict[int, dict[int, _Host]] = defaultdict(dict)
    for match in cluster.matches:
        a, b = group_of[match.a], group_of[match.b]
        for own, other, coverage in ((a, b, match.coverage[0]), (b, a, match.coverage[1])):
            if own != other and coverage >= share:
                hosts[own][other] = _Host(coverage, other, match.relation)
    return hosts


def _group_copies(cluster: Cluster) -> dict[int, int]:
    """Give each member one that stands for all its copies (a disjoint-set forest)."""
    above = {member: member for member in cluster.members}

    def find(member: int) -> int:
        while above[member] != member:
            above[member] = member = above[above[member]]
        return member

    for match in cluster.matches:
        if match.relation is Relation.IDENTICAL:
            above[find(match.b)] = find(match.a)
    return {member: find(member) for member in cluster.members}


def _by_length(entry: Entry) -> int:
    return -entry.words


def _time(entry: Entry) -> datetime | None:
    return published_at(entry.published) if entry.published else None


def _prefer_lead(cluster: Cluster, member: int, entry: Entry) -> tuple[Any, ...]:
    return member != cluster.lead, _by_length(entry)


def _prefer_longest(_cluster: Cluster, _member: int, entry: Entry) -> tuple[Any, ...]:
    return (_by_length(entry),)


def _prefer_earliest(_cluster: Cluster, _member: int, entry: Entry) -> tuple[Any, ...]:
    time = _time(entry)
    return time is None, time or datetime.max.replace(tzinfo=UTC), _by_length(entry)


def _prefer_latest(_cluster: Cluster, _member: int, entry: Entry) -> tuple[Any, ...]:
    time = _time(entry)
    return time is None, -(time.timestamp() if time else 0.0), _by_length(entry)


KEEP: Final[dict[str, Callable[[Cluster, int, Entry], tuple[Any, ...]]]] = {
    "lead": _prefer_lead,
    "longest": _prefer_longest,
    "earliest": _prefer_earliest,
    "latest": _prefer_latest,
}
"""Which of several documents to keep: ranks a member, the least first; without a date last."""
