import gzip
import json
import random
import time
from collections import defaultdict
from itertools import combinations

import pytest
from conftest import ROOT

from dupfind import Match, Relation, Report, Settings, compare, scan
from dupfind.candidates import HOT
from dupfind.minhash import permutations
from dupfind.model import Document
from dupfind.pipeline import find, propose
from dupfind.running import Inline, ignore
from dupfind.tokens import tokenize

WORDS = [f"{first}{second}" for first in "bcdfghjklmnprstvz" for second in
         ("ab", "ek", "il", "om", "un", "ard", "est", "ing", "olt", "urn")]  # fmt: skip


def story(seed: int, words: int = 120) -> str:
    """Make a text of its own, always the same for a seed."""
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def relations(report: Report) -> dict[frozenset[str], Relation]:
    """Give the relation of each pair that the report lists, by file name."""
    names = [entry.path.rpartition("/")[2].partition(".")[0] for entry in report.documents]
    matches = [match for cluster in report.clusters for match in cluster.matches]
    return {
        frozenset((names[match.a], names[match.b])): match.relation
        for match in (*matches, *report.passages)
    }


def test_the_example_stories_show_every_relation():
    """What seeds/README.md says of each pair is what the report says."""
    found = relations(scan([ROOT / "seeds"], Settings(passages=True)))
    assert found == {
        frozenset(pair): relation
        for *pair, relation in [
            ("storm-northline", "storm-northline-resent", "identical"),
            ("pump-maker-half-year-profit", "pump-maker-half-year-profit-corrected",
             "near-duplicate"),
            ("port-strike-second-week-short", "port-strike-second-week", "abridgement"),
            ("pump-maker-half-year-profit", "news-in-brief", "embedded"),
            ("pump-maker-half-year-profit-corrected", "news-in-brief", "embedded"),
            ("biegun-seeks-beijing-help", "biegun-ends-beijing-trip", "revision"),
            ("port-strike-northline", "port-strike-second-week", "quote"),
            ("storm-hits-carrow-coast", "port-strike-second-week", "shared-passage"),
            ("ferry-notice-carrow", "ferry-notice-eastmere", "template"),
            ("ferry-notice-carrow", "ferry-notice-salt-island", "template"),
            ("ferry-notice-eastmere", "ferry-notice-salt-island", "template"),
        ]
    }  # fmt: skip


def hold_passages(match: Match, a: str, b: str) -> None:
    """Check that places cut the passages out of both texts, equal but for the edits."""
    for passage in match.passages:
        sides = []
        for text, place, edits in (
            (a, passage.a, [edit.a for edit in passage.edits]),
            (b, passage.b, [edit.b for edit in passage.edits]),
        ):
            assert text.count("\n", 0, place.start) + 1 == place.line
            kept, at = "", place.start
            for edit in edits:
                kept += text[at : edit.start] + " "
                at = edit.end
            sides.append(tokenize([kept + text[at : place.end]]).hashes.tolist())
        assert sides[0] == sides[1]
        assert len(sides[0]) == passage.words
    assert match.words == sum(passage.words for passage in match.passages)
    assert match.longest == max(passage.words for passage in match.passages)


def test_the_two_stories_on_a_trip(shared):
    """An update with a new lead and moved paragraphs is a revision, measured and placed."""
    report = scan([shared / "seeds"])
    (cluster,) = report.clusters
    (match,) = cluster.matches
    assert match.relation == "revision"
    assert {"reordered", "new-lead", "same-agency"} <= set(match.flags)
    assert match.coverage[0] >= 0.53
    assert match.coverage[1] >= 0.61
    assert match.longest >= 126
    assert match.order < 0.8
    a, b = sorted((shared / "seeds").iterdir())
    hold_passages(match, a.read_text("utf-8"), b.read_text("utf-8"))


def test_compare_takes_texts_and_files(tmp_path):
    """The public functions work as README writes them."""
    path = tmp_path / "a.txt"
    path.write_text(story(1))
    edited = story(1).replace(story(1).split()[60], "other")
    match = compare(path, edited)
    assert match is not None
    assert match.relation == "near-duplicate"
    hold_passages(match, story(1), edited)
    assert compare(story(1), story(2)) is None


