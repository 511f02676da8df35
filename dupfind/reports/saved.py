"""Saved reports: the bytes of a JSON report → the report, and its documents' texts again."""

import os
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from dupfind import __version__
from dupfind.building import digest_text
from dupfind.errors import SettingsError, SourceError
from dupfind.model import SCHEMA_VERSION, Cluster, Document, Match, Relation, Report, Tool
from dupfind.reports.overlaps import pair_members
from dupfind.reports.wording import escape
from dupfind.sources import read

__all__ = ["Recalled", "load", "recall"]


class _Head(msgspec.Struct):
    """What tells a report of any version."""

    schema_version: int
    tool: Tool


class Recalled(NamedTuple):
    """The texts of a report's documents, as far as they are still there."""

    texts: list[str | None]
    missing: int
    """Documents that are not there, or cannot be read, any more."""
    changed: int
    """Documents that are there, with another text."""


def load(data: bytes, name: str) -> Report:
    """Read a JSON report, called by this name in messages.

    Raises `SourceError` where it is none, or one of a newer version, in one line that says where
    in the file it is wrong.
    """
    maker = ""
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.schema_version > SCHEMA_VERSION:
            raise SourceError(
                f"{name!r} is a report of version {head.schema_version}, and this dupfind knows "
                f"{SCHEMA_VERSION}; read it with a newer one"
            )
        if head.tool.version != __version__:
            maker = f" (it was made by version {escape(head.tool.version)}, this is {__version__})"
        report = msgspec.json.decode(data, type=Report)
        _check(report)
    except (msgspec.DecodeError, RecursionError, SettingsError) as error:
        reason = f"{escape(str(error))}{maker}"
        raise SourceError(f"{name!r} is not a report of dupfind: {reason}") from None
    return report


def recall(report: Report) -> Recalled:
    """Read the texts of a report's documents again.

    Files are looked for where the report says, from the working directory. A text counts only if
    it is, by its digest, the one that the report is about.
    """
    wanted: dict[tuple[str, str | int | None], list[int]] = defaultdict(list)
    for number, entry in enumerate(report.documents):
        wanted[entry.path, entry.record].append(number)
    texts: list[str | None] = [None] * len(report.documents)
    there: set[int] = set()
    for path in dict.fromkeys(_find_file(path) for path, _ in wanted):
        # Nothing but a file: a folder would be walked, whatever a report calls a document.
        for item in read([path] if path else []):
            if isinstance(item, Document) and (item.path, item.record) in wanted:
                digest = digest_text(item.text)
                for number in wanted[item.path, item.record]:
                    there.add(number)
                    if report.documents[number].digest == digest:
                        texts[number] = item.text
    gone = sum(text is None for text in texts)
    missing = len(texts) - len(there)
    return Recalled(texts, missing, gone - missing)


def _find_file(path: str) -> str | None:
    """Find the file that a document was read from: it, or the archive `archive.zip!inner`."""
    at = len(path)
    while at >= 0:
        if os.path.isfile(path[:at]):  # noqa: PTH113 - as in discovery
            return path[:at]
        at = path.rfind("!", 0, at)
    return None


def _check(report: Report) -> None:
    """Raise a `ValidationError` where a report that is well formed contradicts itself."""
    for number, cluster in enumerate(report.clusters):
        where = f"$.clusters[{number}]"
        _check_numbers(report, cluster.members, f"{where}.members")
        _check_matches(report, cluster.matches, f"{where}.matches")
        if len(set(cluster.members)) < len(cluster.members):
            raise msgspec.ValidationError(f"A member comes twice - at `{where}.members`")
        _check_versions(cluster, f"{where}.versions")
        if cluster.lead not in cluster.members:
            raise msgspec.ValidationError(f"The lead is not a member - at `{where}.lead`")
        try:
            told = sum(1 for _ in pair_members(cluster))
        except KeyError:
            told = 0
        if told != len(cluster.members) - 1:
            raise msgspec.ValidationError(f"A member has no match - at `{where}.matches`")
    _check_matches(report, report.passages, "$.passages")
    if report.nearest:
        _check_numbers(report, (report.nearest.a, report.nearest.b), "$.nearest")
    for relation in report.summary.relations:
        if relation not in set(Relation):
            place = "$.summary.relations"
            raise msgspec.ValidationError(f"Invalid enum value {relation!r} - at `{place}`")


def _check_versions(cluster: Cluster, where: str) -> None:
    for version in cluster.versions:
        if {version.member, version.before} - {None, *cluster.members}:
            raise msgspec.ValidationError(f"A version is no member - at `{where}`")
        known = (version.place, version.evidence)
        change = (version.before, version.added, version.dropped)
        if any(0 < given.count(None) < len(given) for given in (known, change)):
            raise msgspec.ValidationError(f"A version is told in part - at `{where}`")
    told = [version.member for version in cluster.versions]
    if told and sorted(told) != sorted(cluster.members):
        raise msgspec.ValidationError(f"Not each member has one version - at `{where}`")


def _check_matches(report: Report, matches: Iterable[Match], where: str) -> None:
    for number, match in enumerate(matches):
        _check_numbers(report, (match.a, match.b), f"{where}[{number}]")
        if match.earlier and match.earlier.document not in (match.a, match.b):
            place = f"{where}[{number}].earlier.document"
            raise msgspec.ValidationError(f"Is not one of the two documents - at `{place}`")


def _check_numbers(report: Report, numbers: Iterable[int], where: str) -> None:
    for number in numbers:
        if not 0 <= number < len(report.documents):
            raise msgspec.ValidationError(f"There is no document {number} - at `{where}`")
