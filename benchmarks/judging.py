"""dupfind and the baselines on a generated wire corpus, held against its truth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import metrics
import ours
import wire
from baselines import METHODS
from found import Found, scan_records, written

__all__ = ["Trial", "judge_clusters", "judge_joins", "judge_passages", "judge_relations", "try_out"]

Pairs = set[frozenset[str]]

_RUN: Final = 20  # words that are always found


@dataclass(frozen=True)
class Trial:
    """A corpus, its truth and what dupfind found in it."""

    documents: int
    seed: int
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
    return Trial(
        documents, seed, families, [family.pairs() for family in families], scan_records(records)
    )


def judge_relations(trial: Trial) -> metrics.Confusion:
    """Hold relations against the truth: of all pairs in families, and of all that are listed."""
    judged = [(accepted, trial.found.relation(a, b)) for _, a, b, accepted in list_pairs(trial)]
    return metrics.confuse(pair for pair in judged if _tells(*pair))


def _tells(accepted: wire.Relations, found: str | None) -> bool:
    """Tell whether a verdict counts: not where a pair may be named or not, and is named well."""
    return accepted == (None,) or None not in accepted or found not in accepted


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


def judge_passages(trial: Trial) -> dict[str, metrics.Spans]:
    """Hold passages against the truth: of all, of stories, and of notices, whose facts part them.

    Copies of a copy, which a report does not list, and pairs that need not be named are left out.
    """
    judged: dict[str, list[tuple[list[metrics.Box], list[metrics.Box]]]] = {}
    for pairs in trial.pairs:
        for pair in pairs:
            shown = trial.found.passages(pair.a, pair.b)
            if shown or not (None in pair.relations or trial.found.relation(pair.a, pair.b)):
                kind = "notices" if pair.relations[0] == "template" else "stories"
                real: list[metrics.Box] = [passage.span for passage in pair.passages]
                for name in ("all", kind):
                    judged.setdefault(name, []).append((real, shown))
    return {kind: metrics.plagdet(own) for kind, own in sorted(judged.items())}


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
    # To join what may be joined is no mistake.
    allowed = _label(
        names,
        (
            (pair.a, pair.b)
            for pairs in trial.pairs
            for pair in pairs
            if not wire.CLUSTERING.isdisjoint(pair.relations)
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
            "worst merge": metrics.worst_merge(allowed, own),
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


def judge_scripts(trial: Trial) -> dict[str, metrics.Confusion]:
    """Hold relations against the truth as `judge_relations` does, language by language."""
    spoken = {member.id: member.draft.language.code for member in trial.members}
    judged: dict[str, list[tuple[wire.Relations, str | None]]] = {}
    for _, a, b, accepted in list_pairs(trial):
        found = trial.found.relation(a, b)
        if _tells(accepted, found):
            judged.setdefault(spoken[a], []).append((accepted, found))
    return {code: metrics.confuse(own) for code, own in sorted(judged.items())}


def judge_events(trial: Trial, joined: Mapping[str, Pairs]) -> tuple[int, dict[str, float]]:
    """Count pairs of one event in independent words, and give the share of them that is joined."""
    pairs = {
        frozenset((pair.a, pair.b))
        for family, own in zip(trial.families, trial.pairs, strict=True)
        for pair in own
        if family.kind in {"same-event", "quotes"}
    }
    return len(pairs), {name: len(pairs & own) / len(pairs) for name, own in joined.items()}


def judge_candidates(trial: Trial, joined: Mapping[str, Pairs]) -> dict[str, tuple[float, ...]]:
    """Give, of each index, the share of true pairs that it proposes, and pairs by document.

    The shares are of pairs of one story, and of pairs that share 20 words or more in one run.
    """
    members = list(wire.generate(trial.documents, trial.seed))
    with written(map(wire.record, members)) as path:
        candidates, copies = ours.propose_pairs(path)
    place = {member.id: at for at, member in enumerate(members)}
    proposed = set(map(tuple, candidates.tolist()))

    def proposes(pair: wire.Pair) -> bool:
        a, b = sorted(copies[[place[pair.a], place[pair.b]]].tolist())
        return a == b or (a, b) in proposed

    pairs = [pair for own in trial.pairs for pair in own]
    stories = [pair for pair in pairs if pair.joins]
    # What too many documents hold need not be paired all against all.
    runs = [pair for pair in pairs if pair.longest >= _RUN and None not in pair.relations]
    shares = {
        "dupfind": (
            sum(map(proposes, stories)) / len(stories),
            sum(map(proposes, runs)) / len(runs),
            len(candidates) / len(members),
        )
    }
    for name, own in joined.items():
        if name.startswith("MinHashLSH"):
            hits = [
                sum(frozenset((pair.a, pair.b)) in own for pair in group) / len(group)
                for group in (stories, runs)
            ]
            shares[name] = (*hits, len(own) / len(members))
    return shares


def judge_noise(stories: int, rate: float, seed: int) -> dict[str, float]:
    """Give the share of stories that are joined with a copy misread at this rate."""
    pairs = list(wire.corrupt(stories, rate, seed))
    members = [member for pair in pairs for member in pair]
    texts = {member.id: member.text.text for member in members}
    found = scan_records(map(wire.record, members))
    shares = {
        "dupfind": sum(found.relation(a.id, b.id) in wire.CLUSTERING for a, b in pairs) / stories
    }
    for name, method in METHODS.items():
        joined = method(texts)
        shares[name] = sum(frozenset((a.id, b.id)) in joined for a, b in pairs) / stories
    return shares


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