def corpus(count: int = 60) -> list[dict[str, str]]:
    """Make originals, and copies that are edited, cut, and put together."""
    texts = []
    for number in range(count):
        text = story(number).split()
        texts.append(" ".join(text))
        if number % 3 == 0:
            texts.append(" ".join(["new", "lead", *text[:50], "changed", *text[51:]]))
        if number % 5 == 0:
            texts.append(" ".join(text[: 30 + number]))
        if number % 7 == 0:
            texts.append(" ".join(text[60:] + text[:60]))
        if number % 10 == 0:
            texts.append(" ".join(text))
    return [{"id": f"r{number}", "text": text} for number, text in enumerate(texts)]


def test_the_report_depends_on_nothing_but_the_texts(tmp_path, dupfind):
    """Order of paths, number of processes and hash seed leave no trace in its bytes."""
    names = []
    for number, record in enumerate(corpus()):
        names.append(f"{number:03}.txt")
        (tmp_path / names[-1]).write_text(record["text"] + "\n")
    (tmp_path / "large.jsonl").write_text(
        "".join(json.dumps({"text": story(10_000 + n, 900)}) + "\n" for n in range(1500))
    )
    names.append("large.jsonl")
    first = dupfind("scan", *names, "--format", "json", "--jobs", "1", cwd=tmp_path).stdout
    random.Random(5).shuffle(names)
    for environment in ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"}):
        again = dupfind(
            "scan", *names, "--format", "json", "--jobs", "2", cwd=tmp_path, **environment
        )
        assert again.stdout == first
    assert len(json.loads(first)["clusters"]) > 20


def test_a_stranger_changes_nothing(tmp_path):
    """Adding an unrelated document changes no cluster but in the documents' numbers."""
    path = tmp_path / "a.jsonl"
    records = corpus()
    path.write_text("\n".join(map(json.dumps, records)))
    before = scan([path])
    path.write_text("\n".join(map(json.dumps, [*records, {"id": "z", "text": story(777)}])))
    after = scan([path])
    assert after.clusters == before.clusters
    assert after.summary.documents == before.summary.documents + 1


def test_every_passage_is_where_it_is_said_to_be(tmp_path):
    """Places cut all passages of all matches out of both texts."""
    path = tmp_path / "a.jsonl"
    records = corpus()
    path.write_text("\n".join(map(json.dumps, records)))
    report = scan([path], Settings(passages=True))
    texts = {record["id"]: record["text"] for record in records}
    matches = [match for cluster in report.clusters for match in cluster.matches]
    for match in matches:
        a, b = (texts[report.documents[side].record] for side in (match.a, match.b))
        hold_passages(match, a, b)
    assert len(matches) > 30


def test_identical_files_are_one_cluster(tmp_path):
    """Copies are listed once each, and the pairs that need no match are counted."""
    for number in range(200):
        (tmp_path / f"{number:03}.txt").write_text(story(1))
    (tmp_path / "near.txt").write_text(story(1) + " and a tail")
    (cluster,) = scan([tmp_path]).clusters
    assert len(cluster.members) == 201
    assert len(cluster.matches) == 200
    assert cluster.matches_omitted == 201 * 200 // 2 - 200
    assert cluster.lead_reason == "longest: 123 words"
    assert len(cluster.indirect) == 199


def test_boilerplate_pairs_nobody_and_is_named(tmp_path):
    """A paragraph in two hundred unrelated documents is listed with its count."""
    notice = " ".join(f"notice{number}" for number in range(25))
    for number in range(200):
        (tmp_path / f"{number:03}.txt").write_text(f"{story(number, 600)}\n\n{notice}\n")
    report = scan([tmp_path])
    assert report.clusters == ()
    assert report.summary.candidates < 2_000  # of 19,900 pairs
    assert report.boilerplate[0].documents == 200
    assert "notice10 notice11 notice12" in report.boilerplate[0].text


def test_a_story_that_forty_papers_reprint_is_no_boilerplate(tmp_path):
    """Forty edited copies are one cluster, and their text is not called furniture."""
    words = story(3, 200).split()
    for number in range(40):
        edited = [*words[: number * 4], f"edit{number}", *words[number * 4 + 1 :]]
        (tmp_path / f"{number:02}.txt").write_text(" ".join(edited))
    report = scan([tmp_path])
    assert [len(cluster.members) for cluster in report.clusters] == [40]
    assert report.boilerplate == ()


