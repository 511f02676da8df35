"""`dupfind.revisions`, and how the order of versions goes by it: links, counts, status, notes."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dupfind import Document, Settings, scan
from dupfind.chronology import Clues, tell_earlier
from dupfind.markers import find_marker
from dupfind.revisions import compare, line_up, make_revision
from dupfind.sources import read
from dupfind.versions import place_versions

LINKED = "named by the other as what came before it"


def document(path="a.txt", **facts):
    """Make a document."""
    return Document(path=path, **{"text": "", **facts})


def story(seed, words=120):
    """Make a text of random words."""
    chosen = random.Random(seed)
    return " ".join("".join(chosen.choices("abdegilmnoprstu", k=6)) for _ in range(words))


def place(*documents):
    """Give the place and the evidence of documents that are versions of each other."""
    placed = place_versions(dict(enumerate(map(Clues, documents))), [])
    return {found.number: (found.place, found.evidence) for found in placed}


@pytest.mark.parametrize(
    ("early", "late", "evidence"),
    [
        ({"ids": ("x",)}, {"ids": ("y",), "follows": ("x",)}, LINKED),
        ({"ids": ("x",), "version": "2"}, {"follows": ("x:2",)}, LINKED),
        ({"url": "https://a.example/1"}, {"follows": ("https://a.example/1",)}, LINKED),
        (
            {"ids": ("x",), "version": "9", "published": "2019-12-20"},
            {"ids": ("x",), "version": "10", "published": "2019-12-20"},
            "version 9, the other 10",
        ),
        (
            {"ids": ("key",), "version": "1.4", "published": "2019-12-21"},
            {"ids": ("key",), "version": "2.1", "published": "2019-12-20"},
            "version 1.4, the other 2.1",
        ),
        ({"status": "usable"}, {"status": "Canceled"}, "the other was canceled"),
        ({}, {"title": "KILL: Storm hits coast"}, "the other was canceled"),
        (
            {"title": "Storm"},
            {"title": "Storm", "note": "Corrects spelling in paragraph 2"},
            "not marked, the other CORRECTED",
        ),
    ],
)
def test_what_tells_which_came_first(early, late, evidence):
    """Links, counts of one item, a cancellation and a note tell, in either direction."""
    a, b = Clues(document(**early)), Clues(document(**late))
    assert tell_earlier(a, b, versions=True) == (True, evidence)
    assert tell_earlier(b, a, versions=True) == (False, evidence)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"ids": ("x",), "version": "1"}, {"ids": ("y",), "version": "2"}),
        ({"ids": ("x",), "version": "1"}, {"ids": ("x",), "version": "final"}),
        ({"ids": ("x",), "follows": ("y",)}, {"ids": ("y",), "follows": ("x",)}),
        ({"ids": ("x",), "follows": ("x",)}, {"ids": ("x",)}),
        ({"ids": ("x",), "version": "3"}, {"ids": ("y",), "follows": ("x:2",)}),
        ({"urgency": "1"}, {"urgency": "4"}),
    ],
)
def test_what_tells_nothing(a, b):
    """Counts of two items, words for a version, a circle, another version, how urgent it is."""
    assert tell_earlier(Clues(document(**a)), Clues(document(**b)), versions=True) is None


@pytest.mark.parametrize(
    ("note", "names"),
    [
        ("Corrects spelling of name in paragraph 2", ("CORRECTED",)),
        ("Eds: UPDATES: with quotes; corrects age", ("CORRECTED",)),
        ("(Refiles to fix typo in headline)", ("REFILE",)),
        ("REFILES, CORRECTS", ("REFILE",)),
        ("Repeats story first sent at 0900", ("REPEAT",)),
        ("KILL: the story is wrong", ("KILL",)),
        ("Withdraws the story", ("WITHDRAWN",)),
        ("The correct spelling is Reed. He repeats himself", ()),
        ("Correctional officers are quoted", ()),
    ],
)
def test_markers_of_a_note(note, names):
    """A note's sentence begins with what was done; what it speaks of marks nothing."""
    assert find_marker("", None, note).names == names


def test_versions_of_one_item_share_a_date():
    """Dates do not part them, so their counts do; what was canceled comes last in its place."""
    item = {"ids": ("x",), "published": "2019-12-20"}
    versions = [document(version=str(number), **item) for number in (2, 1)]
    assert place(*versions) == {1: (1, "version 1"), 0: (2, "version 2")}
    day = {"published": "2019-12-20"}
    assert place(document(status="canceled", **day), document(**day), document(**day)) == {
        1: (1, "not canceled"),
        2: (1, "not canceled"),
        0: (2, "canceled"),
    }
    earlier = document(published="2019-12-19")
    assert place(document(status="canceled", **day), document(**day), earlier) == {
        2: (1, "published 2019-12-19"),
        1: (2, "published 2019-12-20, not canceled"),
        0: (3, "published 2019-12-20, canceled"),
    }


def test_links_make_a_chain():
    """What follows the same item as another has no place: it may be earlier or later."""
    assert place(
        document(ids=("c",), follows=("b",)),
        document(ids=("b",), follows=("a",)),
        document(ids=("a",)),
        document(ids=("d",), follows=("a",)),
    ) == {
        2: (1, "named as what came before"),
        1: (2, "names what came before it"),
        0: (3, "names what came before it"),
        3: (None, None),
    }


