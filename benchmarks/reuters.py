"""The development pairs of Reuters-21578: pairs that were read and labeled."""

import csv
import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

import metrics

__all__ = ["FOLDER", "Labeled", "fold", "judge", "read_pairs", "read_records"]

FOLDER: Final = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "reuters21578"


class Labeled(NamedTuple):
    """A pair of documents, by their ids."""

    a: str
    b: str
    same: bool
    """They tell the same story; else they only have the same form."""
    weight: float
    """How many pairs of the collection it stands for."""


def read_pairs(folder: Path = FOLDER) -> list[Labeled]:
    """Read the pairs that are the same story or not; what is labeled neither is left out."""
    with (folder / "dev_pairs.tsv").open(encoding="utf-8", newline="") as lines:
        return [
            Labeled(row["id1"], row["id2"], row["label"] == "1", float(row["stratum_weight"]))
            for row in csv.DictReader(lines, delimiter="\t")
            if row["label"]
        ]


def read_records(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Read the documents, by id, in the order of the file."""
    with gzip.open(folder / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {record["id"]: record for record in map(json.loads, lines)}


def fold(pairs: Sequence[Labeled], folds: int) -> list[list[Labeled]]:
    """Cut pairs into folds for cross-validation, the same ones always, by a hash of their ids.

    Rules tuned on all folds but one are to be judged on that one.
    """
    cut: list[list[Labeled]] = [[] for _ in range(folds)]
    for pair in pairs:
        digest = sha256(f"{pair.a} {pair.b}".encode()).digest()
        cut[int.from_bytes(digest[:8]) % folds].append(pair)
    return cut


def judge(pairs: Sequence[Labeled], joins: Callable[[str, str], bool]) -> metrics.Rates:
    """Rate what is called the same story, each pair with its weight."""
    claimed: Mapping[Labeled, bool] = {pair: joins(pair.a, pair.b) for pair in pairs}
    return metrics.rate(
        sum(pair.weight for pair, joined in claimed.items() if joined and pair.same),
        sum(pair.weight for pair, joined in claimed.items() if joined),
        sum(pair.weight for pair in pairs if pair.same),
    )