def test_what_is_hidden_is_not_compared():
    """Hidden stretches share nothing, and the offsets of all else stay."""
    frame, own, other = story(1), story(2), story(3)
    text = f"{frame} {own}"
    hidden = ((0, len(frame)),)
    documents = [
        Document(path="a", text=text, hidden=hidden),
        Document(path="b", text=f"{frame} {other}", hidden=hidden),
        Document(path="c", text=own),
    ]
    (cluster,) = find(documents, Settings(), Inline(), ignore).report.clusters
    (match,) = cluster.matches
    assert (match.relation, match.coverage) == ("identical", (1.0, 1.0))
    assert text[match.passages[0].a.start :] == own


FORM = (
    "The {0} Treasury entered the open market on {1} to arrange {2} million of customer "
    "repurchase agreements, a spokesman said. Dealers said the {0} funds were trading at {3} "
    "per cent when it began its temporary and direct supply of reserves to the banking system."
)
PLACES = ["Alba", "Brenn", "Corda", "Dovre", "Elsin", "Farro", "Galt", "Hulme"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]


def notices(count: int) -> list[str]:
    """Fill one form in for as many places, with other figures each."""
    return [
        FORM.format(PLACES[n], DAYS[n % 6], 130 + 17 * n, f"{3 + n}.{n}1") for n in range(count)
    ]


@pytest.mark.parametrize("count", [2, 3, 8])
def test_notices_on_one_form_are_no_cluster(tmp_path, count):
    """Two of them are told by what differs in the frame, many by how common the frame is, too."""
    for number, notice in enumerate(notices(count)):
        (tmp_path / f"{number}.txt").write_text(notice)
    report = scan([tmp_path], Settings(passages=True))
    assert report.clusters == ()
    assert {match.relation for match in report.passages} == {"template"}
    assert "same form, other facts: 2 of 2 numbers and 2 of" in report.passages[0].why


def test_copies_of_notices_are_clusters_of_their_own(tmp_path):
    """Each notice, reprinted with a word more, is one story; the form still joins no two."""
    for number, notice in enumerate(notices(6)):
        for copy, word in enumerate(["", "also ", "still ", "again "]):
            text = notice.replace("Dealers", f"{word}dealers").replace("banking", f"{word}bank")
            (tmp_path / f"{number}-{copy}.txt").write_text(text)
    clusters = scan([tmp_path]).clusters
    assert [len(cluster.members) for cluster in clusters] == [4] * 6


def test_background_that_many_stories_carry_joins_none(tmp_path):
    """A paragraph of background in six stories is a shared passage."""
    background = story(99, 60)
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(f"{story(number, 70)} {background}")
    report = scan([tmp_path], Settings(passages=True))
    assert report.clusters == ()
    assert {match.relation for match in report.passages} == {"shared-passage"}
    assert "100% of what they share stands in more than 3 stories" in report.passages[0].why


@pytest.mark.parametrize(("place", "relation"), [(70, "shared-passage"), (20, "revision")])
def test_an_ending_in_common_makes_no_version(tmp_path, place, relation):
    """What two stories end with alike is background; the same further up is their story."""
    own, shared = story(1, 70).split(), story(2, 40)
    (tmp_path / "a.txt").write_text(" ".join([*own[:place], shared, *own[place:]]))
    (tmp_path / "b.txt").write_text(f"{story(3, 75)} {shared}")
    report = scan([tmp_path], Settings(passages=True))
    (match,) = [*report.passages, *(match for own in report.clusters for match in own.matches)]
    assert match.relation == relation
    assert ("at the end of both" in match.why) == (place == 70)
    assert place == 20 or report.nearest.why == match.why


@pytest.mark.parametrize(
    ("shared", "joined"),
    [
        ("it said its chairman and chief executive will take the additional post of president", 0),
        ("it said the sale of its Neptune works at Carrow for 80 crowns was closed in May", 1),
    ],
)
def test_few_words_join_if_they_tell_something(tmp_path, shared, joined):
    """A phrase that anybody uses joins no short stories; one that holds all their facts does."""
    (tmp_path / "a.txt").write_text(f"{story(1, 12)} {shared} {story(2, 8)}")
    (tmp_path / "b.txt").write_text(f"{story(3, 6)} {shared} {story(4, 14)}")
    report = scan([tmp_path])
    assert len(report.clusters) == joined
    assert joined or "fewer than 20 words join only if" in report.nearest.why


