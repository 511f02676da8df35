"""Writes a wire corpus as JSON Lines, and its truth beside it.

python -m benchmarks.wire --documents 100000 --seed 1 --truth truth.jsonl > corpus.jsonl
"""

import argparse
import json
import sys
from pathlib import Path

from . import generate, make_families, record, tell_truth


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=1000, metavar="N", help="[default: 1000]")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="[default: 1]")
    parser.add_argument(
        "--truth", type=Path, metavar="FILE", help="write relations, passages and clusters here"
    )
    options = parser.parse_args()
    if options.documents < 1:
        parser.error("a corpus has at least 1 document")
    if options.truth:
        with options.truth.open("w", encoding="utf-8") as lines:
            for family in make_families(options.documents, options.seed):
                lines.write(json.dumps(tell_truth(family), ensure_ascii=False) + "\n")
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for member in generate(options.documents, options.seed):
        sys.stdout.write(json.dumps(record(member), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
