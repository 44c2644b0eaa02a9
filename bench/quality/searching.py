"""The product's own search over the documents of a task, with one part of it changed where a row leaves it out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from bench.quality.ranking import DEPTH, Rankings
from bench.quality.texts import Task
from services.catalogue import load
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.placing import read
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item, ItemKind, Purpose
from services.matcher.encode import sparse
from services.matcher.encode.encoder import Encoder
from services.matcher.encode.grams import WORD, WORD_PAIR, WORD_PARTS, WORD_START, grams, normalise
from services.matcher.encode.lexical import LexicalEncoder, LexicalSettings

KIND = "person-position"
STANDARD = LexicalSettings()
_SAMPLE = 200
_OTHER = replace(STANDARD, seed=STANDARD.seed + 1)
"""What is fitted on few texts is kept by its settings: with other weights of grams it is fitted anew."""
NEXT_TO_NOTHING = 1e-6
"""The weight of what is left out: with none at all a text of nothing else would have no direction."""


@dataclass(frozen=True, slots=True)
class Part:
    """The default with other settings, or with other weights of some kinds of grams, which have a script."""

    settings: LexicalSettings = STANDARD
    grams: Mapping[int, float] = field(default_factory=dict)
    ideographs: bool | None = None


PARTS = {
    "without_dense": Part(replace(STANDARD, dense_weight=0.0)),
    "dense_alone": Part(replace(STANDARD, dense_weight=1.0, sparse_weight=0.0)),
    "without_single_ideographs": Part(_OTHER, grams={1: NEXT_TO_NOTHING}, ideographs=True),
    "without_pairs_of_ideographs": Part(_OTHER, grams={2: NEXT_TO_NOTHING}, ideographs=True),
    "without_words": Part(_OTHER, grams={WORD: NEXT_TO_NOTHING}, ideographs=False),
    "without_pairs_of_words": Part(_OTHER, grams={WORD_PAIR: NEXT_TO_NOTHING}, ideographs=False),
    "without_parts_of_words": Part(
        _OTHER, grams=dict.fromkeys((WORD_START, *WORD_PARTS), NEXT_TO_NOTHING), ideographs=False
    ),
}


def parts_of(task: Task) -> dict[str, Part]:
    """The parts that say something about a task: the grams of a script where it is that of the texts."""
    found = grams([normalise(text) for text in task.documents[:_SAMPLE]])
    ideographs = bool(np.count_nonzero(found.kind == 1) > np.count_nonzero(found.kind == WORD))
    return {name: part for name, part in PARTS.items() if part.ideographs in (None, ideographs)}


def found(task: Task, part: Part) -> Rankings:
    """What the search finds with the default, or without a part of it, as numbers of documents, best first."""
    with _grams(part.grams):
        return rankings(task, LexicalEncoder.fitted(task.documents, part.settings))


def rankings(task: Task, encoder: Encoder) -> Rankings:
    """What the search finds with an encoder for every query."""
    finder = searching(task, encoder)
    depth = min(DEPTH, len(task.documents))
    return [
        np.array([int(match.item.id) for match in finder.find(KIND, asked(query), depth)], np.int64)
        for query in task.queries
    ]


def searching(task: Task, encoder: Encoder) -> Finder:
    """The search over the documents of a task; their ids are their numbers."""
    documents = [
        Item(ItemKind.PERSON, f"{number:08d}", texts=(text,), purposes=frozenset(Purpose))
        for number, text in enumerate(task.documents)
    ]
    space = MatchSpace(_codes(), encoder, documents)
    return Finder(space, Pairs(space))


def asked(query: str) -> Item:
    """A query as a text that comes with a request."""
    return read(Item(ItemKind.POSITION, "", texts=(query,)), _codes())


@cache
def _codes() -> Codes:
    return codes_of(load())


@contextmanager
def _grams(weights: Mapping[int, float]) -> Iterator[None]:
    kept = dict(sparse.KIND_WEIGHTS)
    sparse.KIND_WEIGHTS.update(weights)
    try:
        yield
    finally:
        sparse.KIND_WEIGHTS.update(kept)
