"""`dupfind.versions` and what it goes by: markers, datelines, dates of publication, file names."""

import json
import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dupfind import scan
from dupfind.chronology import Clues, tell_earlier
from dupfind.datelines import find_dateline
from dupfind.markers import find_marker, strip_markers
from dupfind.model import Document
from dupfind.versions import place_versions


@pytest.mark.parametrize(
    ("headline", "marker", "bare"),
    [
        ("UPDATE 2-Storm hits coast", "UPDATE 2", "Storm hits coast"),
        ("CORRECTED-UPDATE 1-Storm", "CORRECTED UPDATE 1", "Storm"),
        ("RPT-WRAPUP 3-Storm", "REPEAT WRAPUP 3", "Storm"),
        ("(2nd LD) Envoy leaves", "2nd Ld", "Envoy leaves"),
        ("(LEAD) Envoy leaves", "1st Ld", "Envoy leaves"),
        ("3rd Ld-Writethru-Storm", "3rd Ld Writethru", "Storm"),
        ("CORRECTION: Storm", "CORRECTED", "Storm"),
        ("REFILE-Storm", "REFILE", "Storm"),
        ("URGENT - Quake", "URGENT", "Quake"),
        ("EMBARGOED: Budget", "EMBARGOED", "Budget"),
        ("KILL: BC-Storm", "KILL", "BC-Storm"),
        ("RIOTS KILL 12 IN TOWN", "", "RIOTS KILL 12 IN TOWN"),
        ("LEAD PRICES RISE - ANALYSTS", "", "LEAD PRICES RISE - ANALYSTS"),
        ("Update on the storm", "", "Update on the storm"),
    ],
)
def test_markers(headline, marker, bare):
    """A marker is one only where one stands; a headline is the same without it."""
    assert str(find_marker("", headline)) == str(find_marker(headline, None)) == marker
    assert strip_markers(headline) == bare


def test_markers_in_a_slug():
    """AP counts its versions in the slug."""
    marker = find_marker("BC-Carrow-Strike,2nd Ld-Writethru,450\nStrike goes on", None)
    assert (marker.names, marker.series, marker.number) == (("2nd Ld", "Writethru"), "Ld", 2)


@pytest.mark.parametrize(
    ("line", "place", "date", "agency"),
    [
        ("LONDON, March 3 (Reuters) - The", "LONDON", (3, 3), "Reuters"),
        ("SEOUL, South Korea (AP) — The", "SEOUL, South Korea", None, "AP"),
        ("SEOUL, Dec. 20 (Yonhap) -- The", "SEOUL", (12, 20), "Yonhap"),
        ("BEIJING, Sept. 1 (Xinhua) -- The", "BEIJING", (9, 1), "Xinhua"),
        ("MOSCOW, December 20. /TASS/. The", "MOSCOW", (12, 20), "TASS"),
        ("Berlin (dpa) - The", "Berlin", None, "dpa"),
        ("LONDON, 3 March (PA) - The", "LONDON", (3, 3), "PA"),
        ("    NEW YORK, March 5 - The", "NEW YORK", (3, 5), None),
        ("ODDTOWN, Feb. 30 (MP) - The", "ODDTOWN", None, "MP"),
    ],
)
def test_datelines(line, place, date, agency):
    """Place, date and agency, in the forms of many agencies, below a headline."""
    found = find_dateline(f"A headline\n\n{line} story goes on (here) - and on.")
    assert (found.place, found.date, found.agency) == (place, date, agency)


@pytest.mark.parametrize(
    "text", ["", "The minister (right) said - no.", "In May 3 ships came - late"]
)
def test_no_dateline(text):
    """Where there is none, none is found."""
    found = find_dateline(text)
    assert found is None or found.date is None


def clues(path="a.txt", **facts):
    """Give what a document says."""
    return Clues(Document(path=path, **{"text": "", **facts}))


