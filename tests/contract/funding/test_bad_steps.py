"""Every step of a deal refuses what names no deal, an unknown one, an old version, and evidence that is none."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.type.date_pb2 import Date

from bole.common.v1 import policy_pb2
from bole.funding.v1 import (
    deal_action_pb2,
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_service_pb2,
    firm_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.installation import MANAGER, Installation, refused

_SERVICE = deal_service_pb2.DESCRIPTOR.services_by_name["DealService"]
_STEPS = [each.name for each in _SERVICE.methods if "command" in each.input_type.fields_by_name]
_MORE = {
    "decision": deal_service_pb2.DecideInternalRequest.DECISION_APPROVE,
    "reason_code": "VALUATION",
    "review_date": Date(year=2199, month=1, day=1),
}
_ACCESS: Any = policy_pb2.access
_NOBODY = "deals/01j00000000000000000000000"


@pytest.fixture
def everybody(whole: Installation) -> Iterator[Any]:
    """One who holds every role that takes steps."""
    roles = {
        role
        for method in _SERVICE.methods
        for role in method.GetOptions().Extensions[_ACCESS].roles
        if method.name in _STEPS
    }
    with whole.channel("funding", *map(Grant, sorted(roles))) as channel:
        yield deal_service_pb2_grpc.DealServiceStub(channel)


@pytest.fixture
def deal(everybody: Any) -> deal_pb2.Deal:
    """Any deal of the sample."""
    listed = everybody.ListDeals(deal_service_pb2.ListDealsRequest(page_size=1))
    found: deal_pb2.Deal = listed.deals[0]
    return found


def _request(method: str, name: str = "", **command: Any) -> Any:
    kind = getattr(deal_service_pb2, f"{method}Request")
    more = {field: value for field, value in _MORE.items() if field in kind.DESCRIPTOR.fields_by_name}
    return kind(name=name, command=deal_action_pb2.DealCommand(reason="理由", **command), **more)


@pytest.mark.parametrize("method", _STEPS)
def test_a_step_of_no_deal_is_refused(everybody: Any, deal: deal_pb2.Deal, method: str) -> None:
    call = getattr(everybody, method)
    empty = getattr(deal_service_pb2, f"{method}Request")()
    assert refused(call, empty).code == "INVALID_ARGUMENT"
    assert refused(call, _request(method, "firms/x", etag=deal.etag)).code == "INVALID_ARGUMENT"
    assert refused(call, _request(method, _NOBODY, etag=deal.etag)).code == "NOT_FOUND"


@pytest.mark.parametrize("method", ["SignDeal", "CloseDeal"])
def test_an_old_version_odd_evidence_and_a_step_out_of_turn_are_refused(everybody: Any, method: str) -> None:
    listed = everybody.ListDeals(deal_service_pb2.ListDealsRequest(filter="state = LEAD", page_size=1))
    lead, call = listed.deals[0], getattr(everybody, method)
    assert refused(call, _request(method, lead.name, etag='"v99"')).reason == "STALE_ETAG"
    selfie = [deal_action_pb2.DealEvidence(kind="selfie", title="x", sha256="0" * 64)]
    failure = refused(call, _request(method, lead.name, etag=lead.etag, evidence=selfie))
    assert failure.code == "INVALID_ARGUMENT"
    failure = refused(call, _request(method, lead.name, etag=lead.etag))
    assert failure.code == "FAILED_PRECONDITION"
    assert everybody.GetDeal(deal_service_pb2.GetDealRequest(name=lead.name)) == lead


def test_what_is_not_there_cannot_be_looked_at_or_withdrawn(whole: Installation) -> None:
    with whole.channel("funding", MANAGER) as channel:
        deals = deal_service_pb2_grpc.DealServiceStub(channel)
        screening = screening_service_pb2_grpc.ScreeningServiceStub(channel)
        firms = firm_service_pb2_grpc.FirmServiceStub(channel)
        for call, request in (
            (deals.GetDeal, deal_service_pb2.GetDealRequest(name=_NOBODY)),
            (deals.ListDealActions, deal_service_pb2.ListDealActionsRequest(name=_NOBODY)),
            (deals.ListDealTransitions, deal_service_pb2.ListDealTransitionsRequest(name=_NOBODY)),
            (screening.ScreenDeal, screening_service_pb2.ScreenDealRequest(name=_NOBODY)),
            (
                firms.WithdrawFirm,
                firm_service_pb2.WithdrawFirmRequest(
                    name=_NOBODY.replace("deals", "firms"), etag='"v1"', reason="注销"
                ),
            ),
        ):
            assert refused(call, request).code == "NOT_FOUND"
            assert refused(call, type(request)()).code == "INVALID_ARGUMENT"