def test_a_correction_of_one_figure_is_the_same_story(tmp_path):
    """A single other number in a long text makes no form of it."""
    text = f"{story(1)} It said 48 people died. {story(2)}"
    (tmp_path / "a.txt").write_text(text)
    (tmp_path / "b.txt").write_text(text.replace("48", "46"))
    (cluster,) = scan([tmp_path]).clusters
    assert (cluster.matches[0].relation, cluster.matches[0].flags) == (
        "near-duplicate",
        ("numbers-changed",),
    )


THAI = [
    "".join(random.Random(number).choices("กขคงจชดตทนบปพมยรลวสหอ", k=4)) for number in range(900)
]
HAN = [
    "".join(random.Random(number).choices("国家经济发展问题会议代表声明", k=2))
    for number in range(90)
]


@pytest.mark.parametrize("words", [THAI, HAN])
def test_scripts_without_spaces(tmp_path, words):
    """Common words make no two texts alike, and a run of 20 words is found all the same."""
    texts = ["".join(random.Random(seed).choices(words, k=150)) for seed in range(8)]
    shared = "".join(random.Random(9).choices(words, k=20))
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(text + shared * (number < 2) + text[:9])
    report = scan([tmp_path], Settings(passages=True))
    assert relations(report) == {frozenset({"0", "1"}): "shared-passage"}
    assert report.passages[0].words >= len(shared)


def test_the_lead_is_the_earliest_where_all_dates_are_known(tmp_path):
    """It says by which date; with a date missing it is the longest."""
    path = tmp_path / "a.jsonl"
    records = [
        {"id": "late", "date": "2019-12-21", "text": story(1) + " " + story(2, 20)},
        {"id": "early", "date": "Fri, 20 Dec 2019 09:30:00 +0900", "text": story(1)},
    ]
    path.write_text("\n".join(map(json.dumps, records)))
    (cluster,) = scan([path]).clusters
    assert cluster.lead_reason == "earliest: published 2019-12-20T00:30:00+00:00"
    assert cluster.matches[0].earlier is not None
    del records[0]["date"]
    path.write_text("\n".join(map(json.dumps, records)))
    assert scan([path]).clusters[0].lead_reason == "longest: 140 words"


def test_members_that_hang_together_through_a_third(tmp_path):
    """A roundup joins two stories that share nothing: the report says through whom."""
    (tmp_path / "a.txt").write_text(story(1))
    (tmp_path / "b.txt").write_text(story(2))
    (tmp_path / "roundup.txt").write_text(f"{story(3, 60)} {story(1)} {story(2)}")
    (tmp_path / "c.txt").write_text(f"{story(1)} {story(4, 300)}")
    report = scan([tmp_path])
    (cluster,) = report.clusters
    paths = [entry.path.rpartition("/")[2] for entry in report.documents]
    assert paths[cluster.lead] == "c.txt"
    through = {paths[item.member]: paths[item.through] for item in cluster.indirect}
    assert through == {"b.txt": "roundup.txt"}


def test_complete_linkage(tmp_path):
    """A roundup joins the story that is closer to it, with its copies; what is cut is counted."""
    (tmp_path / "a.txt").write_text(story(1))
    (tmp_path / "copy-of-a.txt").write_text(story(1))
    (tmp_path / "b.txt").write_text(f"{story(2)} {story(5, 60)}")
    (tmp_path / "roundup.txt").write_text(f"{story(3, 60)} {story(1)} {story(2)}")
    report = scan([tmp_path], Settings(linkage="complete", passages=True))
    (cluster,) = report.clusters
    names = [report.documents[member].path.rpartition("/")[2] for member in cluster.members]
    assert names == ["a.txt", "copy-of-a.txt", "roundup.txt"]
    assert (report.summary.matches, report.summary.relations) == (
        2,
        {"embedded": 1, "identical": 1, "revision": 1},
    )
    assert [match.relation for match in report.passages] == ["revision"]
    assert len(scan([tmp_path]).clusters[0].members) == 4