@pytest.mark.parametrize(
    ("a", "b", "evidence"),
    [
        (
            clues(published="2019-12-20T09:00:00"),
            clues(published="2019-12-20T10:00:00"),
            "published 2019-12-20T09:00:00, the other 2019-12-20T10:00:00",
        ),
        (
            clues(title="UPDATE 1-X"),
            clues(title="UPDATE 10-Y"),
            "marked UPDATE 1, the other UPDATE 10",
        ),
        (
            clues(title="A storm"),
            clues(title="CORRECTED-A Storm"),
            "not marked, the other CORRECTED",
        ),
        (
            clues(text="YORK, Dec. 31 (MP) -"),
            clues(text="YORK, Jan. 1 (MP) -"),
            "dateline December 31, the other January 1",
        ),
        (
            clues(text="YORK, Jan. 1, 2020 (MP) -"),
            clues(text="YORK, Dec. 31, 2020 (MP) -"),
            "dateline January 1, 2020, the other December 31, 2020",
        ),
        (
            clues("x/20191220-a.txt"),
            clues("2019-12-21/a.txt"),
            "file name 2019-12-20, the other 2019-12-21",
        ),
    ],
)
def test_tell_earlier(a, b, evidence):
    """Each kind of evidence tells, in either direction, and is named."""
    assert tell_earlier(a, b, versions=True) == (True, evidence)
    assert tell_earlier(b, a, versions=True) == (False, evidence)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (clues(published="2019-12-20"), clues(published="2019-12-20T10:00:00")),
        (clues(title="UPDATE 1-X"), clues(title="2nd Ld-X")),
        (clues(title="X y"), clues(title="UPDATE 1-X y")),
        (clues(text="short"), clues(text="much longer than the other")),
        (clues("2019-13-40.txt"), clues("2019-12-20.txt")),
    ],
)
def test_nothing_is_guessed(a, b):
    """A day and an hour of it, other series, a lost marker, lengths: none of them tells."""
    assert tell_earlier(a, b, versions=True) is None


def test_markers_order_versions_only():
    """Parts of a roundup may be updates of different stories."""
    assert (
        tell_earlier(clues(title="UPDATE 1-X"), clues(title="UPDATE 2-X"), versions=False) is None
    )


def place(*documents, versions=None):
    """Give the places of documents that are all versions of each other, by their numbers."""
    members = dict(enumerate(documents))
    pairs = list(permutations(members, 2)) if versions is None else versions
    return {found.number: found.place for found in place_versions(members, pairs)}


def test_the_scale_that_places_most():
    """Datelines place all three, dates of publication only two."""
    found = place(
        clues(text="YORK, Dec. 21 (MP) -", published="2019-12-21"),
        clues(text="YORK, Dec. 20 (MP) -", published="2019-12-22"),
        clues(text="YORK, Dec. 19 (MP) -"),
    )
    assert found == {2: 1, 1: 2, 0: 3}


def test_unknown_has_no_place():
    """It is listed last, and nothing at all where no two can be told apart."""
    assert place(clues(), clues(title="UPDATE 2-X"), clues(title="UPDATE 1-Y")) == {
        2: 1,
        1: 2,
        0: None,
    }
    assert place(clues(published="2019-12-20"), clues(published="2019-12-20"), clues()) == {}


def test_markers_tell_a_day_apart():
    """Where all of one day bear them; else they share a place."""
    day = {"published": "2019-12-20"}
    versions = [clues(title=f"UPDATE {number}-X", **day) for number in (3, 1, 2)]
    later = clues(published="2019-12-21")
    assert place(*versions, later) == {1: 1, 2: 2, 0: 3, 3: 4}
    assert place(*versions, clues(**day), later) == {0: 1, 1: 1, 2: 1, 3: 1, 4: 2}


def test_markers_of_two_stories():
    """A roundup joins two stories: only the longer series is placed."""
    documents = [clues(title=f"UPDATE {number}-{name}") for name in "XY" for number in (1, 2)]
    documents.append(clues(title="UPDATE 3-X"))
    assert place(*documents, versions=[(0, 1), (2, 3), (1, 4)]) == {
        0: 1,
        1: 2,
        4: 3,
        2: None,
        3: None,
    }


