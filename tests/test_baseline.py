import random
import subprocess
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dupfind.acceptance import judge, update
from dupfind.baseline import Acceptance, Member, format_baseline, parse_baseline
from dupfind.errors import BaselineError

WORDS = [f"{first}{second}" for first in "bcdfghjklmnprstvz" for second in
         ("ab", "ek", "il", "om", "un", "ard", "est", "ing", "olt", "urn")]  # fmt: skip


def story(seed: int, words: int = 80) -> str:
    """Make a text of its own, always the same for a seed."""
    return " ".join(random.Random(seed).choices(WORDS, k=words)) + "\n"


def git(folder: Path, *arguments: str) -> str:
    """Run git as nobody in particular."""
    who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@localhost"]
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def repository(tmp_path, dupfind) -> Path:
    """Make a repository with two accepted pairs of copies, stories 1 and 2."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    for number in (1, 2):
        for name in "ab":
            (tmp_path / f"{number}{name}.txt").write_text(story(number))
    assert write_baseline(dupfind, tmp_path)[0] == "'.base': 2 accepted, 0 kept, 0 removed"
    commit(tmp_path)
    return tmp_path


def commit(folder: Path) -> None:
    """Commit all that is there."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Change something")


def write_baseline(dupfind, folder: Path) -> list[str]:
    """Bring the baseline up to date, and give what was told of it."""
    done = dupfind("check", ".", "--baseline", ".base", "--write-baseline", cwd=folder)
    assert (done.returncode, done.stdout) == (0, b"")
    return done.stderr.decode().splitlines()[1:]


def check(dupfind, folder: Path, *arguments: str) -> tuple[int, str]:
    """Check the folder, and give the exit code and the last line told."""
    done = dupfind("check", ".", "--baseline", ".base", "-f", "json", *arguments, cwd=folder)
    return done.returncode, done.stderr.decode().splitlines()[-1]


def test_an_edit_stays_accepted(dupfind, repository):
    """A document that still overlaps is known by its path."""
    (repository / "1a.txt").write_text(story(1) + "more words")
    assert check(dupfind, repository) == (0, "overlaps: 2 accepted")


def test_a_rename_stays_accepted(dupfind, repository):
    """A document is known by its content wherever it goes, even two that swap their names."""
    (repository / "deep").mkdir()
    git(repository, "mv", "1a.txt", "deep/new.txt")
    git(repository, "mv", "2a.txt", "1a.txt")
    assert check(dupfind, repository) == (0, "overlaps: 2 accepted")


def test_edits_and_renames_of_years_stay_accepted_if_written_down(dupfind, repository):
    """Writing the baseline refreshes what it knows of an entry, under the same id."""
    before = (repository / ".base").read_text()
    known = ["'.base': 0 accepted, 2 kept, 0 removed"]
    path = repository / "1a.txt"
    for step in range(3):
        path.write_text(story(1) + story(step, 5))
        assert write_baseline(dupfind, repository) == known
        path = path.rename(repository / f"{step}.txt")
        assert write_baseline(dupfind, repository) == known
    after = (repository / ".base").read_text()
    assert [line[:14] for line in after.split("\n")] == [line[:14] for line in before.split("\n")]


def test_a_third_copy_fires(dupfind, repository):
    """One more document is not accepted with the two, even if it is the same."""
    (repository / "1c.txt").write_text(story(1))
    code, told = check(dupfind, repository)
    assert (code, told[:25]) == (1, "overlaps: 1 not accepted ")
    first, added = write_baseline(dupfind, repository)
    assert first == "'.base': 1 accepted, 1 kept, 0 removed"
    assert added.endswith('"1a.txt", "1b.txt", "1c.txt"')
    assert check(dupfind, repository) == (0, "overlaps: 2 accepted")


