"""`dupfind.cache`: what was found out about texts, kept between runs."""

import os
import random
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from dupfind import scan
from dupfind.cache import Cache
from dupfind.columns import Column
from dupfind.minhash import permutations
from dupfind.model import Document
from dupfind.pipeline import find
from dupfind.running import Inline, ignore
from dupfind.settings import Settings
from dupfind.sketches import join, sketch
from dupfind.sources import read

make = partial(sketch, size=5, window=16, bands=4, rows=2, parameters=permutations(8))
settings = Settings(num_perm=8, bands=4, rows=2)


def remember(folder, batches):
    """Sketch batches with a cache; give the sketch of all, and the texts that were not kept."""
    asked = []

    def run(missing):
        for texts in missing:
            asked.extend(texts)
            yield make(texts)

    with Cache(folder, settings) as cache:
        return join(cache.sketch(run, batches), 4, Column), asked


def same(one, other):
    """Tell whether two sketches are the same."""
    return all(map(np.array_equal, one, other))


texts = st.text("ab c\n", max_size=30) | st.sampled_from(["", "Back to top", "a " * 40])
batches = st.lists(st.lists(texts, max_size=5), max_size=4)


@given(st.lists(batches, min_size=1, max_size=4))
def test_it_changes_nothing(tmp_path_factory, runs):
    """What comes out is what would be made anew, and what was kept is not made again."""
    folder = tmp_path_factory.mktemp("cache")
    known = set()
    for own in runs:
        found, asked = remember(folder, own)
        assert same(found, join(map(make, own), 4, Column))
        assert set(asked) == {text for batch in own for text in batch} - known
        known.update(asked)


def test_many_packs_become_one(tmp_path):
    """The packs of many runs are replaced by what the last one needed."""
    for number in range(17):
        remember(tmp_path, [["a", f"text {number}"]])
    assert len(list(tmp_path.glob("sketches-*/*"))) == 1
    assert remember(tmp_path, [["a", "text 16", "text 0"]])[1] == ["text 0"]


def test_no_more_packs_are_read_than_can_be(tmp_path):
    """However many runs have ended at once, the next one can open what it needs, and all is told.

    Runs make all of them one, some at a time.
    """
    write(tmp_path / "in")
    command = f"ulimit -n 64; exec {sys.executable} -m dupfind scan in -f json --cache c"
    told = []
    for _ in range(8):
        done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        told.append(done.stdout)
        packs = sorted(tmp_path.glob("c/*/pack-*"))
        if len(told) == 1:
            for pack in packs:
                for number in range(100):
                    shutil.copytree(pack, f"{pack}{number}")
    assert len(set(told)) == 1
    assert len(packs) < 20 * len(list(tmp_path.glob("c/*-*")))


def test_what_is_broken_is_made_again(tmp_path):
    """A pack that lost a file, or a part of one, is as good as none."""
    remember(tmp_path, [["some words", "and others"]])
    next(tmp_path.glob("*/pack-*/hashes")).unlink()
    remember(tmp_path, [["some words", "and others"]])
    for path in tmp_path.glob("*/pack-*/kinds"):
        os.truncate(path, 1)
    assert remember(tmp_path, [["some words"]])[1] == ["some words"]


def test_other_settings_are_another_cache(tmp_path):
    """What was kept under one setting is not taken for another."""
    remember(tmp_path, [["some words"]])
    with Cache(tmp_path, Settings(num_perm=8, bands=4, rows=2, shingle_size=6)) as other:
        list(other.sketch(partial(map, make), [["some words"]]))
    assert len(list(tmp_path.glob("*/pack-*"))) == 2


sentences = [
    " ".join(random.Random(number).choices(["rain", "coast", "Oslo", "42", "said", "late"], k=9))
    for number in range(9)
]
stories = st.lists(st.sampled_from(sentences), min_size=2, max_size=6).map(". ".join)
furniture = st.sampled_from(["", "Back to top\n\n", "More from our desk\n\n"])


@settings_of(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.builds(str.__add__, furniture, stories), max_size=9), max_size=4))
def test_reports_are_the_same(tmp_path_factory, runs):
    """Whatever was looked at before, a report says what it says without a cache."""
    folder = tmp_path_factory.mktemp("cache")
    asked = Settings(min_words=5, guarantee=8, passages=True)
    for texts in runs:
        documents = [Document(path=f"{n:02}", text=text) for n, text in enumerate(texts)]
        plain = find(documents, asked, Inline(), ignore)
        with Cache(folder, asked) as cache:
            assert find(documents, asked, Inline(), ignore, cache).report == plain.report


