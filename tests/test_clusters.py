"""`dupfind.clusters` against naive closures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dupfind.clusters import Link, connect, cut_apart, find_indirect, label, unite

DOCUMENTS = 9
strengths = st.one_of(st.integers(0, 4).map(lambda fourths: fourths / 4), st.floats(0, 1))
pairs = st.tuples(st.integers(0, DOCUMENTS - 1), st.integers(0, DOCUMENTS - 1)).filter(
    lambda pair: pair[0] < pair[1]
)
all_links = st.dictionaries(pairs, strengths, max_size=14).map(
    lambda links: [Link(a, b, strength) for (a, b), strength in links.items()]
)


def columns(links):
    """Give links as arrays: pairs, strengths."""
    pairs = np.array([link[:2] for link in links], dtype=np.int64).reshape(-1, 2)
    return pairs, np.array([link.strength for link in links])


def reach(start, links):
    """Give all documents that links join to one, directly or through others."""
    found = {start}
    while True:
        more = {other for a, b, _ in links if {a, b} & found for other in (a, b)} | found
        if more == found:
            return found
        found = more


def weakest_link(group, links):
    """Give the greatest strength at which links of no less still join the group."""
    return max(
        least
        for _, _, least in links
        if reach(min(group), [link for link in links if link.strength >= least]) >= set(group)
    )


def strongest_way(start, end, links):
    """Give the strength of the weakest link on the strongest way, 1 from a document to itself."""
    if start == end:
        return 1.0
    return max(
        least
        for _, _, least in links
        if end in reach(start, [link for link in links if link.strength >= least])
    )


@given(all_links)
@settings(deadline=None)  # the first call loads SciPy
def test_connect(links):
    """Groups are closed under links, and come with the weakest link that must hold."""
    linked = sorted({document for link in links for document in link[:2]})
    groups = sorted({tuple(sorted(reach(document, links))) for document in linked})
    found = connect(*columns(links), DOCUMENTS)
    assert [tuple(group) for group, _ in found] == groups
    expected = [
        weakest_link(group, [link for link in links if link.a in group]) for group in groups
    ]
    assert [weakest for _, weakest in found] == pytest.approx(expected, abs=1e-12)


def test_connect_literally():
    """Two groups; the weak link of a triangle does not count where two strong ones join it."""
    links = [Link(1, 4, 0.9), Link(4, 6, 0.8), Link(1, 6, 0.3), Link(2, 3, 0.0)]
    (first, weakest), (second, other) = connect(*columns(links), 8)
    assert (first, second) == ([1, 4, 6], [2, 3])
    assert (weakest, other) == (pytest.approx(0.8), 0.0)


def test_connect_nothing():
    """Without links there are no groups."""
    assert connect(*columns([]), 5) == []


def unite_completely(links):
    """Unite groups, strongest link first, wherever all of one are linked with all of the other."""
    linked = {frozenset(link[:2]) for link in links}
    groups = [{document} for document in range(DOCUMENTS)]
    for a, b, _ in sorted(links, key=lambda link: (-link.strength, link.a, link.b)):
        one, other = (next(own for own in groups if side in own) for side in (a, b))
        if one is not other and all({x, y} in linked for x in one for y in other):
            groups.remove(other)
            one |= other
    return groups


@given(all_links)
def test_cut_apart(links):
    """The links that stay are those inside the groups of a naive complete linkage."""
    groups = unite_completely(links)
    assert cut_apart(*columns(links)).tolist() == [
        any({link.a, link.b} <= own for own in groups) for link in links
    ]


def test_cut_apart_literally():
    """A chain is cut at its weaker link; a triangle holds together."""
    chain = [Link(0, 1, 0.5), Link(1, 2, 0.9)]
    assert cut_apart(*columns(chain)).tolist() == [False, True]
    triangle = [*chain, Link(0, 2, 0.3)]
    assert cut_apart(*columns(triangle)).all()


@given(all_links.filter(bool), st.data())
def test_find_indirect(links, data):
    """Members without a link to the lead hang on the neighbor through whom the way is strongest."""
    lead = data.draw(st.sampled_from(sorted({link.a for link in links})))
    direct = {other for link in links if lead in link[:2] for other in link[:2]}
    found = find_indirect(lead, links)
    assert list(found) == sorted(reach(lead, links) - direct)
    for member, via in found.items():
        (strength,) = (link.strength for link in links if {member, via} == set(link[:2]))
        way = min(strength, strongest_way(lead, via, links))
        assert way == strongest_way(lead, member, links)


def test_find_indirect_literally():
    """The way leads through the strong links, be it longer."""
    links = [Link(0, 1, 0.9), Link(1, 2, 0.8), Link(2, 3, 0.7), Link(0, 4, 0.2), Link(3, 4, 0.9)]
    assert find_indirect(0, links) == {2: 1, 3: 2}
    assert find_indirect(2, links) == {0: 1, 4: 3}


def test_unite_asks_the_majority():
    """A hub that agrees with two groups unites them with itself only where they do not disagree."""
    hub, first, second = 0, 1, 2
    votes = {(hub, first): (3, 0), (hub, second): (3, 0), (first, second): (0, 5)}
    assert unite(votes, [(hub, first), (hub, second)]) == {hub: 0, first: 0}
    assert unite({**votes, (first, second): (2, 2)}, [(hub, first), (hub, second)]) == {
        hub: 0,
        first: 0,
        second: 0,
    }


@given(all_links)
def test_label(links):
    """Documents have one number where links join them, directly or through others."""
    pairs_found = np.array([link[:2] for link in links], dtype=np.int64).reshape(-1, 2)
    labels = label(pairs_found, DOCUMENTS).tolist()
    for a in range(DOCUMENTS):
        assert {b for b in range(DOCUMENTS) if labels[b] == labels[a]} == reach(a, links)
