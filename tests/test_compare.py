import json
import re
import subprocess
import sys

import pytest
from conftest import ROOT, on_terminal

from dupfind.errors import SourceError
from dupfind.sources.picking import pick

STORY = (
    "The harbor office said on Friday that the eastern lock stays closed until the new gates "
    "have been tested, and asked skippers to wait in the outer basin or to take the canal by "
    "Tolland, where two more pilots have been put on duty for the days of the closure."
)
PAIR = ["seeds/biegun-ends-beijing-trip.txt", "seeds/biegun-seeks-beijing-help.txt"]


def test_golden_inline(dupfind, golden):
    """On a pipe the second document is shown against the first, in one column."""
    done = dupfind("compare", *PAIR)
    assert (done.returncode, done.stderr) == (0, b"")
    golden("compare.txt", done.stdout)


@pytest.mark.parametrize("color", ["always", "never"])
def test_golden_side_by_side(color, golden):
    """On a terminal of 100 columns the two stand side by side, and no line is longer."""
    shown = on_terminal(["compare", *PAIR, "--color", color], 100).replace("\r", "")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert max(map(len, plain.split("\n"))) <= 100
    assert "stalemate" in plain
    golden(f"compare.{color}.100", shown.encode())


def test_side_by_side_has_all_that_inline_has():
    """Both layouts show the same words of the documents."""
    wide, narrow = (on_terminal(["compare", *PAIR, "--color", "never"], n) for n in (140, 99))
    words = set(re.findall(r"[A-Za-z]{4,}", narrow)) - {"moved", "here", "line", "there"}
    assert words - set(re.findall(r"[A-Za-z]{4,}", wide)) == set()
    assert "> moved here" in narrow
    assert "> moved here" not in wide


@pytest.mark.parametrize(
    ("a", "b", "lines"),
    [
        (STORY, f"{STORY[:120]} It rained.", ["abridgement", "It rained"]),
        ("storm-northline.txt", "news-in-brief.txt", ["they share no passage", "threshold of 30%"]),
        ("port-strike-northline.txt", "port-strike-second-week.txt", ["quote", "16.4% of the"]),
        ("ferry-notice-carrow.txt", "ferry-notice-eastmere.txt", ["template", "No overlap: same"]),
        ("storm-northline.txt", "storm-northline-resent.txt", ["identical", "same words as the"]),
    ],
)  # fmt: skip
def test_says_why(dupfind, tmp_path, a, b, lines):
    """Whatever two documents are to each other, it says so and exits with 0."""
    names = []
    for name in (a, b):
        if not name.endswith(".txt"):
            (tmp_path / f"{len(name)}.txt").write_text(name)
        names.append(f"seeds/{name}" if name.endswith(".txt") else tmp_path / f"{len(name)}.txt")
    done = dupfind("compare", *names)
    assert done.returncode == 0
    for line in lines:
        assert line in done.stdout.decode()


def test_short_documents_are_compared(dupfind, tmp_path):
    """A dozen words are enough, whatever the least of `scan`; the threshold decides."""
    (tmp_path / "a.txt").write_text("The cat sat on the mat in the house.")
    (tmp_path / "b.txt").write_text("A cat sat on the mat in the house, and it slept all day.")
    shown = dupfind("compare", "a.txt", "b.txt", cwd=tmp_path).stdout.decode()
    assert "abridgement" in shown
    shown = dupfind("compare", "a.txt", "b.txt", "--threshold", "0.95", cwd=tmp_path).stdout
    assert "8 shared words, the longest passage 8" in shown.decode()
    assert "No overlap: 88.9% of the shorter document is shared" in shown.decode()


def test_every_form_works(dupfind):
    """The report of two documents is a report like any other."""
    report = json.loads(dupfind("compare", *PAIR, "--format", "json").stdout)
    assert [entry["path"] for entry in report["documents"]] == PAIR
    assert report["clusters"][0]["matches"][0]["relation"] == "revision"
    assert b"revision, reordered" in dupfind("compare", *PAIR, "-f", "concise").stdout
    assert dupfind("compare", *PAIR, "-f", "paths").stdout.decode() == f"{PAIR[1]}\n"


@pytest.fixture
def records(tmp_path):
    """Give a folder with records, and a file whose name looks like one of them."""
    lines = [{"id": "a#1", "text": STORY}, {"id": 7, "text": STORY}, {"text": f"{STORY} It rained"}]
    lines += [{"id": "twice", "text": STORY}] * 2
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "r.jsonl").write_text(text)
    (tmp_path / "r#.jsonl").write_text(text)
    (tmp_path / "r.jsonl#7").write_text("Something else entirely.")
    (tmp_path / "one.jsonl").write_text(json.dumps(lines[0]))
    (tmp_path / "image").write_bytes(b"\0")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("one.jsonl", STORY),
        ("r.jsonl#a#1", STORY),
        ("r#.jsonl#7", STORY),
        ("r#.jsonl#3", f"{STORY} It rained"),
        ("r.jsonl#7", "Something else entirely."),
    ],
)
def test_records_are_named_as_reports_name_them(records, monkeypatch, name, text):
    """By id or number after the file's name; a file of that very name comes first."""
    monkeypatch.chdir(records)
    assert pick(name).text == text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere.txt", "'nowhere.txt' does not exist; check its spelling"),
        ("nowhere.jsonl#1", "'nowhere.jsonl#1' does not exist"),
        (".", "'.' is a folder; name a file in it"),
        ("r.jsonl", "'r.jsonl' holds several documents; name one by its id: r.jsonl#ID"),
        ("r.jsonl#8", "'r.jsonl#8' cannot be compared: the file has no such record"),
        ("r.jsonl#twice", "'r.jsonl#twice' is the name of several records"),
        ("image", "'image' cannot be compared: binary"),
    ],
)
def test_what_cannot_be_compared(records, monkeypatch, name, message):
    """One line says why, and what to do."""
    monkeypatch.chdir(records)
    with pytest.raises(SourceError) as refused:
        pick(name)
    assert str(refused.value).startswith(message)


def test_names_of_records(dupfind, records):
    """They are shown as they are to be typed."""
    done = dupfind("compare", "r.jsonl#a#1", "r#.jsonl#3", cwd=records)
    assert "● r.jsonl#a#1  50 words\n~ r#.jsonl#3  52 words\n" in done.stdout.decode()
    done = dupfind("compare", "r.jsonl", "one.jsonl", cwd=records)
    assert (done.returncode, done.stdout) == (2, b"")
    assert (
        done.stderr
        == b"dupfind: 'r.jsonl' holds several documents; name one by its id: r.jsonl#ID\n"
    )


def test_standard_input():
    """One of the two can come from a pipe, the other cannot come from there as well."""
    command = [sys.executable, "-m", "dupfind", "compare", PAIR[0], "-"]
    text = (ROOT / PAIR[1]).read_bytes()
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, check=True)
    assert b"\n~ -  405 words\n" in done.stdout
    command[-2] = "-"
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"standard input can be one of the two documents only" in done.stderr
