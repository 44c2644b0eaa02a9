"""PositionService: what comes of a position: heads filled, proposals refused, a search closed."""

from typing import Any
from uuid import uuid4

import pytest
from google.type.date_pb2 import Date

from bole.talent.v1 import (
    library_service_pb2_grpc,
    position_pb2,
)
from bole.talent.v1 import position_service_pb2 as wire
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.people import create
from tests.contract.talent.test_positions import Stub, publish


def test_a_head_is_filled_from_the_library_and_the_record_taken_back(talent: Installation) -> None:
    with talent.channel("talent", OFFICER, purpose="talent-service") as channel:
        positions = Stub(channel)
        person = create(library_service_pb2_grpc.LibraryServiceStub(channel))
        made = publish(positions, headcount=1)
        filled = position_pb2.PositionOutcome(kind="KIND_FILLED_FROM_LIBRARY", person=person.name)
        request = wire.CreatePositionOutcomeRequest(
            parent=made.name, outcome=filled, etag=made.etag, request_id=str(uuid4())
        )
        recorded = positions.CreatePositionOutcome(request)
        assert (recorded.person, recorded.headcount) == (person.name, 1)
        assert positions.CreatePositionOutcome(request) == recorded
        now = positions.GetPosition(wire.GetPositionRequest(name=made.name))
        assert (now.state, now.filled_count, now.attributed_count) == (
            position_pb2.Position.STATE_CLOSED,
            1,
            1,
        )
        void = wire.VoidPositionOutcomeRequest(name=recorded.name, etag=now.etag, reason="登记有误")
        voided = positions.VoidPositionOutcome(void)
        assert voided.HasField("void_time")
        assert refused(positions.VoidPositionOutcome, void).code == "ABORTED"
        now = positions.GetPosition(wire.GetPositionRequest(name=made.name))
        assert (now.state, now.filled_count) == (position_pb2.Position.STATE_OPEN, 0)
        void.etag = now.etag
        assert refused(positions.VoidPositionOutcome, void).code == "FAILED_PRECONDITION"
    with talent.channel("talent", OFFICER) as channel:
        masked = Stub(channel).ListPositionOutcomes(wire.ListPositionOutcomesRequest(parent=made.name))
        assert [each.person for each in masked.outcomes] == [""]


def test_a_refused_proposal_fills_nothing_and_is_taken_back(talent: Installation) -> None:
    with talent.channel("talent", OFFICER, purpose="talent-service") as channel:
        positions = Stub(channel)
        person = create(library_service_pb2_grpc.LibraryServiceStub(channel))
        made = publish(positions, headcount=1)
        outcome = position_pb2.PositionOutcome(
            kind="KIND_PROPOSAL_REFUSED", person=person.name, missing_skill="低温测控"
        )
        request = wire.CreatePositionOutcomeRequest(
            parent=made.name, outcome=outcome, etag=made.etag, request_id=str(uuid4())
        )
        recorded = positions.CreatePositionOutcome(request)
        assert positions.CreatePositionOutcome(request) == recorded
        assert (recorded.missing_skill, recorded.person) == ("低温测控", person.name)
        now = positions.GetPosition(wire.GetPositionRequest(name=made.name))
        assert (now.state, now.filled_count, now.etag != made.etag) == (
            position_pb2.Position.STATE_OPEN,
            0,
            True,
        )
        close = wire.ClosePositionRequest(name=made.name, etag=now.etag, outcome="KIND_PROPOSAL_REFUSED")
        assert "outcome" in fields(refused(positions.ClosePosition, close))
        void = wire.VoidPositionOutcomeRequest(name=recorded.name, etag=now.etag, reason="登记有误")
        assert positions.VoidPositionOutcome(void).HasField("void_time")
        now = positions.GetPosition(wire.GetPositionRequest(name=made.name))
        filled = position_pb2.PositionOutcome(kind="KIND_FILLED_FROM_LIBRARY", person=person.name)
        positions.CreatePositionOutcome(
            wire.CreatePositionOutcomeRequest(parent=made.name, outcome=filled, etag=now.etag)
        )


