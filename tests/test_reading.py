"""The benchmark of the readers."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT
from corpus import generate
from shares import STAGES, lay_out, share


def test_the_stages_of_a_scan(tmp_path: Path):
    """All seconds of a scan are booked, each to one stage."""
    generate(300, tmp_path / "stories.jsonl")
    began = time.process_time()
    seconds = share(tmp_path / "stories.jsonl", 1)
    assert tuple(seconds) == STAGES
    assert min(seconds["reading"], seconds["tokens"], seconds["verifying"]) > 0
    assert sum(seconds.values()) + seconds["tokens"] == pytest.approx(
        time.process_time() - began, rel=0.05
    )


def test_the_table_of_the_stages():
    """Beside the seconds of a stage stands its part of them all."""
    told = lay_out({"a": dict.fromkeys(STAGES, 0.5), "b": dict.fromkeys(STAGES, 1.0)})
    assert told.splitlines()[1].split() == ["reading", "0.50", "s", "17%", "1.00", "s", "17%"]
    assert told.splitlines()[-1].split() == ["all", "3.00", "s", "100%", "6.00", "s", "100%"]


@pytest.mark.slow
def test_a_run():
    """Each format has a row, and each stage."""
    command = [sys.executable, "benchmarks/reading.py", "--megabytes=1", "--repeat=1"]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    names = [line.split()[0] for line in run.stdout.splitlines() if line]
    assert {"text", "markdown", "a.jsonl", "a.csv", "a.zip", *STAGES, "all"} <= set(names)
