"""The measures of quality, against what a hand computes."""

import json
import subprocess
import sys
from math import log2

import baselines
import metrics
import pytest
import refitting
import reprints
import reuters
from conftest import ROOT
from found import scan_records
from wire.grammar import load

from dupfind import relations


def test_rate():
    """Precision, recall and F1; nothing claimed is no precision."""
    assert metrics.rate(2, 4, 8) == pytest.approx((0.5, 0.25, 1 / 3))
    assert metrics.rate(0, 0, 3) == (0, 0, 0)


def test_confusion():
    """What is acceptable counts as right; means are over the relations that are expected."""
    found = metrics.confuse(
        [
            (("quote",), "quote"),
            (("quote",), None),
            ((None,), "quote"),
            (("revision", "embedded"), "embedded"),
        ]
    )
    assert found.counts == {
        ("quote", "quote"): 1,
        ("quote", None): 1,
        (None, "quote"): 1,
        ("embedded", "embedded"): 1,
    }
    assert found.accuracy == 0.5
    assert found.classes() == ["embedded", "quote", None]
    assert found.rates()["quote"] == (0.5, 0.5, 0.5)
    assert found.macro_f1 == pytest.approx((1 + 0.5 + 0) / 3)


def test_plagdet():
    """Characters of both sides count; a passage found in two parts costs granularity."""
    whole = [((0, 100, 0, 100),)]
    assert metrics.plagdet([(whole[0], whole[0])]) == (1, 1, 1, 1)
    halves = ((0, 50, 0, 50), (50, 100, 50, 100))
    assert metrics.plagdet([(whole[0], halves)]) == pytest.approx((1 / log2(3), 1, 1, 2))
    half = ((0, 50, 0, 50), (200, 250, 200, 250))
    assert metrics.plagdet([(whole[0], half)]) == pytest.approx((0.5, 0.5, 0.5, 1))
    assert metrics.plagdet([(whole[0], ())]) == (0, 0, 0, 1)
    # Overlap on one side alone is no detection of the passage.
    assert metrics.plagdet([(whole[0], ((0, 100, 300, 400),))])[3] == 1


def test_adjusted_rand():
    """The example of Hubert and Arabie's index: 1 for equal partitions, 0 for chance."""
    assert metrics.adjusted_rand([0, 0, 1, 1], [5, 5, 7, 7]) == 1
    # Pairs: 2 in truth, 2 found, 1 in both, of 6: (1 - 4/6) / (2 - 4/6) of another pairing.
    assert metrics.adjusted_rand([0, 0, 1, 1], [0, 0, 1, 2]) == pytest.approx(
        (1 - 2 / 6) / (1.5 - 2 / 6)
    )
    assert metrics.adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)


def test_worst_merge():
    """The largest number of strangers in a cluster."""
    assert metrics.worst_merge([0, 0, 0, 1, 2, 2], [0, 0, 0, 0, 0, 1]) == 2
    assert metrics.worst_merge([0, 0, 1], [0, 1, 2]) == 0


TEXTS = {
    "whole": "one two three four five six seven eight nine ten",
    "part": "one two three four five six seven eight zero zero",
    "other": "a b c d e f g h i j",
}


def test_baselines():
    """Resemblance is of sets of 5-word shingles, and all pairs of at least so much are found."""
    whole, part = baselines.shingle(TEXTS["whole"]), baselines.shingle(TEXTS["part"])
    assert baselines.resemblance(whole, part) == 4 / 8
    assert baselines.join_by_resemblance(TEXTS, 0.5) == {frozenset(("whole", "part"))}
    assert baselines.join_by_resemblance(TEXTS, 0.51) == set()
    copies = {"a": TEXTS["whole"], "b": TEXTS["whole"], "c": TEXTS["other"]}
    assert baselines.join_by_lsh(copies) == {frozenset("ab")}


