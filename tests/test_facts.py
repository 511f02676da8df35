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


@given(DOCUMENTS, st.data())
def test_facts_are_those_of_sets(documents, data):
    """Numbers, names and other words of a frame are counted as sets of words say."""
    tokens = tokenize([" ".join(words) for words in documents])
    pairs = [(0, other) for other in range(1, len(documents))]
    expected, spans = [], ([], [])
    for number, pair in enumerate(pairs):
        found = []
        for side, document in enumerate(pair):
            place = st.integers(0, len(documents[document]) - 1)
            own = [(at, at + 1) for at in data.draw(st.lists(place, min_size=1, max_size=3))]
            spans[side].extend((number, *span) for span in own)
            found.append(compare_slowly(documents[document], documents[pair[1 - side]], own))
        expected.append(list(map(list, zip(*found, strict=True))))
    passages = tuple(Spans(*np.array(side).T) for side in spans)
    found = compare_facts(tokens.hashes, tokens.kinds, tokens.offsets, np.array(pairs), passages)
    assert np.stack(found, axis=1).tolist() == expected