@pytest.mark.parametrize(
    ("outcome", "code", "field"),
    [
        ({}, "INVALID_ARGUMENT", "outcome.kind"),
        ({"kind": "KIND_EXPIRED"}, "INVALID_ARGUMENT", "outcome.kind"),
        ({"kind": "KIND_FILLED_FROM_LIBRARY"}, "INVALID_ARGUMENT", "outcome.person"),
        ({"kind": "KIND_FILLED_FROM_LIBRARY", "person": "teams/x"}, "INVALID_ARGUMENT", "outcome.person"),
        ({"kind": "KIND_FILLED_FROM_LIBRARY", "person": "persons/none"}, "NOT_FOUND", ""),
        ({"kind": "KIND_FILLED_ELSEWHERE", "headcount": 4}, "INVALID_ARGUMENT", "outcome.headcount"),
        ({"kind": "KIND_FILLED_ELSEWHERE", "headcount": -1}, "INVALID_ARGUMENT", "outcome.headcount"),
        (
            {"kind": "KIND_FILLED_ELSEWHERE", "missing_skill": "英语"},
            "INVALID_ARGUMENT",
            "outcome.missing_skill",
        ),
        (
            {"kind": "KIND_PROPOSAL_REFUSED", "missing_skill": "字" * 61},
            "INVALID_ARGUMENT",
            "outcome.missing_skill",
        ),
        (
            {"kind": "KIND_PROPOSAL_REFUSED", "missing_skill": "英语\n德语"},
            "INVALID_ARGUMENT",
            "outcome.missing_skill",
        ),
        (
            {"kind": "KIND_PROPOSAL_REFUSED", "outcome_date": Date(year=2020, month=1, day=1)},
            "INVALID_ARGUMENT",
            "outcome.outcome_date",
        ),
        ({"kind": "KIND_PROPOSAL_REFUSED", "person": "persons/none"}, "NOT_FOUND", ""),
        (
            {"kind": "KIND_FILLED_ELSEWHERE", "outcome_date": Date(year=2026, month=2, day=30)},
            "INVALID_ARGUMENT",
            "outcome.outcome_date",
        ),
    ],
)
def test_a_wrong_outcome_is_named(positions: Any, outcome: dict[str, Any], code: str, field: str) -> None:
    made = publish(positions)
    request = wire.CreatePositionOutcomeRequest(
        parent=made.name, outcome=position_pb2.PositionOutcome(**outcome), etag=made.etag
    )
    failure = refused(positions.CreatePositionOutcome, request)
    assert failure.code == code
    assert not field or any(each.startswith(field) for each in fields(failure)), failure
    assert positions.GetPosition(wire.GetPositionRequest(name=made.name)) == made


@pytest.mark.parametrize(
    ("closing", "field"),
    [
        ({"outcome": "KIND_WITHDRAWN"}, "reason"),
        ({"outcome": "KIND_EXPIRED"}, "outcome"),
        ({"outcome": "KIND_FILLED_FROM_LIBRARY", "person": "persons/x"}, "filled_count"),
        ({"outcome": "KIND_FILLED_ELSEWHERE", "filled_count": 9}, "filled_count"),
        ({"closed_date": Date(year=2020, month=1, day=1)}, "closed_date"),
    ],
)
def test_a_wrong_closing_is_named(positions: Any, closing: dict[str, Any], field: str) -> None:
    made = publish(positions)
    request = wire.ClosePositionRequest(name=made.name, etag=made.etag, **closing)
    assert field in fields(refused(positions.ClosePosition, request))


def test_a_search_that_has_ended_is_not_closed_again(positions: Any) -> None:
    made = publish(positions)
    ended = positions.ClosePosition(wire.ClosePositionRequest(name=made.name, etag=made.etag, reason="招满"))
    for again in (
        {"reason": "再次"},
        {"filled_count": 1},
        {"outcome": position_pb2.PositionOutcome.KIND_FILLED_ELSEWHERE},
    ):
        request = wire.ClosePositionRequest(name=ended.name, etag=ended.etag, **again)
        failure = refused(positions.ClosePosition, request)
        assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "POSITION_CLOSED")


def test_a_wrong_name_of_an_outcome_or_parent_is_refused(positions: Any) -> None:
    for name in ("positions/x", "positions/x/outcomes/one", "outcomes/1"):
        void = wire.VoidPositionOutcomeRequest(name=name, etag='"v1"', reason="错")
        assert fields(refused(positions.VoidPositionOutcome, void)) == ["name"]
    none = wire.ListPositionOutcomesRequest(parent="positions/none")
    assert refused(positions.ListPositionOutcomes, none).code == "NOT_FOUND"
    wrong = wire.ListPositionOutcomesRequest(parent="persons/x")
    assert fields(refused(positions.ListPositionOutcomes, wrong)) == ["parent"]
