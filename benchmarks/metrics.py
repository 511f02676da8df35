"""Measures of quality: small functions of plain values, each with its source."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import comb, log2
from typing import NamedTuple

__all__ = [
    "Box",
    "Confusion", "Rates", "Spans", "adjusted_rand", "confuse", "plagdet", "rate", "worst_merge",
]  # fmt: skip

Box = tuple[int, int, int, int]
"""Characters `[a_start, a_end)` of one document and `[b_start, b_end)` of the other."""


class Rates(NamedTuple):
    """Precision, recall and their harmonic mean; 0 where there is nothing to divide by."""

    precision: float
    recall: float
    f1: float


def rate(hits: float, claimed: float, true: float) -> Rates:
    """Give the rates of so many (or so heavy) hits among what is claimed and what is true."""
    precision = hits / claimed if claimed else 0.0
    recall = hits / true if true else 0.0
    both = precision + recall
    return Rates(precision, recall, 2 * precision * recall / both if both else 0.0)


class Confusion(NamedTuple):
    """Expected against found relations."""

    counts: Mapping[tuple[str | None, str | None], int]
    """By (expected, found)."""

    @property
    def accuracy(self) -> float:
        """Share of the pairs whose relation is as expected."""
        right = sum(count for (expected, found), count in self.counts.items() if expected == found)
        return right / sum(self.counts.values()) if self.counts else 0.0

    def classes(self) -> list[str | None]:
        """Give the relations that occur, None last."""
        return sorted(set(chain.from_iterable(self.counts)), key=lambda name: (not name, name))

    def rates(self) -> dict[str | None, Rates]:
        """Give the rates of each relation that is expected of some pair."""
        expected: Counter[str | None] = Counter()
        found: Counter[str | None] = Counter()
        for (one, other), count in self.counts.items():
            expected[one] += count
            found[other] += count
        return {
            name: rate(self.counts.get((name, name), 0), found[name], expected[name])
            for name in self.classes()
            if expected[name]
        }

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the relations that are expected of some pair, all of equal weight."""
        rates = self.rates()
        return sum(own.f1 for own in rates.values()) / len(rates) if rates else 0.0


def confuse(judged: Iterable[tuple[Sequence[str | None], str | None]]) -> Confusion:
    """Count (acceptable relations, found one); what is acceptable counts as what was found."""
    return Confusion(
        Counter((found if found in accepted else accepted[0], found) for accepted, found in judged)
    )


class Spans(NamedTuple):
    """How well passages were found."""

    plagdet: float
    precision: float
    recall: float
    granularity: float


def plagdet(pairs: Iterable[tuple[Sequence[Box], Sequence[Box]]]) -> Spans:
    """Score the passages of pairs of documents: (true, found) of each.

    Micro-averaged at the level of characters, of both documents; F1 / log2(1 + granularity),
    granularity being the mean number of detections of a true passage that is detected at all
    (Potthast, Stein, Barrón-Cedeño, Rosso 2010, "An evaluation framework for plagiarism
    detection"). A passage is detected by one that overlaps it in both documents.
    """
    claimed = true = both = detected = detections = 0
    for cases, found in pairs:
        for side in (0, 2):
            real, shown = (_cover(boxes, side) for boxes in (cases, found))
            claimed += len(shown)
            true += len(real)
            both += len(real & shown)
        hits = [sum(_overlap(case, own) for own in found) for case in cases]
        detected += sum(hit > 0 for hit in hits)
        detections += sum(hits)
    rates = rate(both, claimed, true)
    granularity = detections / detected if detected else 1.0
    return Spans(rates.f1 / log2(1 + granularity), rates.precision, rates.recall, granularity)


def _cover(boxes: Sequence[Box], side: int) -> set[int]:
    return set(chain.from_iterable(range(box[side], box[side + 1]) for box in boxes))


def _overlap(one: Box, other: Box) -> bool:
    return all(one[at] < other[at + 1] and other[at] < one[at + 1] for at in (0, 2))


def adjusted_rand(truth: Sequence[int], found: Sequence[int]) -> float:
    """Compare two labelings of the same documents: 1 if alike, about 0 if by chance.

    Hubert and Arabie 1985, "Comparing partitions".
    """
    both, rows, columns = (
        sum(comb(count, 2) for count in Counter(labels).values())
        for labels in (zip(truth, found, strict=True), truth, found)
    )
    pairs = comb(len(truth), 2)
    chance = rows * columns / pairs if pairs else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def worst_merge(truth: Sequence[int], found: Sequence[int]) -> int:
    """Give the most documents in a found cluster that are not of its largest true cluster."""
    clusters: dict[int, Counter[int]] = defaultdict(Counter)
    for real, label in zip(truth, found, strict=True):
        clusters[label][real] += 1
    return max((own.total() - max(own.values()) for own in clusters.values()), default=0)
