"""The benchmark of scale: its corpora, its watching, its page."""

import json
import re
import subprocess
import sys
from itertools import islice
from xml.etree import ElementTree as ET

import charts
import hurt
import pytest
import scale_page
import truth
from bulk import Wire
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from watching import Limits, watch

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="samples /proc")
RESULT = ROOT / "benchmarks" / "results" / "scale.json"


def test_editions():
    """What documents share is the same in each edition, and next to nothing across them."""
    made = Wire(600, 1, 300)
    texts = [record["text"] for record in made.records()]
    alike = {tuple(pair) for pair in truth.find_alike(texts).tolist()}
    first = {(a, b) for a, b in alike if b < 300}
    assert len(first) > 50
    assert {(a - 300, b - 300) for a, b in alike if a >= 300} == first
    assert not [pair for pair in alike if pair[0] < 300 <= pair[1]]
    assert made.story(17) + 300 == made.story(317)


def test_a_wire_is_one_for_its_number_and_seed():
    """The same number and seed give the same records, without end."""
    one, other = (list(islice(Wire(40, 5, 20).endless(), 70)) for _ in range(2))
    assert one == other
    assert len({record["id"] for record in one}) == 70


@pytest.mark.parametrize("name", hurt.HURTS)
def test_a_corpus_made_to_hurt_is_as_large_as_asked(name, tmp_path):
    """It fills the bytes, with a document more at most."""
    path = tmp_path / "corpus.jsonl"
    documents = hurt.write(hurt.HURTS[name](Wire(20, 1), 30_000), 30_000, path)
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(records) == documents
    assert 30_000 <= path.stat().st_size < 60_000


@LINUX
def test_watching():
    """Memory counts the children, and stages are told from their lines."""
    code = """
import subprocess, sys, time
held = bytearray(60_000_000)
print("pairing: 1,200 candidates, 0.10 s", file=sys.stderr, flush=True)
subprocess.run([sys.executable, "-c", "import time; a = bytearray(70_000_000); time.sleep(1)"])
"""
    outcome = watch([sys.executable, "-c", code], Limits(2000, 60))
    assert outcome.stopped is None
    assert 120 < outcome.memory < 250
    assert [(own.name, own.count, own.unit) for own in outcome.stages] == [
        ("pairing", 1200, "candidates"),
        ("the rest", 0, ""),
    ]
    assert sum(own.seconds for own in outcome.stages) == pytest.approx(outcome.seconds, rel=0.1)


@LINUX
@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("bytearray(900_000_000)", "stopped at 500 MB"),
        ("import time; time.sleep(60)", "stopped at 1 s"),
        ("raise SystemExit(3)", "failed with 3"),
    ],
)
def test_limits(code, told):
    """A run that reaches a limit or fails says so."""
    assert watch([sys.executable, "-c", code], Limits(500, 1)).stopped == told


@given(
    st.dictionaries(
        st.text('a<&"', max_size=3),
        st.lists(st.tuples(st.integers(1, 10**8), st.floats(1e-3, 1e5)), min_size=1, max_size=4),
        min_size=1,
        max_size=9,
    )
)
def test_charts(series):
    """Charts are well-formed, whatever the names and numbers, and no line leaves the canvas."""
    root = ET.fromstring(charts.draw_lines("<Time>", "documents", series))  # noqa: S314 - ours
    points = " ".join(line.get("points", "") for line in root.iter())
    assert all(0 <= float(place) <= 760 for place in re.findall(r"[-\d.]+", points))
    bars = {name: own[0][1] for name, own in series.items()}
    root = ET.fromstring(charts.draw_bars("<Time>", bars))  # noqa: S314 - ours
    assert len(list(root)) == 4 + 3 * len(bars)


def test_the_page_is_made_from_the_results(tmp_path):
    """docs/benchmarks.md and its charts are those of results/scale.json, to the byte."""
    scale_page.save(json.loads(RESULT.read_bytes()), tmp_path / "benchmarks.md")
    for made in tmp_path.iterdir():
        assert made.read_text("utf-8") == (ROOT / "docs" / made.name).read_text("utf-8")


@LINUX
@pytest.mark.slow
def test_a_run(tmp_path):
    """A small run writes what it measured, and of it the page."""
    page = tmp_path / "benchmarks.md"
    command = [sys.executable, "benchmarks/scale.py", "--output", tmp_path, "--page", page]
    wanted = ["--sizes", "150,300", "--jobs", "--hurt", "150"]
    subprocess.run([*command, *wanted], cwd=ROOT, check=True)
    result = json.loads((tmp_path / "scale.json").read_bytes())
    assert [(run["documents"], run["name"], run["stopped"]) for run in result["runs"]] == [
        (size, name, None)
        for size in (150, 300)
        for name in ("dupfind, 2 processes", "dupfind, 1 process", "lower-split")
    ]
    first = result["runs"][0]
    assert first["quality"]["found_of_one_story"] == 1
    assert [stage["name"] for stage in first["stages"]] == [
        "reading and sketching", "pairing", "verifying", "reporting", "the rest",
    ]  # fmt: skip
    assert [own["name"] for own in result["hurt"]] == ["benign", *hurt.HURTS]
    assert str(tmp_path) not in json.dumps(result)
    made = page.read_text("utf-8")
    page.unlink()
    subprocess.run([*command, "--render"], cwd=ROOT, check=True)
    assert page.read_text("utf-8") == made
    assert "| reading and sketching | 300 | 300 | documents |" in made
