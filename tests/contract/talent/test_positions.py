"""PositionService: published, found, closed; bad requests by field."""

from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date

from bole.talent.v1 import (
    position_pb2,
    position_service_pb2_grpc,
)
from bole.talent.v1 import position_service_pb2 as wire
from services.chassis.identity.identity import Grant
from tests.contract.installation import Installation, fields, refused

Stub = position_service_pb2_grpc.PositionServiceStub


def position(**changes: Any) -> position_pb2.Position:
    given: dict[str, Any] = {
        "source_ref": f"J-{uuid4()}",
        "title": "海水制氢工程师",
        "employer": f"演示制氢{uuid4().hex[:6]}有限公司",
        "city_code": "nantong",
        "direction_code": "seawater-h2",
        "category_code": "outstanding-engineer",
        "headcount": 3,
        "opened_date": Date(year=2026, month=10, day=1),
        "requirement": "膜电极耐氯腐蚀。",
    }
    return position_pb2.Position(**{**given, **changes})


def publish(positions: Any, **changes: Any) -> position_pb2.Position:
    made: position_pb2.Position = positions.CreatePosition(
        wire.CreatePositionRequest(position=position(**changes))
    )
    return made


def test_a_position_is_published_found_and_closed(positions: Any) -> None:
    made = publish(positions)
    assert made.state == position_pb2.Position.STATE_OPEN
    assert positions.GetPosition(wire.GetPositionRequest(name=made.name)) == made
    found = positions.ListPositions(
        wire.ListPositionsRequest(filter=f'employer = "{made.employer}" AND city_code = 南通')
    )
    assert [each.name for each in found.positions] == [made.name]
    closed = positions.ClosePosition(
        wire.ClosePositionRequest(name=made.name, etag=made.etag, filled_count=2)
    )
    assert (closed.state, closed.filled_count) == (position_pb2.Position.STATE_CLOSED, 2)
    again = wire.ClosePositionRequest(name=made.name, etag=made.etag)
    assert (refused(positions.ClosePosition, again).code) == "ABORTED"


def test_a_position_that_closed_before_it_opened_is_refused(positions: Any) -> None:
    given = position(closed_date=Date(year=2026, month=9, day=30))
    failure = refused(positions.CreatePosition, wire.CreatePositionRequest(position=given))
    assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", ["position.closed_date"])
    wanted = wire.ListPositionsRequest(filter=f'source_ref = "{given.source_ref}"')
    assert positions.ListPositions(wanted).total_size == 0


def test_a_position_is_changed_renewed_and_reopened(positions: Any) -> None:
    made = publish(positions)
    mask = FieldMask(paths=["headcount", "requirement"])
    wanted = position_pb2.Position(name=made.name, etag=made.etag, headcount=5, title="不在范围内")
    rehearsed = positions.UpdatePosition(
        wire.UpdatePositionRequest(position=wanted, update_mask=mask, validate_only=True)
    )
    assert (rehearsed.headcount, positions.GetPosition(wire.GetPositionRequest(name=made.name))) == (5, made)
    changed = positions.UpdatePosition(wire.UpdatePositionRequest(position=wanted, update_mask=mask))
    assert (changed.headcount, changed.requirement, changed.title) == (5, "", made.title)
    stale = wire.UpdatePositionRequest(position=wanted, update_mask=mask)
    assert refused(positions.UpdatePosition, stale).code == "ABORTED"
    renewed = positions.RenewPosition(wire.RenewPositionRequest(name=made.name, etag=changed.etag))
    assert renewed.HasField("renewed_date")
    reason = wire.ClosePositionRequest(
        name=made.name,
        etag=renewed.etag,
        outcome=position_pb2.PositionOutcome.KIND_WITHDRAWN,
        reason="预算取消",
    )
    withdrawn = positions.ClosePosition(reason)
    assert (withdrawn.state, withdrawn.outcome, withdrawn.ending_reason) == (
        position_pb2.Position.STATE_CLOSED,
        position_pb2.PositionOutcome.KIND_WITHDRAWN,
        "预算取消",
    )
    again = wire.RenewPositionRequest(name=made.name, etag=withdrawn.etag)
    assert refused(positions.RenewPosition, again).code == "FAILED_PRECONDITION"
    opened = positions.ReopenPosition(
        wire.ReopenPositionRequest(name=made.name, etag=withdrawn.etag, reason="预算恢复")
    )
    assert opened.state == position_pb2.Position.STATE_OPEN
    listed = positions.ListPositionOutcomes(wire.ListPositionOutcomesRequest(parent=made.name))
    assert [(each.kind, each.void_reason) for each in listed.outcomes] == [
        (position_pb2.PositionOutcome.KIND_WITHDRAWN, "预算恢复")
    ]
    missing = wire.ReopenPositionRequest(name=made.name, etag=opened.etag)
    assert "reason" in fields(refused(positions.ReopenPosition, missing))


