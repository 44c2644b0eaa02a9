"""A stored match event as the contract has it, for one reader: people under that partner's pseudonyms."""

from typing import Any

from bole.matcher.v1 import match_event_pb2
from services.chassis.rpc.wire import instant_to_wire
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.domain.partners.subscription import ERASED
from services.matcher.score.scoring import probability
from services.matcher.service.partners.partners import pseudonym


def event_to_wire(row: Any, previous: int, secret: bytes | None) -> match_event_pb2.MatchEvent:
    """`previous`: number of the event before it for this reader; `secret`: what pseudonyms are made with."""
    if row.type == ERASED:
        return match_event_pb2.MatchEvent(
            sequence=row.sequence,
            previous_sequence=previous,
            type=match_event_pb2.MatchEvent.TYPE_ERASED,
            candidate=_name(ItemKind.PERSON, row.candidate_id, secret),
            change_time=instant_to_wire(row.changed_at),
            event_time=instant_to_wire(row.event_at),
        )
    kind = KINDS[row.kind]
    return match_event_pb2.MatchEvent(
        sequence=row.sequence,
        previous_sequence=previous,
        type=f"TYPE_{row.type}",
        kind=row.kind,
        anchor=_name(kind.anchor, row.anchor_id, secret),
        candidate=_name(kind.candidate, row.candidate_id, secret),
        probability=probability(row.log_odds),
        calibrated=row.calibrated,
        direction_codes=row.directions,
        city_code=row.city,
        change_time=instant_to_wire(row.changed_at),
        event_time=instant_to_wire(row.event_at),
    )


def moment(row: Any) -> int:
    """When an event came, in milliseconds since 1970. A restore gives numbers out a second time, but not both."""
    return int(row.event_at.timestamp() * 1000)


def _name(kind: ItemKind, id_: str, secret: bytes | None) -> str:
    if kind is ItemKind.PERSON and secret is not None:
        return pseudonym(secret, id_)
    return f"{kind.collection}/{id_}"
