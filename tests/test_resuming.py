"""`--work-dir`: a run that was ended goes on from its last finished stage, with the same bytes."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from dupfind import scan

MARKS = [".dupfindignore", ".gitignore", "CACHEDIR.TAG"]
STAGES = ["reading and sketching", "pairing", "verifying"]


def write(path, groups, copies=2):
    """Write records, in groups of which each is the one before, less a few words."""
    with path.open("w") as file:
        for number in range(groups * copies):
            words = random.Random(number // copies).choices(range(20_000), k=120)
            text = " ".join(f"word{word}" for word in words[number % copies :])
            file.write(json.dumps({"id": number, "text": f"{text}.\n\nThe Carrow Herald"}) + "\n")
    return path


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Give a file that was written long enough ago for its times to be sure."""
    path = write(tmp_path_factory.mktemp("settled") / "many.jsonl", 200)
    time.sleep(2.1)
    return path


@pytest.fixture
def own(tmp_path):
    """Give such a file that a test may change."""
    path = write(tmp_path / "own.jsonl", 200)
    time.sleep(2.1)
    return path


def run(folder, *arguments, stdout=subprocess.PIPE, text=None):
    """Run a scan that keeps its stages in the folder w; `text` is its standard input."""
    command = [sys.executable, "-m", "dupfind", "scan", *arguments, "-v", "--work-dir", "w"]
    return subprocess.run(
        command, cwd=folder, input=text, stdout=stdout, stderr=subprocess.PIPE, check=False
    )


def fail(folder, *arguments, text=None):
    """Run a scan to its report, which cannot be written."""
    with Path("/dev/full").open("wb") as full:
        done = run(folder, *arguments, "-f", "json", stdout=full, text=text)
    assert done.returncode == 2
    return done


def taken(done):
    """List the stages that were taken from the folder w."""
    lines = done.stderr.decode().splitlines()
    return [line.split(":")[0] for line in lines if line.endswith("taken from the work directory")]


def look_into(folder):
    """List what is in a work directory."""
    return sorted(path.name for path in (folder / "w").iterdir())


def test_it_goes_on(dupfind, many, tmp_path):
    """What was finished is taken, the report is the same, and at the end nothing is left."""
    plain = dupfind("scan", many, "-f", "json", cwd=tmp_path).stdout
    assert taken(fail(tmp_path, many)) == []
    done = run(tmp_path, many, "-f", "json")
    assert taken(done) == STAGES
    assert done.stdout == plain
    assert look_into(tmp_path) == MARKS
    assert (tmp_path / "w").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--linkage", "complete"], STAGES),
        (["--threshold", ".5"], STAGES[:2]),
        (["--min-words", "30"], STAGES[:1]),
        (["--shingle-size", "6"], []),
        (["--encoding", "cp1252"], STAGES[1:]),
    ],
)
def test_other_settings(dupfind, many, tmp_path, arguments, expected):
    """A stage is done again if it depends on what was set."""
    fail(tmp_path, many)
    done = run(tmp_path, many, "-f", "json", *arguments)
    assert taken(done) == expected
    assert done.stdout == dupfind("scan", many, "-f", "json", *arguments, cwd=tmp_path).stdout


def test_other_content(dupfind, own, tmp_path):
    """A file is read again if it was touched; what was made of it is made again if it changed."""
    fail(tmp_path, own)
    own.touch()
    assert taken(fail(tmp_path, own)) == STAGES[1:]
    time.sleep(2.1)
    fail(tmp_path, own)
    before = own.stat()
    own.write_text(own.read_text().replace("word1", "work1", 1))
    os.utime(own, ns=(before.st_atime_ns, before.st_mtime_ns))
    done = run(tmp_path, own, "-f", "json")
    assert taken(done) == []
    assert done.stdout == dupfind("scan", own, "-f", "json", cwd=tmp_path).stdout


def test_what_broke_is_done_again(many, tmp_path):
    """A stage that lost a part of a file, or its marker, is as good as none."""
    fail(tmp_path, many)
    os.truncate(tmp_path / "w/pairing/columns", 99)
    assert taken(fail(tmp_path, many)) == [STAGES[0], STAGES[2]]
    (tmp_path / "w/reading/marker").unlink()
    assert taken(fail(tmp_path, many)) == STAGES[1:]


def test_what_was_tampered_with_is_removed(dupfind, many, tmp_path):
    """A batch that tells of another type is told in one line, and made again by the next run."""
    fail(tmp_path, many)
    (marker,) = tmp_path.glob("w/verifying/*/marker")
    told = msgspec.msgpack.decode(marker.read_bytes())
    told["places"]["documents"]["dtype"] = "|O"
    marker.write_bytes(msgspec.msgpack.encode(told))
    done = dupfind("scan", many, "--work-dir", "w", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2, b"dupfind: what was kept in 'w' was damaged, and is removed; try again\n"
    )  # fmt: skip
    assert dupfind("scan", many, "--work-dir", "w", cwd=tmp_path).returncode == 0


def test_standard_input(many, tmp_path):
    """It is always read, and what was made of the same text is taken."""
    text = many.read_bytes()
    fail(tmp_path, "-", text=text)
    assert taken(fail(tmp_path, "-", text=text)) == STAGES[1:]
    assert taken(run(tmp_path, "-", text=text.replace(b"word1", b"work1"))) == []


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_killed_while_it_verifies(dupfind, tmp_path, jobs):
    """The batches that were verified are not verified again, with other processes neither."""
    write(tmp_path / "many.jsonl", 60, copies=40)
    arguments = ["scan", "many.jsonl", "--memory", "100M", "-f", "json"]
    command = [sys.executable, "-m", "dupfind", *arguments, "--jobs", jobs, "--work-dir", "w"]
    kept = tmp_path / "w/verifying"
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        while not kept.is_dir() or not any(kept.iterdir()):
            assert process.poll() is None
        process.kill()
    done = run(tmp_path, *arguments[1:], "--jobs", "1")
    assert re.search(rb"verifying: \d+ of \d+ batches taken from", done.stderr)
    assert done.stdout == dupfind(*arguments, cwd=tmp_path).stdout
    assert look_into(tmp_path) == MARKS


