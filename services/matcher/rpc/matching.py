"""MatchingService: find, explain, watch, and how level the index is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from bole.matcher.v1 import match_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from services.chassis.feed.feed import Feed
from services.chassis.house import House
from services.chassis.rpc.wire import text_to_wire
from services.matcher.corpus.filtering import Among
from services.matcher.corpus.placing import placement_of
from services.matcher.domain.cells import cell_of
from services.matcher.domain.item import Item, ItemKind
from services.matcher.rpc.anchors import anchor_missing, pair_kind, pair_named, parse_name
from services.matcher.rpc.asking import require_words
from services.matcher.rpc.finding import Searches
from services.matcher.rpc.seeing import Sight
from services.matcher.rpc.watching import Watching
from services.matcher.score.block import Pair
from services.matcher.service.engine import Engine
from services.matcher.service.reencoding import Reencoding
from services.matcher.store import items, matches
from services.wording.codes import ITEMS


@dataclass(frozen=True)
class MatchingRoom(matching_service_pb2_grpc.MatchingServiceServicer):
    """The servicer."""

    house: House
    engine: Engine
    feed: Feed
    watching: Watching
    searches: Searches
    reencoding: Reencoding

    def FindMatches(self, request: wire.FindMatchesRequest, context: Any) -> wire.FindMatchesResponse:
        """The best candidates of an anchor."""
        return self.searches.one(request, Sight.now(self.house.database))

    def BatchFindMatches(
        self, request: wire.BatchFindMatchesRequest, context: Any
    ) -> wire.BatchFindMatchesResponse:
        """The best candidates of several anchors."""
        return wire.BatchFindMatchesResponse(
            responses=self.searches.several(request.requests, Sight.now(self.house.database))
        )

    def ExplainMatch(self, request: wire.ExplainMatchRequest, context: Any) -> match_pb2.MatchExplanation:
        """One pair in full: by names, of which either may come first, or of a search."""
        sight = Sight.now(self.house.database)
        if request.HasField("search"):
            return self.searches.explained(request, sight)
        kind = pair_kind(request.kind)
        anchor, candidate = pair_named(kind, request.anchor, request.candidate)
        sight.require(kind.anchor, kind.candidate)
        view = self.engine.view
        sight.require_item(view.space, kind.anchor, anchor)
        sight.require_item(view.space, kind.candidate, candidate)
        with view.space.lock:
            given = (
                cell_of(view.space.codes, anchor)
                if kind.anchor is ItemKind.CELL
                else view.space.item(kind.anchor, anchor)
            )
            seen = sight.rows(kind.candidate, view.space.population(kind.candidate))
            why = view.finder.why_not(kind.key, given, candidate, kind.list_size, Among(seen=seen))
            if parse_name(request.anchor, "anchor") != (kind.anchor, anchor):
                why = why.of_lists(ITEMS[kind.anchor])
            pair = Pair(given, view.space.item(kind.candidate, candidate))
        return self.searches.told(view, why, pair, pair.candidate)

    def PlaceAnchor(self, request: wire.PlaceAnchorRequest, context: Any) -> wire.PlaceAnchorResponse:
        """Which directions the text of an anchor belongs to."""
        space = self.engine.space
        which = request.anchor.WhichOneof("anchor")
        if which == "name":
            sort, id_ = parse_name(request.anchor.name, "anchor.name")
            sight = Sight.now(self.house.database)
            sight.require(sort)
            sight.require_item(space, sort, id_)
            with space.lock:
                item = space.item(sort, id_)
        elif which == "text":
            item = Item(ItemKind.FIRM, "", texts=(request.anchor.text.text,))
            require_words(item, space)
        else:
            raise anchor_missing()
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
            reencoding=self._reencoding(),
        )

    def _reencoding(self) -> wire.IndexStatus.Reencoding | None:
        progress = self.reencoding.progress
        if progress is None:
            return None
        return wire.IndexStatus.Reencoding(
            encoder_version=progress.version, encoded_count=progress.done, item_count=progress.total
        )
