"""What is known of a document, as the reports for readers tell it."""

import json

import msgspec
import pytest
from pages import find_overlap, write_records
from test_html import TEXT, read_blocks

from dupfind.reports import Style, render
from dupfind.reports.known import join_known, may_link, tell_known

FIELDS = {
    "date": "2026-02-11T09:00:00+01:00",
    "updated": "2026-02-12",
    "byline": "Ines Marlow",
    "dateline": "Penry Head",
    "agency": "Harbor Wire",
    "version": "2",
    "status": "withheld",
    "urgency": "3",
    "slug": "port-opens",
    "language": "en-GB",
    "ednote": "Corrects the day.",
    "url": "https://harborwire.example/port?a=1",
}
LINE = (
    "published 2026-02-11 08:00 UTC · updated 2026-02-12 · by Ines Marlow · place Penry Head · "
    "agency Harbor Wire · version 2 · status withheld · urgency 3 · slug port-opens · "
    "language en-GB · note: Corrects the day. · https://harborwire.example/port?a=1"
)


@pytest.fixture
def findings(tmp_path):
    """Find a story of which all is known, a copy of it at another place, and a cut of it."""
    copied = {**FIELDS, "url": "http://mirror.example/", "agency": "Mirror"}
    return find_overlap(
        write_records(
            tmp_path,
            {"id": "all", "text": TEXT, **FIELDS},
            {"id": "copy", "text": TEXT, **copied},
            {"id": "none", "text": TEXT.partition(", where")[0]},
        )
    )


@pytest.fixture
def entry(findings):
    """Give the document of which all is known."""
    return next(entry for entry in findings.report.documents if entry.record == "all")


def show(form, findings, **style):
    """Render a report to text."""
    return b"".join(render(form, findings, Style(**style))).decode()


def test_all_that_is_known_in_one_order(entry):
    """Time first, then who and where, which version, and last the note and the address."""
    assert join_known(tell_known(entry)) == LINE


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"updated": "2026-02-12"}, {"updated": "updated 2026-02-12"}),
        (
            {"published": "2026-02-11T08:00:00+00:00", "updated": "2026-02-11T08:00:59.5Z"},
            {"published": "published 2026-02-11 08:00 UTC"},
        ),
        ({"byline": "By: TOMAS REED"}, {"byline": "by TOMAS REED"}),
        ({"byline": "By"}, {"byline": "by By"}),
        ({"note": " \n\u2028 "}, {}),
        ({"note": "two\nlines \x1b[31m\u202e"}, {"note": "note: two lines \\x1b[31m\\u202e"}),
        ({"slug": "x" * 9999}, {"slug": f"slug {'x' * 119}…"}),
        ({"published": "yesterday\x07"}, {"published": "published yesterday\\x07"}),
    ],
)
def test_a_value_in_words(entry, changed, told):
    """On one line, without what the label says already; hostile ones escaped and cut."""
    empty = dict.fromkeys(tell_known(entry))
    assert tell_known(msgspec.structs.replace(entry, **{**empty, **changed})) == told


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", " https://a.example/", "https:\n//a.example/", "https://",
        "https:///a", "//a.example/", "data:text/html,x", "file:///etc/passwd",
        "https://a.example/\u202e", f"https://a.example/{'x' * 999}", "", None,
    ],
)  # fmt: skip
def test_what_is_no_link(entry, url):
    """Only an address of the web that is shown whole leads anywhere."""
    assert may_link(entry)
    assert not may_link(msgspec.structs.replace(entry, url=url))


def test_the_terminal_tells_it_below_the_title(findings):
    """Of a copy only what differs, and nothing where nothing is known."""
    shown = show("terminal", findings, diff=False)
    assert f" words\n  {LINE}\n~ " in shown
    assert "#copy\n  agency Mirror · http://mirror.example/\n  identical" in shown
    assert "#none\n  near-duplicate" in shown


def test_a_pair_tells_it_of_both(findings):
    """Compared, a copy is told in full."""
    shown = show("terminal", findings, diff=False, paired=True)
    assert f"\n  {LINE}\n" in shown
    assert " · agency Mirror · version 2 · " in shown


def test_markdown_tells_it_in_code(findings):
    """After the lead's name on a line of its own, after a member's in its cell."""
    shown = show("markdown", findings, diff=False)
    assert f"\n`{LINE}`  \n" in shown
    assert "#copy`<br>`published 2026-02-11 08:00 UTC · " in shown
    assert "#none` | `near-duplicate, " in shown


def test_the_page_has_it_apart_from_its_index(findings):
    """An element for each document of which anything is known beside its date."""
    blocks = read_blocks(show("html", findings))
    known = [blocks[name] for name in blocks if name.startswith("data-known-")]
    assert [block["linked"] for block in known] == [True, True]
    assert " · ".join(["published 2026-02-11 08:00 UTC", *known[0]["facts"].values()]) == LINE
    assert "Marlow" not in json.dumps(blocks["data-index"])
