"""`dupfind.facts` against sets."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dupfind.facts import compare_facts
from dupfind.tokens import CAPITALIZED, NUMBER, tokenize

WORDS = st.sampled_from(["Seoul", "seoul", "Biegun", "12", "1,300", "met", "Met", "on", "한국"])
DOCUMENTS = st.lists(st.lists(WORDS, min_size=1, max_size=9), min_size=2, max_size=5)


def compare_slowly(a, b):
    """Compare the facts of two lists of words with sets."""
    a, b = sorted((a, b), key=len)
    plain = {word.casefold() for word in a + b if word[0].islower() or word[0] == "한"}
    own, other = ({word.casefold().replace(",", "") for word in words} for words in (a, b))
    (numbers, names), (others, other_names) = (
        (
            {word for word in words if word[0].isdigit()},
            {word for word in words if not word[0].isdigit()} - plain,
        )
        for words in (own, other)
    )
    return [
        min(len(numbers), len(others)),
        len(numbers & others),
        min(len(names), len(other_names)),
        len(names & other_names),
        max(len(numbers), len(others)),
        max(len(names), len(other_names)),
        len(own - other - numbers - names),
    ]


@given(DOCUMENTS)
def test_facts_are_those_of_sets(documents):
    """Numbers, names and other words are counted as sets of words say."""
    tokens = tokenize([" ".join(words) for words in documents])
    pairs = np.array([(0, other) for other in range(1, len(documents))])
    found = compare_facts(tokens.hashes, tokens.kinds, tokens.offsets, pairs)
    expected = [compare_slowly(documents[a], documents[b]) for a, b in pairs]
    assert np.stack(found, axis=1).tolist() == expected


def test_a_name_is_capitalized_in_both():
    """A word that opens one text and stands within the other is no name; kinds are the tokens'."""
    tokens = tokenize(["Talks on Korea", "Korea: the talks"])
    assert tokens.kinds.tolist()[::2] == [CAPITALIZED, CAPITALIZED, tokens.kinds[1]]
    assert NUMBER not in tokens.kinds
    found = compare_facts(tokens.hashes, tokens.kinds, tokens.offsets, np.array([[0, 1]]))
    assert [int(count[0]) for count in found] == [0, 0, 1, 1, 0, 1, 1]
