"""PositionService: published, found, closed; bad requests by field."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date

from bole.talent.v1 import (
    library_service_pb2_grpc,
    position_pb2,
    position_service_pb2_grpc,
)
from bole.talent.v1 import position_service_pb2 as wire
from services.chassis.identity import Grant
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.test_library import create

Stub = position_service_pb2_grpc.PositionServiceStub


@pytest.fixture
def positions(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER) as channel:
        yield Stub(channel)


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


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"filter": "city_code ="}, "filter"),
        ({"order_by": "salary"}, "order_by"),
        ({"page_token": "forged"}, "page_token"),
        ({"page_size": -1}, "page_size"),
    ],
)
def test_a_wrong_list_request_is_refused(positions: Any, asked: dict[str, Any], field: str) -> None:
    failure = refused(positions.ListPositions, wire.ListPositionsRequest(**asked))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_pages_hold_every_position_once(positions: Any) -> None:
    employer = f"演示分页{uuid4().hex[:6]}有限公司"
    made = {publish(positions, employer=employer).name for _ in range(5)}
    seen: list[str] = []
    token = ""
    while True:
        page = positions.ListPositions(
            wire.ListPositionsRequest(filter=f'employer = "{employer}"', page_size=2, page_token=token)
        )
        assert page.total_size == 5
        seen += [each.name for each in page.positions]
        token = page.next_page_token
        if not token:
            break
    assert len(seen) == 5
    assert set(seen) == made


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


def test_positions_are_searched_by_words_with_facets(positions: Any) -> None:
    employer = f"演示检索{uuid4().hex[:6]}有限公司"
    made = publish(positions, employer=employer, requirement="双极板流场设计")
    found = positions.SearchPositions(
        wire.SearchPositionsRequest(
            query=f"{employer} 双极板 氢能",
            filter="state = OPEN",
            facets=["city_code", "industry_code", "state"],
            order_by="headcount desc",
        )
    )
    assert [each.name for each in found.positions] == [made.name]
    assert [facet.field for facet in found.facets] == ["city_code", "industry_code", "state"]
    assert not any(value.HasField("count") for facet in found.facets for value in facet.values)
    assert not positions.SearchPositions(wire.SearchPositionsRequest(query=f"{employer} 量子")).positions


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"query": "双" * 201}, "query"),
        ({"query": "双\0极"}, "query"),
        ({"facets": ["salary"]}, "facets"),
        ({"filter": "salary = 3"}, "filter"),
        ({"order_by": "salary"}, "order_by"),
        ({"page_token": "forged"}, "page_token"),
    ],
)
def test_a_wrong_search_of_positions_is_refused(positions: Any, asked: dict[str, Any], field: str) -> None:
    failure = refused(positions.SearchPositions, wire.SearchPositionsRequest(**asked))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)
