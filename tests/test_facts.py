"""`dupfind.facts` against sets."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dupfind.facts import EDGE, Spans, compare_facts
from dupfind.tokens import tokenize

WORDS = st.sampled_from(["Seoul", "seoul", "Biegun", "12", "1,300", "met", "Met", "on", "한국"])
DOCUMENTS = st.lists(st.lists(WORDS, min_size=1, max_size=60), min_size=2, max_size=5)


def compare_slowly(own, other, spans):
    """Compare what the frame of a list of words tells with another list, by sets."""
    plain = {word.casefold() for word in own + other if word[0].islower() or word[0] == "한"}
    start, end = min(start for start, _ in spans), max(end for _, end in spans)
    frame = own[0 if start <= EDGE else start : None if len(own) - end <= EDGE else end]
    told, held = ({word.casefold().replace(",", "") for word in words} for words in (frame, other))
    numbers = {word for word in told if word[0].isdigit()}
    names = told - numbers - plain
    return [
        len(numbers),
        len(numbers & held),
        len(names),
        len(names & held),
        len(told - held - numbers - names),
    ]


def fold(words):
    """Give words as they are compared."""
    return [word.casefold().replace(",", "") for word in words]


@given(DOCUMENTS, st.data())
def test_facts_are_those_of_sets(documents, data):
    """Numbers, names and other words of a frame are counted as sets of words say."""
    tokens = tokenize([" ".join(words) for words in documents])
    pairs = [(0, other) for other in range(1, len(documents))]
    expected, lost, spans = [], [], ([], [])
    for number, pair in enumerate(pairs):
        found = []
        for side, document in enumerate(pair):
            own, other = (fold(documents[index]) for index in (document, pair[1 - side]))
            place = st.integers(0, len(own) - 1)
            places = data.draw(st.lists(place, min_size=1, max_size=3, unique=True))
            # Runs are held by both documents.
            runs = [(at, at + (own[at] in other)) for at in places]
            spans[side].extend((number, *run) for run in runs)
            found.append(compare_slowly(documents[document], documents[pair[1 - side]], runs))
        *told, both = map(list, zip(*found, strict=True))
        expected.append(told)
        lost.append(both[int(len(documents[pair[1]]) < len(documents[0]))])
    runs = tuple(Spans(*np.array(side).T) for side in spans)
    found = compare_facts(tokens.hashes, tokens.kinds, tokens.offsets, np.array(pairs), runs)
    assert np.stack(found[:-1], axis=1).tolist() == expected
    assert found.lost.tolist() == lost
