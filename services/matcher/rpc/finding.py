"""FindMatches, for one anchor or several: what is asked becomes a search, and what is found becomes an answer.

The index is held for the search alone, not while its answer is explained and written, nor from one search of a batch
to the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from bole.common.v1 import data_origin_pb2
from bole.matcher.v1 import match_pb2
from bole.matcher.v1 import matching_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.house import House
from services.chassis.rpc.faceting import SMALL, facet_to_wire
from services.kernel.errors import BoleError, InvalidArgument
from services.matcher.corpus.finding import Match
from services.matcher.corpus.taking import best, in_order, passed_over
from services.matcher.corpus.taking import taken as take
from services.matcher.corpus.verdict import WhyNot
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.ranking import Key
from services.matcher.rpc.anchors import parse_name, same_entity
from services.matcher.rpc.asking import DEFAULT_LIMIT, Asked, Asking
from services.matcher.rpc.candidates import broadening_to_wire, candidate_to_wire
from services.matcher.rpc.explanation_wire import explanation_to_wire, gate_to_wire
from services.matcher.rpc.priorities import Priorities
from services.matcher.rpc.seeing import Sight
from services.matcher.score.block import Pair
from services.matcher.score.explaining import Explanation, GateOutcome
from services.matcher.service.admitting import Admission, enough_pass
from services.matcher.service.admitting import admission as admission_of
from services.matcher.service.broadening import Step
from services.matcher.service.engine import Engine, View
from services.matcher.service.wanted import Conditions
from services.matcher.store import items

MOST_IN_BATCH = 5_000
MOST_ORDERED = 10_000
"""How many, the best by score, an order by anything else puts in order: more than the shortage map has cells."""
# As in the lists of those who keep them.
_COUNTED_WITH_CARE = (ItemKind.PERSON, ItemKind.TEAM, ItemKind.POSITION)


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found: the sort of the candidates, those shown, each with its explanation, how many there were
    and how many the limit per employer left out. `token`: of the next page; `steps`: which let in whom, by id;
    `counts`: of values by dimension; `shut`: gates that nobody passes; `unordered`: how many the order does not reach.
    """

    sort: ItemKind
    matches: Sequence[tuple[Match, Explanation]]
    admitted: int
    left_out: int
    token: str
    conditions: Conditions
    steps: Mapping[str, Step | None]
    counts: Mapping[str, Mapping[str, int]]
    shut: Sequence[GateOutcome]
    unordered: int


@dataclass(frozen=True)
class Searches:
    """Answers searches, each from one view of the index."""

    house: House
    engine: Engine
    catalogue: Catalogue

    @property
    def asking(self) -> Asking:
        """Reads what is asked."""
        return Asking(self.house, self.catalogue)

    @property
    def priorities(self) -> Priorities:
        """What is said beside the scores."""
        return Priorities(self.house, self.catalogue)

    def one(self, request: wire.FindMatchesRequest, sight: Sight) -> wire.FindMatchesResponse:
        """The best candidates of an anchor."""
        view = self.engine.view
        return self._answer(view, self._found(view, request, sight))

    def several(
        self, requests: Sequence[wire.FindMatchesRequest], sight: Sight
    ) -> list[wire.FindMatchesResponse]:
        """An answer for each. Raises what the first that is refused raises, its fields led by its place."""
        if sum(each.limit or DEFAULT_LIMIT for each in requests) > MOST_IN_BATCH:
            raise InvalidArgument.field(
                "requests",
                "BATCH_TOO_LARGE",
                f"一次最多要 {MOST_IN_BATCH} 个候选，请减少请求数或 limit",
                f"at most {MOST_IN_BATCH} candidates in a call; send fewer requests or lower limits",
            )
        view = self.engine.view
        found = []
        for place, request in enumerate(requests):
            try:
                found.append(self._found(view, request, sight))
            except BoleError as error:
                if not error.violations:  # of many anchors one that is gone is not found by its name alone
                    error.metadata["field"] = f"requests[{place}]"
                raise error.renamed(_led_by(f"requests[{place}]", error)) from None
        return [self._answer(view, each) for each in found]

    def explained(self, request: wire.ExplainMatchRequest, sight: Sight) -> match_pb2.MatchExplanation:
        """Why one is or is not in the answer of a search. Raises as the search, its fields led by `search`."""
        for field in ("kind", "anchor"):
            if getattr(request, field):
                raise _said_twice(field)
        try:
            asked = self.asking.read(self.engine.view, request.search, sight)
        except BoleError as error:
            raise error.renamed(_led_by("search", error)) from None
        id_ = _named(asked, request.candidate)
        space = asked.view.space
        sight.require_item(space, asked.sort, id_)
        with space.lock:
            anchor = asked.query if isinstance(asked.query, Item) else space.item(*asked.query)
            admission = _admission(asked, sight)
            why = _why(asked, anchor, id_, admission)
            named = space.item(asked.sort, id_)
            found = _orderable(asked, admission)[0] if asked.order.terms and why.rank else []
        if found:
            match = Match(named, why.rank, why.explanation.log_odds)
            why = in_order(why, match, self._ordered(asked, anchor, found), asked.taking)
        pair = Pair(anchor, named) if anchor.kind is asked.kind.anchor else Pair(named, anchor)
        return self.told(asked.view, why, pair, named)

    def told(self, view: View, why: WhyNot, pair: Pair, named: Item) -> match_pb2.MatchExplanation:
        """An explanation as it is sent; `named` is the one of the pair that the list would hold."""
        labels, priority = self.labels(named.kind, [named.id]), self.priorities.of([named])[0]
        listed = candidate_to_wire(named, labels, why.explanation, why.rank, view.space.codes, priority)
        return explanation_to_wire(why, pair, listed)

    def _found(self, view: View, request: wire.FindMatchesRequest, sight: Sight) -> Found:
        asked = self.asking.read(view, request, sight)
        key, query = asked.kind.key, asked.query
        space, finder = asked.view
        with space.lock:
            admission = _admission(asked, sight)
            population = space.population(asked.sort)
            passing = finder.passing(key, query) if asked.facets else np.zeros(0, np.bool_)
            counts = admission.counts(asked.facets, passing, population, space.codes)
            anchor = query if isinstance(query, Item) else space.item(*query)
            if asked.order.terms:
                found, admitted = _orderable(asked, admission)
            else:
                taken, admitted = best(finder, key, query, asked.taking, admission.chosen)
                found = taken.matches
            shut = [] if admitted else finder.shut(key, query)
            unordered = admitted - len(found) if asked.order.terms else 0
            steps = {each.item.id: admission.let_in_by(population.row_of[each.item.id]) for each in found}
        if asked.order.terms:
            taken = take(self._ordered(asked, anchor, found), asked.taking)
        shown = taken.matches
        explained = finder.explain_found(key, anchor, [each.item for each in shown])
        return Found(
            asked.sort,
            list(zip(shown, explained, strict=True)),
            admitted,
            taken.left_out,
            self.asking.token(request, taken.last),
            admission.conditions,
            steps,
            counts,
            shut,
            unordered,
        )

    def _ordered(self, asked: Asked, anchor: Item, found: Sequence[Match]) -> list[tuple[Key, Match]]:
        """The likely ones of these with their keys, in the order that is asked for."""
        parts = partial(asked.view.finder.parts, asked.kind.key, anchor)
        return asked.order.keyed(asked.sort, asked.taking.likely(found), self.priorities, parts)

    def _answer(self, view: View, found: Found) -> wire.FindMatchesResponse:
        shown, codes = [match.item for match, _ in found.matches], view.space.codes
        with self.house.database.read() as session:
            labels = items.labels(session, found.sort, [item.id for item in shown])
            priorities = self.priorities.within(session, shown)
        sample = any(label.origin == "SYNTHETIC" for label in labels.values())
        least = SMALL if found.sort in _COUNTED_WITH_CARE else 1
        return wire.FindMatchesResponse(
            candidates=[
                candidate_to_wire(
                    match.item, labels, said, match.rank, codes, priority, found.steps[match.item.id]
                )
                for (match, said), priority in zip(found.matches, priorities, strict=True)
            ],
            admitted_count=found.admitted,
            encoder_version=view.space.encoder.version,
            origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC if sample else data_origin_pb2.DATA_ORIGIN_REAL,
            facets=[facet_to_wire(field, counts, least) for field, counts in found.counts.items()],
            left_out_count=found.left_out,
            broadened=[broadening_to_wire(step) for step in found.conditions.steps],
            widened_filter=found.conditions.written(codes) if found.conditions.steps else "",
            next_page_token=found.token,
            shut_gates=[gate_to_wire(gate) for gate in found.shut],
            unordered_count=found.unordered,
        )

    def labels(self, kind: ItemKind, ids: Sequence[str]) -> Mapping[str, Any]:
        """What people call these items, by id."""
        with self.house.database.read() as session:
            return items.labels(session, kind, ids)


