"""The page of the benchmark of scale: tables and charts of its results, and nothing else."""

from collections.abc import Iterable, Iterator
from math import log
from pathlib import Path
from typing import Any, Final

from charts import draw_bars, draw_lines
from tables import tabulate

__all__ = ["save"]

Row = dict[str, Any]

_INTRO: Final = """
The wire is made (`benchmarks/bulk.py`): stories and what newsrooms do with them, with the truth
recorded. Beyond 10,000 documents the same families come in further editions, in other words, so
that overlaps of every kind stay as frequent. Each run is a process of its own, within {memory:,.0f}
MB and {seconds:,.0f} s, and on {cores_used} of {cores} cores ({system}, {python}, NumPy {numpy}).
"""
_SIZE_HEAD: Final = (
    "contestant", "documents", "seconds", "÷ lower-split", "growth", "documents/s", "MB",
    "clusters", "found (1)", "of one story (2)", "right (3)", "by record (4)",
)  # fmt: skip
_SIZE_NOTES: Final = """
dupfind: the whole command, from its start to the written JSON report, every candidate verified. The
others: from the file to clusters, imports left out; lower-split only cuts the texts that are read
already: `[t.lower().split() for t in texts]`, on one core. MB is the peak of all processes of the
run together (PSS). Growth is the exponent: at 1 ten times the documents take ten times as long, at
2 a hundred times.

(1) Share of the pairs of documents at Jaccard >= .7 (sets of 5-word shingles, exact) whose two
documents are in one cluster; on the sample below. dupfind keeps notices on one form apart on
purpose, however alike. (2) Of those pairs, those that are recorded as versions of one story.
(3) Share of the pairs within clusters that a chain of pairs at Jaccard >= .7 joins; updates,
abridgements and roundups, which dupfind also clusters, are none of those, and a chain through a
document outside the sample is not seen: compare it within a size. (4) Share that is recorded as
one story.
"""
_STAGE_HEAD: Final = ("stage", "documents", "count", "of", "seconds", "growth", "MB")
_STAGE_NOTE: Final = (
    "As `dupfind scan -v` tells them; the first includes the start of Python, and the rest is the "
    "writing of the report. MB is the peak while the stage went on."
)
_HURT_HEAD: Final = (
    "corpus", "documents", "bytes", "seconds", "÷ benign", "MB", "candidates", "clusters",
    "identical", "not compared one by one", "boilerplate", "furniture", "skipped",
)  # fmt: skip
_HURT_NOTE: Final = (
    "All are as large as the benign one. From candidates on: what the report tells. Pairs of "
    "identical documents that it lists, pairs of members of clusters that it says were not "
    "compared one by one, passages set aside as boilerplate, lines as furniture, and what was "
    "left unread."
)
_TOLD: Final = (
    "candidates", "clusters", "identical", "omitted", "boilerplate", "furniture", "skipped",
)  # fmt: skip


def save(result: Row, page: Path) -> None:
    """Write the page, and its charts beside it."""
    page.parent.mkdir(parents=True, exist_ok=True)
    charts = _draw(result, page.stem)
    for name, chart in charts.items():
        page.with_name(name).write_text(chart, encoding="utf-8")
    page.write_text("\n\n".join(_write(result, list(charts))) + "\n", encoding="utf-8")


def _draw(result: Row, stem: str) -> dict[str, str]:
    charts = {
        f"{stem}-{key}.svg": draw_lines(title, "documents", series)
        for key, title in (("seconds", "Seconds by size"), ("memory", "Peak memory by size, MB"))
        if (series := _trace(result["runs"], key))
    }
    if ratios := {own["name"]: own["ratio"] for own in _rate(result["hurt"]) if own["ratio"]}:
        title = "Seconds on corpora made to hurt, benign = 1"
        charts[f"{stem}-hurt.svg"] = draw_bars(title, ratios)
    return charts


def _trace(runs: Iterable[Row], key: str) -> dict[str, list[tuple[float, float]]]:
    """Give the points of every contestant that came to an end."""
    series: dict[str, list[tuple[float, float]]] = {}
    for run in runs:
        if not run["stopped"]:
            # A run that ends before the first sample has no memory to show.
            point = (run["documents"], max(run[key], 1e-3))
            series.setdefault(run["name"], []).append(point)
    return series


