"""The baseline: the clusters that a team has accepted, as a file it keeps under version control.

Each line of the file makes sense by itself, so that a merge can do no harm to it:

    # 5f
    c-5f3a9c1e0b12 reason both desks run this notice
    c-5f3a9c1e0b12 sha256:9f86d081884c7d659a2feaa0c55ad015 "stories/ferry.txt"
    c-5f3a9c1e0b12 sha256:60303ae22b998861bce3b28f33eec1be "archive.jsonl" 17

An entry is all lines of one id: its members (the text's digest, the path, and the record where
the path holds more than one) and, where somebody gave it, the reason. Nothing in the file
changes with time or with the measures of a match. Entries stand in the order of their ids,
which are hashes, below 256 numbered lines that are always there: what two branches add falls,
but for one time in 256, between different lines, and merges without a conflict. Where it falls
together, a union merge (`merge=union` in .gitattributes) is right whatever the order of lines.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from itertools import chain
from operator import attrgetter
from typing import Final, NamedTuple

from dupfind.errors import BaselineError

__all__ = ["Acceptance", "Member", "format_baseline", "make_id", "parse_baseline", "shorten"]

_DIGITS: Final = 32  # of a digest that are kept: 128 bits
_MEMBER: Final = re.compile(r"(?P<id>c-[0-9a-f]{12}) sha256:(?P<digest>[0-9a-f]{32}) (?P<name>.+)")
_REASON: Final = re.compile(r"(?P<id>c-[0-9a-f]{12}) reason\b(?P<reason>.*)")
_MARKERS: Final = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
_HEADER: Final = """\
# The clusters that `dupfind check` accepts, written by `dupfind check --write-baseline`.
# To say why one is accepted, add a line: its id, the word reason, and your words.
# The numbers keep apart what two branches add.
"""


class Member(NamedTuple):
    """A document of an accepted cluster."""

    path: str
    record: str | int | None
    digest: str
    """The first 32 hexadecimal digits of its text's SHA-256."""

    @property
    def name(self) -> str:
        """Path and record as the file has them."""
        path = _quote(self.path)
        return path if self.record is None else f"{path} {_quote(self.record)}"


class Acceptance(NamedTuple):
    """An entry of the baseline: documents that may overlap."""

    id: str
    members: tuple[Member, ...]
    reasons: tuple[str, ...] = ()


def shorten(digest: str) -> str:
    """Cut a digest of the report (`sha256:` and 64 digits) to what the baseline keeps of it."""
    return digest.removeprefix("sha256:")[:_DIGITS]


def make_id(members: Iterable[Member], taken: Collection[str]) -> str:
    """Make the id of a new entry: that of the cluster in the report, unless it is taken.

    That is a hash of its paths, as they count from the baseline.
    """
    content = "\n".join(sorted(f"{member.path}\0{member.record}" for member in members))
    while True:
        content = sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
        if (made := f"c-{content[:12]}") not in taken:
            return made


def parse_baseline(text: str) -> list[Acceptance]:
    """Read a baseline; the order of its lines makes no difference.

    Raises `BaselineError` that names the line that is none of a baseline.
    """
    members: dict[str, dict[Member, None]] = defaultdict(dict)
    reasons: dict[str, dict[str, None]] = defaultdict(dict)
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line = raw.rstrip()
        if not line or line.startswith("#"):
            continue
        if line.startswith(_MARKERS):
            hint = "keep the lines of both sides and delete the marker"
            raise BaselineError(f"line {number} is left of a merge conflict; {hint}")
        if found := _REASON.fullmatch(line):
            reasons[found["id"]][found["reason"].strip()] = None
        elif (found := _MEMBER.fullmatch(line)) and (name := _read_name(found["name"])):
            members[found["id"]][Member(*name, found["digest"])] = None
        else:
            hint = "correct it, or delete it"
            raise BaselineError(f"line {number} is no line of a baseline; {hint}")
    return [
        Acceptance(name, tuple(found), tuple(reason for reason in reasons[name] if reason))
        for name, found in sorted(members.items())
    ]


def format_baseline(accepted: Iterable[Acceptance]) -> str:
    """Write a baseline: the same text for the same entries."""
    below: dict[str, list[Acceptance]] = defaultdict(list)
    for entry in sorted(accepted, key=attrgetter("id")):
        below[entry.id[2:4]].append(entry)
    slots = (f"{slot:02x}" for slot in range(256))
    lines = ((f"# {slot}", *chain.from_iterable(map(_tell, below[slot]))) for slot in slots)
    return _HEADER + "\n".join(chain.from_iterable(lines)) + "\n"


def _quote(name: str | int) -> str:
    """Write a path or a record as JSON; what cannot be seen becomes an escape."""
    return "".join(
        sign if sign.isprintable() else json.dumps(sign)[1:-1].replace("\x7f", "\\u007f")
        for sign in json.dumps(name, ensure_ascii=False)
    )


def _read_name(name: str) -> tuple[str, str | int | None] | None:
    """Read a path and, behind it, a record; None where they are neither."""
    try:
        path, end = json.JSONDecoder().raw_decode(name)
        record = json.loads(name[end:]) if name[end:] else None
    except ValueError:
        return None
    if not isinstance(path, str) or not isinstance(record, str | int | None):
        return None
    return path, record


def _tell(entry: Acceptance) -> Iterator[str]:
    for reason in sorted(entry.reasons):
        yield f"{entry.id} reason {reason}"
    for name, digest in sorted((member.name, member.digest) for member in entry.members):
        yield f"{entry.id} sha256:{digest} {name}"
