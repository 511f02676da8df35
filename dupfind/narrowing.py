"""A report narrowed to some of its clusters: the same as if nothing else had been found."""

from collections.abc import Iterable
from itertools import chain

from msgspec.structs import replace

from dupfind.assembly import Findings
from dupfind.model import Verdict
from dupfind.renumbering import renumber_cluster, renumber_match, renumber_nearest

__all__ = ["narrow"]


def narrow(
    findings: Findings, clusters: Iterable[int], passages: Iterable[int], verdict: Verdict
) -> Findings:
    """Keep some clusters and some pairs outside of them, by their numbers.

    Documents are numbered anew, and the summary counts what is kept; only the numbers of
    documents, of candidates and of relations stay those of the whole run.
    """
    report = findings.report
    found = [report.clusters[number] for number in clusters]
    apart = [report.passages[number] for number in passages]
    listed = set(chain(*(cluster.members for cluster in found)))
    listed |= set(chain(*((match.a, match.b) for match in apart)))
    if report.nearest:
        listed |= {report.nearest.a, report.nearest.b}
    order = sorted(listed)
    index = {document: number for number, document in enumerate(order)}
    kept = [renumber_cluster(cluster, index) for cluster in found]
    narrowed = replace(
        report,
        documents=tuple(report.documents[document] for document in order),
        clusters=tuple(kept),
        passages=tuple(renumber_match(match, index) for match in apart),
        nearest=renumber_nearest(report.nearest, index) if report.nearest else None,
        summary=replace(
            report.summary,
            matches=sum(len(cluster.matches) for cluster in kept),
            clusters=len(kept),
            redundant=sum(len(cluster.members) - 1 for cluster in kept),
        ),
        verdict=verdict,
    )
    return Findings(
        narrowed,
        [findings.texts[document] for document in order],
        [findings.numbers[document] for document in order],
    )
