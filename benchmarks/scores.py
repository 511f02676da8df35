"""What each contestant found, held against the exact truth."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import ours
import peers
import truth
from contestants import BASELINE

__all__ = ["Judgment", "Quality", "judge"]


class Quality(NamedTuple):
    """What a contestant's clusters are worth; a share is None where there is nothing to share."""

    clusters: int
    clustered: int
    """Documents in clusters."""
    recall: float | None
    """Share of the pairs at Jaccard >= .7 whose two documents are in one cluster."""
    recall_or_template: float | None
    """The same, or named a template: for dupfind, which keeps these out of its clusters."""
    precision: float | None
    """Share of the pairs within clusters that pairs at Jaccard >= .7 join."""
    shared_runs: float | None
    """Share of the pairs with a run of 20 equal words that are candidates or in one cluster."""


class Judgment(NamedTuple):
    """The size of the truth, and every contestant's quality."""

    documents: int
    characters: int
    alike: int
    """Pairs at Jaccard >= .7."""
    short: int
    """Those of them with a document that is too short for dupfind's default settings."""
    long_recall: float | None
    """Share of the others that dupfind has in one cluster or names templates."""
    runs: int
    """Pairs with a run of 20 equal words."""
    qualities: dict[str, Quality]


def judge(corpus: Path, clusters: dict[str, list[list[int]]]) -> Judgment:
    """Judge the peers by their clusters, and dupfind by what it says of the same file."""
    texts = peers.read_texts(corpus)
    alike, runs = truth.find_alike(texts), truth.find_runs(texts)
    joined = truth.join(alike, len(texts))
    answer = ours.answer(corpus)
    short = (answer.words[alike] < ours.LEAST_WORDS).any(axis=1)
    qualities = {BASELINE: _judge_ours(answer, alike, runs, joined)}
    for name, found in clusters.items():
        labels = truth.label(found, len(texts))
        inside = truth.together(labels, runs)
        qualities[name] = _judge_labels(found, labels, alike, joined)._replace(
            shared_runs=truth.find_share(inside)
        )
    return Judgment(
        len(texts),
        sum(map(len, texts)),
        len(alike),
        int(short.sum()),
        _judge_ours(answer, alike[~short], runs, joined).recall_or_template,
        len(runs),
        qualities,
    )


def _judge_labels(
    clusters: list[list[int]], labels: truth.Ints, alike: truth.Ints, joined: truth.Ints
) -> Quality:
    return Quality(
        clusters=len(clusters),
        clustered=sum(map(len, clusters)),
        recall=truth.find_share(truth.together(labels, alike)),
        recall_or_template=None,
        precision=truth.measure_precision(labels, joined),
        shared_runs=None,
    )


def _judge_ours(
    answer: ours.Answer, alike: truth.Ints, runs: truth.Ints, joined: truth.Ints
) -> Quality:
    labels = truth.label(answer.clusters, len(answer.copies))
    inside = truth.together(labels, alike)
    template = _among(alike, answer.templates, answer.copies)
    copied = truth.together(answer.copies, runs)
    candidate = _among(runs, answer.candidates, answer.copies)
    return _judge_labels(answer.clusters, labels, alike, joined)._replace(
        recall_or_template=truth.find_share(inside | template),
        shared_runs=truth.find_share(copied | candidate),
    )


def _among(pairs: truth.Ints, named: truth.Ints, copies: truth.Ints) -> truth.Bools:
    """Tell which pairs are named: themselves, or copies of theirs."""
    return np.isin(_pack(copies[pairs]), _pack(copies[named]))


def _pack(pairs: truth.Ints) -> truth.Ints:
    return np.asarray(pairs.min(axis=1, initial=1 << 32) << 32 | pairs.max(axis=1, initial=0))
