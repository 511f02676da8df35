"""The results: one structure, written as JSON, as Markdown and as plain text."""

import json
import os
import platform
from importlib import metadata
from pathlib import Path
from statistics import median
from textwrap import fill
from typing import Any, Final, NamedTuple

from contestants import BASELINE, CONTESTANTS, YARDSTICK
from scores import Judgment, Quality
from tables import align, tabulate

__all__ = ["Measured", "describe_machine", "make_result", "render_markdown", "render_text", "save"]

_SCAN_HEAD: Final = (
    "contestant", "gives", "seconds", "least–most", "÷ dupfind", "asked", "MB", "clusters",
    "found (1)", "or template (2)", "right (3)", "20-word runs (4)",
)  # fmt: skip
_SKETCH_HEAD: Final = (
    "contestant", "does", "seconds", "least–most", "lower-split ÷ it", "asked", "MB",
)  # fmt: skip
_TEXT_COLUMNS: Final = 2  # the first ones, set flush left
_WIDTH: Final = 100
_MISSING: Final = "not installed: pip install 'dupfind[benchmark]'"
_NOTES: Final = """
A speed without its recall is not quoted. Times are medians over the rounds, in which all take
turns, each in a process of its own and on the same cores; imports are left out. Ratios are taken
round by round, then their median. MB is the peak of the process and its workers.

dupfind: from the JSON Lines file to the finished JSON report, every candidate verified; its second
process is started before the clock, as imports are. The others: from the same file to clusters
alone, by shingles of 5 lower-cased words, 128 permutations and 16 bands of 8 rows; all but gaoya,
which lets the signatures decide, check their candidates exactly.

(1) Share of the {alike:,} pairs of documents at Jaccard >= .7 (sets of 5-word shingles, documents
of 5 words or more, exact) whose two documents end in one cluster.

(2) The same, or listed by dupfind as a template: one form with other facts, which it keeps out of
its clusters on purpose. It leaves out documents of fewer than 20 words unless told otherwise
(--min-words); {short:,} of the pairs have one. Of the others {long_recall} are found or listed.

(3) Share of the pairs within clusters that a chain of pairs at Jaccard >= .7 joins. dupfind's
clusters mean more than that: updates, abridgements and roundups are in them, so a low share here
is no error.

(4) Share of the {runs:,} pairs that share a run of 20 or more words (exact, documents of 20 words
or more, runs in more than 32 documents left out) that dupfind has as verified candidates, and
the others in one cluster.
"""


class Measured(NamedTuple):
    """A contestant's runs, one a round; empty where it is not installed."""

    seconds: list[float]
    memory: list[float]
    """MB."""


def describe_machine() -> dict[str, Any]:
    """Say what the numbers depend on, and nothing that names the machine."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    return {
        "cores": os.cpu_count(),
        "cores_used": len(usable) or os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "numpy": metadata.version("numpy"),
    }


def make_result(
    command: str, data: str, measured: dict[str, Measured], judgment: Judgment
) -> dict[str, Any]:
    """Make the result of a run: everything that the tables show, in full precision."""
    rows = {name: _make_row(name, measured, judgment.qualities.get(name)) for name in CONTESTANTS}
    scans = [row for name, row in rows.items() if name == BASELINE or row.get("version")]
    return {
        "command": command,
        "data": {
            "name": data,
            "documents": judgment.documents,
            "characters": judgment.characters,
            "pairs_alike": judgment.alike,
            "pairs_alike_with_a_short_document": judgment.short,
            "recall_or_template_of_the_other_pairs": judgment.long_recall,
            "pairs_sharing_20_words": judgment.runs,
        },
        "machine": describe_machine(),
        "rounds": max(len(own.seconds) for own in measured.values()),
        "scan": scans,
        "sketch": [row for row in rows.values() if row not in scans],
        "notes": _make_notes(judgment),
    }


def _make_row(name: str, measured: dict[str, Measured], quality: Quality | None) -> dict[str, Any]:
    contestant, own = CONTESTANTS[name], measured[name]
    row: dict[str, Any] = {"name": name, "does": contestant.does}
    if contestant.distribution or name == BASELINE:
        row["version"] = _find_version(contestant.distribution or name)
    if not own.seconds:
        return row | {"missing": _MISSING}
    row |= {
        "seconds": median(own.seconds),
        "seconds_by_round": own.seconds,
        "memory_mb": median(own.memory),
    }
    if contestant.against:
        other = measured[contestant.against].seconds
        row |= {
            "against": contestant.against,
            "ratio": median(_divide(own.seconds, other, upside=contestant.against == YARDSTICK)),
            "asked": contestant.asked,
        }
    return row | (quality._asdict() if quality else {})


def _divide(own: list[float], other: list[float], *, upside: bool) -> list[float]:
    """Give the ratios round by round: of one round's runs the machine was equally busy."""
    pairs = zip(other, own, strict=True) if upside else zip(own, other, strict=True)
    return [a / b for a, b in pairs]


