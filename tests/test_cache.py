"""`dupfind.cache`: sketches kept between runs."""

import os
import random
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dupfind.cache import Cache
from dupfind.columns import Column
from dupfind.minhash import permutations
from dupfind.sketches import join, sketch

make = partial(sketch, size=5, window=16, bands=4, rows=2, parameters=permutations(8))
settings = (2, 8, 5, 16)


def remember(folder, batches):
    """Sketch batches with a cache; give the sketch of all, and the texts that were not kept."""
    asked = []

    def run(missing):
        for texts in missing:
            asked.extend(texts)
            yield make(texts)

    with Cache(folder, 4, *settings) as cache:
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
    (own,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert len(list(own.iterdir())) == 1
    assert remember(tmp_path, [["a", "text 16", "text 0"]])[1] == ["text 0"]


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
    with Cache(tmp_path, 4, 2, 8, 6, 16) as other:
        list(other.sketch(partial(map, make), [["some words"]]))
    assert len(list(tmp_path.glob("*/pack-*"))) == 2


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


def test_two_runs_at_once(tmp_path):
    """Each gives its own result, and both are kept."""
    with Cache(tmp_path, 4, *settings) as one, Cache(tmp_path, 4, *settings) as other:
        for cache, text in ((one, "some words"), (other, "other words")):
            list(cache.sketch(partial(map, make), [[text, "and more"]]))
    assert remember(tmp_path, [["some words", "other words", "and more"]])[1] == []
