"""`dupfind.columns` and `dupfind.engines.files`: arrays in files, also for other processes."""

import mmap
import random
from functools import partial
from multiprocessing import parent_process
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dupfind import Settings
from dupfind.columns import Column
from dupfind.engines.files import Files, unpack
from dupfind.engines.local import Workers
from dupfind.model import Document
from dupfind.pipeline import find
from dupfind.running import Inline, ignore

parts = st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=9), max_size=9)


@pytest.fixture
def files():
    """Give the files of a run that may keep 64 bytes in memory."""
    made = Files(memory=64)
    yield made
    made.close()


@given(parts, st.integers(0, 300))
def test_a_column_is_what_was_added(added, memory):
    """All values in their order, whether they fit into memory or not."""
    files = Files(memory)
    column = Column(np.uint64, files)
    for part in added:
        column.extend(np.array(part, dtype=np.uint64))
    assert column.close().tolist() == [value for part in added for value in part]
    files.close()


def test_memory_that_a_column_gave_back(files):
    """A column that goes on in a file leaves its memory to the others."""
    large, small = Column(np.uint8, files), Column(np.uint8, files)
    large.extend(np.arange(60, dtype=np.uint8))
    large.extend(np.arange(60, dtype=np.uint8))
    small.extend(np.arange(60, dtype=np.uint8))
    assert len(list(Path(files.folder).iterdir())) == 1


def test_large_arrays_travel_in_files(files):
    """What is small is pickled; what is large is in a file, and that of a column is named alone."""
    large, small = np.arange(100_000), np.arange(9)
    packed = files.pack((large, small))
    assert packed.written
    assert len(packed.parts) == 1
    assert [array.tolist() for array in unpack(packed)] == [large.tolist(), small.tolist()]
    column = Column(np.int64, files)
    column.extend(large)
    whole = column.close()
    packed = files.pack({"a": whole[50_000:], "b": whole})
    assert packed.written is None
    assert unpack(packed)["a"].tolist() == large[50_000:].tolist()


def test_what_lies_in_several_files(files, tmp_path):
    """Parts of files of a run and of one that was kept arrive as they were, in their order."""
    (tmp_path / "kept").write_bytes(bytes(range(256)) * (1 << 13))
    kept = files.open_kept(tmp_path / "kept")
    own = files.share(np.arange(1 << 16))
    parts = [kept[: 1 << 17], own[7:], np.ones(1 << 16), kept[1 << 18 :], own]
    assert all(map(np.array_equal, unpack(files.pack(parts)), parts))


def test_a_file_that_is_no_longer_mapped(files):
    """What comes to lie where a file was mapped is not taken for that file."""
    column = Column(np.int64, files)
    column.extend(np.ones(100_000))
    whole = column.close()
    del whole
    other = np.frombuffer(mmap.mmap(-1, 800_000), dtype=np.int64)
    assert not unpack(files.pack(other)).any()


def test_a_file_gets_another_name(tmp_path):
    """What is a whole file stays under another name without being written again."""
    files = Files(folder=tmp_path)
    column = Column(np.int64, files)
    column.extend(np.arange(100_000))
    whole = column.close()
    assert files.link(whole, tmp_path / "kept")
    assert np.array_equal(files.open_kept(tmp_path / "kept").view(np.int64), whole)
    assert not files.link(whole[:50_000], tmp_path / "part")
    assert not files.link(np.arange(100_000), tmp_path / "other")


def test_what_is_shared_cannot_be_changed(files):
    """An array that other processes see is not written to."""
    shared = unpack(files.pack(np.arange(100_000)))
    with pytest.raises(ValueError, match="read-only"):
        shared[0] = 1


def test_little_memory_changes_nothing():
    """A run whose columns lie in files and whose pairs come in parts gives the same report."""
    documents = []
    for number in range(600):
        words = random.Random(number // 3).choices(range(9_999), k=200 - number % 3 * 40)
        text = " ".join(f"word{word}" for word in words)
        documents.append(Document(path=f"{number:03}", text=f"{text}.\n\nThe Carrow Herald"))
    expected = find(documents, Settings(), Inline(), ignore)
    with Workers(1, memory=1 << 18) as workers:
        found = find(documents, Settings(), workers, ignore)
        assert found.report == expected.report
        assert list(found.texts) == list(expected.texts)
    assert len(found.report.clusters) == 200
    assert found.report.furniture[0].documents == 600


def test_files_are_removed():
    """Nothing is left of a run, and its folder is its own."""
    files = Files()
    assert Path(files.folder).stat().st_mode & 0o077 == 0
    files.pack(np.arange(100_000))
    folder = files.folder
    files.close()
    assert not Path(folder).exists()


def add(number, *, to):
    """Add a number to an array, and tell whether a worker did it."""
    return to + number, parent_process() is not None


def test_workers_share_arrays():
    """A task's arrays reach the workers, and theirs come back."""
    task = partial(add, to=np.arange(100_000))
    with Workers(2) as workers:
        workers.prepare()
        found = list(workers(task, range(8), "adding"))
    assert [sums[0] for sums, _ in found] == list(range(8))
    assert any(worked for _, worked in found)


def test_too_little_memory(dupfind):
    """A run cannot do with what its program alone takes."""
    done = dupfind("scan", "seeds", "--memory", "1M")
    assert done.returncode == 2
    assert b"'1M' is too little; it must be at least 100M" in done.stderr
