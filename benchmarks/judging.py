"""dupfind and the baselines on a generated wire corpus, held against its truth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import metrics
import wire
from baselines import METHODS
from found import Found, scan_records

__all__ = ["Trial", "judge_clusters", "judge_joins", "judge_passages", "judge_relations", "try_out"]

Pairs = set[frozenset[str]]


@dataclass(frozen=True)
class Trial:
    """A corpus, its truth and what dupfind found in it."""

    families: list[wire.Family]
    pairs: list[list[wire.Pair]]
    """Of each family."""
    found: Found

    @property
    def members(self) -> list[wire.Member]:
        """All documents."""
        return [member for family in self.families for member in family.members]

    @property
    def texts(self) -> dict[str, str]:
        """All texts by id."""
        return {member.id: member.text.text for member in self.members}


def try_out(documents: int, seed: int) -> Trial:
    """Make a corpus and scan it."""
    families = list(wire.make_families(documents, seed))
    records = (wire.record(member) for member in wire.generate(documents, seed))
    return Trial(families, [family.pairs() for family in families], scan_records(records))


def judge_relations(trial: Trial) -> metrics.Confusion:
    """Hold relations against the truth: of all pairs in families, and of all that are listed."""
    judged = [(accepted, trial.found.relation(a, b)) for _, a, b, accepted in list_pairs(trial)]
    # What may be named or not, and is not named wrongly, tells nothing.
    return metrics.confuse(
        (accepted, found)
        for accepted, found in judged
        if accepted == (None,) or None not in accepted or found not in accepted
    )


def list_pairs(trial: Trial) -> Iterable[tuple[str, str, str, wire.Relations]]:
    """Give the pairs to judge: kind of family, ids, acceptable relations.

    Of large families the truth knows some pairs only; the others of them are not judged.
    """
    known = set()
    for family, pairs in zip(trial.families, trial.pairs, strict=True):
        for pair in pairs:
            known.add(frozenset((pair.a, pair.b)))
            yield family.kind, pair.a, pair.b, pair.relations
    drafts = {member.id: member.draft for member in trial.members}
    home = {member.id: own.number for own in trial.families for member in own.members}
    for a, b in trial.found.related():
        if home[a] != home[b] and frozenset((a, b)) not in known:
            yield "unrelated", a, b, wire.expect(drafts[a], drafts[b])


def judge_passages(trial: Trial) -> metrics.Spans:
    """Hold passages against the truth: of all pairs of families, copies of a copy left out."""
    judged = []
    for pairs in trial.pairs:
        for pair in pairs:
            shown = trial.found.passages(pair.a, pair.b)
            if pair.relations[0] and (shown or not trial.found.relation(pair.a, pair.b)):
                judged.append(([tuple(passage.span) for passage in pair.passages], shown))
    return metrics.plagdet(judged)


def judge_clusters(trial: Trial, joined: Mapping[str, Pairs]) -> dict[str, dict[str, float]]:
    """Hold clusters against the truth: dupfind's, and those that the baselines' pairs make."""
    names = [member.id for member in trial.members]
    truth = _label(
        names,
        (
            cluster
            for family, pairs in zip(trial.families, trial.pairs, strict=True)
            for cluster in family.clusters(pairs)
        ),
    )
    ours: dict[int, list[str]] = {}
    for name, number in trial.found.cluster.items():
        ours.setdefault(number, []).append(name)
    labels = {"dupfind": _label(names, ours.values())}
    labels |= {name: _label(names, joined[name]) for name in METHODS}
    return {
        name: {
            "adjusted Rand": metrics.adjusted_rand(truth, own),
            "worst merge": metrics.worst_merge(truth, own),
        }
        for name, own in labels.items()
    }


def join_all(trial: Trial) -> dict[str, Pairs]:
    """Give the pairs that dupfind and the baselines call one story."""
    ours = {
        frozenset(pair)
        for pair in trial.found.related()
        if trial.found.relation(*pair) in wire.CLUSTERING
    }
    copies = {
        frozenset((pair.a, pair.b))
        for pairs in trial.pairs
        for pair in pairs
        if trial.found.relation(pair.a, pair.b) in wire.CLUSTERING
    }
    theirs = {name: method(trial.texts) for name, method in METHODS.items()}
    return {"dupfind": ours | copies} | theirs


def judge_joins(trial: Trial, joined: Mapping[str, Pairs]) -> dict[str, metrics.Rates]:
    """Hold the pairs that are called one story against those that are."""
    judged = {frozenset((pair.a, pair.b)): pair.joins for pairs in trial.pairs for pair in pairs}
    home = {member.id: own.number for own in trial.families for member in own.members}
    true = {pair for pair, joins in judged.items() if joins}
    rates = {}
    for name, pairs in joined.items():
        claimed = {
            pair for pair in pairs if pair in judged or len({home[member] for member in pair}) > 1
        }
        rates[name] = metrics.rate(len(claimed & true), len(claimed), len(true))
    return rates


def _label(names: list[str], groups: Iterable[Iterable[str]]) -> list[int]:
    """Label documents with numbers: equal where groups join them, directly or through others."""
    leader: dict[str, str] = {name: name for name in names}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for group in groups:
        first, *rest = sorted(group)
        for other in rest:
            leader[find(other)] = find(first)
    place = {name: at for at, name in enumerate(names)}
    return [place[find(name)] for name in names]


def explain(trial: Trial) -> list[dict[str, Any]]:
    """List the pairs whose relation is wrong, for those who tune the rules."""
    kept = []
    for kind, a, b, accepted in list_pairs(trial):
        found = trial.found.relation(a, b)
        if found not in accepted:
            kept.append({"family": kind, "a": a, "b": b, "expected": accepted, "found": found})
    return kept