def test_the_same_advertisement_counts_once_and_the_second_when_the_first_goes(positions: Any) -> None:
    employer = f"演示重复{uuid4().hex[:6]}有限公司"
    first = publish(positions, employer=employer)
    second = publish(positions, employer=employer, title="海水制氢 工程师")
    assert (first.duplicate_of, second.duplicate_of) == ("", first.name)
    listed = positions.ListPositions(
        wire.ListPositionsRequest(filter=f'employer = "{employer}" AND duplicate = true')
    )
    assert [each.name for each in listed.positions] == [second.name]
    moved = position_pb2.Position(name=first.name, etag=first.etag, city_code="suzhou")
    mask = FieldMask(paths=["city_code"])
    positions.UpdatePosition(wire.UpdatePositionRequest(position=moved, update_mask=mask))
    assert positions.GetPosition(wire.GetPositionRequest(name=second.name)).duplicate_of == ""


def test_a_request_id_is_answered_once_and_a_source_number_taken_once(positions: Any) -> None:
    request = wire.CreatePositionRequest(position=position(), request_id=str(uuid4()))
    first = positions.CreatePosition(request)
    assert positions.CreatePosition(request) == first
    other = wire.CreatePositionRequest(position=position(), request_id=request.request_id)
    assert refused(positions.CreatePosition, other).reason == "REQUEST_ID_REUSED"
    taken = wire.CreatePositionRequest(position=position(source_ref=first.source_ref))
    assert refused(positions.CreatePosition, taken).code == "ALREADY_EXISTS"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "position.title"),
        ({"title": "工程师\0"}, "position.title"),
        ({"city_code": "atlantis"}, "position.city_code"),
        ({"city_code": ""}, "position.city_code"),
        ({"direction_code": "seawater-h3"}, "position.direction_code"),
        ({"category_code": "king"}, "position.category_code"),
        ({"headcount": 0}, "position.headcount"),
        ({"headcount": -1}, "position.headcount"),
        ({"filled_count": -1}, "position.filled_count"),
        ({"opened_date": Date(year=2026, month=2, day=30)}, "position.opened_date"),
        ({"employer_uscc": "91110000600037341M"}, "position.employer_uscc"),
    ],
)
def test_a_wrong_field_is_named(positions: Any, changes: dict[str, Any], field: str) -> None:
    request = wire.CreatePositionRequest(position=position(**changes))
    failure = refused(positions.CreatePosition, request)
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith(field) for each in fields(failure)), failure


def test_a_near_miss_is_suggested(positions: Any) -> None:
    request = wire.CreatePositionRequest(position=position(direction_code="seawater-h3"))
    assert "seawater-h2" in refused(positions.CreatePosition, request).text.en


def test_empty_messages_and_unknown_names_are_refused(positions: Any) -> None:
    assert refused(positions.CreatePosition, wire.CreatePositionRequest()).code == "INVALID_ARGUMENT"
    assert refused(positions.ClosePosition, wire.ClosePositionRequest()).code == "INVALID_ARGUMENT"
    for name, code in (
        ("", "INVALID_ARGUMENT"),
        ("persons/x", "INVALID_ARGUMENT"),
        ("positions/x", "NOT_FOUND"),
    ):
        assert refused(positions.GetPosition, wire.GetPositionRequest(name=name)).code == code


def test_an_officer_of_another_city_may_not_publish_or_close(talent: Installation, positions: Any) -> None:
    made = publish(positions)
    with talent.channel("talent", Grant("talent_officer", city="suzhou")) as channel:
        foreign = Stub(channel)
        asked = wire.CreatePositionRequest(position=position())
        assert refused(foreign.CreatePosition, asked).reason == "CITY_NOT_GRANTED"
        close = wire.ClosePositionRequest(name=made.name, etag=made.etag)
        assert refused(foreign.ClosePosition, close).reason == "CITY_NOT_GRANTED"
    with talent.channel("talent", Grant("talent_viewer")) as channel:
        denied = refused(Stub(channel).CreatePosition, wire.CreatePositionRequest(position=position()))
        assert denied.code == "PERMISSION_DENIED"
