"""Measures seconds and memory by size and by stage, beside the peers, and what hurts.

    python benchmarks/scale.py --sizes 10000,100000 --jobs --peers --hurt
    python benchmarks/scale.py --render

Writes `results/scale.json`, and of it the page docs/benchmarks.md with its charts. Needs Linux.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import scale_page
import speed
from bulk import Wire
from contestants import BASELINE, CONTESTANTS, JOBS, YARDSTICK
from hurt import HURTS, write
from results import describe_machine
from sampling import Sample, read_clusters
from watching import Limits, Outcome, watch

_HERE: Final = Path(__file__).resolve().parent
_ROOT: Final = _HERE.parent
_SEED: Final = 1
_APART: Final = "text-dedup"
_USUAL: Final = (f"{BASELINE}, {JOBS} processes", ("--jobs", str(JOBS)))
# A row of the tables for each: what it is called, and the options of the scan. What else a scan
# can be told that changes its time or its memory gets its row here.
_OTHERS: Final = ((f"{BASELINE}, 1 process", ("--jobs", "1")),)


class Bench:
    """What all runs have in common."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder = folder
        self.limits = limits

    def scan(self, name: str, corpus: Path, arguments: tuple[str, ...]) -> tuple[Outcome, Path]:
        """Run `dupfind scan`; give its outcome, and where its report is."""
        target = self.folder / "report.json"
        target.unlink(missing_ok=True)
        command = [sys.executable, "-m", "dupfind", "scan", str(corpus), "--verbose"]
        outcome = watch(
            [*command, "--output", str(target), *arguments], self.limits, PYTHONPATH=str(_ROOT)
        )
        _tell(name, outcome)
        return outcome, target

    def contest(self, name: str, *command: str) -> tuple[Outcome, dict[str, Any]]:
        """Run a command that tells its result in the file that it is given as its last argument.

        The seconds are those that it tells: without imports.
        """
        target = self.folder / "contestant.json"
        target.unlink(missing_ok=True)
        outcome = watch([*command, str(target)], self.limits, PYTHONPATH=str(_ROOT))
        made: dict[str, Any] = {} if outcome.stopped else json.loads(target.read_bytes())
        if "missing" in made:
            outcome.stopped = "not installed"
        outcome.seconds = made.get("seconds", outcome.seconds)
        _tell(name, outcome)
        return outcome, made


