"""The way of a document: the order of the stages, and the only module that knows it.

    read → sketch (tokens, shingles, signatures, fingerprints) → pair → verify (passages,
    measures) → relate → assemble (clusters, matches, the report)

Stages are functions of arrays. Where they run is an engine's business; see `dupfind.running`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
import numpy as np

from dupfind.arrays import Bools, Ints, Words64
from dupfind.assembly import Findings, assemble
from dupfind.boilerplate import find_hot
from dupfind.building import build
from dupfind.candidates import Candidates, digest, group_copies, merge, pair
from dupfind.chronology import published_at
from dupfind.clearing import clear
from dupfind.columns import Column
from dupfind.corpus import Corpus, Documents
from dupfind.furniture import find_edges, find_furniture
from dupfind.judgment import Judged, find_nearest, judge, judge_copies, judge_strangers
from dupfind.minhash import Permutations, permutations
from dupfind.model import Document, Skipped
from dupfind.passages import LEAST
from dupfind.postings import post_buckets, post_fingerprints, post_wide
from dupfind.resuming import Paired, Read, Stages
from dupfind.running import Inline, Run, Watch, ignore
from dupfind.settings import Settings
from dupfind.shingles import shingle
from dupfind.sketches import Sketch, join, sketch
from dupfind.tokens import PER_WORD, tokenize
from dupfind.verification import Verified, cut_batches, verify

if TYPE_CHECKING:
    from dupfind.cache import Cache

__all__ = [
    "compare",
    "find",
    "judge_all",
    "propose",
    "sketch_all",
    "verify_all",
]

_BATCH: Final = 1 << 20  # characters sketched at once
_MUCH: Final = 1 << 22  # characters that are worth the start of worker processes
_VOLUME: Final = 1 << 23  # tokens verified at once
_ALIGNED: Final = 256  # bytes that a token takes while it is aligned
_PARTS: Final = 12  # lots of the report for each process

T = TypeVar("T")
R = TypeVar("R")


def find(
    found: Iterable[Document | Skipped],
    settings: Settings,
    run: Run,
    watch: Watch,
    cache: "Cache | None" = None,
    stages: Stages | None = None,
) -> Findings:
    """Find all overlaps among documents; take the stages that were kept, and keep the others."""
    parameters = (cache.permute if cache else permutations)(settings.num_perm)
    corpus, candidates, skipped = propose(found, settings, parameters, run, watch, cache, stages)
    verified = list(verify_all(corpus, candidates.pairs, settings, run, watch, cache, stages))
    watch("reporting", 0, 0)
    pairs = judge_all(corpus, verified, settings, run)
    pairs = pairs.join(judge_copies(corpus, settings.min_words))
    nearest = None if pairs.joins.any() else find_nearest(verified, pairs)
    verified.clear()  # It is large, and what is to be listed was taken out.
    texts = corpus.documents.texts
    build_all = partial(_apply, run, "reporting", partial(build, texts=texts))
    if cache:
        build_all = partial(cache.build, build_all, texts)
    findings = assemble(
        corpus,
        pairs,
        find_hot(
            corpus.hashes,
            corpus.offsets,
            corpus.kinds,
            candidates,
            parameters,
            size=settings.shingle_size,
            window=settings.window,
            bands=settings.bands,
            rows=settings.rows,
        ),
        nearest,
        build_all,
        _PARTS * run.jobs,
        settings=settings,
        skipped=skipped,
        candidates=candidates.pairs,
    )
    watch("reporting", len(findings.report.clusters), len(findings.report.clusters))
    return findings


def _apply(run: Run, stage: str, task: Callable[[T], R], batches: Iterable[T]) -> Iterator[R]:
    return run(task, batches, stage)


def propose(
    found: Iterable[Document | Skipped],
    settings: Settings,
    parameters: Permutations,
    run: Run,
    watch: Watch,
    cache: "Cache | None" = None,
    stages: Stages | None = None,
) -> tuple[Corpus, Candidates, list[Skipped]]:
    """Sketch documents as they are read, and pair them by what their sketches have in common.

    Documents with too few words are not paired; of copies of one text, one is. The corpus is
    given without the furniture of the documents.
    """
    make_read = partial(sketch_all, found, settings, parameters, run, watch, cache)
    read = stages.read(settings, run, make_read) if stages else make_read()
    if stages and len(read.texts) >= _MUCH:
        run.prepare()  # Where all was read before, nobody did.
    documents = read.documents(run.look_at)
    watch("reading and sketching", len(documents), len(documents))
    watch("pairing", 0, 0)
    make_pairs = partial(_pair_all, documents, read.sketch, settings, run)
    paired = stages.pair(settings, run, make_pairs) if stages else make_pairs()
    corpus = _share(paired.corpus(documents), run)
    watch("pairing", len(paired.candidates.pairs), len(paired.candidates.pairs))
    return corpus, paired.candidates, [*read.skipped, *paired.short]


def _pair_all(documents: Documents, sketched: Sketch, settings: Settings, run: Run) -> Paired:
    """Pair documents, and clear them of their furniture."""
    corpus = _gather_corpus(documents, sketched, run)
    short = _name_short(corpus, settings.min_words)
    chosen = _choose(corpus, settings.min_words)
    candidates = _pair(corpus, sketched, chosen, settings, run)
    reference = np.array([document.reference for document in documents.told], dtype=bool)
    known = reference[candidates.pairs].all(axis=1)
    candidates = candidates._replace(pairs=candidates.pairs[~known])
    before = [document.hidden for document in documents.told]
    corpus = _clear(corpus, sketched, chosen, settings, run)
    hidden = [
        (number, document.hidden)
        for number, document in enumerate(documents.told)
        if document.hidden is not before[number]
    ]
    return Paired(candidates, *corpus[1:], hidden, short)


def _share(corpus: Corpus, run: Run) -> Corpus:
    """Put what all stages to come look at where all processes can."""
    corpus.documents.texts = run.share(corpus.documents.texts)
    return corpus._replace(hashes=run.share(corpus.hashes), kinds=run.share(corpus.kinds))


def _pair(
    corpus: Corpus, sketched: Sketch, chosen: Bools, settings: Settings, run: Run
) -> Candidates:
    """Pair the chosen documents by their buckets and fingerprints, and by more around hot ones."""
    fingerprints = post_fingerprints(sketched, chosen, run.memory, run.look_at)
    posted = chain(post_buckets(sketched, chosen), fingerprints)
    candidates = pair(posted, len(chosen), run.column)
    if not len(candidates.hot):
        return candidates
    wide = post_wide(
        corpus,
        sketched,
        chosen,
        candidates.hot,
        run.column,
        run.memory,
        run.look_at,
        size=settings.shingle_size,
        guarantee=settings.guarantee,
    )
    further = pair(wide, len(chosen), run.column).pairs
    return candidates._replace(pairs=merge(candidates.pairs, further))


def _clear(corpus: Corpus, sketched: Sketch, chosen: Bools, settings: Settings, run: Run) -> Corpus:
    """Take furniture out of the documents; what they were paired by may hold some."""
    documents = corpus.documents
    bounds = np.append(0, np.cumsum(sketched.chosen))

    def give(number: int) -> Words64 | None:
        own = sketched.fingerprints[bounds[number] : bounds[number + 1]]
        return own if chosen[number] and len(own) else None

    furniture = find_furniture(
        sketched.edges, lambda number: documents[number].compared, sketched.digests, give
    )
    return clear(corpus, furniture, run.column, least=settings.min_words, most=settings.guarantee)


def sketch_all(
    found: Iterable[Document | Skipped],
    settings: Settings,
    parameters: Permutations,
    run: Run,
    watch: Watch,
    cache: "Cache | None" = None,
) -> Read:
    """Sketch documents, batch by batch, as they are read; give them and what was skipped, too.

    A cache gives the sketches that it keeps, and keeps the others.
    """
    documents = Documents(run.column, run.look_at)
    skipped: list[Skipped] = []
    task = partial(
        sketch,
        size=settings.shingle_size,
        window=settings.window,
        bands=settings.bands,
        rows=settings.rows,
        parameters=parameters,
    )
    batches = _read(found, documents, skipped, run, watch)
    stage = "reading and sketching"
    if cache is None:
        sketches = run(task, batches, stage)
    else:
        sketches = cache.sketch(lambda missing: run(task, missing, stage), batches)
    joined = join(sketches, settings.bands, run.column)
    documents.close()
    return Read(documents.told, documents.texts, documents.offsets, skipped, joined)


def _read(
    found: Iterable[Document | Skipped],
    documents: Documents,
    skipped: list[Skipped],
    run: Run,
    watch: Watch,
) -> Iterator[list[str]]:
    """Collect what is found, and give the texts batch by batch."""
    batch: list[Document] = []
    volume = room = 0
    watch("reading and sketching", 0, 0)
    for item in found:
        if isinstance(item, Skipped):
            skipped.append(item)
            continue
        batch.append(item)
        room += len(item.text) + 1
        if room >= _BATCH:
            documents.extend(batch)
            yield [document.compared for document in batch]
            # One giant document is sketched here: to hand it over would take longer.
            volume += room
            if volume >= _MUCH:
                run.prepare()
            watch("reading and sketching", len(documents), 0)
            batch, room = [], 0
    if batch:
        documents.extend(batch)
        yield [document.compared for document in batch]


def _gather_corpus(documents: Documents, sketched: Sketch, run: Run) -> Corpus:
    offsets = np.append(0, np.cumsum(sketched.words))
    first = group_copies(sketched.digests, sketched.hashes, offsets, run.look_at)
    return Corpus(
        documents, sketched.hashes, sketched.kinds, offsets, _stand_for(first, documents.told)
    )


def _stand_for(first: Ints, documents: list[Document]) -> Ints:
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


def _choose(corpus: Corpus, least: int) -> Bools:
    """Choose the documents that are compared: those long enough, and one of each text."""
    originals = corpus.first == np.arange(len(corpus.first))
    chosen: Bools = originals & (corpus.lengths >= least)
    return chosen


def _name_short(corpus: Corpus, least: int) -> list[Skipped]:
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


def judge_all(corpus: Corpus, verified: list[Verified], settings: Settings, run: Run) -> Judged:
    """Name the relations of verified pairs."""
    return judge(
        corpus,
        verified,
        settings.threshold,
        settings.shingle_size,
        _choose(corpus, settings.min_words),
        partial(_apply, run, "reporting"),
        run.column,
        run.look_at,
        run.memory,
    )


def verify_all(
    corpus: Corpus,
    pairs: Ints,
    settings: Settings,
    run: Run,
    watch: Watch,
    cache: "Cache | None" = None,
    stages: Stages | None = None,
) -> Iterator[Verified]:
    """Align and measure pairs, (pairs, 2) int64, batch by batch.

    What a cache knows comes first; it keeps the others.
    """
    done, total = 0, len(pairs)
    watch("verifying", done, total)
    most = min(_VOLUME, run.memory // (_ALIGNED * run.jobs))
    known = cache.look_up(corpus, pairs) if cache else None
    if known:
        pairs = known.missing
        yield from known.recall(most)
        done = total - len(pairs)
        watch("verifying", done, total)
    share = max(int(corpus.lengths[pairs].sum()) // (3 * run.jobs), _BATCH)
    if stages:
        share, most = stages.size(settings, run, share, most)
    batches = list(cut_batches(corpus.lengths, pairs, share, most))
    task = partial(
        verify,
        hashes=corpus.hashes,
        kinds=corpus.kinds,
        offsets=corpus.offsets,
        size=settings.shingle_size,
        least=min(LEAST, settings.guarantee),
        threshold=settings.threshold,
    )
    made = stages.verify(run, task, batches) if stages else run(task, batches, "verifying")
    for batch, verified in zip(batches, made, strict=True):
        if known:
            known.keep(batch, verified)
        done += len(batch.pairs)
        watch("verifying", done, total)
        yield verified


def compare(a: Document, b: Document, settings: Settings) -> Findings:
    """Compare two documents, however short and whether or not an index would propose them.

    Gives the report that a run on the two would give with all passages listed; where they do not
    join, it says how near they come.
    """
    settings = msgspec.structs.replace(settings, min_words=1, passages=True)
    texts = [a.compared, b.compared]
    documents = Documents()
    documents.extend([a, b])
    tokens = tokenize(texts)
    per_word = PER_WORD[tokens.kinds]
    digests = digest(*shingle(tokens.hashes, tokens.offsets, settings.shingle_size, per_word))
    corpus = Corpus(
        documents.close(),
        tokens.hashes,
        tokens.kinds,
        tokens.offsets,
        group_copies(digests, tokens.hashes, tokens.offsets),
    )
    furniture = find_furniture(find_edges(texts), texts.__getitem__, digests, lambda _: None)
    corpus = clear(corpus, furniture, Column, least=settings.min_words, most=settings.guarantee)
    pairs = np.empty((0, 2), dtype=np.int64)
    found = judge_copies(corpus, settings.min_words)
    verified: list[Verified] = []
    if not len(found.documents):
        pairs = np.array([[0, 1]])
        verified = list(verify_all(corpus, pairs, settings, Inline(), ignore))
        found = judge_all(corpus, verified, settings, Inline())
    nearest = (
        None if found.joins.any() else find_nearest(verified, found) or judge_strangers(corpus)
    )
    return assemble(
        corpus,
        found,
        [],
        nearest,
        partial(map, partial(build, texts=corpus.documents.texts)),
        1,
        settings=settings,
        skipped=[],
        candidates=pairs,
    )
