"""The wire corpus: what its truth promises, for any seed."""

import json
import random
import subprocess
import sys
from itertools import combinations

import pytest
import wire
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from wire.desk import Desk, respell
from wire.families import FAMILIES, make_family
from wire.grammar import SCRIPTS, load
from wire.overlap import Passage, Run, Shared, relate
from wire.stories import Newsroom
from wire.text import Ink, fold
from wire.truth import Member, compare

from dupfind.tokens import tokenize

seeds = st.integers(0, 1 << 32)
languages = st.sampled_from(("en", *SCRIPTS))


def write(code, seed):
    """Give a desk, and a story as an agency sends it."""
    desk = Desk(Newsroom(load(code), random.Random(seed), Ink()))
    return desk, desk.newsroom.send(desk.newsroom.write(paragraphs=8))


def hold(before, after):
    """Compare two drafts."""
    return compare(Member("a", before), Member("b", after))


@given(seeds, st.sampled_from(list(FAMILIES)))
@settings(max_examples=60, deadline=None)
def test_runs_are_equal(seed, kind):
    """What is recorded as shared are the same words on both sides, to dupfind too."""
    members = [
        Member(str(at), draft)
        for at, draft in enumerate(make_family(kind, random.Random(seed), 6)[:6])
    ]
    texts = {member.id: member.text.text for member in members}
    for one, other in combinations(members, 2):
        pair = compare(one, other)
        for run in (run for passage in pair.passages for run in passage.runs):
            a = texts[pair.a][run.a_start : run.a_end]
            b = texts[pair.b][run.b_start : run.b_end]
            assert fold(a) == fold(b)
            tokens = tokenize([a, b])
            hashes, (_, middle, _) = tokens.hashes.tolist(), tokens.offsets
            assert hashes[:middle] == hashes[middle:]


@given(seeds, st.integers(1, 120))
@settings(max_examples=12, deadline=None)
def test_seed_and_size(seed, documents):
    """The same number and seed make the same corpus, with so many documents, of as many ids."""
    first, again = (
        [json.dumps(wire.record(member)) for member in wire.generate(documents, seed)]
        for _ in range(2)
    )
    assert first == again
    assert len({json.loads(line)["id"] for line in first}) == documents
    members = [member for own in wire.make_families(documents, seed) for member in own.members]
    assert sorted(first) == sorted(json.dumps(wire.record(member)) for member in members)


def test_lazy():
    """The first documents of a million are there at once."""
    documents = wire.generate(1_000_000, 1)
    assert len([next(documents) for _ in range(10)]) == 10


def test_unrelated():
    """Stories that have nothing to do with each other hardly share 5 words in a row."""
    members = [
        family.members[0] for family in wire.make_families(1200, 5) if family.kind == "alone"
    ]
    words = [fold(own.text.text) for own in members if own.draft.language.code == "en"]
    shingles = [{tuple(own[at : at + 5]) for at in range(len(own) - 4)} for own in words]
    shared = [len(a & b) / min(len(a), len(b)) for a, b in combinations(shingles, 2)]
    assert len(shared) > 10_000
    assert sum(shared) / len(shared) < 0.0002  # of random Reuters stories: 0.0001
    assert sum(share > 0 for share in shared) / len(shared) < 0.03


@given(seeds, languages)
@settings(max_examples=25, deadline=None)
def test_copies(seed, code):
    """A story sent again is identical; one with a corrected figure is a near-duplicate."""
    desk, story = write(code, seed)
    assert hold(story, story).relations == ("identical",)
    corrected = desk.correct(story)
    if corrected != story:
        found = hold(story, corrected)
        assert found.relations == ("near-duplicate",)
        changed = [
            (a, b)
            for a, b in zip(story.set().text.split(), corrected.set().text.split(), strict=True)
            if a != b
        ]
        assert len(changed) == 1


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_style(seed):
    """British quotation marks and acronyms change no word; British spelling does."""
    desk, story = write("en", seed)
    restyled = desk.restyle(story)
    assert '"' not in "".join(word for own in restyled.body for word, *_ in own[0].words)
    assert hold(story, restyled).relations[0] in {"identical", "near-duplicate"}
    spelled = ["harbor", "U.S.", "percent,", 'Center."', "said"]
    told = [" ".join(respell(load("en").spelling, word)) for word in spelled]
    assert told == ["harbour", "US", "per cent,", "Centre.”", "said"]