REPEATS = "the same words again " * 20_000


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("word " * 50_000, "word " * 49_000 + story(1), "near-duplicate"),
        (REPEATS, REPEATS + story(2), "near-duplicate"),
        (story(5, 40), story(5, 40).replace(" ", "\n"), "identical"),
        ("x" * 1_000_000 + " " + story(6), story(6), "near-duplicate"),
        ("가" * 200, "나 " + "가" * 200, None),
        ("文" * 20 + "字" * 20, "文" * 20 + "字" * 19, "near-duplicate"),
    ],
)
def test_odd_texts(a, b, relation):
    """Texts that repeat themselves, have no spaces or no lines end well."""
    match = compare(a, b)
    assert (match.relation if match else None) == relation
    if match:
        hold_passages(match, a, b)


@pytest.mark.slow
def test_a_folder_of_many_small_files(tmp_path):
    """20,000 files are read and compared in seconds."""
    for number in range(20_000):
        (tmp_path / f"{number:05}.txt").write_text(story(number, 60))
    began = time.perf_counter()
    report = scan([tmp_path])
    assert (report.summary.documents, report.summary.clusters) == (20_000, 0)
    assert time.perf_counter() - began < 60


@pytest.mark.slow
def test_thousands_of_identical_files(tmp_path):
    """5,000 copies are one cluster, found in seconds."""
    for number in range(5_000):
        (tmp_path / f"{number:04}.txt").write_text(story(1))
    began = time.perf_counter()
    (cluster,) = scan([tmp_path]).clusters
    assert (len(cluster.members), len(cluster.matches)) == (5_000, 4_999)
    assert time.perf_counter() - began < 60


@pytest.mark.slow
def test_a_word_repeated_a_million_times(tmp_path):
    """Ends in seconds, with the words counted one by one."""
    (tmp_path / "a.txt").write_text("word " * 1_000_000)
    (tmp_path / "b.txt").write_text("word " * 999_000 + story(1))
    began = time.perf_counter()
    (cluster,) = scan([tmp_path]).clusters
    assert (cluster.matches[0].words, len(cluster.matches[0].passages)) == (999_000, 1)
    assert time.perf_counter() - began < 60


@pytest.mark.slow
def test_one_giant_file(tmp_path):
    """A file of 200 MB is one document, and a story in it is found."""
    with (tmp_path / "giant.txt").open("w") as file:
        for number in range(37_000):
            file.write(story(number, 1000) + "\n")
        file.write(story(-1))
    (tmp_path / "story.txt").write_text(story(-1))
    assert (tmp_path / "giant.txt").stat().st_size > 150_000_000
    report = scan([tmp_path])
    assert relations(report) == {frozenset(("giant", "story")): Relation.EMBEDDED}


def shared_runs(report_corpus, length: int, most: int) -> set[tuple[int, int]]:
    """Give all pairs of documents that share a run of so many tokens, by an exact index.

    Runs that more than `most` documents hold are left out.
    """
    holders = defaultdict(set)
    for number, tokens in enumerate(report_corpus):
        for at in range(len(tokens) - length + 1):
            holders[tuple(tokens[at : at + length])].add(number)
    return {
        pair
        for documents in holders.values()
        if len(documents) <= most
        for pair in combinations(sorted(documents), 2)
    }


@pytest.mark.slow
def test_nothing_shared_is_missed_on_real_stories(shared):
    """Of 21,578 stories every pair is proposed that shares 20 words that at most 32 hold."""
    with gzip.open(shared / "corpora/reuters21578/docs.jsonl.gz", "rt", encoding="utf-8") as file:
        documents = [Document(path="r", text=json.loads(line)["text"]) for line in file]
    corpus, candidates, _ = propose(documents, Settings(), permutations(128), Inline(), ignore)
    tokens = [
        corpus.hashes[begin:end].tolist() if first == number and end - begin >= 20 else []
        for number, (first, begin, end) in enumerate(
            zip(corpus.first, corpus.offsets, corpus.offsets[1:], strict=False)
        )
    ]
    missed = shared_runs(tokens, 20, HOT) - {tuple(pair) for pair in candidates.pairs.tolist()}
    assert len(documents) == 21_578
    assert len(candidates.pairs) < 60_000
    assert missed == set()