def _admission(asked: Asked, sight: Sight) -> Admission:
    """Whom the search admits; under the lock of the space."""
    space, finder = asked.view
    population = space.population(asked.sort)
    enough = enough_pass(finder, asked.kind.key, asked.query, asked.taking, asked.below)
    return admission_of(asked.conditions, sight.rows(asked.sort, population), population, space.codes, enough)


def _orderable(asked: Asked, admission: Admission) -> tuple[list[Match], int]:
    """Those of a search whom an order by anything but the score puts in order, and how many it admits; under the lock
    of the space.
    """
    return asked.view.finder.ranked(asked.kind.key, asked.query, MOST_ORDERED, admission.chosen)


def _why(asked: Asked, anchor: Item, id_: str, admission: Admission) -> WhyNot:
    """Why one is or is not in the answer; under the lock of the space."""
    space, finder = asked.view
    key, limit = asked.kind.key, asked.taking.limit
    why = finder.why_not(key, anchor, id_, limit, admission.among)
    if not why.rank or asked.order.terms:
        return why
    named = Match(space.item(asked.sort, id_), why.rank, why.explanation.log_odds)
    reason, left_out = passed_over(finder, key, asked.query, named, asked.taking, admission.chosen)
    if reason is not None:
        return why.despite(reason)
    return finder.why_not(key, anchor, id_, limit + left_out, admission.among) if left_out else why


def _led_by(place: str, error: BoleError) -> dict[str, str]:
    return {each.field: f"{place}.{each.field}" for each in error.violations}


def _named(asked: Asked, name: str) -> str:
    """The id of one whom the search could find. Raises InvalidArgument (INVALID_NAME, WRONG_PAIR, SAME_ENTITY)."""
    sort, id_ = parse_name(name, "candidate")
    if sort is not asked.sort:
        raise InvalidArgument.field(
            "candidate",
            "WRONG_PAIR",
            f"该搜索找的是 {asked.sort.collection}/…，请给出其中之一",
            f"the search finds {asked.sort.collection}/…; name one of them",
        )
    own = (asked.query.kind, asked.query.id) if isinstance(asked.query, Item) else asked.query
    if own == (sort, id_):
        raise same_entity()
    return id_


def _said_twice(field: str) -> InvalidArgument:
    return InvalidArgument.field(
        field,
        "GIVEN_WITH_SEARCH",
        f"给出 search 时请勿再给 {field}，它写在 search 中",
        f"leave {field} out where search is given: it is said in there",
    )
