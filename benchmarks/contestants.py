"""The contestants: what each is called, what it does, and one run of it on the clock."""

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import peers

__all__ = ["BASELINE", "CONTESTANTS", "JOBS", "YARDSTICK", "Contestant", "run"]

JOBS: Final = 2
"""Cores, and so dupfind's processes."""
BASELINE: Final = "dupfind"
YARDSTICK: Final = "lower-split"


@dataclass(frozen=True, slots=True)
class Contestant:
    """Something to time."""

    does: str
    modules: tuple[str, ...]
    """Imported before the clock starts."""
    run: Callable[[Any], Any]
    """What is timed; takes what `prepare` gives."""
    prepare: Callable[[Path], Any] = Path
    """Gives what the run begins with: the path of the file, or what was read from it."""
    against: str | None = None
    """Whose time its own is compared with."""
    asked: float | None = None
    """The least ratio that dupfind promises: how many times as fast dupfind's side is."""
    distribution: str | None = None
    """What has to be installed, for a peer."""


def _get_ready(path: Path) -> object:
    import ours

    return ours.get_ready(path, JOBS)


def _scan(given: tuple[Path, Any]) -> None:
    import ours

    ours.scan(given)


def _sketch(documents: list[Any]) -> None:
    import ours

    ours.sketch_texts(documents)


def _read_documents(path: Path) -> list[Any]:
    import ours

    return list(ours.read_documents(path))


def _split(texts: list[str]) -> list[list[str]]:
    return [text.lower().split() for text in texts]


def _peer(
    distribution: str, cluster: Callable[[list[str]], Any], asked: float, *modules: str
) -> Contestant:
    return Contestant(
        does="clusters",
        modules=modules,
        run=partial(peers.cluster_file, cluster=cluster),
        against=BASELINE,
        asked=asked,
        distribution=distribution,
    )


# What dupfind imports where it uses it comes along.
_OURS: Final = ("ours", "datasketch", "scipy.sparse.csgraph")

CONTESTANTS: Final = {
    BASELINE: Contestant("verified report, written as JSON", _OURS, _scan, _get_ready),
    "gaoya": _peer("gaoya", peers.cluster_gaoya, 1.0, "gaoya.minhash"),
    "rensa": _peer("rensa", peers.cluster_rensa, 1.5, "rensa"),
    "FastSketchLSH": _peer("fastsketchlsh", peers.cluster_fastsketchlsh, 1.5, "FastSketchLSH"),
    "datasketch": _peer("datasketch", peers.cluster_datasketch, 4.0, "datasketch", "xxhash"),
    YARDSTICK: Contestant(
        "[t.lower().split() for t in texts], one core", (), _split, peers.read_texts
    ),
    "sketch": Contestant(
        "tokens, shingles, signatures, fingerprints, one core",
        _OURS,
        _sketch,
        _read_documents,
        against=YARDSTICK,
        asked=1.0,
    ),
}


def run(name: str, corpus: Path) -> dict[str, Any]:
    """Run a contestant once, in this process: a fresh one, or the peak of memory is another's.

    Gives `seconds`, `memory` in MB and, for a peer, `clusters`; only `missing` where a module
    is not installed.
    """
    contestant = CONTESTANTS[name]
    try:
        for module in contestant.modules:
            import_module(module)
    except ModuleNotFoundError as error:
        return {"missing": error.name}
    given = contestant.prepare(corpus)
    began = time.perf_counter()
    made = contestant.run(given)
    seconds = time.perf_counter() - began
    result = {"seconds": seconds, "memory": _peak_memory()}
    return result | {"clusters": made} if contestant.distribution else result


def _peak_memory() -> float:
    """Add up the peaks of this process and of its largest child, in MB."""
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    users = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(user).ru_maxrss for user in users) / unit
