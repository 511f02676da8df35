"""The nouns: what a run reads, what it finds, and the report, version 1.

`Report` and everything below it is exactly the JSON report: msgspec encodes these
types, and the published schema (`dupfind/report.schema.json`) is generated from them.
Fields may be added, never renamed. Offsets count code points of a document's text,
`end` exclusive; lines count from 1; "words" are tokens (see `dupfind.tokens`).
Shares are rounded to four decimals. None of these values can hold itself, so none is tracked
by the garbage collector, which would otherwise look at every one of them again and again.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import msgspec

from dupfind.settings import Settings
from dupfind.stretches import blank

__all__ = [
    "CLUSTERING",
    "SCHEMA_VERSION",
    "VERSIONS",
    "Accepted",
    "Boilerplate",
    "Cluster",
    "Document",
    "Earlier",
    "Edit",
    "Entry",
    "Indirect",
    "Match",
    "Nearest",
    "Passage",
    "Place",
    "Relation",
    "Report",
    "Skipped",
    "Span",
    "Summary",
    "Tool",
    "Verdict",
    "Version",
]

SCHEMA_VERSION = 1


class Document(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One story as it was read: a file, or one record of a file."""

    path: str
    """POSIX path, relative to the working directory where it lies below it."""
    text: str
    """As decoded; all offsets count in it."""
    hidden: tuple[tuple[int, int], ...] = ()
    """Stretches of the text that are not compared, such as markup: start and end, ascending,
    none overlapping another."""
    record: str | int | None = None
    """The record's id where it has one, else its number in the file; null for a whole file."""
    title: str | None = None
    published: str | None = None
    """ISO 8601."""
    updated: str | None = None
    """ISO 8601."""
    byline: str | None = None
    place: str | None = None
    """Of the dateline."""
    agency: str | None = None
    language: str | None = None
    """As declared (BCP 47), never guessed."""
    version: str | None = None
    status: str | None = None
    """usable, canceled, withheld, …"""
    slug: str | None = None
    """The slug, or the keywords."""
    url: str | None = None
    line: int | None = None
    """Of the file, on which a record begins."""
    urgency: str | None = None
    """As the agency counts it; 1 is the most urgent nearly everywhere."""
    note: str | None = None
    """The editorial note, which is not part of the text."""
    ids: tuple[str, ...] = ()
    """What its agency calls it: all versions of an item have one id in common."""
    follows: tuple[str, ...] = ()
    """Ids of what it says came before it: earlier versions (`id:version`), what it replaces or
    answers."""
    number: int | None = None
    """Of the record in its file, from 1, where it stands on its own there: it can be cut out."""
    reference: bool = False
    """Others are compared with it, but two references are not compared with each other."""

    @property
    def compared(self) -> str:
        """The text with what is hidden blanked: all offsets stay."""
        return blank(self.text, self.hidden)


