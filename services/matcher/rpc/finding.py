"""FindMatches, for one anchor or several: what is asked becomes a search, and what is found becomes an answer.

The index is held for the search alone, not while its answer is explained and written, nor from one search of a batch
to the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bole.common.v1 import data_origin_pb2
from bole.matcher.v1 import match_pb2
from bole.matcher.v1 import matching_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.kernel.errors import BoleError, InvalidArgument
from services.matcher.corpus.filtering import RowFilter
from services.matcher.corpus.finding import MAX_RESULTS, Among, Match
from services.matcher.corpus.population import Population
from services.matcher.corpus.space import MatchSpace
from services.matcher.corpus.verdict import WhyNot
from services.matcher.domain.cells import cell_of
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import PairKind
from services.matcher.domain.priority import SCORE
from services.matcher.rpc.anchors import (
    amount_of,
    anchor_missing,
    given_item,
    pair_kind,
    parse_name,
    same_entity,
)
from services.matcher.rpc.candidates import candidate_to_wire
from services.matcher.rpc.explanation_wire import explanation_to_wire
from services.matcher.rpc.priorities import Priorities, order_named
from services.matcher.rpc.seeing import Sight
from services.matcher.score.block import Pair
from services.matcher.score.explaining import Explanation
from services.matcher.service.engine import Engine, View
from services.matcher.service.wanted import Chosen, Conditions, wanted
from services.matcher.store import items

DEFAULT_LIMIT = 10
MOST_IN_BATCH = 5_000
_AMOUNTS = ("ask", "valuation")
Query = Item | tuple[ItemKind, str]


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found: the sort of the candidates, each with its explanation, and how many there were."""

    sort: ItemKind
    matches: Sequence[tuple[Match, Explanation]]
    admitted: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """A search that may be asked: from what, in which kind, for which sort."""

    view: View
    kind: PairKind
    query: Query
    sort: ItemKind


