"""How well texts find what they should: the product's own search beside what anybody would try first.

Every folder given is a task (`bench/quality/texts.py`). The encoder is fitted on the documents alone, never on
queries, and every query is answered by the search that FindMatches runs. The peer is the best of BM25 over pairs of
characters, TF-IDF and latent semantic analysis on that task; the row holds unless the difference, query by query,
is below zero with its whole 95 % bootstrap interval. Rows of parts leave one part out.

    make bench ONLY=quality DATA="FOLDER [FOLDER ...]"
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

NAMES = ("quality.",)
KIND = "person-position"
STANDARD = LexicalSettings()
_PARTS = {
    "without_dense": replace(STANDARD, dense_weight=0.0),
    "dense_alone": replace(STANDARD, dense_weight=1.0, sparse_weight=0.0),
}


def measure(run: Run) -> Iterator[Row]:
    """For every folder a row for the default, one for each peer, and one for each part left out."""
    with threadpool_limits(1):
        for folder in run.data:
            if run.wants(f"quality.{folder.name}."):
                yield from _rows(run, read_task(folder, run.limit))


def _rows(run: Run, task: Task) -> Iterator[Row]:
    peers = {name: ranked(score(task, run.seed)) for name, score in PEERS.items()}
    figures = {name: mean(task, rankings) for name, rankings in peers.items()}
    best = max(figures, key=lambda name: figures[name])
    started = time.perf_counter()
    ours = found(task, STANDARD)
    seconds = time.perf_counter() - started
    theirs = values(task, peers[best])
    difference = values(task, ours) - theirs
    low, high = interval(difference, run.seed)
    worse = high < 0
    yield run.row(
        f"quality.{task.name}.lexical",
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
    finder = searching(task, settings)
    depth = min(DEPTH, len(task.documents))
    return [
        np.array([int(match.item.id) for match in finder.find(KIND, asked(query), depth)], np.int64)
        for query in task.queries
    ]


def searching(task: Task, settings: LexicalSettings) -> Finder:
    """The product's search over the documents of a task; their ids are their numbers."""
    documents = [
        Item(ItemKind.PERSON, f"{number:08d}", texts=(text,), purposes=frozenset(Purpose))
        for number, text in enumerate(task.documents)
    ]
    encoder = LexicalEncoder.fitted(task.documents, settings)
    space = MatchSpace(codes_of(load()), encoder, documents)
    return Finder(space, Pairs(space))


def asked(query: str) -> Item:
    """A query as a text that comes with a request."""
    return Item(ItemKind.POSITION, "", texts=(query,))


def _plain(run: Run, task: Task, name: str, rankings: Rankings) -> Row:
    return run.row(
        f"quality.{task.name}.{name}",
        mean(task, rankings),
        task.metric,
        n=len(task.queries),
        lower_is_better=False,
        note=_range(values(task, rankings), run.seed),
    )


def _range(found: Values, seed: int) -> str:
    low, high = interval(found, seed)
    return f"95 % [{low:.3f}, {high:.3f}]"
