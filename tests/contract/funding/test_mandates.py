from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    deal_pb2,
    fund_service_pb2,
    fund_service_pb2_grpc,
    mandate_pb2,
    mandate_service_pb2_grpc,
)
from bole.funding.v1 import mandate_service_pb2 as wire
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import date_to_wire
from services.kernel.clock import civil_date
from tests.contract.coverage import CALLS
from tests.contract.installation import MANAGER, Installation, fields, refused


def stub(channel: grpc.Channel) -> Any:
    return mandate_service_pb2_grpc.MandateServiceStub(channel)


@pytest.fixture
def manager(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


@pytest.fixture
def supervisor(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", Grant("supervisor"), subject="supervisor") as opened:
        yield opened


@pytest.fixture
def fund(manager: grpc.Channel) -> str:
    funds = fund_service_pb2_grpc.FundServiceStub(manager)
    return str(funds.ListFunds(fund_service_pb2.ListFundsRequest()).funds[-1].name)


def rules(**more: Any) -> mandate_pb2.MandateRevision:
    begins = civil_date(datetime.now(UTC)) + timedelta(days=400)
    given: dict[str, Any] = {
        "ruleset": "suzhou-522",
        "effective_from_date": date_to_wire(begins),
        "concentration_max": "20%",
        "province_share_max": "1/4",
        "recycling_max": "10%",
        "city_codes": ["苏州"],
        "citations": [
            mandate_pb2.MandateRevision.Citation(parameter="concentration_max", text_zh="章程第8条")
        ],
    }
    return mandate_pb2.MandateRevision(**(given | more))


def propose(channel: grpc.Channel, fund: str, **more: Any) -> mandate_pb2.MandateRevision:
    request = wire.CreateMandateRevisionRequest(
        parent=fund, mandate_revision=rules(**more), reason="章程修订", request_id=str(uuid4())
    )
    made: mandate_pb2.MandateRevision = stub(channel).CreateMandateRevision(request)
    assert stub(channel).CreateMandateRevision(request) == made
    return made


def test_one_proposes_another_approves_and_all_can_read_it(
    manager: grpc.Channel, supervisor: grpc.Channel, fund: str
) -> None:
    checked = stub(manager).CreateMandateRevision(
        wire.CreateMandateRevisionRequest(
            parent=fund, mandate_revision=rules(), reason="试算", validate_only=True
        )
    )
    made = propose(manager, fund)
    assert made.revision == checked.revision
    assert made.state == mandate_pb2.MandateRevision.STATE_PROPOSED
    assert (made.concentration_max, made.province_share_max, list(made.city_codes)) == (
        "1/5",
        "1/4",
        ["suzhou"],
    )
    assert made.recycling_max == "1/10"
    assert made.ticket_max.units == 20_000_000
    assert made.direction_codes
    approve = wire.ApproveMandateRevisionRequest(
        name=made.name, document="苏财〔2026〕1号", request_id=str(uuid4())
    )
    assert refused(stub(manager).ApproveMandateRevision, approve).code == "PERMISSION_DENIED"
    approved = stub(supervisor).ApproveMandateRevision(approve)
    assert approved.state == mandate_pb2.MandateRevision.STATE_APPROVED
    assert approved.decider == "supervisor"
    again = wire.ApproveMandateRevisionRequest(name=made.name, document="再次")
    assert refused(stub(supervisor).ApproveMandateRevision, again).reason == "REVISION_DECIDED"
    assert stub(manager).GetMandateRevision(wire.GetMandateRevisionRequest(name=made.name)) == approved
    listed = stub(manager).ListMandateRevisions(wire.ListMandateRevisionsRequest(parent=fund, page_size=1))
    assert listed.mandate_revisions[0] == approved
    assert listed.next_page_token
    assert listed.revision_in_force == 1  # the new one begins later


def test_the_proposer_with_both_roles_may_not_approve(whole: Installation, fund: str) -> None:
    with whole.channel("funding", MANAGER, Grant("supervisor"), subject="both") as both:
        made = propose(both, fund)
        approve = wire.ApproveMandateRevisionRequest(name=made.name, document="自批")
        failure = refused(stub(both).ApproveMandateRevision, approve)
    assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "FOUR_EYES")


def test_a_rejected_revision_stays_on_record(
    manager: grpc.Channel, supervisor: grpc.Channel, fund: str
) -> None:
    made = propose(manager, fund)
    empty = wire.RejectMandateRevisionRequest(name=made.name)
    assert refused(stub(supervisor).RejectMandateRevision, empty).code == "INVALID_ARGUMENT"
    request = wire.RejectMandateRevisionRequest(name=made.name, reason="上限过宽")
    rejected = stub(supervisor).RejectMandateRevision(request)
    assert rejected.state == mandate_pb2.MandateRevision.STATE_REJECTED
    assert rejected.decision_document == "上限过宽"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"concentration_max": "0.2"}, "mandate_revision.concentration_max"),
        ({"early_floor": "120%"}, "mandate_revision.early_floor"),
        ({"recycling_max": "101%"}, "mandate_revision.recycling_max"),
        ({"effective_from_date": Date(year=2020, month=1, day=1)}, "mandate_revision.effective_from_date"),
        ({"ruleset": "moon-2030"}, "mandate_revision.ruleset"),
        ({"city_codes": ["巴黎"]}, "mandate_revision.city_codes"),
        ({"industry_codes": ["magic"]}, "mandate_revision.industry_codes"),
        ({"stages": [0]}, "mandate_revision.stages"),
        ({"ticket_max": Money(currency_code="USD", units=1)}, "mandate_revision.ticket_max.currency_code"),
        (
            {"citations": [mandate_pb2.MandateRevision.Citation(parameter="luck", text_zh="文")]},
            "mandate_revision.citations",
        ),
        ({"stale_month_count": 61}, "mandate_revision.stale_month_count"),
    ],
)
def test_rules_that_cannot_be_are_refused_by_field(
    manager: grpc.Channel, fund: str, more: dict[str, Any], field: str
) -> None:
    request = wire.CreateMandateRevisionRequest(parent=fund, mandate_revision=rules(**more), reason="试")
    failure = refused(stub(manager).CreateMandateRevision, request)
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith(field) for each in fields(failure)), fields(failure)