@dataclass(frozen=True)
class Searches:
    """Answers searches, each from one view of the index."""

    house: House
    engine: Engine
    catalogue: Catalogue

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
                raise error.renamed(_led_by(f"requests[{place}]", error)) from None
        return [self._answer(view, each) for each in found]

    def explained(self, request: wire.ExplainMatchRequest, sight: Sight) -> match_pb2.MatchExplanation:
        """Why one is or is not in the answer of a search. Raises as the search, its fields led by `search`."""
        for field in ("kind", "anchor"):
            if getattr(request, field):
                raise _said_twice(field)
        try:
            asked = self._asked(self.engine.view, request.search, sight)
        except BoleError as error:
            raise error.renamed(_led_by("search", error)) from None
        id_ = _named(asked, request.candidate)
        space, finder = asked.view
        sight.require_item(space, asked.sort, id_)
        with space.lock:
            anchor = asked.query if isinstance(asked.query, Item) else space.item(*asked.query)
            try:
                among = self._among(request.search.filter, space.population(asked.sort), (sight, asked.sort))
            except BoleError as error:
                raise error.renamed(_led_by("search", error)) from None
            limit = request.search.limit or DEFAULT_LIMIT
            why = finder.why_not(asked.kind.key, anchor, id_, limit, among)
            named = space.item(asked.sort, id_)
        pair = Pair(anchor, named) if anchor.kind is asked.kind.anchor else Pair(named, anchor)
        return self.told(asked.view, why, pair, named)

    def told(self, view: View, why: WhyNot, pair: Pair, named: Item) -> match_pb2.MatchExplanation:
        """An explanation as it is sent; `named` is the one of the pair that the list would hold."""
        labels, priority = self.labels(named.kind, [named.id]), self.priorities.of([named])[0]
        listed = candidate_to_wire(named, labels, why.explanation, why.rank, view.space.codes, priority)
        return explanation_to_wire(why, pair, listed)

    def _asked(self, view: View, request: wire.FindMatchesRequest, sight: Sight) -> "_Asked":
        """What a search starts from and looks for. Raises for what may not be asked."""
        kind = pair_kind(request.kind)
        sight.require(kind.anchor, kind.candidate)
        order_named(request.order_by)
        query = self._query(request, kind, view.space, sight)
        if request.anchor.HasField("text"):
            require_words(query, view.space)
        start = query.kind if isinstance(query, Item) else query[0]
        return _Asked(view, kind, query, kind.candidate if start is kind.anchor else kind.anchor)

    def _among(self, text: str, population: Population, seeing: tuple[Sight, ItemKind]) -> Among:
        sight, sort = seeing
        eyes = sight.eyes(sort, current_call().clearance)
        conditions = Conditions.of(text, self.catalogue, eyes) if text.strip() else None
        return Among(conditions, sight.rows(sort, population))

    def _found(self, view: View, request: wire.FindMatchesRequest, sight: Sight) -> Found:
        order = order_named(request.order_by)
        asked = self._asked(view, request, sight)
        kind, query, other = asked.kind, asked.query, asked.sort
        space, finder = view
        limit = request.limit or DEFAULT_LIMIT
        with space.lock:
            chosen = self._chosen(request.filter, space.population(other), space.codes, (sight, other))
            most = limit if order == SCORE else MAX_RESULTS
            found, admitted = finder.search(kind.key, query, most, chosen)
            anchor = query if isinstance(query, Item) else space.item(*query)
        shown = self.priorities.ordered(found, order)[:limit]
        explained = finder.explain_found(kind.key, anchor, [each.item for each in shown])
        return Found(other, list(zip(shown, explained, strict=True)), admitted)

    def _chosen(
        self, text: str, population: Population, codes: Codes, seeing: tuple[Sight, ItemKind]
    ) -> RowFilter | None:
        """The rows that are both wanted and seen; None for all."""
        sight, sort = seeing
        seen = sight.rows(sort, population)
        eyes = sight.eyes(sort, current_call().clearance)
        asked = wanted(text, population, codes, self.catalogue, eyes)
        if asked is None or seen is None:
            return asked if seen is None else Chosen(seen)
        return Chosen(asked.rows & seen)

    def _answer(self, view: View, found: Found) -> wire.FindMatchesResponse:
        shown = [match.item for match, _ in found.matches]
        with self.house.database.read() as session:
            labels = items.labels(session, found.sort, [item.id for item in shown])
            priorities = self.priorities.within(session, shown)
        sample = any(label.origin == "SYNTHETIC" for label in labels.values())
        rows = zip(found.matches, priorities, strict=True)
        return wire.FindMatchesResponse(
            candidates=[
                candidate_to_wire(match.item, labels, explanation, match.rank, view.space.codes, priority)
                for (match, explanation), priority in rows
            ],
            admitted_count=found.admitted,
            encoder_version=view.space.encoder.version,
            origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC if sample else data_origin_pb2.DATA_ORIGIN_REAL,
        )

    def labels(self, kind: ItemKind, ids: Sequence[str]) -> Mapping[str, Any]:
        """What people call these items, by id."""
        with self.house.database.read() as session:
            return items.labels(session, kind, ids)

    def _asking(self, request: wire.FindMatchesRequest, firm: Item) -> Item:
        """A stored firm with the amounts of the request."""
        return replace(firm, ask=amount_of(request, "ask"), valuation=amount_of(request, "valuation"))

    def _query(
        self, request: wire.FindMatchesRequest, kind: PairKind, space: MatchSpace, sight: Sight
    ) -> Query:
        which = request.anchor.WhichOneof("anchor")
        if which == "name":
            sort, id_ = parse_name(request.anchor.name, "anchor.name")
            sight.require_item(space, sort, id_)
            if sort is ItemKind.CELL and kind.anchor is sort:
                return cell_of(space.codes, id_)
            amounts = [field for field in _AMOUNTS if request.HasField(field)]
            if amounts and sort is not ItemKind.FIRM:
                raise _no_firm(amounts[0])
            with space.lock:
                return self._asking(request, space.item(sort, id_)) if amounts else (sort, id_)
        if request.HasField("ask") or request.HasField("valuation"):
            raise _no_firm("ask" if request.HasField("ask") else "valuation")
        if which == "text":
            return given_item(request.anchor.text, request.anchor_side, kind, self.catalogue)
        raise anchor_missing()


def _led_by(place: str, error: BoleError) -> dict[str, str]:
    return {each.field: f"{place}.{each.field}" for each in error.violations}


def _named(asked: _Asked, name: str) -> str:
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


def _no_firm(field: str) -> InvalidArgument:
    return InvalidArgument.field(
        field,
        "AMOUNT_WITHOUT_FIRM",
        "金额只能与已登记的企业（firms/…）一起给出；文字的金额写在 anchor.text 中",
        "an amount goes with a stored firm (firms/…); those of a text are given in anchor.text",
    )


def require_words(query: Query, space: MatchSpace) -> None:
    """A text without a letter, digit or ideograph finds nothing, whatever is said beside it."""
    if isinstance(query, Item) and not space.encoder.encode([query.text]).present[0]:
        raise InvalidArgument.field(
            "anchor.text.text",
            "TEXT_EMPTY",
            "文字中没有可用的字词，请写明专长、技术或要求",
            "the text holds no words; say what the skills, the technology or the requirements are",
        )
