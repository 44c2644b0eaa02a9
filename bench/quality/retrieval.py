"""How well a text finds its document: the product's own search, measured on a folder of texts.

A folder holds `corpus.jsonl` with {id, text} and `queries.jsonl` with {id, text, gold: [ids]}. The encoder is
fitted on the corpus alone. Gives the mean reciprocal rank with a bootstrap interval.

    make bench ONLY=quality DATA="FOLDER [FOLDER ...]"
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.harness import Row, Run
from services.catalogue import load
from services.matcher.corpus.finding import MAX_RESULTS, Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of
from services.matcher.domain.item import Item, ItemKind, Purpose
from services.matcher.encode.lexical import LexicalEncoder

NAMES = ("quality.",)
_SEED, _RESAMPLES = 1, 1_000


def measure(run: Run) -> Iterator[Row]:
    """A row for every folder given; none without one."""
    for folder in run.data:
        name = f"quality.{folder.name}.lexical"
        if not run.wants(name):
            continue
        started = time.perf_counter()
        ranks = reciprocal_ranks(folder)
        low, high = interval(ranks)
        seconds = time.perf_counter() - started
        note = f"95 % [{low:.3f}, {high:.3f}], {seconds:.0f} s"
        yield run.row(name, float(ranks.mean()), "MRR", n=len(ranks), lower_is_better=False, note=note)


def reciprocal_ranks(folder: Path) -> np.ndarray:
    """1 / place of the first right document per query; 0 when it is not among the first 1,000."""
    documents = [
        Item(ItemKind.PERSON, entry["id"], texts=(entry["text"],), purposes=frozenset(Purpose))
        for entry in _lines(folder / "corpus.jsonl")
    ]
    encoder = LexicalEncoder.fitted([document.text for document in documents])
    space = MatchSpace(codes_of(load()), encoder, documents)
    finder = Finder(space, Pairs(space))
    return np.array([_reciprocal_rank(finder, query) for query in _lines(folder / "queries.jsonl")])


def interval(values: np.ndarray) -> tuple[float, float]:
    """95 % bootstrap interval of the mean, with a fixed seed."""
    drawn = np.random.default_rng(_SEED).choice(values, (_RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def _reciprocal_rank(finder: Finder, query: dict[str, Any]) -> float:
    given = Item(ItemKind.POSITION, "", texts=(str(query["text"]),))
    gold = set(query["gold"])
    found = finder.find("person-position", given, MAX_RESULTS)
    return next((1.0 / match.rank for match in found if match.item.id in gold), 0.0)


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]
