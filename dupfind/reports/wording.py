"""What the forms for readers say alike: names, counts, measures.

Text of documents and names of files are hostile: whatever is put on a line goes through
`escape`, which shows control and direction characters as escapes.
"""

import re
from collections import Counter
from typing import Final

from dupfind.model import CLUSTERING, Entry, Match, Relation, Report, Skipped

__all__ = [
    "LISTED",
    "count_outside",
    "counted",
    "escape",
    "label",
    "name_flags",
    "name_of",
    "tell_extent",
]

LISTED: Final = 10
"""Copies, skipped files and passages named; the JSON report names all."""

_HOSTILE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def escape(text: str) -> str:
    r"""Put text on one line, with control and direction characters as escapes (`\x1b`)."""
    return _HOSTILE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def name_of(item: Entry | Skipped) -> str:
    """Name a document as `compare` takes it: its path, and `#` and the record if it is one."""
    return escape(item.path if item.record is None else f"{item.path}#{item.record}")


def counted(number: int, noun: str) -> str:
    """Give a number with its noun: `1 match`, `2 matches`."""
    plural = "es" if noun.endswith("ch") else "s"
    return f"{number:,} {noun}{plural * (number != 1)}"


def count_outside(report: Report) -> str:
    """Count the pairs that have a relation but are in no cluster, by relation."""
    inside = Counter(match.relation.value for own in report.clusters for match in own.matches)
    if report.verdict is not None:
        # Clusters were left out of the report, their pairs were counted all the same.
        inside.update({name: report.summary.relations.get(name, 0) for name in CLUSTERING})
    return ", ".join(
        f"{number - inside[relation]:,} {relation}"
        for relation, number in report.summary.relations.items()
        if number > inside[relation]
    )


def label(match: Match) -> str:
    """Name a match's relation and flags."""
    return ", ".join((match.relation.value, *name_flags(match)))


def name_flags(match: Match) -> list[str]:
    """Name a match's flags, and which markers the two documents bear."""
    markers = " and ".join(escape(marker) for marker in match.markers if marker)
    return [
        f"marker {markers}" if flag == "marker" and markers else escape(flag)
        for flag in match.flags
    ]


def tell_extent(match: Match, document: int, other: str) -> str:
    """Tell how much a document of a match shares with the other, which is called as given."""
    if match.relation is Relation.IDENTICAL:
        return f"the same words as {other}"
    own, its = match.coverage if document == match.a else match.coverage[::-1]
    return (
        f"{own:.0%} of it and {its:.0%} of {other}: {counted(match.words, 'shared word')}, "
        f"the longest passage {match.longest}"
    )
