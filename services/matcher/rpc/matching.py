"""MatchingService: find, explain, watch, and how level the index is."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from bole.common.v1 import contribution_pb2, data_origin_pb2
from bole.matcher.v1 import match_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.feed import Feed
from services.chassis.house import House
from services.chassis.rpc.wire import text_to_wire
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.matcher.corpus.finding import Match, placement_of
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import PairKind
from services.matcher.rpc.anchors import given_item, pair_kind, parse_name
from services.matcher.rpc.wanted import wanted
from services.matcher.rpc.watching import Watching
from services.matcher.score.explaining import Explanation
from services.matcher.service.engine import Engine, View
from services.matcher.store import items, matches

_DEFAULT_LIMIT = 10


@dataclass(frozen=True)
class MatchingRoom(matching_service_pb2_grpc.MatchingServiceServicer):
    """The servicer."""

    house: House
    engine: Engine
    feed: Feed
    watching: Watching
    catalogue: Catalogue

    def FindMatches(self, request: wire.FindMatchesRequest, context: Any) -> wire.FindMatchesResponse:
        """The best candidates of an anchor."""
        kind = pair_kind(request.kind)
        query = self._query(request, kind)
        sort = query.kind if isinstance(query, Item) else query[0]
        other = kind.candidate if sort is kind.anchor else kind.anchor
        space, finder = view = self.engine.view
        with space.lock:
            _require_words(query, space)
            chosen = wanted(request.filter, space.population(other), self.catalogue)
            found = finder.find(kind.key, query, request.limit or _DEFAULT_LIMIT, chosen)
            admitted = finder.count(kind.key, query, chosen)
            explained = [_explained(view, kind, query, match) for match in found]
        labels = self._labels(other, [match.item.id for match in found])
        sample = any(label.origin == "SYNTHETIC" for label in labels.values())
        return wire.FindMatchesResponse(
            candidates=[
                self._candidate(match.item, labels, explanation, match.rank)
                for match, explanation in zip(found, explained, strict=True)
            ],
            admitted_count=admitted,
            encoder_version=space.encoder.version,
            origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC if sample else data_origin_pb2.DATA_ORIGIN_REAL,
        )

    def ExplainMatch(self, request: wire.ExplainMatchRequest, context: Any) -> match_pb2.MatchExplanation:
        """One pair in full; either side may be named first."""
        kind = pair_kind(request.kind)
        sides = {}
        for field, name in (("anchor", request.anchor), ("candidate", request.candidate)):
            sort, id_ = parse_name(name, field)
            sides[sort] = id_
        if set(sides) != {kind.anchor, kind.candidate}:
            raise InvalidArgument.field(
                "candidate",
                "WRONG_PAIR",
                f"类型 {kind.key} 由一个 {kind.anchor} 和一个 {kind.candidate} 组成",
                f"kind {kind.key} pairs a {kind.anchor} with a {kind.candidate}",
            )
        anchor, candidate = sides[kind.anchor], sides[kind.candidate]
        space, finder = self.engine.view
        with space.lock:
            verdict = finder.why_not(kind.key, anchor, candidate, kind.list_size)
            item = space.item(kind.candidate, candidate)
        text_part = {part.name: part.value for part in verdict.explanation.contributions}.get("text", 0.0)
        terms = verdict.explanation.terms
        return match_pb2.MatchExplanation(
            candidate=self._candidate(
                item, self._labels(kind.candidate, [candidate]), verdict.explanation, verdict.rank
            ),
            matched_terms=[_term(each.text, each.share * text_part) for each in terms.matched],
            missing_terms=[_term(each.text, -each.share) for each in terms.missing],
            gates=[
                match_pb2.MatchExplanation.Gate(
                    code=gate.name.upper(), passed=gate.passed, reason=text_to_wire(gate.reason)
                )
                for gate in verdict.explanation.gates
            ],
            standing=text_to_wire(verdict.reason),
        )

    def PlaceAnchor(self, request: wire.PlaceAnchorRequest, context: Any) -> wire.PlaceAnchorResponse:
        """Which directions the text of an anchor belongs to."""
        space = self.engine.space
        which = request.anchor.WhichOneof("anchor")
        if which == "name":
            with space.lock:
                item = space.item(*parse_name(request.anchor.name, "anchor.name"))
        elif which == "text":
            item = Item(ItemKind.FIRM, "", texts=(request.anchor.text.text,))
            _require_words(item, space)
        else:
            raise _anchor_missing()
        placement = placement_of(item, space.codes)
        return wire.PlaceAnchorResponse(
            shares=[
                wire.PlaceAnchorResponse.PlacedShare(
                    code=each.code,
                    title=text_to_wire(space.codes.label(each.code)),
                    share=each.share,
                    words=each.words,
                )
                for each in placement.shares
            ],
            none=placement.none,
        )

    async def WatchMatches(
        self, request: wire.WatchMatchesRequest, context: Any
    ) -> AsyncIterator[wire.WatchMatchesResponse]:
        """Every change of the standing lists."""
        async for message in self.watching.stream(request):
            yield message

    def GetIndexStatus(self, request: wire.GetIndexStatusRequest, context: Any) -> wire.IndexStatus:
        """How far the index has read the log, and what it holds."""
        with self.house.database.read() as session:
            waiting = items.unsettled_count(session)
            counts = items.counts(session)
            last = matches.mark(session).last
            dead = self.feed.dead_letters.count(session)
        positions = [
            (topic, self.feed.position(topic), self.house.log.end(topic)) for topic in self.feed.topics
        ]
        counts[ItemKind.DIRECTION.value] = self.engine.space.population(ItemKind.DIRECTION).size
        return wire.IndexStatus(
            level=waiting == 0 and all(at >= end for _, at, end in positions),
            items=[
                wire.IndexStatus.ItemCount(item=kind, count=count) for kind, count in sorted(counts.items())
            ],
            topics=[
                wire.IndexStatus.TopicPosition(topic=topic, next_offset=at, end_offset=end)
                for topic, at, end in positions
            ],
            encoder_version=self.engine.space.encoder.version,
            last_sequence=last,
            dead_letter_count=dead,
        )

    def _query(self, request: wire.FindMatchesRequest, kind: PairKind) -> Item | tuple[ItemKind, str]:
        which = request.anchor.WhichOneof("anchor")
        if which == "name":
            return parse_name(request.anchor.name, "anchor.name")
        if which == "text":
            return given_item(request.anchor.text, request.anchor_side, kind, self.catalogue)
        raise _anchor_missing()

    def _labels(self, kind: ItemKind, ids: Sequence[str]) -> dict[str, Any]:
        with self.house.database.read() as session:
            return items.labels(session, kind, ids)

    def _candidate(
        self, item: Item, labels: dict[str, Any], explanation: Explanation, rank: int
    ) -> match_pb2.Candidate:
        label = labels.get(item.id)
        title = Text(label.title, label.title) if label else codes_of(self.catalogue).label(item.id)
        return match_pb2.Candidate(
            name=item.name,
            title=text_to_wire(title),
            person_name=label.person_name if label else "",
            city_code=item.city or "",
            direction_codes=[code for code, _ in item.leaves],
            rank=rank,
            probability=explanation.probability,
            calibrated=explanation.calibrated,
            log_odds=explanation.log_odds,
            contributions=[
                contribution_pb2.Contribution(
                    name=part.name, value=part.value, reason=text_to_wire(part.reason)
                )
                for part in explanation.contributions
            ],
        )


def _anchor_missing() -> InvalidArgument:
    return InvalidArgument.field(
        "anchor",
        "ANCHOR_MISSING",
        "请给出 name（已登记的对象）或 text（一段文字）",
        "give a name (of a stored entity) or a text",
    )


def _explained(view: View, kind: PairKind, query: Item | tuple[ItemKind, str], match: Match) -> Explanation:
    given = query if isinstance(query, Item) else query[1]
    sort = query.kind if isinstance(query, Item) else query[0]
    pair = (given, match.item.id) if sort is kind.anchor else (match.item.id, given)
    return view.finder.explain(kind.key, *pair, terms=False)


def _require_words(query: Item | tuple[ItemKind, str], space: MatchSpace) -> None:
    """A text without a letter, digit or ideograph finds nothing, whatever is said beside it."""
    if isinstance(query, Item) and not space.encoder.encode([query.text]).present[0]:
        raise InvalidArgument.field(
            "anchor.text.text",
            "TEXT_EMPTY",
            "文字中没有可用的字词，请写明专长、技术或要求",
            "the text holds no words; say what the skills, the technology or the requirements are",
        )


def _term(text: str, value: float) -> match_pb2.MatchExplanation.Term:
    return match_pb2.MatchExplanation.Term(text=text, value=value)
