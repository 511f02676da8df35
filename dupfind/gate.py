"""The gate: of what a run found, that which fails a check."""

from typing import NamedTuple

from dupfind.acceptance import Update, judge, update
from dupfind.assembly import Findings
from dupfind.baseline import Member, shorten
from dupfind.model import Accepted, Relation, Verdict
from dupfind.narrowing import narrow
from dupfind.terms import Terms

__all__ = ["examine"]


class _Group(NamedTuple):
    """A cluster, or a pair outside the clusters."""

    documents: tuple[int, ...]
    relations: frozenset[Relation]


def examine(findings: Findings, terms: Terms) -> tuple[Findings, Verdict, Update]:
    """Tell what fails.

    Gives the findings narrowed to it, the verdict, and the baseline that accepts it, too.
    """
    report = findings.report
    groups = [
        _Group(cluster.members, frozenset(match.relation for match in cluster.matches))
        for cluster in report.clusters
    ]
    groups += [
        _Group((match.a, match.b), frozenset((match.relation,))) for match in report.passages
    ]
    members = [
        [
            Member(terms.rebase(entry.path), entry.record, shorten(entry.digest))
            for entry in (report.documents[document] for document in group.documents)
        ]
        for group in groups
    ]
    judgement = judge(terms.baseline, members, terms.covers)
    failing = [False] * len(groups)
    listed: list[int] = []
    clusters = len(report.clusters)
    accepted = []
    untouched = tolerated = 0
    for number, (group, entry) in enumerate(zip(groups, judgement.accepted, strict=True)):
        changed = terms.is_changed is None or any(
            terms.is_changed(report.documents[document]) for document in group.documents
        )
        if entry:
            reason = "; ".join(entry.reasons) or None
            accepted.append(Accepted(id=entry.id, reason=reason, documents=len(group.documents)))
        elif not changed:
            untouched += 1
        elif not group.relations.isdisjoint(terms.fail_on):
            failing[number] = True
            listed.append(number)
        elif terms.passages and number >= clusters:
            listed.append(number)
        else:
            tolerated += 1
    verdict = Verdict(
        failed=sum(failing),
        accepted=tuple(accepted),
        untouched=untouched,
        tolerated=tolerated,
        stale=tuple(entry.id for entry in judgement.stale),
    )
    narrowed = narrow(
        findings,
        [number for number in listed if number < clusters],
        [number - clusters for number in listed if number >= clusters],
        verdict,
    )
    return narrowed, verdict, update(terms.baseline, members, failing, judgement, terms.covers)