def _find_version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "absent"


def _make_notes(judgment: Judgment) -> list[str]:
    long_recall = _percent(judgment.long_recall)
    told = _NOTES.format(**judgment._asdict() | {"long_recall": long_recall})
    return [" ".join(note.split()) for note in told.split("\n\n")]


def render_text(result: dict[str, Any]) -> str:
    """Render a result for a terminal."""
    parts = [
        result["command"],
        _tell_about(result),
        "",
        align(_SCAN_HEAD, _list_scans(result), _TEXT_COLUMNS),
        "",
        align(_SKETCH_HEAD, _list_sketches(result), _TEXT_COLUMNS),
        "",
        *(fill(note, _WIDTH, break_on_hyphens=False) for note in result["notes"]),
    ]
    return "\n".join(parts) + "\n"


def render_markdown(result: dict[str, Any]) -> str:
    """Render a result as Markdown."""
    parts = [
        "# Speed",
        f"`{result['command']}`",
        _tell_about(result),
        tabulate(_SCAN_HEAD, _list_scans(result), _TEXT_COLUMNS),
        tabulate(_SKETCH_HEAD, _list_sketches(result), _TEXT_COLUMNS),
        *result["notes"],
    ]
    return "\n\n".join(parts) + "\n"


def save(result: dict[str, Any], folder: Path) -> None:
    """Write `speed.json` and `speed.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=2, ensure_ascii=False)
    (folder / "speed.json").write_text(text + "\n", encoding="utf-8")
    (folder / "speed.md").write_text(render_markdown(result), encoding="utf-8")


def _tell_about(result: dict[str, Any]) -> str:
    data, machine = result["data"], result["machine"]
    return (
        f"{data['name']}: {data['documents']:,} documents, {data['characters']:,} characters. "
        f"{machine['cores_used']} of {machine['cores']} cores, {machine['system']}, "
        f"{machine['python']}, NumPy {machine['numpy']}. Rounds: {result['rounds']}."
    )


def _list_scans(result: dict[str, Any]) -> list[list[str]]:
    return [
        [
            f"{row['name']} {row['version']}",
            *_list_times(row),
            _count(row.get("clusters")),
            *(
                _percent(row.get(key))
                for key in ("recall", "recall_or_template", "precision", "shared_runs")
            ),
        ]
        if "seconds" in row
        else [row["name"], row["missing"], *["–"] * (len(_SCAN_HEAD) - 2)]
        for row in result["scan"]
    ]


def _list_sketches(result: dict[str, Any]) -> list[list[str]]:
    return [[row["name"], *_list_times(row)] for row in result["sketch"]]


def _list_times(row: dict[str, Any]) -> list[str]:
    rounds = row["seconds_by_round"]
    return [
        row["does"],
        f"{row['seconds']:.2f}",
        f"{min(rounds):.2f}–{max(rounds):.2f}",
        f"{row['ratio']:.2f}" if "ratio" in row else "1",
        f">= {row['asked']:g}" if row.get("asked") else "",
        f"{row['memory_mb']:,.0f}",
    ]


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _percent(share: float | None) -> str:
    """Print a share; nothing but all of it is 100 %."""
    if share is None:
        return "–"
    return f"{share if share == 1 else min(share, 0.999):.1%}"
