"""The HTML report as bytes: what it holds, and that nothing in it can become markup."""

import base64
import json
import re
from hashlib import sha256
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import find_overlap, write_records

from dupfind.model import Skipped
from dupfind.reports import Style
from dupfind.reports.html import render
from dupfind.reports.overview import (
    count_coverage,
    count_relations,
    find_deepest,
    find_reprinted,
    group_skipped,
)
from dupfind.reports.payload import count_units
from dupfind.reports.wording import escape

TEXT = (
    "The port of Carrow reopened on Thursday after a storm that had kept ferries in harbor for "
    "three days, and the harbor master said that the first vessels left before dawn with food "
    "and mail for the outer islands, where shops had begun to run short of bread."
)
HOSTILE = "</script><script>boom()</script> & <!-- \x1b \u2028 {{ 7 * 7 }}"


def read_blocks(page):
    """Give the data of a page by the names of its blocks."""
    found = re.findall(r'<script type="application/json" id="([^"]*)">([^<>&]*)</script>', page)
    return {name: json.loads(block) for name, block in found}


@pytest.fixture
def findings(tmp_path):
    """Find what three versions of a story share, one of them with hostile words."""
    return find_overlap(
        write_records(
            tmp_path,
            {"id": "<b>", "title": "</title>\u202e", "date": "2024-05-02", "text": TEXT},
            {"id": "two", "text": f"\U0001f600 {HOSTILE} {TEXT}"},
            {"id": "three", "text": f"{TEXT} More is expected on Friday."},
        )
    )


def test_every_rendering_is_the_same(findings):
    """The same findings give the same bytes."""
    assert b"".join(render(findings, Style())) == b"".join(render(findings, Style()))


def test_policy_allows_the_one_script_and_style(findings):
    """The policy names the hashes of what the page holds, and nothing that is not hashed."""
    page = b"".join(render(findings, Style())).decode()
    policy = re.search(r'Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    for tag in ("script", "style"):
        (code,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(sha256(code.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_texts_are_data_and_nothing_else(findings):
    """No character of a text means anything in HTML, and each text is there once."""
    page = b"".join(render(findings, Style())).decode()
    blocks = read_blocks(page)
    assert page.count("<script") == len(blocks) + 1
    assert page.count("first vessels left before dawn") == 3 + 1  # and once in the overview
    assert [blocks[f"data-text-{number}"] for number in range(3)] == list(findings.texts)


def test_a_surrogate_that_stands_alone_keeps_its_place(findings):
    """What UTF-8 cannot hold becomes a replacement character."""
    texts = ["\ud800" + text[1:] for text in findings.texts]
    blocks = read_blocks(b"".join(render(findings._replace(texts=texts), Style())).decode())
    assert blocks["data-text-0"] == "\ufffd" + findings.texts[0][1:]


def test_names_and_titles_show_their_control_characters(findings):
    """The index names documents with direction characters escaped."""
    index = read_blocks(b"".join(render(findings, Style())).decode())["data-index"]
    (titled,) = [entry for entry in index["documents"] if entry["published"]]
    assert titled["name"].endswith("#<b>")
    assert titled["title"] == "</title>\\u202e"
    assert titled["time"] == 1714608000


def test_places_are_those_of_javascript(findings):
    """A passage after an astral character starts where JavaScript counts it."""
    blocks = read_blocks(b"".join(render(findings, Style())).decode())
    for cluster in blocks["data-index"]["clusters"]:
        for match in blocks[f"data-{cluster['id']}"]["matches"]:
            for start, end, _, other_start, other_end, *_ in match["passages"]:
                places = [(match["a"], start, end), (match["b"], other_start, other_end)]
                for number, begin, stop in places:
                    units = blocks[f"data-text-{number}"].encode("utf-16-le")
                    shared = units[2 * begin : 2 * stop].decode("utf-16-le")
                    assert (shared[:8], shared[-8:]) == ("The port", "of bread")


def test_a_text_that_is_gone_has_no_block(findings):
    """Where a source is gone the page has the places of its passages, without the text."""
    page = b"".join(render(findings._replace(texts=["", *findings.texts[1:]]), Style())).decode()
    blocks = read_blocks(page)
    assert "data-text-0" not in blocks
    assert "data-text-1" in blocks


@given(st.text())
def test_units_are_those_of_utf_16(text):
    """Counting is exact at every place, whatever the text."""
    count = count_units(text)
    slow = [len(text[:at].encode("utf-16-le", "surrogatepass")) // 2 for at in range(len(text) + 1)]
    assert [count(at) for at in range(len(text) + 1)] == slow


def test_escaped_text_is_one_line():
    """Control and direction characters become escapes, all else stays."""
    assert escape("a\x1b[31m\n\u202eb é\ud800") == "a\\x1b[31m\\n\\u202eb é\\ud800"


def test_relations_come_in_the_order_of_the_rules():
    """Bars are as long as their share of the longest one; what joins nothing is apart."""
    bars = count_relations({"quote": 1, "identical": 4})
    assert [(bar.label, bar.share, bar.joins) for bar in bars] == [
        ("identical", 100, True),
        ("quote", 25, False),
    ]


def test_coverage_is_counted_by_tenths():
    """The last bar includes all of a document; empty ones between are shown."""
    bars = count_coverage([(0.4, 1.0), (0.9, 0.2), (0.7999, 0.1)])
    assert [(bar.label, bar.pairs) for bar in bars] == [
        ("90–100%", 2),
        ("80–90%", 0),
        ("70–80%", 1),
    ]


def test_most_reprinted_is_what_all_members_have(findings):
    """The passage is told once for a cluster, with the number of its documents."""
    (found,) = find_reprinted(findings)
    assert found.documents == 3
    assert found.text.startswith("The port of Carrow reopened")
    assert found.link == findings.report.clusters[0].id


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 200)), max_size=6))
def test_most_reprinted_against_counting_every_character(spans):
    """It is the longest of the stretches that the most places hold, if it has twenty words."""
    text = " ".join(f"word{number:02}" for number in range(99))
    places = [(start, min(start + size, len(text))) for start, size in spans]
    depth = [sum(start <= at < end for start, end in places) for at in range(len(text))]
    runs = [list(run) for _, run in groupby(range(len(text)), depth.__getitem__)]
    told = [
        (depth[run[0]] + 1, len(run))
        for run in runs
        if depth[run[0]] and len(text[run[0] : run[-1] + 1].split()) >= 20
    ]
    documents, start, end = find_deepest(text, places)
    assert (documents, end - start) == max(told, default=(0, 0))


def test_what_was_skipped_is_counted_and_named():
    """A reason names a hundred documents and counts the others."""
    skipped = [Skipped(path=f"{number}.txt", reason="short") for number in range(130)]
    skipped.append(Skipped(path="x\x1b.txt", reason="invalid", detail="line 3"))
    invalid, short = group_skipped(skipped)
    assert (invalid.total, invalid.names, invalid.more) == (1, ["x\\x1b.txt: line 3"], 0)
    assert (short.total, len(short.names), short.more) == (130, 100, 30)
