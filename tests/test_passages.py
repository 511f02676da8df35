"""`dupfind.passages` against Greedy String Tiling as Wise described it, and brute force."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import all_pairs, crosses, documents, join, pack, related, shingles_of

from dupfind.arrays import order_by, ranges
from dupfind.passages import BRIDGE, align, in_order
from dupfind.tiling import Runs, tile, tile_all


def tile_greedily(a, b, least):
    """Tile two texts (Wise 1993): again and again, take all the longest matches left over."""
    free_a, free_b, tiles = [True] * len(a), [True] * len(b), []
    while True:
        matches = []
        for at_a in range(len(a)):
            for at_b in range(len(b)):
                length = 0
                while (
                    at_a + length < len(a)
                    and at_b + length < len(b)
                    and free_a[at_a + length]
                    and free_b[at_b + length]
                    and a[at_a + length] == b[at_b + length]
                ):
                    length += 1
                if length >= least:
                    matches.append((at_a, at_b, length))
        if not matches:
            return tiles
        longest = max(length for *_, length in matches)
        for at_a, at_b, length in sorted(matches):
            both = free_a[at_a : at_a + length] + free_b[at_b : at_b + length]
            if length == longest and all(both):
                free_a[at_a : at_a + length] = free_b[at_b : at_b + length] = [False] * length
                tiles.append((at_a, at_b, length))


def join_tiles(a, b, tiles):
    """Join tiles that follow each other in both texts, few words or stones apart, to passages."""
    tiles = sorted(tiles)
    in_b = sorted(tiles, key=lambda tile: tile[1])
    passages = []
    for number, own in enumerate(tiles):
        if number:
            before = tiles[number - 1]
            follows = in_b.index(own) == in_b.index(before) + 1
            gap_a = a[before[0] + before[2] : own[0]]
            gap_b = b[before[1] + before[2] : own[1]]
            gap = max(len(gap_a), len(gap_b))
            narrow = gap <= 2 * (before[2] + own[2])
            if follows and (gap <= BRIDGE or (narrow and crosses(gap_a, gap_b, BRIDGE))):
                passages[-1].append(own)
                continue
        passages.append([own])
    return passages


def maximal_runs(a, b, size):
    """Give the runs of equal tokens that go on to neither side."""
    runs = []
    for at_a in range(len(a)):
        for at_b in range(len(b)):
            if at_a and at_b and a[at_a - 1] == b[at_b - 1]:
                continue
            length = 0
            while (
                a[at_a + length : at_a + length + 1] == b[at_b + length : at_b + length + 1] != []
            ):
                length += 1
            if length >= size:
                runs.append((at_a, at_b, length))
    return runs


def passages_of(alignment, pair):
    """Give the passages of a pair: lists of tiles."""
    passages = {}
    for number, passage in enumerate(alignment.passage.tolist()):
        if alignment.pair[number] == pair:
            row = alignment.a[number], alignment.b[number], alignment.length[number]
            passages.setdefault(passage, []).append(tuple(map(int, row)))
    return list(passages.values())


def align_all(lists, size, **terms):
    """Align all pairs of documents."""
    hashes, offsets = pack(lists)
    per_word = np.ones(len(hashes), dtype=np.uint8)
    return align(hashes, offsets, all_pairs(len(lists)), per_word, size=size, **terms)


def hold_tiles(lists, alignment):
    """Hold that tiles cut equal tokens from both texts, and each token once."""
    for pair, (one, other) in enumerate(combinations(lists, 2)):
        tiles = join(passages_of(alignment, pair))
        for a, b, length in tiles:
            assert len(one[a : a + length]) == length
            assert one[a : a + length] == other[b : b + length]
        in_a = [at for a, _, length in tiles for at in range(a, a + length)]
        in_b = [at for _, b, length in tiles for at in range(b, b + length)]
        assert len(in_a) == len(set(in_a)) == len(in_b) == len(set(in_b))


pairs_of_texts = st.one_of(
    related(words=2, longest=14, most=2), related(words=4, longest=24, most=2)
).map(lambda lists: lists[:2])


@given(pairs_of_texts, st.integers(1, 4))
def test_tile(texts, size):
    """Tiles are those of the quadratic algorithm."""
    a, b = texts
    found = tile(maximal_runs(a, b, size), len(a), len(b), size)
    assert sorted(found) == sorted(tile_greedily(a, b, size))


@given(st.lists(pairs_of_texts, min_size=1, max_size=4), st.integers(1, 4))
def test_tile_all(pairs, size):
    """All pairs at once are tiled as each is by itself."""
    found = [maximal_runs(a, b, size) for a, b in pairs]
    rows = join([[(pair, *run) for run in runs] for pair, runs in enumerate(found)])
    lengths = np.array([list(map(len, texts)) for texts in pairs])
    runs = Runs(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)
    expected = [
        (pair, *tiles)
        for pair, ((a, b), runs) in enumerate(zip(pairs, found, strict=True))
        for tiles in sorted(tile(runs, len(a), len(b), size))
    ]
    for few in (0, 3, 1000):
        tiles = tile_all(runs, lengths, size, few=few)
        assert list(zip(*(column.tolist() for column in tiles), strict=True)) == expected


@pytest.mark.parametrize(
    ("a", "b", "size", "tiles"),
    [
        ("abcdef", "abcdef", 3, [(0, 0, 6)]),
        ("abcdef", "defabc", 3, [(0, 3, 3), (3, 0, 3)]),
        ("abcabc", "abc", 3, [(0, 0, 3)]),
        ("abc", "abcabc", 3, [(0, 0, 3)]),
        ("abcdxcdef", "abcdef", 2, [(0, 0, 4), (7, 4, 2)]),
        ("abcdxcdef", "abcdef", 3, [(0, 0, 4)]),
        ("aaaa", "aaa", 2, [(0, 0, 3)]),
        ("abc", "xyz", 1, []),
        ("", "abc", 1, []),
    ],
)
def test_tile_literally(a, b, size, tiles):
    """The longest tile comes first; what remains of a run waits; nothing is used twice."""
    assert sorted(tile(maximal_runs([*a], [*b], size), len(a), len(b), size)) == tiles


@given(st.integers(2, 4).flatmap(lambda size: st.tuples(
    st.one_of(documents(least=size), related(least=size), related(words=6, longest=17, least=size)),
    st.just(size), st.integers(2, 9),
)))  # fmt: skip
def test_align(terms):
    """Passages are the tiles of the quadratic algorithm, bridged, those too short dropped."""
    lists, size, least = terms
    found = align_all(lists, size, least=least)
    hold_tiles(lists, found)
    for pair, (a, b) in enumerate(combinations(lists, 2)):
        expected = [
            passage
            for passage in join_tiles(a, b, tile_greedily(a, b, size))
            if sum(length for *_, length in passage) >= least
        ]
        assert passages_of(found, pair) == expected
    assert found.passage.tolist() == number_from_zero(found.passage)
    assert (np.diff(found.pair) >= 0).all()


def number_from_zero(passages):
    """Give the passages new numbers, in their order."""
    return [sorted(set(passages.tolist())).index(passage) for passage in passages.tolist()]


@given(st.one_of(documents(), related()), st.integers(2, 7))
def test_sets_of_shingles(lists, size):
    """Shingles are counted as sets are: those of each document, those both of a pair hold."""
    sets = [set(shingles_of(tokens, size)) for tokens in lists]
    found = align_all(lists, size)
    assert found.distinct.tolist() == [len(own) for own in sets]
    assert found.shared.tolist() == [len(one & other) for one, other in combinations(sets, 2)]


@given(st.one_of(documents(longest=6), related(longest=6)), st.integers(3, 7), st.integers(1, 7))
def test_documents_shorter_than_a_shingle(lists, size, least):
    """No tile is longer than a document is."""
    hold_tiles(lists, align_all(lists, size, least=least))


@pytest.mark.parametrize(("one", "other"), [(9, 9), (30, 12), (12, 30), (300, 200), (2000, 1)])
def test_one_word_repeated(one, other):
    """Two documents of one word, repeated, share one tile as long as the shorter."""
    found = align_all([[1] * one, [1] * other], 5)
    expected = [[(0, 0, min(one, other))]] if min(one, other) >= 8 else []
    assert passages_of(found, 0) == expected


@given(
    st.lists(st.integers(1, 3), min_size=1, max_size=4),
    st.lists(st.integers(1, 3), max_size=5),
    st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=2, max_size=6),
)
def test_repetition(phrase, other, parts):
    """Where a phrase repeats too often to try all pairings, tiles are still shared word by word."""
    document = join([[4], *(phrase * count + other * more for count, more in parts)])
    lists = [document, phrase * 50 + other, document[::2] + phrase * 30, document[5:]]
    hold_tiles(lists, align_all(lists, 2, least=2))


@given(st.lists(st.integers(1, 3), min_size=40, max_size=90), st.integers(0, 20))
def test_repetition_inside_equal_texts(tokens, cut):
    """A part of a document is found in it in one piece, however often its shingles repeat."""
    lists = [tokens, tokens[cut : len(tokens) - cut // 2]]
    found = align_all(lists, 2)
    assert found.length.max() == len(lists[1])


def test_gap():
    """Tiles up to 8 words apart on both sides are one passage; with 9 between they are two."""
    for gap_a, gap_b, count in [(8, 8, 1), (0, 8, 1), (8, 0, 1), (9, 0, 2), (0, 9, 2), (9, 9, 2)]:
        first, second = [*range(10)], [*range(10, 20)]
        a = [*first, *range(100, 100 + gap_a), *second]
        b = [*first, *range(200, 200 + gap_b), *second]
        assert len(passages_of(align_all([a, b], 5), 0)) == count


def test_stones():
    """Phrases that are too short for tiles lead over wider gaps."""
    a = [*range(10), *range(50, 58), 40, 41, *range(60, 68), *range(10, 20)]
    b = [*range(10), *range(70, 74), 40, 41, *range(80, 87), *range(10, 20)]
    assert passages_of(align_all([a, b], 5), 0) == [[(0, 0, 10), (28, 23, 10)]]


@pytest.mark.parametrize(("stones", "count"), [(3, 1), (4, 2)])
def test_stones_between_short_tiles(stones, count):
    """Phrases lead no further than twice the words of the tiles on both sides."""
    gaps = [
        [word for at in range(stones) for word in (*[other + at] * 6, 20 + at, 40 + at)]
        for other in (100, 200)
    ]
    a, b = ([*range(8), *gap, *[gap[0]] * 6, *range(8, 16)] for gap in gaps)
    assert len(passages_of(align_all([a, b], 5), 0)) == count


def test_moved():
    """What has moved is still found; passages that crossed are not joined."""
    first, second, third = [*range(10)], [*range(10, 20)], [*range(20, 30)]
    found = align_all([first + second + third, third + second + first], 5)
    assert passages_of(found, 0) == [[(0, 20, 10)], [(10, 10, 10)], [(20, 0, 10)]]


@pytest.mark.parametrize(("words", "count"), [(7, 0), (8, 1)])
def test_least(words, count):
    """A passage has 8 equal words or more."""
    a, b = [*range(words), 100, 101], [200, *range(words), 201]
    assert len(passages_of(align_all([a, b], 5), 0)) == count


def test_nothing_to_align():
    """Without pairs, and without anything shared, there are no tiles."""
    for lists in ([[1, 2, 3]], [[], []], [[*range(20)], [*range(20, 40)]], [[], [*range(9)]]):
        found = align_all(lists, 5)
        assert [len(column) for column in found[2:]] == [0] * 5
        assert found.shared.tolist() == [0] * (len(lists) * (len(lists) - 1) // 2)


@given(st.lists(st.integers(1, 5), max_size=9).flatmap(
    lambda words: st.permutations(range(len(words))).map(
        lambda places: list(zip(places, words, strict=True))
    )
))  # fmt: skip
def test_in_order(passages):
    """The chosen passages ascend in both texts, and no others that do have more words."""
    chosen = in_order(passages)
    kept = [passage for passage, keeps in zip(passages, chosen, strict=True) if keeps]
    assert all(one[0] < other[0] for one, other in pairwise(kept))
    heaviest = max(
        sum(words for _, words in subset)
        for count in range(len(passages) + 1)
        for subset in combinations(passages, count)
        if all(one[0] < other[0] for one, other in pairwise(subset))
    )
    assert sum(words for _, words in kept) == heaviest


@given(st.lists(st.tuples(st.integers(-9, 99), st.integers(0, 5)), max_size=9))
def test_ranges(rows):
    """Ranges are those of Python, one after the other."""
    starts, counts = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    expected = [at for start, count in rows for at in range(start, start + count)]
    found = ranges(starts, counts)
    assert (found.tolist(), found.dtype) == (expected, "i8")


@given(
    st.lists(st.sampled_from([2, 1 << 20, 1 << 31, 1 << 61]), min_size=1, max_size=4).flatmap(
        lambda widths: st.lists(
            st.tuples(*(st.integers(-width, width) for width in widths)), max_size=12
        ).map(lambda rows: (rows + rows[::2], len(widths)))
    )
)
def test_order_by(given_rows):
    """Rows are sorted by the first column, then the next; equal ones keep their order."""
    rows, width = given_rows
    columns = np.array(rows, dtype=np.int64).reshape(-1, width).T
    expected = sorted(range(len(rows)), key=lambda row: rows[row])
    found = order_by(*columns)
    assert (found.tolist(), found.dtype) == (expected, "i8")
    assert expected == np.lexsort(columns[::-1]).tolist()


@pytest.mark.parametrize("bits", [(31, 32), (32, 32), (33, 33), (62, 1), (63, 1)])
def test_order_by_wide_columns(bits):
    """Columns are sorted alike, whether one key holds them or not."""
    rows = [(2 ** bits[0] - 1, 0), (0, 2 ** bits[1] - 1), (0, 0), (2 ** bits[0] - 1, 0)]
    columns = np.array(rows, dtype=np.int64).T
    assert order_by(*columns).tolist() == [2, 1, 0, 3]
