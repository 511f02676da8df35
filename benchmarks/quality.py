"""Scores what dupfind says of a made wire corpus and of labeled pairs, beside simple methods.

    python benchmarks/quality.py
    python benchmarks/quality.py --section relations --documents 2000 --seed 7 --wrong wrong.json

Prints tables, and writes those of a whole run as JSON and Markdown.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import judging
import wire
from baselines import METHODS
from found import scan_records
from tables import align, tabulate

_HERE: Final = Path(__file__).resolve().parent
_RATES: Final = ("precision", "recall", "F1")
_RATES_OF_NOISE: Final = (0.01, 0.05, 0.1, 0.2)
_STORIES: Final = 300  # with a corrupted copy each


class Table(NamedTuple):
    """A table of results, in full precision."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    note: str = ""


class Run:
    """What several sections need, made once."""

    def __init__(self, documents: int, seed: int, folds: int, reprints: int) -> None:
        self.documents = documents
        self.seed = seed
        self.folds = folds
        self.reprints = reprints

    @cached_property
    def trial(self) -> judging.Trial:
        """The generated corpus, scanned."""
        return judging.try_out(self.documents, self.seed)

    @cached_property
    def joined(self) -> dict[str, judging.Pairs]:
        """The pairs that each method calls one story."""
        return judging.join_all(self.trial)


def _score_relations(run: Run) -> Iterator[Table]:
    confusion = judging.judge_relations(run.trial)
    yield Table(
        "Relations",
        ("pairs", "accuracy", "macro F1"),
        [(sum(confusion.counts.values()), confusion.accuracy, confusion.macro_f1)],
        "Of the generated corpus: pairs of one family, and whatever else the report lists.",
    )
    yield Table(
        "Relations one by one",
        ("relation", *_RATES),
        [(name or "none", *own) for name, own in confusion.rates().items()],
    )
    classes = confusion.classes()
    yield Table(
        "Expected (rows) and found relations",
        ("", *(name or "none" for name in classes)),
        [
            (one or "none", *(confusion.counts.get((one, other), 0) for other in classes))
            for one in classes
        ],
    )
    yield Table(
        "Relations by language",
        ("language", "pairs", "accuracy", "macro F1"),
        [
            (code, sum(own.counts.values()), own.accuracy, own.macro_f1)
            for code, own in judging.judge_scripts(run.trial).items()
        ],
    )


def _score_passages(run: Run) -> Iterator[Table]:
    yield Table(
        "Passages",
        ("of", "plagdet", "precision", "recall", "granularity"),
        [(kind, *own) for kind, own in judging.judge_passages(run.trial).items()],
        "Micro-averaged over characters (Potthast et al. 2010).",
    )


def _score_clusters(run: Run) -> Iterator[Table]:
    judged = judging.judge_clusters(run.trial, run.joined)
    yield Table(
        "Clusters",
        ("method", "adjusted Rand", "worst merge"),
        [(name, *own.values()) for name, own in judged.items()],
        "Worst merge: the most documents of one cluster that cannot be of its main story.",
    )
    rates = judging.judge_joins(run.trial, run.joined)
    yield Table(
        "Pairs of one story",
        ("method", *_RATES),
        [(name, *own) for name, own in rates.items()],
    )

    events, shares = judging.judge_events(run.trial, run.joined)
    yield Table(
        "Stories of one event in independent words",
        ("method", "joined"),
        list(shares.items()),
        f"Share of {events} pairs that are taken for one story; none is.",
    )


def _score_candidates(run: Run) -> Iterator[Table]:
    judged = judging.judge_candidates(run.trial, run.joined)
    yield Table(
        "Candidates",
        ("index", "one story", "20-word runs", "pairs a document"),
        [(name, *own) for name, own in judged.items()],
        "Share of the true pairs that are proposed: of one story; with 20 equal words in a row.",
    )


def _score_noise(run: Run) -> Iterator[Table]:
    judged = [judging.judge_noise(_STORIES, rate, run.seed) for rate in _RATES_OF_NOISE]
    yield Table(
        "Copies with corrupted words",
        ("method", *(f"{rate:.0%} of words" for rate in _RATES_OF_NOISE)),
        [(name, *(own[name] for own in judged)) for name in judged[0]],
        f"Share of {_STORIES} stories that are joined with a copy so misread.",
    )


