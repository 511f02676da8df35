"""The report as a list: one document told against another, with a line to look at."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from dupfind.model import Cluster, Entry, Match, Report
from dupfind.reports.wording import label, name_of, tell_extent

__all__ = ["Overlap", "line_of", "list_overlaps", "pair_members"]


class Overlap(NamedTuple):
    """A document that shares text with another."""

    match: Match
    document: int
    """The one to look at: the newer of the two where that is known, else the one that is not
    the lead."""
    other: int
    line: int
    """Where the longest passage begins."""
    other_line: int
    fingerprint: str
    """From the names of the two documents, so that it stays when they are edited: hexadecimal
    digits, and `-2`, `-3`, … where others have the same names, so that no two are the same."""

    def describe(self, report: Report, other: str | None = None) -> str:
        """Say on one line what the overlap is; the other document is called as given."""
        whom = name_of(report.documents[self.other]) if other is None else other
        return f"{label(self.match)}; {tell_extent(self.match, self.document, whom)}"


def line_of(entry: Entry, line: int) -> int | None:
    """Give the line of the file to point at, for one of the document's text.

    Of a record it is that on which the record begins; None where a file has no lines.
    """
    if entry.record is None:
        return line
    return entry.line if entry.line and entry.line > 0 else None


def pair_members(cluster: Cluster) -> Iterator[tuple[int, int, Match]]:
    """Give each member of a cluster but the lead, with the document it is told against.

    That is the lead, or the member through which it hangs on; the match is theirs.
    """
    through = {indirect.member: indirect.through for indirect in cluster.indirect}
    matches = {frozenset((match.a, match.b)): match for match in cluster.matches}
    for member in cluster.members:
        if member != cluster.lead:
            against = through.get(member, cluster.lead)
            yield member, against, matches[frozenset((member, against))]


def list_overlaps(report: Report) -> Iterator[Overlap]:
    """List the members of the clusters other than their leads, then the pairs outside them."""
    seen: Counter[str] = Counter()
    for cluster in report.clusters:
        for member, against, match in pair_members(cluster):
            yield _tell(report, match, member, against, seen)
    for match in report.passages:
        yield _tell(report, match, match.b, match.a, seen)


def _tell(report: Report, match: Match, document: int, other: int, seen: Counter[str]) -> Overlap:
    if match.earlier and match.earlier.document == document:
        document, other = other, document
    longest = max(match.passages, key=lambda passage: passage.words, default=None)
    lines = {match.a: longest.a.line, match.b: longest.b.line} if longest else {}
    names = [
        f"{report.documents[number].path}\0{report.documents[number].record}"
        for number in (document, other)
    ]
    digits = sha256("\n".join(names).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    # Two records of a file can have the same id.
    seen[digits] += 1
    unique = digits if seen[digits] == 1 else f"{digits}-{seen[digits]}"
    return Overlap(match, document, other, lines.get(document, 1), lines.get(other, 1), unique)