def test_the_year_turns():
    """Datelines without a year are cut where the most days pass without one."""
    lines = [clues(text=f"YORK, {day} (MP) -") for day in ("Jan. 2", "Dec. 30", "Dec. 31")]
    assert place(*lines) == {1: 1, 2: 2, 0: 3}
    apart = [clues(text=f"YORK, {day} (MP) -") for day in ("Jan. 2", "May 30", "Sept. 3")]
    assert place(*apart) == {}


times = st.lists(
    st.tuples(st.integers(1, 4), st.none() | st.integers(0, 3)).map(
        lambda at: f"2019-12-{at[0]:02}" + ("" if at[1] is None else f"T{6 * at[1]:02}:00:00")
    ),
    min_size=2,
    max_size=7,
)


@given(times)
def test_places_against_pairs(published):
    """Whoever has an earlier place was published earlier, and overlapping times share one."""
    known = [clues(published=time) for time in published]
    places = place(*known)
    for a, b in permutations(range(len(known)), 2):
        told = tell_earlier(known[a], known[b], versions=False)
        if places and places[a] < places[b]:
            assert told is not None
            assert told[0]
        if told and not places:
            chain = {time[:10] for time in published}
            assert len(chain) == 1


def story(seed, words=120):
    """Make a text of random words."""
    chosen = random.Random(seed)
    return " ".join("".join(chosen.choices("abdegilmnoprstu", k=6)) for _ in range(words))


def test_added_and_dropped(tmp_path):
    """Each version is told against the latest before it; the lead is the first of them."""
    path = tmp_path / "a.jsonl"
    texts = [story(1), f"{story(1)} {story(2, 30)}", f"{story(1, 100)} {story(2, 30)}"]
    records = [
        {"id": f"v{number}", "date": f"2019-12-2{number}", "text": text}
        for number, text in enumerate(texts)
    ]
    path.write_text("\n".join(map(json.dumps, records[::-1])))
    (cluster,) = scan([path]).clusters
    told = [(v.place, v.before, v.added, v.dropped) for v in cluster.versions]
    assert told == [(1, None, None, None), (2, 2, 30, 0), (3, 1, 0, 20)]
    assert (cluster.lead, cluster.lead_reason) == (2, "earliest: published 2019-12-20")


def test_the_lead_is_the_longest_where_some_place_is_unknown(tmp_path):
    """What is not dated may be the earliest of all."""
    for name, text in {
        "2019-12-20": story(1),
        "2019-12-21": story(1, 110),
        "x": story(1) + " x",
    }.items():
        (tmp_path / f"{name}.txt").write_text(text)
    (cluster,) = scan([tmp_path]).clusters
    assert cluster.lead_reason == "longest: 121 words"
    assert [version.place for version in cluster.versions] == [1, 2, None]
    evidence = {match.earlier and match.earlier.evidence for match in cluster.matches}
    assert "file name 2019-12-20, the other 2019-12-21" in evidence


def test_markers_in_the_report(dupfind, tmp_path):
    """The terminal says which marker, and the order with what each version changed."""
    (tmp_path / "a.txt").write_text(f"Storm hits the coast\n\n{story(1)} 12 {story(2)}")
    (tmp_path / "b.txt").write_text(f"CORRECTED: Storm hits the coast\n\n{story(1)} 13 {story(2)}")
    shown = dupfind("scan", ".", "-q", "--no-diff", cwd=tmp_path).stdout.decode()
    assert "near-duplicate, numbers-changed, same-headline, marker CORRECTED ·" in shown
    assert "  lead, earliest: not marked, the same headline\n" in shown
    order = "a.txt (not marked, the same headline) → b.txt (marked CORRECTED, the same headline"
    assert f"  order: {order}, +2 -1 words)\n" in shown
