"""Runs text-dedup's MinHash, by the Python of an environment where it is installed.

    PYTHON benchmarks/apart.py corpus.jsonl result.json

It cannot be installed beside dupfind: it asks for older versions of what both need. Its command
is called as its users call it, with the numbers of the other peers (see `peers`). Its candidates
are its answer: nothing checks them.
"""

import json
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Final

_NUMBERS: Final = {"threshold": 0.7, "num_perm": 128, "b": 16, "r": 8, "ngram": 5, "min_length": 5}
_PROCESSES: Final = 2


def main() -> None:
    """Cluster the file, and write the seconds and the clusters as `contestants.run` gives them."""
    corpus, target = map(Path, sys.argv[1:])
    try:
        from text_dedup import minhash
    except ModuleNotFoundError as error:
        target.write_text(json.dumps({"missing": error.name}), encoding="utf-8")
        return
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        given = {
            "path": "json", "data_files": corpus, "split": "train", "column": "text",
            "cache_dir": Path(folder, "cache"), "output": Path(folder, "output"),
            "num_proc": _PROCESSES, "hash_func": "xxh3", **_NUMBERS,
        }  # fmt: skip
        arguments = [str(part) for name, value in given.items() for part in (f"--{name}", value)]
        began = time.perf_counter()
        minhash.main(arguments, standalone_mode=False)
        seconds = time.perf_counter() - began
    clusters = defaultdict(list)
    for member in sorted(minhash.uf.parent):
        clusters[minhash.uf.find(member)].append(member)
    found = [own for own in clusters.values() if len(own) > 1]
    target.write_text(json.dumps({"seconds": seconds, "clusters": found}), encoding="utf-8")


if __name__ == "__main__":
    main()