def test_two_accepted_clusters_that_merge_fire(dupfind, repository):
    """What joins them makes one cluster that nobody has accepted; its reasons are kept."""
    base = repository / ".base"
    entries = parse_baseline(base.read_text())
    base.write_text(
        base.read_text()
        + "".join(f"{entry.id} reason because of {place}\n" for place, entry in enumerate(entries))
    )
    (repository / "1a.txt").write_text(f"{story(1)} {story(2)}")
    assert check(dupfind, repository)[0] == 1
    assert write_baseline(dupfind, repository)[0] == "'.base': 1 accepted, 0 kept, 1 removed"
    (entry,) = parse_baseline(base.read_text())
    assert entry.reasons == ("because of 0", "because of 1")
    assert entry.id in {entry.id for entry in entries}
    assert check(dupfind, repository) == (0, "overlaps: 1 accepted")


def test_a_stale_entry_is_named(dupfind, repository):
    """What is gone is told, and written out of the baseline; the smaller rest is known."""
    entries = {entry.members[0].path[0]: entry.id for entry in parse_baseline(
        (repository / ".base").read_text())}  # fmt: skip
    (repository / "2a.txt").unlink()
    (repository / "2b.txt").unlink()
    told = f"'.base': nothing is left of {entries['2']}; --write-baseline removes them"
    assert check(dupfind, repository) == (0, told)
    assert write_baseline(dupfind, repository) == [
        "'.base': 0 accepted, 1 kept, 1 removed",
        f'- {entries["2"]} "2a.txt", "2b.txt"',
    ]


def test_what_was_not_looked_at_is_not_stale(dupfind, repository):
    """A check of a part of the folder leaves the entries of the rest alone."""
    (repository / "part").mkdir()
    done = dupfind("check", ".", "--baseline", "../.base", cwd=repository / "part")
    assert done.stderr.count(b"\n") == 1
    done = dupfind(
        "check", ".", "--baseline", "../.base", "--write-baseline", cwd=repository / "part"
    )
    assert b"0 accepted, 2 kept, 0 removed" in done.stderr


def test_paths_count_from_the_baseline(dupfind, repository):
    """It is the same baseline from wherever the command is called."""
    (repository / "part").mkdir()
    for number in (1, 2):
        (repository / f"{number}a.txt").write_text(story(number) + "edited")
    arguments = ("--baseline", ".base", "-q", "--no-diff")
    assert dupfind("check", ".", *arguments, cwd=repository).returncode == 0
    arguments = ("--baseline", "../.base", "-q", "--no-diff")
    assert dupfind("check", "..", *arguments, cwd=repository / "part").returncode == 0


@pytest.mark.parametrize("attributes", ["", ".base merge=union\n"])
def test_the_additions_of_two_people_merge(dupfind, repository, attributes):
    """Two branches that accept different clusters merge without a conflict, into both.

    The third and fourth story fall below different numbers of the file; with a union merge
    it makes no difference if they do not.
    """
    (repository / ".gitattributes").write_text(attributes)
    commit(repository)
    for number in (3, 4):
        git(repository, "switch", "--quiet", "--create", f"branch{number}", "main")
        for name in "ab":
            (repository / f"{number}{name}.txt").write_text(story(number))
        assert write_baseline(dupfind, repository)[0].endswith("1 accepted, 2 kept, 0 removed")
        commit(repository)
    git(repository, "merge", "--quiet", "--no-edit", "branch3")
    assert check(dupfind, repository) == (0, "overlaps: 4 accepted")
    merged = (repository / ".base").read_bytes()
    write_baseline(dupfind, repository)
    assert (repository / ".base").read_bytes() == merged


def test_two_people_accept_copies_of_one_story(dupfind, repository):
    """Both copies end up in the one entry: it was theirs to accept."""
    (repository / ".gitattributes").write_text(".base merge=union\n")
    commit(repository)
    for name in "cd":
        git(repository, "switch", "--quiet", "--create", f"branch{name}", "main")
        (repository / f"1{name}.txt").write_text(story(1))
        write_baseline(dupfind, repository)
        commit(repository)
    git(repository, "merge", "--quiet", "--no-edit", "branchc")
    assert check(dupfind, repository) == (0, "overlaps: 2 accepted")


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
MEMBERS = st.builds(
    Member,
    NAMES,
    st.none() | st.integers() | NAMES,
    st.integers(0, 2**128 - 1).map("{:032x}".format),
)
ENTRIES = st.builds(
    Acceptance,
    st.integers(0, 2**48 - 1).map("c-{:012x}".format),
    st.lists(MEMBERS, min_size=1, max_size=3, unique=True).map(tuple),
    st.lists(st.sampled_from(["on purpose", "# 1", '"', "é"]), unique=True).map(tuple),
)


