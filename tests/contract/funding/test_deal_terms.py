"""SetDealTerms: what a fund would put in, and on which conditions, stated anew while nothing is decided on it."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.funding.leads import entered
from tests.contract.installation import MANAGER, Installation, fields, refused


def yuan(amount: int) -> Money:
    return Money(currency_code="CNY", units=amount)


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


@pytest.fixture
def deals(channel: grpc.Channel) -> Any:
    return deal_service_pb2_grpc.DealServiceStub(channel)


@pytest.fixture
def lead(channel: grpc.Channel) -> deal_pb2.Deal:
    return entered(channel, redemption_year=1, fixed_return=True)


def request(
    deal: deal_pb2.Deal, terms: deal_pb2.DealTerms, **more: Any
) -> deal_service_pb2.SetDealTermsRequest:
    return deal_service_pb2.SetDealTermsRequest(name=deal.name, etag=deal.etag, terms=terms, **more)


def outcomes(channel: grpc.Channel, deal: deal_pb2.Deal) -> dict[str, int]:
    stub = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    found = stub.ScreenDeal(screening_service_pb2.ScreenDealRequest(name=deal.name))
    return {each.code: each.outcome for each in found.checks}


def test_terms_are_stated_anew_and_the_checks_see_them(
    channel: grpc.Channel, deals: Any, lead: deal_pb2.Deal
) -> None:
    before = outcomes(channel, lead)
    terms = deal_pb2.DealTerms(
        ticket=yuan(2_500_000),
        pre_money=yuan(30_000_000),
        holding_years=8,
        fixed_return=False,
        expert_rating=4,
        owner="manager",
    )
    tried = deals.SetDealTerms(request(lead, terms, validate_only=True))
    assert deals.GetDeal(deal_service_pb2.GetDealRequest(name=lead.name)).etag == lead.etag
    asked = request(lead, terms, request_id=str(uuid4()))
    changed = deals.SetDealTerms(asked)
    assert (tried.ticket, changed.ticket, changed.pre_money) == (terms.ticket, terms.ticket, terms.pre_money)
    assert not changed.HasField("redemption_year")
    assert (changed.holding_years, changed.fixed_return) == (8, False)
    assert (changed.expert_rating, changed.owner) == (4, "manager")
    assert deals.SetDealTerms(asked) == changed
    assert refused(deals.SetDealTerms, request(lead, terms)).code == "ABORTED"
    assert deals.SetDealTerms(request(changed, terms)).etag == changed.etag
    after = outcomes(channel, changed)
    assert before["FIXED_RETURN_TERMS"] != after["FIXED_RETURN_TERMS"]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (deal_pb2.DealTerms(owner="x"), "terms.ticket"),
        (deal_pb2.DealTerms(ticket=yuan(5), round_total=yuan(4)), "terms.ticket"),
        (deal_pb2.DealTerms(ticket=yuan(5), expert_rating=6), "terms.expert_rating"),
        (
            deal_pb2.DealTerms(ticket=Money(currency_code="USD", units=5)),
            "terms.ticket.currency_code",
        ),
    ],
)
def test_terms_that_cannot_be_true_are_refused_by_their_field(
    deals: Any, lead: deal_pb2.Deal, terms: deal_pb2.DealTerms, field: str
) -> None:
    failure = refused(deals.SetDealTerms, request(lead, terms))
    assert (failure.code, field in fields(failure)) == ("INVALID_ARGUMENT", True)


def test_terms_on_which_something_is_decided_stand(
    whole: Installation, deals: Any, lead: deal_pb2.Deal
) -> None:
    terms = deal_pb2.DealTerms(ticket=yuan(5))
    listed = deals.ListDeals(deal_service_pb2.ListDealsRequest(filter="state = APPROVED OR state = INVESTED"))
    failure = refused(deals.SetDealTerms, request(listed.deals[0], terms))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "DEAL_TERMS_FIXED")
    over = refused(deals.SetDealTerms, request(lead, deal_pb2.DealTerms(ticket=yuan(90_000_000_000))))
    assert over.reason == "AMOUNT_OVER_CAP"
    with whole.channel("funding", Grant("legal")) as opened:
        legal = deal_service_pb2_grpc.DealServiceStub(opened)
        assert refused(legal.SetDealTerms, request(lead, terms)).code == "PERMISSION_DENIED"
