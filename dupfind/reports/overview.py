"""The overview of a run for the HTML report: its distributions, and what stands out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from dupfind.assembly import Findings
from dupfind.model import CLUSTERING, Cluster, Skipped
from dupfind.reports.payload import MEANINGS, cluster_link
from dupfind.reports.wording import escape, name_of

__all__ = [
    "Bar",
    "Left",
    "Reprinted",
    "count_coverage",
    "count_relations",
    "find_deepest",
    "find_reprinted",
    "group_skipped",
]

_BINS: Final = 10
_SHOWN: Final = 10  # reprinted passages
_NAMED: Final = 100  # skipped documents a reason
_LEAST: Final = 20  # words of a passage worth telling
_EXCERPT: Final = 300  # characters


class Bar(NamedTuple):
    """A row of a distribution."""

    label: str
    meaning: str
    pairs: int
    share: float
    """Of the longest bar, 0 to 100."""
    joins: bool
    """Whether what is counted joins documents to clusters."""


class Reprinted(NamedTuple):
    """A passage of a lead that many members of its cluster have."""

    text: str
    documents: int
    """The lead included."""
    link: str


class Left(NamedTuple):
    """What was left out for one reason."""

    reason: str
    total: int
    names: list[str]
    more: int
    """Those that are counted and not named."""


def count_relations(counts: Mapping[str, int]) -> list[Bar]:
    """Order the counts of the relations as their rules are."""
    most = max(counts.values(), default=1)
    return [
        Bar(relation.value, meaning, count, 100 * count / most, relation in CLUSTERING)
        for relation, meaning in MEANINGS.items()
        if (count := counts.get(relation.value, 0))
    ]


def count_coverage(coverages: Iterable[tuple[float, float]]) -> list[Bar]:
    """Count pairs by the coverage of the document that is covered most."""
    counts = Counter(min(int(max(pair) * _BINS), _BINS - 1) for pair in coverages)
    most = max(counts.values(), default=1)
    return [
        Bar(_name_bin(number), "", counts[number], 100 * counts[number] / most, joins=True)
        for number in reversed(range(min(counts, default=_BINS), _BINS))
    ]


def _name_bin(number: int) -> str:
    return f"{100 * number // _BINS}–{100 * (number + 1) // _BINS}%"


def find_reprinted(findings: Findings) -> list[Reprinted]:
    """Find the passages of leads that the most members have, one of each cluster, most first.

    Counts the members that match the lead directly.
    """
    report, texts = findings.report, findings.texts
    found = []
    for cluster in report.clusters:
        text = texts[cluster.lead]
        if len(cluster.members) > 2 and text:  # noqa: PLR2004 - two share what is shown anyway
            documents, start, end = find_deepest(text, _places(cluster))
            if documents > 2:  # noqa: PLR2004
                excerpt = _cut(" ".join(text[start:end].split()))
                found.append(Reprinted(escape(excerpt), documents, cluster_link(cluster)))
    return sorted(found, key=lambda item: (-item.documents, -len(item.text), item.link))[:_SHOWN]


def _places(cluster: Cluster) -> Iterator[tuple[int, int]]:
    """Give the places in the lead that another member has, each member's apart."""
    for match in cluster.matches:
        if cluster.lead == match.a:
            yield from ((passage.a.start, passage.a.end) for passage in match.passages)
        elif cluster.lead == match.b:
            yield from ((passage.b.start, passage.b.end) for passage in match.passages)


def find_deepest(text: str, places: Iterable[tuple[int, int]]) -> tuple[int, int, int]:
    """Find the longest stretch that the most documents have, of those worth telling.

    Takes a text and the places in it that others have. Gives how many documents have the
    stretch, the text's own included, and its start and end; zeros where there is none.
    """
    steps: Counter[int] = Counter()
    for start, end in places:
        steps[start] += 1
        steps[end] -= 1
    best = (0, 0, 0)
    documents, last = 1, 0
    for at in sorted(at for at, step in steps.items() if step):
        found = (documents, at - last) > (best[0], best[2] - best[1])
        if found and documents > 1 and _is_told(text[last:at]):
            best = (documents, last, at)
        documents, last = documents + steps[at], at
    return best


def _is_told(text: str) -> bool:
    return len(text.split(None, _LEAST - 1)) == _LEAST


def _cut(text: str) -> str:
    return text if len(text) <= _EXCERPT else f"{text[: _EXCERPT - 1]}…"


def group_skipped(skipped: Sequence[Skipped]) -> list[Left]:
    """Group what was skipped by its reason."""
    groups: defaultdict[str, list[Skipped]] = defaultdict(list)
    for item in skipped:
        groups[item.reason].append(item)
    return [
        Left(escape(reason), len(items), list(map(_tell, items[:_NAMED])), len(items[_NAMED:]))
        for reason, items in sorted(groups.items())
    ]


def _tell(item: Skipped) -> str:
    return f"{name_of(item)}: {escape(item.detail)}" if item.detail else name_of(item)
