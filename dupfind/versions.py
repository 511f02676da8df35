"""The versions of a story in the order in which they came, as far as that is known.

One kind of evidence places the versions of a cluster: the one that can place the most of them,
and of equals the most certain, in the order of `dupfind.chronology`. Times that overlap, as a day
and an hour of it do, are one place, unless the links or the markers of all who stand there tell
them apart. What was canceled is the last in its place.
What the evidence says nothing about has no place: none is guessed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from dupfind.chronology import YEAR, Clues
from dupfind.model import VERSIONS, Match, Relation, Version
from dupfind.revisions import line_up

__all__ = ["Placed", "elect", "list_versions", "place_versions"]


class Placed(NamedTuple):
    """A document among the versions of a story."""

    number: int
    place: int | None
    """From 1, the earliest; documents of one place may have come in any order. None if unknown."""
    evidence: str | None
    """How the place is known."""


class _Mark(NamedTuple):
    """Where a document stands on a scale."""

    at: tuple[int, int]
    evidence: str


_Scale = dict[int, _Mark]
"""Documents by number."""


def list_versions(
    members: Mapping[int, Clues], matches: Sequence[Match], words: Mapping[int, int]
) -> tuple[Version, ...]:
    """List the members of a cluster in the order in which they came, with what each changed.

    Takes what they say and their words by their numbers, and the matches that join them.
    """
    joined = [(m.a, m.b) for m in matches if m.relation in {*VERSIONS, Relation.IDENTICAL}]
    placed = place_versions(members, joined)
    places = {number: place for number, place, _ in placed if place is not None}
    # The last one before each: the latest of those that a match joins to it, of these the closest.
    before: dict[int, tuple[int, int, int]] = {}
    for match in matches:
        if match.a in places and match.b in places and places[match.a] != places[match.b]:
            early, late = sorted((match.a, match.b), key=lambda number: places[number])
            found = (places[early], match.words, -early)
            before[late] = max(before.get(late, found), found)
    return tuple(_make_version(*version, before.get(version.number), words) for version in placed)


def _make_version(
    member: int,
    place: int | None,
    evidence: str | None,
    before: tuple[int, int, int] | None,
    words: Mapping[int, int],
) -> Version:
    if before is None:
        return Version(member=member, place=place, evidence=evidence)
    _, shared, last = before
    return Version(
        member=member,
        place=place,
        evidence=evidence,
        before=-last,
        added=words[member] - shared,
        dropped=words[-last] - shared,
    )


def elect(versions: Sequence[Version], words: Mapping[int, int]) -> tuple[int, str]:
    """Choose the lead of a cluster and say why: the earliest where all places are known.

    Else it is the longest, for what has no place may be earlier than what has one. Takes the
    versions and the words of all members by their numbers.
    """
    known = versions and all(version.place is not None for version in versions)
    first = {version.member: version for version in versions if known and version.place == 1}
    lead = max(first or words, key=lambda member: (words[member], -member))
    if known:
        return lead, f"earliest: {first[lead].evidence}"
    return lead, f"longest: {words[lead]} words"


def place_versions(
    members: Mapping[int, Clues], versions: Iterable[tuple[int, int]]
) -> list[Placed]:
    """Place the documents of a cluster in the order in which they came.

    Takes what they say by their numbers, and the pairs of them that are versions of one story.
    Gives the placed ones, the earliest first, then the others; nothing where no two have
    different places.
    """
    markers = _scale_markers(members, list(versions))
    links = _scale_links(members)
    datelines, names = _scale_datelines(members), _scale_names(members)
    scales = [links, _scale_times(members), markers, datelines, names]
    best = max(scales, key=lambda scale: len(scale) if _tells(scale.values()) else 0)
    canceled = _scale_canceled(members)
    if not _tells(best.values()):
        best = canceled
    if not _tells(best.values()):
        return []
    placed = [
        Placed(number, place, evidence)
        for place, group in enumerate(_line_up(best, (links, markers, canceled)), 1)
        for number, evidence in group
    ]
    return placed + [Placed(number, None, None) for number in members if number not in best]


def _tells(marks: Iterable[_Mark]) -> bool:
    return len({mark.at for mark in marks}) > 1


def _line_up(scale: _Scale, finer: Iterable[_Scale]) -> Iterator[list[tuple[int, str]]]:
    """Give those who share a place, the earliest first, each with the evidence.

    A place is parted by the first of the finer scales that all who stand there are on.
    """
    finer = [each for each in finer if each is not scale]
    for group in _group(scale, lambda number: scale[number].at):
        parting = next((each for each in finer if _parts(each, group)), None)
        if parting is None:
            yield [(number, scale[number].evidence) for number in group]
        else:
            yield from _part(group, scale, parting)


def _part(group: list[int], scale: _Scale, finer: _Scale) -> Iterator[list[tuple[int, str]]]:
    for own in _group(group, lambda number: finer[number].at):
        yield [(number, f"{scale[number].evidence}, {finer[number].evidence}") for number in own]


def _parts(scale: _Scale, group: list[int]) -> bool:
    return all(number in scale for number in group) and _tells(scale[number] for number in group)


def _group(numbers: Iterable[int], key: Callable[[int], tuple[int, int]]) -> Iterator[list[int]]:
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number in numbers:
        groups[key(number)].append(number)
    for _, group in sorted(groups.items()):
        yield sorted(group)


def _scale_links(members: Mapping[int, Clues]) -> _Scale:
    chain = line_up({number: clues.revision for number, clues in members.items()})
    scale: _Scale = {}
    linked = [False] * (len(chain) + 1)
    for at, (early, late) in enumerate(pairwise(chain), 1):
        names = frozenset().union(*(members[number].revision.names for number in early))
        linked[at] = any(members[number].revision.follows & names for number in late)
    for at, group in enumerate(chain):
        for number in group:
            if at and linked[at]:
                evidence = "names what came before it"
            elif not at and linked[1]:
                evidence = "named as what came before"
            else:
                evidence = f"version {members[number].version}"
            scale[number] = _Mark((at, 0), evidence)
    return scale


def _scale_canceled(members: Mapping[int, Clues]) -> _Scale:
    return {
        number: _Mark((1, 0), "canceled") if clues.is_canceled else _Mark((0, 0), "not canceled")
        for number, clues in members.items()
    }


def _scale_times(members: Mapping[int, Clues]) -> _Scale:
    known = sorted((clues.period, number) for number, clues in members.items() if clues.period)
    scale: _Scale = {}
    at, last = 0, None
    for (begin, end), number in known:
        if last is None or begin > last:
            at += 1
        last = max(last or end, end)
        scale[number] = _Mark((at, 0), f"published {members[number].published}")
    return scale


def _scale_markers(members: Mapping[int, Clues], versions: list[tuple[int, int]]) -> _Scale:
    """Take the longest series of one story, or the headline that was sent again most often."""
    scales: dict[tuple[int, str | None, str], _Scale] = defaultdict(dict)
    for number, story in _tell_stories(members, versions).items():
        clues = members[number]
        marker = clues.marker
        if marker.series:
            mark = _Mark((marker.number, 0), f"marked {marker}")
            scales[story, marker.series, ""][number] = mark
        elif clues.headline:
            told = f"marked {marker}" if marker.names else "not marked"
            mark = _Mark((0, marker.again), f"{told}, the same headline")
            scales[story, None, clues.headline][number] = mark
    telling = [scale for scale in scales.values() if _tells(scale.values())]
    return max(telling, key=len, default={})


def _tell_stories(members: Mapping[int, Clues], versions: list[tuple[int, int]]) -> dict[int, int]:
    """Give each document the number of its story: versions of one have the same."""
    near: dict[int, list[int]] = defaultdict(list)
    for a, b in versions:
        near[a].append(b)
        near[b].append(a)
    story: dict[int, int] = {}
    for number in members:
        waiting = [number]
        while waiting:
            member = waiting.pop()
            if member not in story:
                story[member] = number
                waiting += near[member]
    return story


def _scale_datelines(members: Mapping[int, Clues]) -> _Scale:
    lines = {number: line for number, clues in members.items() if (line := clues.dateline)}
    days = {number: day for number, line in lines.items() if (day := line.day)}
    if not days:
        return {}
    if all(lines[number].year for number in days):
        at = {number: YEAR * (lines[number].year or 0) + day for number, day in days.items()}
    else:
        # Without years they are on a circle: it is cut where the most days pass without a story.
        around = sorted(set(days.values()))
        gaps = [
            (day - before) % YEAR for before, day in zip(around[-1:] + around, around, strict=False)
        ]
        first = around[gaps.index(max(gaps))]
        at = {number: (day - first) % YEAR for number, day in days.items()}
        if max(at.values()) > YEAR // 2:
            return {}
    return {number: _Mark((at[number], 0), f"dateline {lines[number].told}") for number in days}


def _scale_names(members: Mapping[int, Clues]) -> _Scale:
    return {
        number: _Mark((clues.named.toordinal(), 0), f"file name {clues.named}")
        for number, clues in members.items()
        if clues.named
    }
