"""`dupfind.keeping`: what a stage made, in files and back."""

import os
from typing import NamedTuple

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from dupfind.keeping import describe, is_kept, keep, take
from dupfind.model import Skipped


class Inner(NamedTuple):
    """Some columns."""

    numbers: NDArray[np.int64]
    pairs: NDArray[np.uint8]


class Made(NamedTuple):
    """All that can be kept."""

    inner: Inner
    two: tuple[Inner, Inner]
    skipped: list[Skipped]
    spans: tuple[tuple[int, int], ...]
    count: int


INNER = Inner(np.arange(3), np.empty((0, 2), np.uint8))
OTHER = Inner(np.empty(0, np.int64), np.arange(6, dtype=np.uint8).reshape(3, 2))
MADE = Made(INNER, (INNER, OTHER), [Skipped(path="a", reason="empty")], ((1, 2), (3, 4)), 5)


def read(path):
    """Give the bytes of a file."""
    return np.fromfile(path, dtype=np.uint8)


def put(folder, made=MADE, key="key"):
    """Keep something in the folder `made`."""
    keep(folder / "made", folder, made, Made, key, digest="so", link=lambda *_: False)


def test_it_comes_back(tmp_path):
    """Arrays of all shapes, and what is no array, as they were; only by the key."""
    put(tmp_path)
    found, digest = take(tmp_path / "made", Made, "key", read)
    assert repr(found) == repr(MADE)
    assert digest == "so"
    assert take(tmp_path / "made", Made, "other", read) is None
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_what_is_kept_last_counts(tmp_path):
    """What was kept before is replaced."""
    put(tmp_path)
    put(tmp_path, MADE._replace(count=6), "new")
    assert take(tmp_path / "made", Made, "new", read).made.count == 6
    assert not is_kept(tmp_path / "made", "key")


def test_what_is_not_whole_is_none(tmp_path):
    """A folder in which a file is short, or the marker broken, holds nothing."""
    put(tmp_path)
    os.truncate(tmp_path / "made/columns", 9)
    assert take(tmp_path / "made", Made, "key", read) is None
    put(tmp_path)
    (tmp_path / "made/marker").write_bytes(b"")
    assert take(tmp_path / "made", Made, "key", read) is None
    assert not is_kept(tmp_path / "made", "key")


@pytest.mark.parametrize(
    "odd",
    [
        {"start": -8},
        {"shape": [-1]},
        {"shape": [1 << 62]},
        {"dtype": "|O"},
        {"dtype": "none"},
        {"dtype": None},
        {"file": "none"},
        {},
    ],
)
def test_what_lies_elsewhere_is_none(tmp_path, odd):
    """A marker that names places which cannot be leads to nothing."""
    put(tmp_path)
    marker = tmp_path / "made/marker"
    told = msgspec.msgpack.decode(marker.read_bytes())
    place = told["places"].pop("inner.numbers")
    told["places"] |= {"inner.numbers": place | odd} if odd else {}
    marker.write_bytes(msgspec.msgpack.encode(told))
    assert take(tmp_path / "made", Made, "key", read) is None


def test_it_is_described_by_its_leaves():
    """What is laid out otherwise is described otherwise."""
    assert describe(Inner) != describe(Made)
    assert "pairs" in describe(tuple[Inner, Inner])
