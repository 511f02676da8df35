"""Which documents are compared: those that are long enough, and one of each text."""

from collections import defaultdict

import numpy as np

from dupfind.arrays import Bools, Ints
from dupfind.chronology import published_at
from dupfind.corpus import Corpus
from dupfind.model import Document, Skipped

__all__ = ["choose", "name_short", "stand_for"]


def stand_for(first: Ints, documents: list[Document]) -> Ints:
    """Let the earliest of identical documents stand for them where all are dated.

    A reference stands for others only where all are references: those are not compared.
    """
    copies: dict[int, list[int]] = defaultdict(list)
    for document in np.flatnonzero(np.bincount(first, minlength=len(first))[first] > 1).tolist():
        copies[int(first[document])].append(document)
    for same in copies.values():
        group = [member for member in same if not documents[member].reference] or same
        first[same] = group[0]
        times = [published_at(time) for member in group if (time := documents[member].published)]
        if len(times) == len(group):
            first[same] = group[times.index(min(times))]
    return first


def choose(corpus: Corpus, least: int) -> Bools:
    """Choose the documents that are compared: those long enough, and one of each text."""
    originals = corpus.first == np.arange(len(corpus.first))
    chosen: Bools = originals & (corpus.lengths >= least)
    return chosen


def name_short(corpus: Corpus, least: int) -> list[Skipped]:
    """Name the documents of fewer than `least` words, which are not compared."""
    lengths = corpus.lengths
    return [
        Skipped(
            path=corpus.documents.told[number].path,
            record=corpus.documents.told[number].record,
            reason="short" if lengths[number] else "empty",
            detail=f"{lengths[number]} words, fewer than {least}" if lengths[number] else None,
        )
        for number in np.flatnonzero(lengths < least).tolist()
    ]
