"""A start from the snapshot beside making everything anew from the items, and what the index weighs in memory."""

import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path

import faiss
from threadpoolctl import threadpool_limits

from bench.harness import Row, Run
from bench.matcher.people import World
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.snapshot import Covers, read_snapshot, write_snapshot
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.encode.lexical import LexicalEncoder

NAMES = ("matcher.start", "matcher.memory")
_PEOPLE = 1_000_000
_KIND = KINDS["person-direction"]


def measure(run: Run) -> Iterator[Row]:
    """Both rows; the two spaces give the same answers."""
    faiss.omp_set_num_threads(1)
    world = World(run.seed)
    with threadpool_limits(1), run.folder() as folder:
        people = world.people(run.size(_PEOPLE))
        items = [*world.directions, *people]
        encoder = LexicalEncoder.fitted([item.text for item in items[:4_000]])
        started = time.perf_counter()
        made = MatchSpace(world.codes, encoder, items)
        rebuilt = time.perf_counter() - started
        write_snapshot(folder, made, Covers({}))
        expected = _answers(made)
        del made
        gc.collect()
        before = _resident()
        started = time.perf_counter()
        read, _ = read_snapshot(folder, items, world.codes)
        restored = time.perf_counter() - started
        assert _answers(read) == expected
        population = read.population(ItemKind.PERSON)
        query = population.encoded(population.rows([people[0].id]))
        population.sparse.dot(query.sparse)
        population.vectors.pack()
        gc.collect()
        weighs, raw = _resident() - before, population.vectors.vectors().nbytes
    yield run.row(
        "matcher.start",
        restored,
        "s",
        n=len(people),
        peer="encoding all items",
        peer_value=rebuilt,
        bar=10,
        note="the items are at hand in both; checksums verified",
    )
    yield run.row(
        "matcher.memory",
        weighs,
        "bytes",
        n=len(people),
        peer="the raw vectors",
        peer_value=float(raw),
        bar=1 / 3,
        note="vectors, packed vectors, sparse rows both ways, columns; without the items themselves",
    )


def _answers(space: MatchSpace) -> list[list[tuple[str, float]]]:
    pairs = Pairs(space)
    anchors = sorted(pairs.anchors(_KIND))[:5]
    return [[(place.id, place.log_odds) for place in found] for found in pairs.best(_KIND, anchors, 20)]


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
