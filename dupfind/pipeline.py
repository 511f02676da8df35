"""The way of a document: the order of the stages, and the only module that knows it.

    read → sketch (tokens, shingles, signatures, fingerprints) → pair → verify (passages,
    measures) → relate → assemble (clusters, matches, the report)

Stages are functions of arrays. Where they run is an engine's business; see `dupfind.running`.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from dupfind.arrays import Ints
from dupfind.assembly import Findings, assemble
from dupfind.boilerplate import find_hot
from dupfind.building import build
from dupfind.candidates import Candidates, digest, group_copies
from dupfind.choosing import choose
from dupfind.clearing import clear
from dupfind.corpus import Corpus, Documents
from dupfind.furniture import find_edges, find_furniture
from dupfind.judgment import Judged, judge, judge_copies, judge_strangers
from dupfind.minhash import Permutations, permutations
from dupfind.model import Document, Skipped
from dupfind.naming import Named, Nearest
from dupfind.pairing import pair_all
from dupfind.passages import LEAST
from dupfind.resuming import Stages
from dupfind.running import Inline, Run, Watch, at, ignore
from dupfind.settings import Settings
from dupfind.shingles import shingle
from dupfind.sketching import MUCH, sketch_all
from dupfind.tokens import PER_WORD, tokenize
from dupfind.verification import Verified, cut_batches, verify

if TYPE_CHECKING:
    from dupfind.cache import Cache

__all__ = ["compare", "find", "judge_all", "propose", "verify_all"]

_VOLUME: Final = 1 << 23  # tokens verified at once
_FEW: Final = 5 << 19  # tokens that are not worth several batches
_ALIGNED: Final = 256  # bytes that a token takes while it is aligned
_TURNS: Final = 5  # batches of pairs for each process, so that none waits long for another
_PARTS: Final = 12  # lots of the report for each process


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
    verified = verify_all(corpus, candidates.pairs, settings, run, watch, cache, stages)
    pairs, nearest = judge_all(corpus, verified, settings, run, watch)
    pairs = pairs.join(judge_copies(corpus, settings.min_words), run.column)
    texts = corpus.documents.texts
    build_all = partial(at(run, "reporting").apply, partial(build, texts=texts))
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
            at(run, "reporting"),
            size=settings.shingle_size,
            window=settings.window,
            bands=settings.bands,
            rows=settings.rows,
        ),
        None if pairs.joins.any() else nearest,
        build_all,
        _PARTS * run.jobs,
        at(run, "reporting"),
        settings=settings,
        skipped=skipped,
        candidates=candidates.pairs,
    )
    watch("reporting", len(findings.report.clusters), len(findings.report.clusters))
    return findings


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
    if stages and len(read.texts) >= MUCH:
        run.prepare()  # Where all was read before, nobody did.
    documents = read.documents(run.look_at)
    documents.texts = run.share(documents.texts)
    watch("reading and sketching", len(documents), len(documents))
    watch("pairing", 0, 0)
    make_pairs = partial(pair_all, documents, read.sketch, settings, at(run, "pairing"))
    paired = stages.pair(settings, run, make_pairs) if stages else make_pairs()
    corpus = _share(paired.corpus(documents), run)
    watch("pairing", len(paired.candidates.pairs), len(paired.candidates.pairs))
    return corpus, paired.candidates, [*read.skipped, *paired.short]


def _share(corpus: Corpus, run: Run) -> Corpus:
    """Put what all stages to come look at where all processes can."""
    return corpus._replace(hashes=run.share(corpus.hashes), kinds=run.share(corpus.kinds))


def judge_all(
    corpus: Corpus,
    batches: Iterable[Verified],
    settings: Settings,
    run: Run,
    watch: Watch = ignore,
) -> tuple[Judged, Nearest | None]:
    """Name the relations of verified pairs, which are taken as they come.

    See `dupfind.judgment.judge` for what it gives.
    """
    named = Named(settings.threshold, run.column)
    for verified in batches:
        named.add(verified)
    watch("reporting", 0, 0)
    return judge(
        corpus,
        named,
        settings.threshold,
        settings.shingle_size,
        choose(corpus, settings.min_words),
        at(run, "reporting"),
        loose=settings.passages,
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
    share = max(int(corpus.lengths[pairs].sum()) // (_TURNS * run.jobs), _FEW)
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
    furniture = find_furniture(find_edges(texts), documents, digests, lambda _: None)
    corpus = clear(corpus, furniture, least=settings.min_words, most=settings.guarantee)
    pairs = np.empty((0, 2), dtype=np.int64)
    found = judge_copies(corpus, settings.min_words)
    nearest = None
    if not len(found.documents):
        pairs = np.array([[0, 1]])
        verified = verify_all(corpus, pairs, settings, Inline(), ignore)
        found, nearest = judge_all(corpus, verified, settings, Inline())
    if not found.joins.any():
        nearest = nearest or judge_strangers()
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
