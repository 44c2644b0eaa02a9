"""The feed of what other services tell for the reports: the newest return of each quarter, and done proposals."""

import re
from dataclasses import dataclass

from google.protobuf.message import DecodeError
from sqlalchemy.orm import Session

from bole.common.v1 import data_origin_pb2
from bole.events.v1.statistical_return_event_pb2 import StatisticalReturnState
from services.chassis.feed.feed import Feed
from services.chassis.feed.received import Poison, Received
from services.chassis.house import House
from services.chassis.log.topics import FUNDING_RETURNS, MATCHER_RETURNS, PROPOSALS
from services.chassis.rpc.wire import instant_from_wire
from services.talent.domain.report.returns import Return, Source
from services.talent.feed import proposals
from services.talent.store.shortage import returns

_SOURCES = {FUNDING_RETURNS.name: Source.FUNDING, MATCHER_RETURNS.name: Source.MATCHER}
TOPICS = (*_SOURCES, PROPOSALS.name)
_QUARTER = re.compile(r"[0-9]{4}Q[1-4]")


@dataclass(frozen=True)
class ReturnFeed:
    """The handler."""

    def handle(self, session: Session, event: Received) -> None:
        """Keep what is newer. Raises Poison for bytes that are not what the topic promises."""
        if event.topic == PROPOSALS.name:
            proposals.keep(session, event)
            return
        source = _SOURCES[event.topic]
        if event.version <= returns.known_version(session, source, event.key):
            return
        if event.value is None:
            returns.drop(session, source, event.key)
            return
        returns.put(session, _read(source, event))

    def finish(self, session: Session, level: bool) -> None:
        """Nothing waits for the end of a batch."""


def make_feed(house: House) -> Feed:
    """The feed of the talent service's reports."""
    return Feed(
        "talent-returns",
        house.database,
        house.log,
        TOPICS,
        ReturnFeed(),
        house.clock,
        tables=house.tables.feed,
        precedence=house.precedence,
    )


def _read(source: Source, event: Received) -> Return:
    try:
        state = StatisticalReturnState.FromString(event.value or b"")
    except DecodeError as error:
        raise Poison(f"{event.topic}: {type(error).__name__}") from error
    if state.id != event.key or not _QUARTER.fullmatch(state.id) or not state.method_version:
        raise Poison(f"{event.topic}: not a return of the quarter that the key says")
    return Return(
        source,
        state.id,
        event.version,
        state.method_version[:64],
        instant_from_wire(state.known_time),
        state.origin == data_origin_pb2.DATA_ORIGIN_SYNTHETIC,
        tuple((each.code, each.of, each.value) for each in state.figures),
    )
