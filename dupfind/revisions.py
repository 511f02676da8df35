"""Revisions: what documents say of each other, by the ids that their agencies gave them.

All versions of an item have one id and are counted; a link names what an item follows. Either
puts one document before another. Links that run in a circle tell nothing of those on it, and
what follows two items of which neither follows the other orders neither of them.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import pairwise
from operator import itemgetter
from typing import Final, NamedTuple

from dupfind.model import Document

__all__ = ["Revision", "compare", "line_up", "make_revision"]

_NUMBER: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15}){0,3}")

_Node = Hashable
"""Documents that are one version of one item; or what lies between versions, which is none."""


class Revision(NamedTuple):
    """A document among others that tell of each other."""

    ids: frozenset[str]
    number: tuple[int, ...]
    """Of the version of its item; empty where it has none."""
    names: frozenset[str]
    """All that a link can call it."""
    follows: frozenset[str]
    """The names of what came before it, but for its own."""


def make_revision(document: Document) -> Revision:
    """Gather what a document says of itself and of others."""
    version = document.version or ""
    names = {*document.ids, *(f"{name}:{version}" for name in document.ids if version)}
    if document.url:
        names.add(document.url)
    return Revision(
        frozenset(document.ids),
        tuple(map(int, version.split("."))) if _NUMBER.fullmatch(version) else (),
        frozenset(names),
        frozenset(document.follows) - names,
    )


def compare(a: Revision, b: Revision) -> int:
    """Compare two documents: negative where a came first, 0 where they do not tell."""
    linked = bool(a.follows & b.names) - bool(b.follows & a.names)
    if linked or not (a.ids & b.ids and a.number and b.number):
        return linked
    return (a.number > b.number) - (a.number < b.number)


def line_up(members: Mapping[int, Revision]) -> list[list[int]]:
    """Line up the longest chain of documents each of which came before the next.

    Takes documents by number. Gives those that are one version of one item together, and none
    where no two are told apart.
    """
    nodes: dict[_Node, list[int]] = defaultdict(list)
    for number, revision in members.items():
        node = (revision.ids, revision.number) if revision.ids else number
        nodes[node].append(number)
    after = _link({node: [members[number] for number in group] for node, group in nodes.items()})
    chain = _longest(after, {node: len(group) for node, group in nodes.items()})
    groups = [sorted(nodes[node]) for node in chain if node in nodes]
    return groups if len(groups) > 1 else []


def _link(nodes: Mapping[_Node, list[Revision]]) -> dict[_Node, list[_Node]]:
    """Give what comes right after each node.

    Between those that have a name and those that follow it stands a node of the name, so that
    there are no more links than names.
    """
    after: dict[_Node, list[_Node]] = defaultdict(list)
    followed = {name for group in nodes.values() for each in group for name in each.follows}
    levels: dict[str, dict[tuple[int, ...], list[_Node]]] = defaultdict(lambda: defaultdict(list))
    for node, group in nodes.items():
        for name in sorted({name for each in group for name in each.names & followed}):
            after[node].append(("followed", name))
        for name in sorted({name for each in group for name in each.follows}):
            after["followed", name].append(node)
        for name in sorted(group[0].ids if group[0].number else ()):
            levels[name][group[0].number].append(node)
    for name, counted in levels.items():
        for (_, early), (number, late) in pairwise(sorted(counted.items(), key=itemgetter(0))):
            between = ("before", name, number)
            after[between] += late
            for node in early:
                after[node].append(between)
    return after


def _longest(after: Mapping[_Node, Iterable[_Node]], weights: Mapping[_Node, int]) -> list[_Node]:
    """Give the heaviest way along links; what lies on a circle or behind one is on none."""
    waiting: dict[_Node, int] = defaultdict(int)
    for nexts in after.values():
        for node in nexts:
            waiting[node] += 1
    ready = [node for node in weights if not waiting[node]]
    last: dict[_Node, _Node] = {}
    total = dict(weights)
    for node in ready:  # It grows on the way.
        for each in after.get(node, ()):
            waiting[each] -= 1
            if not waiting[each]:
                ready.append(each)
            gained = total[node] + weights.get(each, 0)
            if gained > total.get(each, 0):
                total[each] = gained
                last[each] = node
    if not ready:
        return []
    node = max(ready, key=lambda node: total[node])
    way = [node]
    while node in last:
        node = last[node]
        way.append(node)
    return way[::-1]
