"""How well texts find what they should: the product's own search beside what anybody would try first.

Every folder given is a task (`bench/quality/texts.py`). The encoder is fitted on the documents alone, never on
queries, and every query is answered by the search that FindMatches runs. The peer is the best of BM25 over pairs of
characters, TF-IDF and latent semantic analysis on that task; the row holds unless the difference, query by query,
is below zero with its whole 95 % bootstrap interval. Rows of parts leave one part out.

    make bench ONLY=quality.text DATA="FOLDER [FOLDER ...]"
"""

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from bench.harness import Row, Run
from bench.quality.peers import PEERS
from bench.quality.ranking import DEPTH, Rankings, Values, interval, mean, ranked, values
from bench.quality.texts import Task, read_task
from services.catalogue import load
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of
from services.matcher.domain.item import Item, ItemKind, Purpose
from services.matcher.encode.lexical import LexicalEncoder, LexicalSettings

NAMES = ("quality.text.",)
_KIND = "person-position"
_STANDARD = LexicalSettings()
_PARTS = {
    "without_dense": replace(_STANDARD, dense_weight=0.0),
    "dense_alone": replace(_STANDARD, dense_weight=1.0, sparse_weight=0.0),
}


def measure(run: Run) -> Iterator[Row]:
    """For every folder a row for the default, one for each peer, and one for each part left out."""
    with threadpool_limits(1):
        for folder in run.data:
            if run.wants(f"quality.text.{folder.name}."):
                yield from _rows(run, read_task(folder, run.limit))


def _rows(run: Run, task: Task) -> Iterator[Row]:
    peers = {name: ranked(score(task, run.seed)) for name, score in PEERS.items()}
    figures = {name: mean(task, rankings) for name, rankings in peers.items()}
    best = max(figures, key=lambda name: figures[name])
    started = time.perf_counter()
    ours = found(task, _STANDARD)
    seconds = time.perf_counter() - started
    theirs = values(task, peers[best])
    difference = values(task, ours) - theirs
    low, high = interval(difference, run.seed)
    worse = high < 0
    yield run.row(
        f"quality.text.{task.name}.lexical",
        mean(task, ours),
        task.metric,
        n=len(task.queries),
        peer=best,
        peer_value=figures[best],
        bar=None if not worse else 1.0,
        lower_is_better=False,
        note=f"{_range(values(task, ours), run.seed)}; minus {best} [{low:+.3f}, {high:+.3f}]; {seconds:.0f} s",
    )
    for name, rankings in peers.items():
        yield _plain(run, task, name, rankings)
    for name, settings in _PARTS.items():
        yield _plain(run, task, name, found(task, settings))


def found(task: Task, settings: LexicalSettings) -> Rankings:
    """What the product's search finds for every query, as numbers of documents, best first."""
    number = {f"{place:08d}": place for place in range(len(task.documents))}
    documents = [
        Item(ItemKind.PERSON, id_, texts=(text,), purposes=frozenset(Purpose))
        for id_, text in zip(number, task.documents, strict=True)
    ]
    encoder = LexicalEncoder.fitted(task.documents, settings)
    space = MatchSpace(codes_of(load()), encoder, documents)
    finder = Finder(space, Pairs(space))
    depth = min(DEPTH, len(documents))
    return [
        np.array(
            [
                number[match.item.id]
                for match in finder.find(_KIND, Item(ItemKind.POSITION, "", texts=(query,)), depth)
            ],
            np.int64,
        )
        for query in task.queries
    ]


def _plain(run: Run, task: Task, name: str, rankings: Rankings) -> Row:
    return run.row(
        f"quality.text.{task.name}.{name}",
        mean(task, rankings),
        task.metric,
        n=len(task.queries),
        lower_is_better=False,
        note=_range(values(task, rankings), run.seed),
    )


def _range(found: Values, seed: int) -> str:
    low, high = interval(found, seed)
    return f"95 % [{low:.3f}, {high:.3f}]"
