"""Between the contract of positions and their domain."""

from bole.talent.v1 import position_pb2
from bole.talent.v1 import position_service_pb2 as wire
from services.chassis.rpc.wire import date_from_wire, date_to_wire, etag_of, instant_to_wire
from services.talent.domain.position import (
    OutcomeKind,
    OutcomeStated,
    Position,
    PositionFacts,
    PositionOutcome,
)
from services.talent.events import origin_to_wire, position_state
from services.talent.rpc.wire import id_of
from services.talent.service.positions.positions import Closing

FIELDS = {
    "ref": "position.source_ref",
    "title": "position.title",
    "employer": "position.employer",
    "employer_code": "position.employer_uscc",
    "city": "position.city_code",
    "leaf": "position.direction_code",
    "direction": "position.direction_code",
    "category": "position.category_code",
    "headcount": "position.headcount",
    "filled": "position.filled_count",
    "opened": "position.opened_date",
    "closed": "position.closed_date",
    "requirement": "position.requirement",
}
CLOSING_FIELDS = {
    "fills": "filled_count",
    "filled": "filled_count",
    "heads": "filled_count",
    "kind": "outcome",
    "closed": "closed_date",
    "note": "reason",
}
OUTCOME_FIELDS = {
    "fills": "outcome.headcount",
    "heads": "outcome.headcount",
    "kind": "outcome.kind",
    "person": "outcome.person",
    "note": "outcome.note",
    "skill": "outcome.missing_skill",
    "day": "outcome.outcome_date",
}


def position_to_wire(position: Position) -> position_pb2.Position:
    """The whole record."""
    posting = position.posting
    return position_pb2.Position(
        name=f"positions/{position.id}",
        etag=etag_of(position.version),
        state=position_state(position),
        source_ref=position.ref,
        title=position.title,
        employer=position.employer,
        employer_uscc=position.employer_code,
        city_code=position.city,
        direction_code=position.leaf,
        category_code=position.category,
        headcount=position.headcount,
        filled_count=position.filled,
        opened_date=date_to_wire(position.opened),
        closed_date=date_to_wire(position.closed) if position.closed else None,
        requirement=position.requirement,
        origin=origin_to_wire(position.origin),
        create_time=instant_to_wire(position.created_at),
        update_time=instant_to_wire(position.updated_at),
        renewed_date=date_to_wire(position.renewed),
        expire_date=date_to_wire(posting.expires) if posting else None,
        duplicate_of=f"positions/{position.duplicate_of}" if position.duplicate_of else "",
        outcome=_kind_name(position.outcome),
        attributed_count=position.attributed,
        ending_reason=position.status_reason,
    )


def position_facts(position: position_pb2.Position) -> PositionFacts:
    """What a request states about a position."""
    return PositionFacts(
        ref=position.source_ref,
        title=position.title,
        employer=position.employer,
        employer_code=position.employer_uscc,
        city=position.city_code,
        leaf=position.direction_code,
        category=position.category_code,
        headcount=position.headcount,
        filled=position.filled_count,
        opened=date_from_wire(position.opened_date),
        closed=date_from_wire(position.closed_date) if position.HasField("closed_date") else None,
        requirement=position.requirement,
    )


def outcome_to_wire(outcome: PositionOutcome, position: Position) -> position_pb2.PositionOutcome:
    """The whole record."""
    return position_pb2.PositionOutcome(
        name=f"positions/{outcome.position_id}/outcomes/{outcome.number}",
        kind=_kind_name(outcome.kind),
        headcount=outcome.heads,
        outcome_date=date_to_wire(outcome.day),
        person=f"persons/{outcome.person_id}" if outcome.person_id else "",
        note=outcome.note,
        city_code=position.city,
        recorded_by=outcome.actor,
        create_time=instant_to_wire(outcome.recorded_at),
        void_time=instant_to_wire(outcome.voided_at) if outcome.voided_at else None,
        void_reason=outcome.void_reason,
        missing_skill=outcome.skill,
    )


def outcome_stated(outcome: position_pb2.PositionOutcome) -> OutcomeStated:
    """What a request states of a fill; the kind has passed request validation."""
    return OutcomeStated(
        kind=_kind(outcome.kind) or OutcomeKind.EXPIRED,
        heads=outcome.headcount or 1,
        day=date_from_wire(outcome.outcome_date) if outcome.HasField("outcome_date") else None,
        person_id=id_of(outcome.person, "persons", field="outcome.person") if outcome.person else None,
        note=outcome.note,
        skill=outcome.missing_skill,
    )


def closing_stated(request: wire.ClosePositionRequest) -> Closing:
    """What a request states of an end."""
    return Closing(
        kind=_kind(request.outcome),
        filled=request.filled_count if request.HasField("filled_count") else None,
        person_id=id_of(request.person, "persons", field="person") if request.person else None,
        reason=request.reason,
        day=date_from_wire(request.closed_date) if request.HasField("closed_date") else None,
    )


def _kind(number: position_pb2.PositionOutcome.Kind) -> OutcomeKind | None:
    name = position_pb2.PositionOutcome.Kind.Name(number).removeprefix("KIND_")
    return OutcomeKind[name] if number else None


def _kind_name(kind: OutcomeKind | None) -> str:
    return f"KIND_{kind.name}" if kind else "KIND_UNSPECIFIED"
