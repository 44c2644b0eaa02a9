"""Match events on their way out: as they are stored and as streams are told, and as the log gets them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from bole.events.v1 import match_event_pb2
from bole.matcher.v1.match_event_pb2 import MatchEvent
from services.chassis.log.cloudevents import OutgoingEvent
from services.chassis.log.topics import MATCHES
from services.chassis.rpc.wire import instant_to_wire
from services.chassis.telemetry.trace import kept_at_hand
from services.kernel.ids import Ids
from services.matcher.domain.partners.subscription import ERASED
from services.matcher.lists.delta import DeltaType

_SCHEMA = match_event_pb2.MatchChanged.DESCRIPTOR.full_name
_TYPES = {
    DeltaType.CREATED.name: MatchEvent.TYPE_CREATED,
    DeltaType.RESCORED.name: MatchEvent.TYPE_RESCORED,
    DeltaType.WITHDRAWN.name: MatchEvent.TYPE_WITHDRAWN,
    ERASED: MatchEvent.TYPE_ERASED,
}
# Events of one transaction tell of few instants.
_instant = lru_cache(maxsize=64)(instant_to_wire)


class MatchRow(NamedTuple):
    """One match event; the names are those of the columns in which it is stored. That somebody was erased is of no
    kind and no anchor.
    """

    sequence: int
    type: str
    kind: str
    anchor_id: str
    candidate_id: str
    log_odds: float
    rank: int
    directions: tuple[str, ...]
    city: str
    calibrated: bool
    changed_at: datetime
    event_at: datetime


def erasure(sequence: int, person_id: str, erased_at: datetime, now: datetime) -> MatchRow:
    """The event that tells of it."""
    return MatchRow(sequence, ERASED, "", "", person_id, 0.0, 0, (), "", False, erased_at, now)


_of_list = attrgetter("kind", "anchor_id", "directions", "city", "calibrated", "event_at")


def outgoing(rows: Sequence[MatchRow], ids: Ids) -> Iterator[OutgoingEvent]:
    """The events in their order. What neighbours in one list have in common is put together once."""
    for _, group in groupby(rows, _of_list):
        some = list(group)
        state = _common(some[0])
        for row in some:
            yield _event(row, state, ids.new())


def _common(row: MatchRow) -> match_event_pb2.MatchChanged:
    return match_event_pb2.MatchChanged(
        kind=row.kind,
        anchor_id=row.anchor_id,
        direction_codes=row.directions,
        city_code=row.city,
        calibrated=row.calibrated,
        event_time=_instant(row.event_at),
    )


def _event(row: MatchRow, state: match_event_pb2.MatchChanged, id_: str) -> OutgoingEvent:
    state.sequence = row.sequence
    state.type = _TYPES[row.type]
    state.candidate_id = row.candidate_id
    state.log_odds = row.log_odds
    state.rank = row.rank
    state.change_time.CopyFrom(_instant(row.changed_at))
    return OutgoingEvent(
        id=id_,
        topic=MATCHES.name,
        aggregatetype=MATCHES.entity,
        aggregateid=row.anchor_id or row.candidate_id,
        type=f"bole.match.{row.type.lower()}.v1",
        source="/bole/matcher",
        subject=f"{MATCHES.collection}/{row.sequence}",
        version=row.sequence,
        time=row.event_at,
        payload=state.SerializeToString(),
        dataschema=_SCHEMA,
        traceparent=kept_at_hand(),
    )