def _score_reuters(run: Run) -> Iterator[Table]:
    import reuters

    if not reuters.FOLDER.is_dir():
        return
    pairs, records = reuters.read_pairs(), reuters.read_records()
    whole = scan_records(records.values())
    alone = {
        (pair.a, pair.b): scan_records((records[pair.a], records[pair.b])).relation(pair.a, pair.b)
        for pair in pairs
    }
    texts = {name: records[name]["text"] for pair in pairs for name in pair[:2]}
    joins: dict[str, Callable[[str, str], bool]] = {
        "dupfind": lambda a, b: whole.relation(a, b) in wire.CLUSTERING,
        "dupfind, each pair alone": lambda a, b: alone[a, b] in wire.CLUSTERING,
        "dupfind, in one cluster": whole.together,
    }
    for name, method in METHODS.items():
        found = method(texts)
        joins[name] = lambda a, b, found=found: frozenset((a, b)) in found  # type: ignore[misc]
    yield Table(
        "Reuters-21578, labeled pairs",
        ("method", *_RATES),
        [(name, *reuters.judge(pairs, join)) for name, join in joins.items()],
        f"{len(pairs)} pairs that were read: same story, or only the same form; weighted.",
    )
    if run.folds:
        from refitting import refit

        yield Table(
            "Reuters-21578, rules refitted",
            ("method", *_RATES),
            [(f"dupfind, {run.folds} folds", *refit(records.values(), pairs, run.folds))],
            "Each pair is judged by rules whose numbers were chosen, of a grid, without its fold.",
        )
    if run.reprints:
        from reprints import judge_reprinted

        rates = judge_reprinted(records.values(), pairs, run.reprints, run.seed)
        yield Table(
            "Reuters-21578, reprinted",
            ("method", *_RATES),
            [(f"dupfind, {run.reprints} of each", *rates)],
            "The same pairs, where each of the stories stands in the corpus so many times, edited.",
        )


_SECTIONS: Final[dict[str, Callable[[Run], Iterator[Table]]]] = {
    "relations": _score_relations,
    "passages": _score_passages,
    "clusters": _score_clusters,
    "candidates": _score_candidates,
    "noise": _score_noise,
    "reuters": _score_reuters,
}


def main() -> None:
    """Run what the command line asks for."""
    options = _parse()
    run = Run(options.documents, options.seed, options.folds, options.reprints)
    tables = []
    for name in options.section or _SECTIONS:
        for table in _SECTIONS[name](run):
            tables.append(table)
            print(_render_text(table), flush=True)
    if options.wrong:
        options.wrong.write_text(_list_wrong(run.trial), encoding="utf-8")
    folder = options.output or (None if options.section else _HERE / "results")
    if folder:
        _save(tables, options, folder)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=4000, metavar="N", help="[default: 4000]")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="[default: 1]")
    parser.add_argument(
        "--section", action="append", choices=_SECTIONS, help="only this one; repeatable"
    )
    parser.add_argument(
        "--folds",
        type=int,
        default=0,
        metavar="K",
        help="judge the labeled pairs of Reuters by rules refitted for each of K folds, too",
    )
    parser.add_argument(
        "--reprints",
        type=int,
        default=0,
        metavar="N",
        help="judge them where every story stands in the corpus N times, edited, too",
    )
    parser.add_argument(
        "--wrong", type=Path, metavar="FILE", help="list the pairs with a wrong relation as JSON"
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="where quality.json and quality.md go [default: benchmarks/results, of a whole run]",
    )
    return parser.parse_args()


def _list_wrong(trial: judging.Trial) -> str:
    texts = trial.texts
    listed = [
        item | {"text_a": texts[item["a"]], "text_b": texts[item["b"]]}
        for item in judging.explain(trial)
    ]
    return json.dumps(listed, indent=1, ensure_ascii=False) + "\n"


def _show(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _cells(table: Table) -> list[list[str]]:
    return [[_show(value) for value in row] for row in table.rows]


def _text_columns(table: Table) -> int:
    return int(isinstance(table.rows[0][0], str))


def _render_text(table: Table) -> str:
    shown = align(table.head, _cells(table), _text_columns(table))
    return f"{table.title}\n{shown}\n{table.note}\n" if table.note else f"{table.title}\n{shown}\n"


def _save(tables: list[Table], options: argparse.Namespace, folder: Path) -> None:
    """Write `quality.json` and `quality.md`."""
    chosen = {name: getattr(options, name) for name in ("documents", "seed", "folds", "reprints")}
    told = " ".join(f"--{name} {value}" for name, value in chosen.items() if value)
    command = f"python benchmarks/quality.py {told}"
    folder.mkdir(parents=True, exist_ok=True)
    plain = {"command": command, "tables": [table._asdict() for table in tables]}
    text = json.dumps(plain, indent=2, ensure_ascii=False) + "\n"
    (folder / "quality.json").write_text(text, encoding="utf-8")
    parts = ["# Quality", f"`{command}`"]
    for table in tables:
        parts += [f"## {table.title}", tabulate(table.head, _cells(table), _text_columns(table))]
        parts += [table.note] if table.note else []
    (folder / "quality.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
