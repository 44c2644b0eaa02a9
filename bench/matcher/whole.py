"""The ten best of a whole search, gates, texts, facts and all, beside PostgreSQL with the same score as an expression.

What is measured is what FindMatches runs: the filter in its language, the gates, the sparse and the dense likeness and
every other part of the score; quality is measured on it, and recall held against everybody's score. The peer has the
same sparse and dense rows (pgvector's `sparsevec` and `vector`), the same facts, and B-trees for the filters. It counts
with the faster of its plans that reaches a recall of 0.99: everybody's score, or that of the thousand nearest by the
dense rows. A search by the dense rows alone (`matcher.query`) does not find the ten best of this order.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median

import faiss
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bench.harness import Row, Run
from bench.matcher.people import World
from bench.matcher.same_score import SameScore
from services.chassis.filtering import parse
from services.chassis.policy import Clearance, Level
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs, top
from services.matcher.corpus.selecting import selected
from services.matcher.corpus.sides import Side
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.service.wanted import Eyes, schema

FILTERS: Mapping[str, Callable[[Codes, Item], Mapping[str, str]]] = {
    "unfiltered": lambda _codes, _firm: {},
    "industry": lambda codes, firm: {"industry_code": _industry(codes, firm)},
    "other_industry": lambda codes, firm: {"industry_code": _industry(codes, firm, 5)},
    "city_industry": lambda codes, firm: {
        "industry_code": _industry(codes, firm),
        "city_code": codes.cities[0],
    },
    "narrow": lambda codes, firm: {
        "industry_code": _industry(codes, firm),
        "city_code": codes.cities[-1],
        "category_code": codes.categories[0],
    },
}
"""What is asked beside a firm, as values of fields."""
NAMES = tuple(f"matcher.find.{name}." for name in FILTERS)
SIZES = {"100k": 100_000, "1m": 1_000_000}
_KIND = KINDS["person-firm"]
_QUERIES, _K, _ENOUGH = 20, 10, 0.99
_TEN_TIMES = ("unfiltered", "industry")
_EYES = Eyes(Clearance(Level.INTERNAL), figures=True)
Ids = Sequence[str]


class _Asked:
    """A filter in the language of FindMatches, read for each search."""

    def __init__(self, world: World, equal: Mapping[str, str]) -> None:
        signs = {"industry_code": ":"}
        self._text = " AND ".join(f"{name} {signs.get(name, '=')} {value}" for name, value in equal.items())
        self._world = world

    def mask(self, columns: Columns, codes: Codes, /) -> NDArray[np.bool_] | None:
        """Rows admitted; None when all are."""
        if not self._text:
            return None
        return selected(parse(self._text, schema(self._world.catalogue, _EYES)), columns, codes)


def measure(run: Run) -> Iterator[Row]:
    """For every filter and size a row."""
    faiss.omp_set_num_threads(1)
    with threadpool_limits(1):
        for size, full in SIZES.items():
            wanted = [name for name in FILTERS if run.wants(f"matcher.find.{name}.pgvector.{size}")]
            if wanted:
                yield from _rows(run, size, run.size(full), wanted)


def _rows(run: Run, size: str, count: int, wanted: Sequence[str]) -> Iterator[Row]:
    world = World(run.seed)
    people, firms = world.people(count), world.firms(_QUERIES)
    encoder = LexicalEncoder.fitted([item.text for item in [*world.directions, *people[:4_000]]])
    space = MatchSpace(world.codes, encoder, [*world.directions, *firms, *people])
    space.population(ItemKind.PERSON).vectors.pack()
    pairs = Pairs(space)
    finder = Finder(space, pairs)
    with SameScore(space, _KIND, "hnsw" if size == "100k" else "ivfflat") as peer:
        for name in wanted:
            asked = [FILTERS[name](world.codes, firm) for firm in firms]
            masks = [_Asked(world, each) for each in asked]
            expected = [_oracle(pairs, firm, mask) for firm, mask in zip(firms, masks, strict=True)]

            def ours(query: int, masks: Sequence[_Asked] = masks) -> Ids:
                found = finder.find(_KIND.key, (ItemKind.FIRM, firms[query].id), _K, masks[query])
                return [each.item.id for each in found]

            mine = _asked(ours, expected)  # while memory that the oracle has just read is fast to read again
            plans = {
                plan: _asked(_theirs(answer, firms, asked), expected) for plan, answer in peer.plans().items()
            }
            yield _row(run, (name, size, count), mine, plans)


def _theirs(
    answer: Callable[[str, Mapping[str, str], int], Ids],
    firms: Sequence[Item],
    asked: Sequence[Mapping[str, str]],
) -> Callable[[int], Ids]:
    return lambda query: answer(firms[query].id, asked[query], _K)


def _oracle(pairs: Pairs, firm: Item, wanted: _Asked) -> Ids:
    """The best by the score of everybody."""
    firms = pairs.space.population(ItemKind.FIRM)
    people = pairs.space.population(ItemKind.PERSON)
    one = Side.stored(firms, firms.rows([firm.id]))
    scores = pairs.everybody(_KIND, one)
    mask = wanted.mask(people.columns, pairs.space.codes)
    scores = scores if mask is None else np.where(mask, scores, -np.inf)
    return [each.id for each in top(scores, lambda row: people.items[row].id, _K)]


def _asked(answer: Callable[[int], Ids], expected: Sequence[Ids]) -> tuple[float, list[float]]:
    """Recall, and the seconds of every search after one that is not counted."""
    answer(0)
    hits, times = 0, []
    for query, best in enumerate(expected):
        started = time.perf_counter()
        found = answer(query)
        times.append(time.perf_counter() - started)
        hits += len(set(found) & set(best))
    return hits / max(1, sum(map(len, expected))), times


def _row(
    run: Run,
    named: tuple[str, str, int],
    ours: tuple[float, list[float]],
    plans: Mapping[str, tuple[float, list[float]]],
) -> Row:
    enough = {plan: found for plan, found in plans.items() if found[0] >= _ENOUGH} or plans
    best = min(enough, key=lambda plan: median(enough[plan][1]))
    others = [
        f"{plan} {median(times) * 1e3:.1f} ms at recall {recall:.3f}"
        for plan, (recall, times) in plans.items()
        if plan != best
    ]
    return run.row(
        f"matcher.find.{named[0]}.pgvector.{named[1]}",
        median(ours[1]),
        "s",
        n=named[2],
        peer=f"pgvector, {best}",
        peer_value=median(plans[best][1]),
        bar=10.0 if named[0] in _TEN_TIMES else 1.0,
        note=f"recall@10 {ours[0]:.3f}; peer's {plans[best][0]:.3f}, {'; '.join(others)}; "
        f"slowest of ours {max(ours[1]) * 1e3:.1f} ms",
    )


def _industry(codes: Codes, firm: Item, further: int = 0) -> str:
    """The industry of a firm's direction, or one some places behind it."""
    number = int(codes.leaf_industries[codes.leaf(firm.leaves[0][0])])
    return codes.industries[(number + further) % len(codes.industries)]