class Skipped(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that was found but not compared, and why."""

    path: str
    reason: str
    """One word: binary, undecodable, unreadable, invalid, empty, short, …"""
    record: str | int | None = None
    detail: str | None = None


class Relation(StrEnum):
    """What a verified pair is to each other; the rules are in `dupfind.relations`."""

    IDENTICAL = "identical"
    TEMPLATE = "template"
    NEAR_DUPLICATE = "near-duplicate"
    ABRIDGEMENT = "abridgement"
    EMBEDDED = "embedded"
    REVISION = "revision"
    QUOTE = "quote"
    SHARED_PASSAGE = "shared-passage"


CLUSTERING: Final = frozenset(
    {
        Relation.IDENTICAL,
        Relation.NEAR_DUPLICATE,
        Relation.ABRIDGEMENT,
        Relation.EMBEDDED,
        Relation.REVISION,
    }
)
"""The relations that join documents to a cluster."""

VERSIONS: Final = (Relation.NEAR_DUPLICATE, Relation.ABRIDGEMENT, Relation.REVISION)
"""The relations between texts that differ and tell one story, and nothing beside."""


class Span(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A stretch of a document's text."""

    start: int
    end: int


class Place(Span, frozen=True, kw_only=True, gc=False):
    """A stretch of a document's text and the line it starts on."""

    line: int


class Edit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Words that differ inside a passage: those of a, those of b; either may be empty."""

    a: Span
    b: Span


class Passage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An aligned run of text in two documents, with a few words changed inside it at most."""

    a: Place
    b: Place
    words: int
    """Equal words, counted once."""
    moved: bool
    """Stands in another order than the passages that carry most of the match."""
    edits: tuple[Edit, ...] = ()


class Earlier(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Which document of a match came first, and how that is known."""

    document: int
    evidence: str


class Match(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A verified pair with its passages, measures and relation.

    Pairs of numbers are `(of a, of b)`; a and b index the report's documents.
    """

    a: int
    b: int
    relation: Relation
    flags: tuple[str, ...]
    coverage: tuple[float, float]
    """Words inside the passages, as a share of the document's words."""
    containment: tuple[float, float]
    """Shared distinct shingles, as a share of the document's distinct shingles."""
    resemblance: float
    """Jaccard index of the two shingle sets."""
    words: int
    """Equal words inside the passages."""
    longest: int
    """Equal words of the longest passage."""
    order: float
    """Share of the equal words that stand in the same order in both documents."""
    why: str
    markers: tuple[str | None, str | None] = (None, None)
    """What marks them as versions: UPDATE 2, CORRECTED, 1st Ld."""
    earlier: Earlier | None = None
    passages: tuple[Passage, ...] = ()


class Indirect(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A member that no match joins to the lead: it hangs on through another member."""

    member: int
    through: int


class Version(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A member of a cluster where it stands among the versions of the story."""

    member: int
    place: int | None
    """From 1, the earliest; members of one place may have come in any order. Null: unknown."""
    evidence: str | None
    """How the place is known."""
    before: int | None = None
    """The last member of an earlier place that a match joins to this one."""
    added: int | None = None
    """Words that it has beside those that both have."""
    dropped: int | None = None
    """Words of the one before that it does not have."""


class Cluster(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Documents joined by matches, and the one the others are shown against."""

    id: str
    """From the members' paths: stays when they are edited."""
    fingerprint: str
    """From the members' contents: stays when they are renamed."""
    lead: int
    lead_reason: str
    members: tuple[int, ...]
    weakest: float
    """Least coverage of the shorter document among the links that hold the cluster together,
    taking the strongest way to join all members; with complete linkage among all links."""
    indirect: tuple[Indirect, ...] = ()
    versions: tuple[Version, ...] = ()
    """All members, the earliest first, those without a place last; empty where nothing tells
    which of any two came first."""
    matches: tuple[Match, ...]
    matches_omitted: int = 0
    """Pairs of members that were not compared one by one: copies of a compared document,
    and pairs that share no key or only keys held by too many documents."""


class Boilerplate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A passage in so many documents that it does not pair them all against all, or furniture."""

    text: str
    documents: int


class Nearest(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where there is no match: the pair that came closest, and why it does not count."""

    a: int
    b: int
    coverage: tuple[float, float]
    words: int
    longest: int
    why: str


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A document as the report lists it."""

    path: str
    record: str | int | None
    title: str | None
    published: str | None
    """ISO 8601."""
    updated: str | None
    """ISO 8601."""
    byline: str | None
    place: str | None
    """Of the dateline."""
    agency: str | None
    language: str | None
    """As declared (BCP 47), never guessed."""
    version: str | None
    status: str | None
    """usable, canceled, withheld, …"""
    slug: str | None
    """The slug, or the keywords."""
    url: str | None
    line: int | None
    """Of the file, on which a record begins."""
    words: int
    digest: str
    """`sha256:` and the hash of the text's UTF-8 bytes."""
    urgency: str | None = None
    """As the agency counts it; 1 is the most urgent nearly everywhere."""
    note: str | None = None
    """The editorial note, which is not part of the text."""
    ids: tuple[str, ...] = ()
    """What its agency calls it: all versions of an item have one id in common."""
    follows: tuple[str, ...] = ()
    """Ids of what it says came before it: earlier versions (`id:version`), what it replaces or
    answers."""


class Accepted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A cluster that is not listed because the baseline accepts it."""

    id: str
    """Of the baseline's entry."""
    reason: str | None
    documents: int


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What `check` decided; the report lists what it is about."""

    failed: int
    """Clusters, and pairs outside of them, that are not accepted."""
    accepted: tuple[Accepted, ...]
    untouched: int
    """Clusters and pairs that are not listed because no changed document is among them."""
    tolerated: int
    """Clusters and pairs that are not listed because none of their relations fails."""
    stale: tuple[str, ...]
    """Entries of the baseline of which nothing is left."""

    @property
    def leaves_out(self) -> bool:
        """Whether more was found than the report lists."""
        return bool(self.accepted or self.untouched or self.tolerated)


class Tool(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What made the report."""

    name: str
    version: str


class Summary(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The counts of a run."""

    documents: int
    """Documents compared."""
    skipped: int
    candidates: int
    """Pairs proposed by the index and verified, copies of one text counted once."""
    matches: int
    """Matches listed in the clusters."""
    clusters: int
    redundant: int
    """Members of clusters other than their leads."""
    relations: dict[str, int]
    """All pairs that have a relation, listed or not; of n copies of one text n - 1 pairs."""


class Report(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Everything a run found; the JSON report."""

    schema_version: int
    tool: Tool
    status: str
    """complete"""
    settings: Settings
    summary: Summary
    documents: tuple[Entry, ...]
    """Those that occur in a cluster, a match or a passage; all else refers to them by index."""
    clusters: Sequence[Cluster]
    passages: Sequence[Match] = ()
    """Matches outside the clusters, where asked for."""
    boilerplate: tuple[Boilerplate, ...] = ()
    furniture: tuple[Boilerplate, ...] = ()
    """Lines at the head or tail of documents that were not compared: known ones, and those of
    several stories; the one in the most documents first."""
    skipped: tuple[Skipped, ...] = ()
    nearest: Nearest | None = None
    verdict: Verdict | None = None
