"""`dupfind.furniture` and `dupfind.clearing`: lines above and below stories, left out and named."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dupfind import Settings, compare, scan
from dupfind.corpus import Documents
from dupfind.furniture import find_edges, find_furniture, list_lines
from dupfind.model import Document
from dupfind.pipeline import find
from dupfind.running import Inline, Means, ignore


def story(seed, words=80):
    """Make a text of random words."""
    chosen = random.Random(seed)
    return " ".join("".join(chosen.choices("abdegilmnoprstu", k=6)) for _ in range(words))


def look(texts, **settings):
    """Give the report on texts."""
    documents = [Document(path=f"{at:05}", text=text) for at, text in enumerate(texts)]
    return find(documents, Settings(**settings), Inline(), ignore).report


def told(report):
    """Give the lines that were left out, and of how many documents."""
    return [(item.text, item.documents) for item in report.furniture]


@pytest.mark.parametrize(
    "line",
    ["Back to top", "YOU MAY ALSO LIKE...", "  Follow us \r", "Enditem", "(Reporting by A. Bo)",
     "((Additional reporting by A. Bo; editing by C. Do))"],
)  # fmt: skip
def test_listed_lines(line):
    """They are left out wherever they stand at an edge, and make no version of a story another."""
    report = look([f"{story(1)}.\n\n{line}", f"{story(1)}. more"])
    assert told(report) == [(line.strip(), 1)]
    assert report.clusters[0].matches[0].coverage[0] == 1.0
    assert report.documents[0].words == 80


def test_inside_a_story_all_is_text():
    """A listed line far from head and tail is compared, and so is one of a broken paragraph."""
    assert told(look([f"{story(1)}\n\nBack to top\n\n{story(2)}", "x"])) == []
    assert told(look([f"{story(1)} they went\nhome", "x"])) == []


def test_recurring_lines():
    """A line at the tail of four stories is furniture; of three it is text."""
    texts = [f"{story(seed)}.\n\nThe Carrow Herald" for seed in range(4)]
    assert told(look(texts)) == [("The Carrow Herald", 4)]
    assert told(look(texts[:3])) == []


def test_versions_of_one_story_are_one():
    """What forty reprints have in common is their story, its headline too."""
    texts = [f"Gale hits port\n\n{story(1)} {story(seed, 10)}." for seed in range(40)]
    assert told(look(texts)) == []
    assert told(look([*texts, *(f"Gale hits port\n\n{story(seed)}" for seed in (50, 51, 52))])) == [
        ("Gale hits port", 43)
    ]


def test_sentences_and_long_lines_are_text():
    """However often they are said: nothing as long as the guarantee is left out."""
    for line in ("Terms were not disclosed.", " ".join(["the small print"] * 7)):
        assert told(look([f"{story(seed)}.\n\n{line}" for seed in range(6)])) == []


def test_a_document_of_furniture_keeps_it():
    """Where too few words would be left, nothing is taken."""
    texts = [f"{story(seed)}.\n\nThe Carrow Herald" for seed in range(4)]
    report = look([*texts, f"{story(9, 18)}.\n\nThe Carrow Herald"])
    assert told(report) == [("The Carrow Herald", 4)]


def test_an_unrelated_document_changes_nothing():
    """Nor does the order of the documents."""
    texts = [f"Herald online\n\n{story(seed // 2)}.\n\nThe Carrow Herald" for seed in range(8)]
    found = look(texts)
    assert told(found) == [("Herald online", 8), ("The Carrow Herald", 8)]
    more = look([*texts, story(99)])
    assert (more.clusters, more.furniture) == (found.clusters, found.furniture)
    assert told(look(texts[::-1])) == told(found)


def test_places_stay(tmp_path):
    """Passages are where they are said to be, behind lines that were left out."""
    for seed in range(8):
        body = f"{story(seed // 2)} {story(seed + 9, 30)}"
        text = f"Herald online\n\nBack to top\n\n{body}\n\nThe Herald\n"
        (tmp_path / f"{seed}.txt").write_text(text)
    cluster, *_ = scan([tmp_path]).clusters
    (passage,) = cluster.matches[0].passages
    text = (tmp_path / "0.txt").read_text()
    assert text[passage.a.start : passage.a.end] == story(0)
    assert cluster.matches[0].coverage == (round(80 / 110, 4),) * 2


def test_compare_leaves_listed_lines_out():
    """As a run on the two documents does."""
    match = compare(f"{story(1)}.\n\nBack to top", f"{story(1)}.\n\nPrint this page\n")
    assert (match.relation, match.coverage) == ("near-duplicate", (1.0, 1.0))


def test_the_terminal_names_them(dupfind, tmp_path):
    """On one line, with their counts."""
    (tmp_path / "a.txt").write_text(f"{story(1)}.\n\nBack to top\n")
    (tmp_path / "b.txt").write_text(f"Menu\nBack to top\n\n{story(2)}")
    shown = dupfind("scan", ".", "-q", cwd=tmp_path).stdout.decode()
    assert "\nNot compared · Back to top (2) · Menu (1)\n" in shown


lines = st.lists(st.sampled_from(["", "Menu", "x y", "ä ", "Ende.", "İ", "w " * 120]), max_size=9)


@given(lines, st.sampled_from(["\n", "\r\n"]))
def test_lines_are_where_they_are_said_to_be(parts, end):
    """Each listed line is a whole line of the text, and stands there once."""
    text = end.join(parts)
    found = list(list_lines(text, {"menu", "x y"}))
    starts = [line.start for line in found]
    assert starts == sorted(set(starts))
    for start, stop, folded in found:
        assert text[start:stop].strip().casefold() == folded
        assert start == 0 or text[start - 1] == "\n"


def test_only_texts_with_such_lines_are_read_again():
    """What has no line that is on the list or recurs is not looked through."""
    lines = ["The Carrow Herald"] * 4 + ["Back to top", "The Noon Post", "On the quay"]
    texts = [f"{story(seed)}.\n\n{line}" for seed, line in enumerate(lines)]
    documents = Documents()
    documents.extend(Document(path=str(number), text=text) for number, text in enumerate(texts))
    documents.close()
    asked = []

    def apply(task, lots):
        for lot in lots:
            asked.extend(lot.numbers.tolist())
            yield task(lot)

    digests = np.arange(len(texts), dtype=np.uint64)
    found = find_furniture(find_edges(texts), documents, digests, lambda _: None, Means(apply))
    assert found.lines == {"back to top"}
    assert found.holders.tolist() == [4]
    assert asked == [0, 1, 2, 3, 4]