def _write(result: Row, charts: list[str]) -> Iterator[str]:
    yield "# Benchmarks"
    yield (
        f"`{result['command']}` made this page and its charts; "
        "`python benchmarks/scale.py --render` makes them again from `results/scale.json`. "
        "Speed and quality at one size: [benchmarks](../benchmarks/README.md)."
    )
    yield " ".join(_INTRO.format(**result["limits"], **result["machine"]).split())
    yield "## By size"
    yield from _show(charts, "seconds", "memory")
    yield tabulate(_SIZE_HEAD, list(_list_runs(result["runs"])), 1)
    yield from (" ".join(note.split()) for note in _SIZE_NOTES.split("\n\n"))
    yield tabulate(
        ("documents", "bytes", "words a document", "in the sample", "pairs (1)", "pairs (2)"),
        [_list_corpus(own) for own in result["corpora"]],
        0,
    )
    yield "## By stage"
    yield tabulate(_STAGE_HEAD, list(_list_stages(result["runs"])), 1)
    yield _STAGE_NOTE
    if result["hurt"]:
        yield "## Corpora made to hurt"
        yield from _show(charts, "hurt")
        yield tabulate(_HURT_HEAD, [_list_hurt(own) for own in _rate(result["hurt"])], 1)
        yield _HURT_NOTE


def _show(charts: list[str], *keys: str) -> Iterator[str]:
    for key in keys:
        yield from (f"![{key}]({name})" for name in charts if name.endswith(f"-{key}.svg"))


def _list_runs(runs: list[Row]) -> Iterator[list[str]]:
    yardstick = {
        run["documents"]: run["seconds"]
        for run in runs
        if run["group"] == "yardstick" and not run["stopped"]
    }
    known: dict[str, Row] = {}
    for run in sorted(runs, key=lambda run: list(_trace_names(runs)).index(run["name"])):
        quality = run["quality"] or {}
        size, seconds = run["documents"], run["seconds"]
        if run["stopped"]:
            yield [run["name"], f"{size:,}", run["stopped"], *["–"] * (len(_SIZE_HEAD) - 3)]
            continue
        yield [
            run["name"],
            f"{size:,}",
            f"{seconds:.2f}",
            f"{seconds / yardstick[size]:.1f}" if size in yardstick else "–",
            _grow(known.get(run["name"]), run),
            f"{size / seconds:,.0f}",
            f"{run['memory']:,.0f}",
            f"{quality['clusters']:,}" if quality else "–",
            *(
                _percent(quality.get(key))
                for key in ("found", "found_of_one_story", "right", "right_by_record")
            ),
        ]
        known[run["name"]] = run


def _trace_names(runs: list[Row]) -> dict[str, None]:
    return dict.fromkeys(run["name"] for run in runs)


def _grow(before: Row | None, after: Row) -> str:
    """Give the exponent by which seconds grew with documents."""
    if not before or not before["seconds"] or not after["seconds"]:
        return ""
    sizes = log(after["documents"] / before["documents"])
    return f"{log(after['seconds'] / before['seconds']) / sizes:.2f}" if sizes else ""


def _list_corpus(corpus: Row) -> list[str]:
    sample = corpus["sample"]
    return [
        f"{corpus['documents']:,}",
        f"{corpus['bytes']:,}",
        f"{sample['words']:.0f}",
        *(f"{sample[key]:,}" for key in ("documents", "alike", "alike_of_one_story")),
    ]


def _list_stages(runs: list[Row]) -> Iterator[list[str]]:
    usual = next((run["name"] for run in runs if run["stages"]), "")
    stages = [
        {**stage, "documents": run["documents"]}
        for run in runs
        if run["name"] == usual
        for stage in run["stages"]
    ]
    for name in dict.fromkeys(stage["name"] for stage in stages):
        before = None
        for stage in (own for own in stages if own["name"] == name):
            yield [
                name,
                f"{stage['documents']:,}",
                f"{stage['count']:,}" if stage["unit"] else "",
                stage["unit"],
                f"{stage['seconds']:.2f}",
                _grow(before, stage),
                f"{stage['memory']:,.0f}",
            ]
            before = stage


def _rate(hurt: list[Row]) -> list[Row]:
    """Add the ratio of each time to that of the first, the benign one."""
    first = hurt[0]["seconds"] if hurt and not hurt[0]["stopped"] else None
    return [
        {**own, "ratio": own["seconds"] / first if first and not own["stopped"] else None}
        for own in hurt
    ]


def _list_hurt(own: Row) -> list[str]:
    told = own["told"] or {}
    return [
        own["name"],
        f"{own['documents']:,}",
        f"{own['bytes']:,}",
        own["stopped"] or f"{own['seconds']:.2f}",
        f"{own['ratio']:.2f}" if own["ratio"] else "–",
        f"{own['memory']:,.0f}",
        *(f"{told[key]:,}" if key in told else "–" for key in _TOLD),
    ]


def _percent(share: float | None) -> str:
    """Print a share; nothing but all of it is 100 %."""
    return "–" if share is None else f"{share if share == 1 else min(share, 0.999):.1%}"