@pytest.mark.slow
@pytest.mark.parametrize("options", [["--jobs", "2"], ["--memory", "100M", "--cache", "c"]])
def test_killed_at_any_moment(dupfind, tmp_path, options):
    """Whenever it is killed, and however often, the report of the run that ends is the same."""
    write(tmp_path / "many.jsonl", 5_000)
    plain = dupfind("scan", "many.jsonl", "-f", "json", cwd=tmp_path).stdout
    command = [sys.executable, "-m", "dupfind", "scan", "many.jsonl", "-o", "r.json", *options]
    moments = random.Random(8)
    for ended in range(60):
        with subprocess.Popen([*command, "--work-dir", "w", "-q"], cwd=tmp_path) as process:
            try:
                assert process.wait(moments.uniform(0.3, 1 + ended)) == 0
                break
            except subprocess.TimeoutExpired:
                process.send_signal(moments.choice([signal.SIGKILL, signal.SIGTERM]))
    assert ended
    assert (tmp_path / "r.json").read_bytes() == plain
    assert look_into(tmp_path) == MARKS


def test_in_use(dupfind, tmp_path):
    """One run at a time works in a folder, until it ends or is killed."""
    command = [sys.executable, "-m", "dupfind", "scan", "-", "--work-dir", "w"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE) as process:
        while not list(tmp_path.glob("w/run-*")):
            assert process.poll() is None
        done = dupfind("scan", ".", "--work-dir", "w", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, b"")
        told = b"dupfind: 'w' is in use by another run; wait for its end, or name another folder\n"
        assert done.stderr == told
        process.kill()
    assert dupfind("scan", ".", "--work-dir", "w", cwd=tmp_path).returncode == 0
    assert look_into(tmp_path) == MARKS


@pytest.mark.parametrize("name", ["full", "file", "cache"])
def test_a_folder_that_is_none(dupfind, tmp_path, name):
    """A folder with other things in it is refused, and so is a file, and a cache."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full/of.txt").write_text("x")
    (tmp_path / "file").write_text("x")
    assert dupfind("scan", "file", "--cache", "cache", cwd=tmp_path).returncode == 0
    before = sorted(tmp_path.rglob("*"))
    done = dupfind("scan", "full", "--work-dir", name, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"work directory" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("blocks", [20, 200])
def test_a_full_disk(many, tmp_path, blocks):
    """Exits with 2 and one line; where there is room again, it goes on."""
    command = f"ulimit -f {blocks}; {sys.executable} -m dupfind scan {many} --work-dir w -q"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == (
        b"dupfind: cannot write to 'w': File too large; the stages of a run need room: name "
        b"another --work-dir, or none\n"
    )
    assert run(tmp_path, many).returncode == 0


def test_it_is_not_scanned(dupfind, own, tmp_path):
    """A work directory among the documents is none of them, even where nothing is ignored."""
    options = ["--no-ignore", "--hidden", "-f", "json", "--cache", "c"]
    plain = dupfind("scan", own.parent, *options[:-2], cwd=tmp_path).stdout
    fail(tmp_path, ".", *options)
    done = run(tmp_path, ".", *options)
    assert taken(done) == STAGES[:2]  # The cache knows the pairs already.
    assert done.stdout == plain


def test_other_commands(dupfind, many, tmp_path):
    """`check` and `dedupe` do the same with it as without, and are at their end with it."""
    fail(tmp_path, many)
    done = dupfind("check", many, "-v", "--work-dir", "w", cwd=tmp_path)
    assert (done.returncode, taken(done)) == (1, STAGES)
    assert look_into(tmp_path) == MARKS
    fail(tmp_path, many)
    done = dupfind("dedupe", many, "-o", "a.jsonl", "-v", "--work-dir", "w", cwd=tmp_path)
    assert (done.returncode, taken(done)) == (0, STAGES)
    assert dupfind("dedupe", many, "-o", "b.jsonl", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    assert look_into(tmp_path) == MARKS


def test_from_python(many, tmp_path):
    """A script gives the folder, too."""
    plain = scan([many])
    fail(tmp_path, many)
    assert scan([many], work_dir=tmp_path / "w") == plain
    assert look_into(tmp_path) == MARKS


def test_all_that_is_known_comes_back(dupfind, tmp_path):
    """Control characters, others of two halves, large numbers and whatever a record may hold."""
    fields = ("title", "byline", "slug", "note", "language", "url", "headline", "status")
    records = [
        {"id": own, "text": "the same words " * 9, **dict.fromkeys(fields, "a\U0001f600\0\x85")}
        for own in (1, 2**63, 10**30, "\U0001f600", None, 1.5)
    ]
    (tmp_path / "odd.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    plain = dupfind("scan", "odd.jsonl", "-f", "json", cwd=tmp_path)
    assert json.loads(plain.stdout)["summary"]["documents"] == len(records)
    fail(tmp_path, "odd.jsonl")
    for _ in range(2):
        assert run(tmp_path, "odd.jsonl", "-f", "json", "--cache", "c").stdout == plain.stdout
