"""`dupfind.listing`: what a report lists is as it was, wherever it lay meanwhile."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dupfind.columns import Column
from dupfind.listing import Lister, Listing
from dupfind.model import Span

SPANS = st.lists(st.builds(Span, start=st.integers(0), end=st.integers(0, 1 << 40)))


@given(SPANS, st.data())
def test_items_come_back(items, data):
    """By number from either end, by slice, one after the other, and in another process."""
    listing = Listing.of(Span, items)
    assert (list(listing), len(listing), bool(listing)) == (items, len(items), bool(items))
    assert list(pickle.loads(pickle.dumps(listing))) == items  # noqa: S301 - our own
    some = data.draw(st.slices(len(items)))
    assert list(listing[some]) == items[some]
    for number in range(-len(items), len(items)):
        assert listing[number] == items[number]
    for number in (len(items), -len(items) - 1):
        with pytest.raises(IndexError):
            listing[number]


@given(st.lists(SPANS), st.randoms())
def test_listings_are_put_together(parts, random):
    """In the order in which they came, or in one that is asked for."""
    items = [item for part in parts for item in part]
    order = list(range(len(items)))
    random.shuffle(order)
    for asked in (None, order):
        lister = Lister(Span, Column)
        for part in parts:
            lister.extend(Listing.of(Span, part))
        found = lister.close(None if asked is None else np.array(asked, dtype=np.int64))
        assert list(found) == [items[number] for number in asked or range(len(items))]


def test_listings_are_equal_by_their_items():
    """And by nothing else."""
    one, other = Span(start=1, end=2), Span(start=3, end=4)
    both = Listing.of(Span, [one, other])
    assert both == both[:] != both[::-1]
    assert both[:1] == Listing.of(Span, [one])
    assert both != [one, other]


def test_what_was_looked_at_is_told():
    """What a run keeps in files need not stay in memory."""
    told = []
    whole = Listing.of(Span, [Span(start=1, end=2)])
    lister = Lister(Span)
    lister.extend(whole)
    assert list(lister.close(None, told.append)) == list(whole)
    assert told == [len(b'{"start":1,"end":2}')]