@given(seeds, languages, st.floats(0.25, 0.7))
@settings(max_examples=25, deadline=None)
def test_trim(seed, code, share):
    """A story whose tail is cut is an abridgement, where enough is cut."""
    desk, story = write(code, seed)
    made = hold(story, desk.trim(story, share))
    assert {"abridgement", "near-duplicate"} & set(made.relations)


@given(seeds, st.floats(0.01, 0.2))
@settings(max_examples=20, deadline=None)
def test_corrupt(seed, rate):
    """Corrupted words differ after normalization, and about so many are."""
    desk, _ = write("en", seed)
    story = desk.newsroom.write(paragraphs=40)
    before = [word for own in story.body for sentence in own for word in sentence.words]
    corrupted = desk.corrupt(story, rate)
    after = [word for own in corrupted.body for sentence in own for word in sentence.words]
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert all(fold(a) != fold(b) for a, b in changed)
    assert len(changed) / len(before) == pytest.approx(rate, abs=0.05)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("quotes", {"quote"}),
        ("background", {"shared-passage"}),
        ("same-event", {None}),
        ("brief", {"embedded"}),
        ("few-notices", {"template", "near-duplicate", "identical"}),
        ("alone", set()),
    ],
)
def test_labels(kind, expected):
    """Each operation has the relation that an editor would give it."""
    found = set()
    for seed in range(20):
        drafts = make_family(kind, random.Random(seed), 10)
        members = [Member(str(at), draft) for at, draft in enumerate(drafts)]
        found |= {compare(a, b).relations[0] for a, b in combinations(members, 2)}
    assert found <= expected
    assert not expected or found & expected


def test_clusters():
    """Versions of a story cluster; roundups hold theirs together; the others stay apart."""
    for family in wire.make_families(400, 3):
        clusters = family.clusters(family.pairs())
        clustered = sum(map(len, clusters))
        if family.kind in {"quotes", "background", "same-event", "alone"}:
            assert not clusters
        if family.kind == "roundup" and len(family.members) > 6:
            assert [len(own) for own in clusters] == [clustered]


def share(least, most, begin=0, longest=100, quoted=0.0):
    """Make what a pair of 100 and 200 words shares."""
    passages = (Passage((Run(0, 1, 0, 1),), longest),)
    return Shared(passages, (least, most), (0, begin), (100, 200), quoted)


@pytest.mark.parametrize(
    ("shared", "expected"),
    [
        (share(0.9, 0.9), ("near-duplicate",)),
        (share(0.9, 0.5), ("abridgement",)),
        (share(0.9, 0.5, begin=50), ("embedded",)),
        (share(0.5, 0.1), ("embedded",)),
        (share(0.5, 0.4), ("revision",)),
        (share(0.1, 0.1, longest=20), ("shared-passage",)),
        (share(0.1, 0.1, longest=25, quoted=0.8), ("quote",)),
        (share(0.1, 0.1, longest=12), (None,)),
        (share(0.81, 0.5), ("abridgement", "revision")),
        (share(0.31, 0.4, longest=30), ("revision", "shared-passage")),
    ],
)
def test_rules(shared, expected):
    """The relation follows from the true coverage; on a bound both sides will do."""
    assert relate(shared, versions=True, several=False) == expected


def test_apart():
    """Different stories are never versions, however much they share; in a roundup they are."""
    assert relate(share(0.9, 0.9), versions=False, several=False) == ("shared-passage",)
    assert relate(share(0.5, 0.4), versions=True, several=True) == ("embedded", "revision")


@pytest.mark.slow
def test_command(tmp_path):
    """The command writes a corpus and its truth, the same bytes each time."""
    truth = tmp_path / "truth.jsonl"
    command = [sys.executable, "-m", "benchmarks.wire", "--documents", "60", "--seed", "2"]
    runs = [
        subprocess.run([*command, "--truth", truth], cwd=ROOT, capture_output=True, check=True)
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
    records = {record["id"]: record for record in map(json.loads, runs[0].stdout.splitlines())}
    assert len(records) == 60
    families = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    assert {name for own in families for name in own["documents"]} == set(records)
    for pair in (pair for own in families for pair in own["pairs"]):
        for a_start, a_end, b_start, b_end in (run for runs in pair["passages"] for run in runs):
            a = records[pair["a"]]["text"][a_start:a_end]
            assert fold(a) == fold(records[pair["b"]]["text"][b_start:b_end])
