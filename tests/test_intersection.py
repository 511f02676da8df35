"""`dupfind.intersection` against sets and lists."""

from itertools import combinations

from hypothesis import given
from strategies import all_pairs, pack, related

from dupfind.intersection import index, look_up


def places_of(found, group):
    """Give where the items of a group's unit stand: for each of its places, one after the other."""
    begin, count = found.starts[group], found.counts[group]
    return [
        list(range(at, at + found.sizes[group]))
        for at in found.places[begin : begin + count].tolist()
    ]


@given(related(words=5, longest=24))
def test_units(lists):
    """Units are what is shared, whole, wherever it stands."""
    found = index(*pack(lists))
    pair, a, b, shared = look_up(found, all_pairs(len(lists)))
    for number, (one, other) in enumerate(combinations(lists, 2)):
        assert shared[number] == len({*one} & {*other})
        for side, (own, groups) in enumerate(((one, a), (other, b))):
            places = [places_of(found, group) for group in groups[pair == number]]
            expected = [at for at, item in enumerate(own) if item in (other, one)[side]]
            assert sorted(at for unit in places for run in unit for at in run) == expected
            for unit in places:
                assert len({tuple(own[at] for at in run) for run in unit}) == 1
    assert found.distinct.tolist() == [len({*items}) for items in lists]


def test_units_literally():
    """A unit ends where what follows differs, and where another one begins."""
    lists = [[1, 2, 3, 4, 9], [5, 1, 2, 3, 4], [3, 4, 6, 1, 2]]
    found = index(*pack(lists))
    units = [
        [lists[document][at] for at in places_of(found, group)[0]]
        for group, document in enumerate(found.groups >> 32)
    ]
    assert sorted(units) == sorted([[1, 2], [3, 4]] * 3)