@given(st.lists(ENTRIES, max_size=4, unique_by=lambda entry: entry.id), st.randoms())
def test_a_baseline_is_read_as_it_was_written(entries, random):
    """Whatever the names are, and in whatever order a merge leaves the lines."""
    written = format_baseline(entries)
    assert written.isascii() or written.replace("\n", "").isprintable()
    lines = written.split("\n")
    random.shuffle(lines)
    for text in (written, "\n".join(lines), written.replace("\n", "\r\n"), written * 2):
        assert format_baseline(parse_baseline(text)) == written


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("<<<<<<< HEAD", "line 2 is left of a merge conflict"),
        ("c-00112233445", "line 2 is no line of a baseline"),
        ("c-001122334455 sha256:00112233445566778899aabbccddeeff a.txt", "line 2 is no line"),
        ('c-001122334455 sha256:00112233445566778899aabbccddeeff "a" b', "line 2 is no line"),
        ('c-001122334455 sha256:00112233445566778899aabbccddeeff "a" [1]', "line 2 is no line"),
        ("c-001122334455 sha256:00112233445566778899aabbccddeeff 7", "line 2 is no line"),
    ],
)
def test_a_line_that_is_none(line, message):
    """The message names the line."""
    with pytest.raises(BaselineError, match=message):
        parse_baseline(f"# head\n{line}\n")


FEW = st.lists(st.builds(Member, st.sampled_from("abcd"), st.none(), st.sampled_from("uvw")),
               min_size=1, max_size=4, unique_by=lambda member: member.path)  # fmt: skip


@given(FEW, FEW)
def test_each_member_needs_one_of_the_entry_to_itself(known, members):
    """Held against all ways to give them out."""
    expected = any(
        all(a.path == b.path or a.digest == b.digest for a, b in zip(members, chosen, strict=False))
        for chosen in permutations(known, len(members))
    )
    (found,) = judge([Acceptance("c-0", tuple(known))], [members], bool).accepted
    assert (found is not None) == expected


def group(placed: list[tuple[Member, int]]) -> list[list[Member]]:
    """Make clusters of members and the numbers of their clusters."""
    clusters = {number: [] for _, number in placed}
    for member, number in placed:
        clusters[number].append(member)
    return list(clusters.values())


PLACED = st.lists(
    st.tuples(
        st.builds(
            Member,
            st.sampled_from("abcdef"),
            st.none(),
            st.sampled_from("abcde").map(lambda sign: 32 * sign),
        ),
        st.integers(0, 2),
    ),
    unique_by=lambda placed: placed[0].path,
)


@given(PLACED, PLACED)
def test_what_is_written_is_accepted(before, after):
    """Whatever the baseline was, once it is up to date nothing is new and nothing is stale."""
    entries = []
    for clusters in (group(before), group(after)):
        judged = judge(entries, clusters, bool)
        wanted = [entry is None for entry in judged.accepted]
        made = update(entries, clusters, wanted, judged, bool)
        assert len(made.added) == sum(wanted)
        entries = parse_baseline(format_baseline(made.entries))
        assert len(entries) == len(made.entries) == made.kept + len(made.added)
        again = judge(entries, clusters, bool)
        assert all(again.accepted)
        assert again.stale == []


def test_thousands_of_renamed_copies_are_known():
    """A folder that was renamed is matched in a moment."""
    known = [Member(f"old/{number}", None, "d") for number in range(3000)]
    members = [Member(f"new/{number}", None, "d") for number in range(3000)]
    (found,) = judge([Acceptance("c-0", tuple(known))], [members], bool).accepted
    assert found is not None