def write(folder, changed=()):
    """Write stories, of which every second one is the one before, shortened."""
    folder.mkdir(exist_ok=True)
    for number in range(40):
        words = random.Random(number // 2).choices(range(9_999), k=80 - number % 2 * 9)
        (folder / f"{number}.txt").write_text(" ".join(f"word{word}" for word in words))
    for name in changed:
        (folder / name).write_text("another " * 50)


def test_a_scan(dupfind, tmp_path):
    """Reports are the same with it, also where it lies among the documents, and after a change."""
    for changed in ((), (), ("3.txt", "8.txt")):
        write(tmp_path / "in", changed)
        plain = dupfind("scan", "in", "-f", "json", cwd=tmp_path).stdout
        assert dupfind("scan", "in", "-f", "json", "--cache", "in/c", cwd=tmp_path).stdout == plain


def test_hardly_any_memory(tmp_path):
    """A script may allow next to none: what is known comes pair by pair."""
    write(tmp_path / "in")
    plain = scan([tmp_path / "in"])
    for _ in range(2):
        assert scan([tmp_path / "in"], memory=255, cache=tmp_path / "c") == plain


@pytest.mark.parametrize("name", ["full", "file", "full/of.txt/x"])
def test_a_folder_that_is_none(dupfind, tmp_path, name):
    """A folder with other things in it is refused, and so is a file."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full/of.txt").write_text("x")
    (tmp_path / "file").write_text("x")
    done = dupfind("scan", "full", "--cache", name, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.decode().count("\n") == 1
    assert "cache" in done.stderr.decode()
    assert Path(tmp_path / "file").read_text() == "x"


def test_files_of_all_formats(tmp_path):
    """What is known of a file is what reading it anew would give, note by note."""
    told = []
    plain = list(read([ROOT / "tests/samples"], tell=told.append))
    for _ in range(2):
        again = []
        with Cache(tmp_path / "c", settings) as cache:
            found = read([ROOT / "tests/samples"], tell=again.append, recall=cache.recall)
            assert list(found) == plain
        assert again == told


def test_a_file_is_told_by_its_bytes(tmp_path):
    """A file that was changed is read anew, though its name, size and time are the same."""
    page = tmp_path / "page.md"
    for words in ("`one` [two](x)", "`six` [ten](y)", "\udcff `a` b"):
        page.write_text(words, errors="surrogateescape")
        os.utime(page, (0, 0))
        with Cache(tmp_path / "c", settings) as cache:
            assert list(read([page], recall=cache.recall)) == list(read([page]))


def test_what_was_damaged_is_made_again(dupfind, tmp_path):
    """A byte that is another one, wherever, changes no report."""
    write(tmp_path / "in")
    scan = ("scan", "in", "-f", "json", "--cache", "c")
    plain = dupfind(*scan, cwd=tmp_path).stdout
    for path in sorted(tmp_path.glob("c/*/pack-*/*")):
        data = path.read_bytes() or b"\0"
        path.write_bytes(bytes([data[0] ^ 0x55]) + data[1:])
    again = dupfind(*scan, cwd=tmp_path)
    assert (again.stdout, again.stderr.count(b"\n")) == (plain, 1)


def test_what_nobody_uses_is_removed(tmp_path):
    """What was kept for settings that no run had for a month goes; the rest stays."""
    remember(tmp_path, [["some words"]])
    (tmp_path / "sketches-of-my-own").mkdir()
    for path in tmp_path.glob("sketches-*"):
        os.utime(path, (0, 0))
    with Cache(tmp_path, Settings()):
        assert len(list(tmp_path.glob("sketches-*"))) == 2
        assert (tmp_path / "sketches-of-my-own").exists()


def test_a_full_disk(tmp_path):
    """What can no longer be written is one line, and leaves nothing behind."""
    write(tmp_path / "in")
    command = f"ulimit -f 8; exec {sys.executable} -m dupfind scan in --cache c"
    done = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "run without a cache" in done.stderr
    assert not list(tmp_path.glob("c/*/*"))


def test_a_cache_that_is_deleted_meanwhile(tmp_path):
    """A run ends as if its cache were still there."""
    remember(tmp_path / "c", [["some words"]])
    with Cache(tmp_path / "c", settings) as cache:
        shutil.rmtree(tmp_path / "c")
        (found,) = cache.sketch(partial(map, make), [["some words", "other words"]])
    assert same(found, make(["some words", "other words"]))


def test_two_runs_at_once(tmp_path):
    """Each gives its own result, and both are kept."""
    with Cache(tmp_path, settings) as one, Cache(tmp_path, settings) as other:
        for cache, text in ((one, "some words"), (other, "other words")):
            list(cache.sketch(partial(map, make), [[text, "and more"]]))
    assert remember(tmp_path, [["some words", "other words", "and more"]])[1] == []