def test_names_of_nothing_are_refused(manager: grpc.Channel, supervisor: grpc.Channel, fund: str) -> None:
    for name, code in (
        (f"{fund}/mandates/999", "NOT_FOUND"),
        ("funds/none/mandates/1", "NOT_FOUND"),
        ("funds/x/mandates/²", "INVALID_ARGUMENT"),
        ("mandates/1", "INVALID_ARGUMENT"),
    ):
        assert (
            refused(stub(manager).GetMandateRevision, wire.GetMandateRevisionRequest(name=name)).code == code
        )
        request = wire.RejectMandateRevisionRequest(name=name, reason="无")
        assert refused(stub(supervisor).RejectMandateRevision, request).code == code
    listed = wire.ListMandateRevisionsRequest(parent="funds/none")
    assert refused(stub(manager).ListMandateRevisions, listed).code == "NOT_FOUND"


def test_the_rule_sets_are_published(whole: Installation, manager: grpc.Channel) -> None:
    found = stub(manager).ListRuleSets(wire.ListRuleSetsRequest()).rule_sets
    assert {each.ruleset for each in found} == {"suzhou-522", "national-2025", "tax-2018-55"}
    assert all(each.citation.zh and each.citation.en for each in found)
    with grpc.insecure_channel(whole.settings.funding_address) as bare:
        stranger = grpc.intercept_channel(bare, CALLS)
        failure = refused(stub(stranger).ListRuleSets, wire.ListRuleSetsRequest())
    assert failure.code == "UNAUTHENTICATED"


def test_how_committees_decide_and_how_long_stages_take_are_rules_of_the_mandate(
    manager: grpc.Channel, fund: str
) -> None:
    revision = mandate_pb2.MandateRevision
    diligence = deal_pb2.Deal.STATE_DUE_DILIGENCE
    made = propose(
        manager,
        fund,
        voting=revision.Voting(quorum="3/4", ballot_count_min=5),
        approval_day_count=90,
        due_day_count=7,
        stage_day_limits=[revision.StageLimit(state=diligence, day_count=60)],
        citations=[
            revision.Citation(parameter="stage_day_limits", text_zh="基金管理办法第12条"),
            revision.Citation(parameter="voting", text_zh="投委会议事规则第5条"),
        ],
    )
    assert (made.voting.quorum, made.voting.majority, made.voting.ballot_count_min) == ("3/4", "2/3", 5)
    assert (made.approval_day_count, made.due_day_count) == (90, 7)
    limits = {each.state: each.day_count for each in made.stage_day_limits}
    assert (limits[diligence], limits[deal_pb2.Deal.STATE_SCREENING]) == (60, 10)
    for wrong, field in (
        ({"voting": revision.Voting(quorum="101%")}, "voting.quorum"),
        ({"voting": revision.Voting(majority="多数")}, "voting.majority"),
        ({"approval_day_count": 0}, "approval_day_count"),
        ({"stage_day_limits": [revision.StageLimit(state=diligence, day_count=0)]}, "stage_day_limits"),
        (
            {"stage_day_limits": [revision.StageLimit(state=deal_pb2.Deal.STATE_INVESTED, day_count=9)]},
            "stage_day_limits",
        ),
        ({"stage_day_limits": [revision.StageLimit(state=diligence, day_count=9)] * 2}, "stage_day_limits"),
    ):
        request = wire.CreateMandateRevisionRequest(
            parent=fund, mandate_revision=rules(**wrong), reason="试", request_id=str(uuid4())
        )
        failure = refused(stub(manager).CreateMandateRevision, request)
        assert failure.code == "INVALID_ARGUMENT"
        assert any(f"mandate_revision.{field}" in each for each in fields(failure)), (wrong, fields(failure))