def test_reuters_pairs(tmp_path):
    """Pairs count with their weight; unlabeled ones are left out; folds cover all, once each."""
    (tmp_path / "dev_pairs.tsv").write_text(
        "id1\tid2\tlabel\tcode\tstratum_lo\tstratum_weight\n"
        "1\t2\t1\tS\t0.5\t2\n1\t3\t1\tS\t0.5\t6\n2\t3\t0\tT\t0.5\t4\n4\t5\t\tU\t0.5\t9\n"
    )
    pairs = reuters.read_pairs(tmp_path)
    assert pairs[0] == ("1", "2", True, 2.0)
    assert len(pairs) == 3
    found = reuters.judge(pairs, lambda a, b: (a, b) in {("1", "2"), ("2", "3")})
    assert found == pytest.approx((2 / 6, 2 / 8, 2 / 7))
    assert sorted(pair for fold in reuters.fold(pairs, 2) for pair in fold) == sorted(pairs)


STORIES = [
    {
        "id": str(number),
        "title": f"Story {number}",
        "text": " ".join(f"word{number * 100 + place}" for place in range(80)),
    }
    for number in range(6)
]


def test_reprints():
    """Each record comes as often as asked for, edited; a reprinted story is still its own."""
    made = list(reprints.reprint(STORIES[:2], 3, 1))
    assert [record["id"] for record in made] == ["0", "0-1", "0-2", "1", "1-1", "1-2"]
    assert len({record["text"] for record in made}) == 6
    assert made == list(reprints.reprint(STORIES[:2], 3, 1))
    update = STORIES[0] | {"id": "update", "text": f"{STORIES[0]['text']} {STORIES[3]['text']}"}
    labeled = [
        reuters.Labeled("0", "update", same=True, weight=1.0),
        reuters.Labeled("0", "1", same=False, weight=1.0),
    ]
    assert reprints.judge_reprinted([*STORIES[:3], update], labeled, 4, 1) == (1, 1, 1)


def test_refitting():
    """A pair is judged by rules fitted to others like it; afterwards they are what they were."""
    near = [  # 22 of the 80 words of a story: less than the usual threshold
        STORIES[number]
        | {
            "id": f"near-{number}",
            "text": " ".join(
                STORIES[number]["text"].split()[:22] + STORIES[number + 3]["text"].split()[:70]
            ),
        }
        for number in range(3)
    ]
    labeled = [
        reuters.Labeled(str(number), f"near-{number}", same=True, weight=1.0) for number in range(3)
    ]
    assert max(map(len, reuters.fold(labeled, 3))) < 3
    before = dict(vars(relations))
    assert refitting.refit([*STORIES[:3], *near], labeled, 3) == (1, 1, 1)
    assert dict(vars(relations)) == before


def test_found():
    """Relations of copies are those of the document they are copies of."""
    story = " ".join(f"word{number}" for number in range(80))
    update = story + " " + " ".join(f"more{number}" for number in range(60))
    records = [
        {"id": "a", "text": story},
        {"id": "b", "text": story.upper()},
        {"id": "c", "text": update},
    ]
    found = scan_records(records)
    assert found.relation("a", "b") == "identical"
    assert found.relation("c", "a") == found.relation("c", "b") == "abridgement"
    assert found.passages("c", "a") == [(0, len(story), 0, len(story))]
    assert found.together("b", "c")
    assert not found.together("b", "d")


def test_languages():
    """Each language has two houses that word no kind of sentence alike."""
    for code in ("en", "ko", "zh", "ar", "ru", "th"):
        sentences = load(code).symbols["sentence"]
        assert len(sentences) == len(set(sentences)) > 10
        assert len(sentences) % 2 == 0


@pytest.mark.slow
def test_command(tmp_path):
    """The command prints the tables and writes them as JSON and Markdown."""
    sections = [f"--section={name}" for name in ("relations", "passages", "clusters", "candidates")]
    command = [sys.executable, "benchmarks/quality.py", "--documents=150", *sections]
    subprocess.run([*command, "--output", tmp_path], cwd=ROOT, capture_output=True, check=True)
    tables = json.loads((tmp_path / "quality.json").read_text("utf-8"))["tables"]
    titles = [table["title"] for table in tables]
    assert titles[:2] == ["Relations", "Relations one by one"]
    assert {"Passages", "Clusters", "Candidates"} <= set(titles)
    assert "## Passages" in (tmp_path / "quality.md").read_text("utf-8")