revisions = st.builds(
    lambda ids, version, follows: make_revision(
        document(ids=tuple(ids), version=version, follows=tuple(follows))
    ),
    st.sets(st.sampled_from("abcd"), max_size=2),
    st.none() | st.sampled_from("123"),
    st.sets(st.sampled_from(["a", "b", "c", "d", "a:1", "b:2"]), max_size=2),
)


@given(st.lists(revisions, max_size=7))
def test_a_chain_against_pairs(members):
    """Each document of a chain is linked with one of the place before, and none stands twice."""
    chain = line_up(dict(enumerate(members)))
    placed = [number for group in chain for number in group]
    assert len(placed) == len(set(placed))
    for early, late in pairwise(chain):
        assert any(
            members[b].follows & members[a].names
            or (members[a].ids & members[b].ids and members[a].number < members[b].number)
            for a in early
            for b in late
        )
    told = any(compare(a, b) < 0 for a in members for b in members)
    assert told or not chain


def test_many_that_name_each_other_take_no_time():
    """Ten thousand that share a name, and as many that follow it."""
    holders = [document(ids=("x",), url=f"https://a.example/{n}") for n in range(10_000)]
    followers = [document(ids=(f"y{n}",), follows=("x",)) for n in range(10_000)]
    members = dict(enumerate(map(make_revision, [*followers, *holders])))
    chain = line_up(members)
    assert [len(group) for group in chain] == [10_000, 1]


G2 = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:mp.example,2019:storm"
  version="{version}"><itemMeta><provider literal="MP"/><versionCreated>{time}</versionCreated>
  <firstCreated>2019-12-20T09:00:00Z</firstCreated><pubStatus qcode="stat:{status}"/>
  <edNote>{note}</edNote>{link}</itemMeta><contentMeta><urgency>{urgency}</urgency>
  <headline>Storm hits the coast</headline></contentMeta><contentSet>
  <inlineData contenttype="text/plain">{text}</inlineData></contentSet></newsItem>"""


def test_versions_of_newsml(tmp_path):
    """Three versions of an item, named out of order, all first created at one time."""
    told = [
        ("c", 1, "usable", "", ""),
        ("b", 2, "usable", "Corrects the toll.", "irel:previousVersion"),
        ("a", 3, "canceled", "KILL: wrong.", "irel:previousVersion"),
    ]
    for name, version, status, note, rel in told:
        link = f'<link rel="{rel}" residref="tag:mp.example,2019:storm" version="{version - 1}"/>'
        page = G2.format(
            version=version,
            time=f"2019-12-20T1{version}:00:00Z",
            status=status,
            note=note,
            link=link if rel else "",
            urgency=version,
            text=f"{story(1)} {version} {story(2)}",
        )
        (tmp_path / f"{name}.xml").write_text(page)
    report = scan([tmp_path])
    (cluster,) = report.clusters
    names = [report.documents[version.member].path[-5] for version in cluster.versions]
    assert (names, [version.place for version in cluster.versions]) == (["c", "b", "a"], [1, 2, 3])
    assert [version.evidence for version in cluster.versions] == [
        "named as what came before",
        "names what came before it",
        "names what came before it",
    ]
    entry = report.documents[0]
    assert (entry.urgency, entry.note, entry.status) == ("3", "KILL: wrong.", "canceled")
    assert entry.follows == ("tag:mp.example,2019:storm:2",)


def test_a_note_is_no_text(tmp_path):
    """Two stories with one long note share nothing."""
    note = story(9)
    for name, seed in {"a": 1, "b": 2}.items():
        page = G2.format(
            version=1,
            time="2019-12-20T11:00:00Z",
            status="usable",
            note=note,
            link="",
            urgency=1,
            text=story(seed),
        )
        (tmp_path / f"{name}.xml").write_text(page.replace("storm", name))
    report = scan([tmp_path], Settings(passages=True))
    assert (report.summary.candidates, report.clusters, report.passages) == (0, (), ())


def test_mail_names_what_it_answers(tmp_path):
    """An answer and what supersedes it, in the order of their headers."""
    path = tmp_path / "a.mbox"
    heads = [
        "Message-ID: <2@b.example>\nIn-Reply-To: <1@b.example>\nReferences: <0@b.example>",
        "Message-ID: <1@b.example>",
    ]
    path.write_text(
        "".join(f"From a@b Wed Feb 11 09:00:00 2026\n{head}\n\nText.\n\n" for head in heads)
    )
    answer, first = read([path])
    assert (first.ids, first.follows) == (("<1@b.example>",), ())
    assert answer.follows == ("<1@b.example>", "<0@b.example>")
    assert tell_earlier(Clues(answer), Clues(first), versions=True) == (False, LINKED)


def test_ids_without_an_end_are_cut(tmp_path):
    """A message may name thousands before it: a hundred of them tell as much."""
    names = "\n ".join(f"<{number}@b.example>" for number in range(5000))
    (tmp_path / "a.eml").write_text(f"From: a@b\nReferences: {names}\n\nText.\n")
    (message,) = read([tmp_path / "a.eml"])
    assert len(message.follows) == 100
