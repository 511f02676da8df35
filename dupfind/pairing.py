"""Pairing: the documents that were read, cleared, and which of them may have text in common."""

from itertools import chain

import numpy as np

from dupfind.arrays import Bools, Words64
from dupfind.candidates import Candidates, group_copies, merge, pair
from dupfind.choosing import choose, name_short, stand_for
from dupfind.clearing import clear
from dupfind.corpus import Corpus, Documents
from dupfind.furniture import find_furniture
from dupfind.postings import PAIRED, post_buckets, post_fingerprints, post_wide
from dupfind.resuming import Paired
from dupfind.running import Means
from dupfind.settings import Settings
from dupfind.sketches import Sketch

__all__ = ["pair_all"]


def pair_all(documents: Documents, sketched: Sketch, settings: Settings, means: Means) -> Paired:
    """Pair documents, and clear them of their furniture."""
    corpus = _gather_corpus(documents, sketched, means)
    short = name_short(corpus, settings.min_words)
    chosen = choose(corpus, settings.min_words)
    candidates = _pair(corpus, sketched, chosen, settings, means)
    reference = np.array([document.reference for document in documents.told], dtype=bool)
    known = reference[candidates.pairs].all(axis=1)
    candidates = candidates._replace(pairs=candidates.pairs[~known])
    before = [document.hidden for document in documents.told]
    corpus = _clear(corpus, sketched, chosen, settings, means)
    hidden = [
        (number, document.hidden)
        for number, document in enumerate(documents.told)
        if document.hidden is not before[number]
    ]
    return Paired(candidates, *corpus[1:], hidden, short)


def _gather_corpus(documents: Documents, sketched: Sketch, means: Means) -> Corpus:
    offsets = np.append(0, np.cumsum(sketched.words))
    first = group_copies(sketched.digests, sketched.hashes, offsets, means)
    return Corpus(
        documents, sketched.hashes, sketched.kinds, offsets, stand_for(first, documents.told)
    )


def _pair(
    corpus: Corpus, sketched: Sketch, chosen: Bools, settings: Settings, means: Means
) -> Candidates:
    """Pair the chosen documents by their buckets and fingerprints, and by more around hot ones."""
    fingerprints = post_fingerprints(sketched, chosen, means)
    posted = chain(post_buckets(sketched, chosen), fingerprints)
    apply = means.spread(sketched.buckets.size + len(sketched.fingerprints), PAIRED)
    candidates = pair(posted, len(chosen), means, apply)
    if not len(candidates.hot):
        return candidates
    wide = post_wide(
        corpus,
        sketched,
        chosen,
        candidates.hot,
        means,
        size=settings.shingle_size,
        guarantee=settings.guarantee,
    )
    further = pair(wide, len(chosen), means).pairs
    return candidates._replace(pairs=merge(candidates.pairs, further))


def _clear(
    corpus: Corpus, sketched: Sketch, chosen: Bools, settings: Settings, means: Means
) -> Corpus:
    """Take furniture out of the documents; what they were paired by may hold some."""
    documents = corpus.documents
    bounds = np.append(0, np.cumsum(sketched.chosen))

    def give(number: int) -> Words64 | None:
        own = sketched.fingerprints[bounds[number] : bounds[number + 1]]
        return own if chosen[number] and len(own) else None

    furniture = find_furniture(sketched.edges, documents, sketched.digests, give, means)
    return clear(corpus, furniture, means, least=settings.min_words, most=settings.guarantee)
