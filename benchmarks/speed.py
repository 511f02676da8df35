"""Times dupfind, its peers and Python's own `lower().split()` on the same stories in one run.

    python benchmarks/speed.py

Prints a table, with what each one found beside its time, and writes it as JSON and Markdown.
A process of dupfind's that starts another one loads this module there anew: all imports that
cost something stand in the functions.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from results import Measured

_HERE = Path(__file__).resolve().parent
_REUTERS = _HERE.parent.parent / "shared" / "corpora" / "reuters21578" / "docs.jsonl.gz"
_GENERATED = 20_000


def main() -> None:
    """Run what the command line asks for."""
    options = _parse()
    if options.contestant:
        _run_contestant(options.contestant, options.corpus, options.output)
        return
    import tempfile

    cores = pin()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "stories.jsonl"
        name = _fetch(options, corpus)
        _tell(f"{name}; {cores} cores")
        measured, clusters = _run_rounds(corpus, options.repeat)
        _tell("exact truth")
        from scores import judge

        judgment = judge(corpus, clusters)
    from results import make_result, render_text, save

    result = make_result(_spell(options), name, measured, judgment)
    save(result, options.output)
    print(render_text(result), end="")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    data = parser.add_mutually_exclusive_group()
    data.add_argument(
        "--corpus",
        type=Path,
        metavar="FILE",
        help="stories, .jsonl or .jsonl.gz, a record with `text` on every line "
        "[default: Reuters-21578 where it stands beside this repository, "
        f"else {_GENERATED} made ones]",
    )
    data.add_argument("--generate", type=int, metavar="N", help="make N stories instead")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="rounds [default: 5]")
    parser.add_argument(
        "--output",
        type=Path,
        default=_HERE / "results",
        metavar="DIR",
        help="where speed.json and speed.md go [default: benchmarks/results]",
    )
    parser.add_argument("--contestant", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.repeat < 1 or (options.generate is not None and options.generate < 1):
        parser.error("a number of rounds or stories must be at least 1")
    return options


def _spell(options: argparse.Namespace) -> str:
    """Give the command without the paths of this machine."""
    command = f"python benchmarks/speed.py --repeat {options.repeat}"
    if options.generate:
        return f"{command} --generate {options.generate}"
    return f"{command} --corpus {options.corpus.name}" if options.corpus else command


def _fetch(options: argparse.Namespace, target: Path) -> str:
    """Write the stories as plain JSON Lines, and say which they are."""
    from corpus import generate, unpack

    source = options.corpus or _REUTERS
    if options.corpus or (source.exists() and not options.generate):
        unpack(source, target)
        return source.name if options.corpus else "Reuters-21578"
    documents = options.generate or _GENERATED
    generate(documents, target)
    return "Made stories"


def pin() -> int:
    """Keep this process and all that it starts to two cores, where the system can do that."""
    import os

    from contestants import JOBS

    if not hasattr(os, "sched_setaffinity"):
        return os.cpu_count() or 1
    usable = sorted(os.sched_getaffinity(0))[:JOBS]
    os.sched_setaffinity(0, usable)
    return len(usable)


def _run_rounds(
    corpus: Path, rounds: int
) -> tuple[dict[str, "Measured"], dict[str, list[list[int]]]]:
    """Run all contestants in turn, so many times; give their times, and the peers' clusters."""
    from contestants import CONTESTANTS

    # Nothing large is loaded here: a process that is started inherits the peak of its starter.
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTESTANTS}
    clusters = {}
    for number in range(rounds):
        for name, own in runs.items():
            made = _start(name, corpus)
            if "missing" in made:
                continue
            _tell(f"round {number + 1} of {rounds}: {name}, {made['seconds']:.2f} s")
            if "clusters" in made:
                clusters[name] = made.pop("clusters")
            own.append(made)
    from results import Measured

    measured = {
        name: Measured([run["seconds"] for run in own], [run["memory"] for run in own])
        for name, own in runs.items()
    }
    return measured, clusters


def _start(name: str, corpus: Path) -> dict[str, Any]:
    """Run a contestant in a process of its own."""
    import json
    import subprocess

    target = corpus.with_suffix(".result.json")
    arguments = ["--contestant", name, "--corpus", str(corpus), "--output", str(target)]
    subprocess.run([sys.executable, __file__, *arguments], check=True)
    made: dict[str, Any] = json.loads(target.read_bytes())
    return made


def _run_contestant(name: str, corpus: Path, target: Path) -> None:
    import json

    from contestants import run

    target.write_text(json.dumps(run(name, corpus)), encoding="utf-8")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