def main() -> None:
    """Run what the command line asks for."""
    options = _parse()
    target = options.output / "scale.json"
    if not options.render:
        speed.pin()
        options.output.mkdir(parents=True, exist_ok=True)
        for result in _measure(options):
            text = json.dumps(result, indent=1, ensure_ascii=False)
            target.write_text(text + "\n", encoding="utf-8")
    scale_page.save(json.loads(target.read_bytes()), options.page)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--sizes",
        type=lambda told: [int(size) for size in told.split(",")],
        default=[10_000, 100_000],
        metavar="N,...",
        help="documents, smallest first [default: 10000,100000]",
    )
    parser.add_argument("--jobs", action="store_true", help="one process, too")
    parser.add_argument("--peers", action="store_true", help="the peers, too")
    parser.add_argument(
        "--text-dedup", metavar="PYTHON", help="text-dedup, too, by the Python that has it"
    )
    parser.add_argument(
        "--hurt",
        type=int,
        metavar="N",
        help="corpora made to hurt, too, as large as the benign one of N documents",
    )
    parser.add_argument(
        "--megabytes", type=int, default=16_000, metavar="MB", help="per run [default: 16000]"
    )
    parser.add_argument(
        "--seconds", type=int, default=3600, metavar="S", help="per run [default: 3600]"
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where the corpora are written")
    parser.add_argument("--render", action="store_true", help="only make the page again")
    parser.add_argument(
        "--output",
        type=Path,
        default=_HERE / "results",
        metavar="DIR",
        help="where scale.json goes [default: benchmarks/results]",
    )
    parser.add_argument(
        "--page",
        type=Path,
        default=_ROOT / "docs" / "benchmarks.md",
        metavar="FILE",
        help="the page; charts go beside it [default: docs/benchmarks.md]",
    )
    options = parser.parse_args()
    if min([*options.sizes, options.hurt or 1]) < 1:
        parser.error("a corpus has at least 1 document")
    options.sizes.sort()
    return options


def _spell(options: argparse.Namespace) -> str:
    """Give the command without the paths of this machine."""
    sizes = ",".join(map(str, options.sizes))
    parts = [f"python benchmarks/scale.py --sizes {sizes}"]
    parts += ["--jobs"] * options.jobs + ["--peers"] * options.peers
    parts += ["--text-dedup PYTHON"] if options.text_dedup else []
    parts += [f"--hurt {options.hurt}"] if options.hurt else []
    return " ".join([*parts, f"--megabytes {options.megabytes} --seconds {options.seconds}"])


def _measure(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Give the result so far, after each size and at the end: a run of all sizes takes hours."""
    limits = Limits(options.megabytes, options.seconds)
    result: dict[str, Any] = {
        "command": _spell(options),
        "machine": describe_machine(),
        "limits": asdict(limits),
        "corpora": [],
        "runs": [],
        "hurt": [],
    }
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        bench = Bench(Path(folder), limits)
        for size in options.sizes:
            corpus, sample, described = _make_corpus(bench, size)
            result["corpora"].append(described)
            others = _OTHERS if options.jobs else ()
            result["runs"] += _run_scans(bench, corpus, sample, (_USUAL, *others))
            if options.text_dedup:
                result["runs"] += _run_apart(bench, corpus, sample, options.text_dedup)
            result["runs"] += _run_contestants(bench, corpus, sample, peers=options.peers)
            yield result
        if options.hurt:
            result["hurt"] += _run_hurts(bench, Wire(options.hurt, _SEED))
            yield result


def _make_corpus(bench: Bench, size: int) -> tuple[Path, Sample, dict[str, Any]]:
    began = time.perf_counter()
    made = Wire(size, _SEED)
    corpus = bench.folder / "corpus.jsonl"
    made.write(corpus)
    seconds = time.perf_counter() - began
    print(f"{size:,} documents, made in {seconds:.0f} s", file=sys.stderr, flush=True)
    sample = Sample(corpus, made)
    volume = {"documents": size, "bytes": corpus.stat().st_size}
    return corpus, sample, volume | {"sample": sample.size}


def _run_scans(
    bench: Bench, corpus: Path, sample: Sample, ways: tuple[tuple[str, tuple[str, ...]], ...]
) -> Iterator[dict[str, Any]]:
    for name, arguments in ways:
        outcome, report = bench.scan(name, corpus, arguments)
        quality = None if outcome.stopped else sample.judge(read_clusters(report)[0])
        yield _describe(sample, name, BASELINE, outcome, quality)


def _run_contestants(
    bench: Bench, corpus: Path, sample: Sample, *, peers: bool
) -> Iterator[dict[str, Any]]:
    for name, contestant in CONTESTANTS.items():
        if name != YARDSTICK and not (peers and contestant.distribution):
            continue
        own = (sys.executable, speed.__file__, "--contestant", name)
        outcome, made = bench.contest(name, *own, "--corpus", str(corpus), "--output")
        quality = sample.judge(made["clusters"]) if "clusters" in made else None
        if contestant.distribution and outcome.stopped != "not installed":
            name = f"{name} {metadata.version(contestant.distribution)}"  # noqa: PLW2901
        group = "yardstick" if contestant.distribution is None else "peer"
        yield _describe(sample, name, group, outcome, quality)


def _run_apart(bench: Bench, corpus: Path, sample: Sample, python: str) -> Iterator[dict[str, Any]]:
    """Run text-dedup by another Python."""
    # -P: what lies beside the script has the names of modules that it needs.
    outcome, made = bench.contest(_APART, python, "-P", str(_HERE / "apart.py"), str(corpus))
    quality = sample.judge(made["clusters"]) if "clusters" in made else None
    yield _describe(sample, _APART, "peer", outcome, quality)


def _describe(
    sample: Sample, name: str, group: str, outcome: Outcome, quality: dict[str, Any] | None
) -> dict[str, Any]:
    head = {"documents": sample.documents, "name": name, "group": group}
    return head | asdict(outcome) | {"quality": quality}


def _run_hurts(bench: Bench, benign: Wire) -> Iterator[dict[str, Any]]:
    """Scan the benign corpus and those as large that are made to hurt."""
    corpus = bench.folder / "corpus.jsonl"
    benign.write(corpus)
    size = corpus.stat().st_size
    documents = benign.documents
    for name, make in (("benign", None), *HURTS.items()):
        if make:
            documents = write(make(benign, size), size, corpus)
        outcome, report = bench.scan(name, corpus, _USUAL[1])
        yield {
            "name": name,
            "documents": documents,
            "bytes": corpus.stat().st_size,
            **asdict(outcome),
            "told": None if outcome.stopped else read_clusters(report)[1],
        }


def _tell(name: str, outcome: Outcome) -> None:
    told = outcome.stopped or f"{outcome.seconds:.2f} s, {outcome.memory:,.0f} MB"
    print(f"{name}: {told}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
