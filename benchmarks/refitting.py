"""What the rules are worth on pairs that had no part in choosing their numbers.

Cross-validation: for each fold the numbers in the rules are chosen anew, of a grid around those
that dupfind has, by the pairs of all other folds alone. Then they judge the fold.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from typing import Any, Final

import metrics
import ours
from found import written
from reuters import Labeled, fold, judge

from dupfind import relations
from dupfind.pipeline import judge_all
from dupfind.running import Inline
from dupfind.settings import Settings

__all__ = ["refit"]

_GRID: Final[Mapping[str, tuple[float, ...]]] = {
    "threshold": (0.3, 0.25, 0.4),
    "_SOLID": (2 / 3, 0.55, 0.8),
    "_SAME_NUMBERS": (0.9, 0.8, 1.0),
    "_OTHER_FACTS": (0.5, 0.35, 0.65),
    "_OWN": (0.5, 0.35, 0.65),
}
"""The least coverage of a match and the rules' own numbers; first those that dupfind has."""


def refit(
    records: Iterable[Mapping[str, Any]], pairs: Sequence[Labeled], folds: int
) -> metrics.Rates:
    """Rate labeled pairs of records, each judged by rules that were fitted without its fold."""
    verdicts = list(_judge_all(records, pairs))
    cut = fold(pairs, folds)
    claimed: set[Labeled] = set()
    for number, own in enumerate(cut):
        known = [pair for other in cut[:number] + cut[number + 1 :] for pair in other]
        # Of choices that do as well, the first: that which changes least.
        best = max(verdicts, key=lambda joined: _rate(known, joined).f1)
        claimed |= best.intersection(own)
    return _rate(pairs, claimed)


def _rate(pairs: Sequence[Labeled], joined: set[Labeled]) -> metrics.Rates:
    names = {pair[:2] for pair in joined}
    return judge(pairs, lambda a, b: (a, b) in names)


def _judge_all(
    records: Iterable[Mapping[str, Any]], pairs: Sequence[Labeled]
) -> Iterator[set[Labeled]]:
    """Give the pairs that are joined, by each choice of numbers."""
    with written(records) as path:
        least = Settings(threshold=min(_GRID["threshold"]))
        corpus, verified = ours.verify_pairs(path, least, Inline())
    for threshold, *numbers in _choices():
        with _ruling(dict(zip(list(_GRID)[1:], numbers, strict=True))):
            judged, _ = judge_all(corpus, verified, Settings(threshold=threshold), Inline())
        joins = ours.ask(corpus, judged)
        yield {pair for pair in pairs if joins(pair.a, pair.b)}


def _choices() -> list[tuple[float, ...]]:
    """Give all choices of numbers, those first that change least."""
    usual = [values[0] for values in _GRID.values()]
    return sorted(
        product(*_GRID.values()),
        key=lambda choice: sum(own != other for own, other in zip(choice, usual, strict=True)),
    )


@contextmanager
def _ruling(numbers: Mapping[str, float]) -> Iterator[None]:
    """Let the rules have other numbers for a while."""
    before = {name: getattr(relations, name) for name in numbers}
    vars(relations).update(numbers)
    try:
        yield
    finally:
        vars(relations).update(before)
