"""Who keeps the records of a firm in another city: the funds that have a deal of it which is not given up."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.message import Message
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
    intellectual_property_service_pb2_grpc,
    interest_pb2,
    interest_service_pb2,
    interest_service_pb2_grpc,
    loan_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.funding.test_deals import channel, command  # noqa: F401 - a fixture
from tests.contract.funding.test_firms_and_funds import firm as a_firm
from tests.contract.funding.test_property import loan, right
from tests.contract.installation import Installation, refused

_numbers = itertools.count(840)
DENIED = ("PERMISSION_DENIED", "CITY_NOT_GRANTED")


@dataclass(frozen=True)
class Elsewhere:
    """A manager of the city of a fund, and a firm of another city with which that fund has nothing to do yet."""

    manager: grpc.Channel
    fund: str
    firm: firm_pb2.Firm

    def open_deal(self) -> deal_pb2.Deal:
        """A deal of the fund with the firm."""
        given = deal_pb2.Deal(
            fund=self.fund,
            firm=self.firm.name,
            round=f"外地轮{uuid4().hex[:6]}",
            ticket=Money(currency_code="CNY", units=3_000_000),
            submitted_date=Date(year=2026, month=6, day=1),
        )
        deals = deal_service_pb2_grpc.DealServiceStub(self.manager)
        made: deal_pb2.Deal = deals.CreateDeal(deal_service_pb2.CreateDealRequest(deal=given))
        return made

    def records(self) -> list[tuple[Any, Message]]:
        """One request for every kind of record that due diligence adds to a firm; nothing is written."""
        name, add = self.firm.name, firm_service_pb2.AddFirmSnapshotRequest
        figures = firm_pb2.FirmSnapshot(as_of_date=Date(year=2026, month=3, day=1), staff_count=20)
        tie = interest_pb2.KnownLink(
            firm=name, member="li-si", kind=interest_pb2.INTEREST_KIND_ADVISER, source="公开报道"
        )
        link = interest_service_pb2.CreateKnownLinkRequest(known_link=tie)
        found: list[tuple[Any, Any]] = [
            (
                firm_service_pb2_grpc.FirmServiceStub(self.manager).AddFirmSnapshot,
                add(parent=name, snapshot=figures),
            ),
            (
                intellectual_property_service_pb2_grpc.IntellectualPropertyServiceStub(
                    self.manager
                ).CreateIpRight,
                right(name),
            ),
            (loan_service_pb2_grpc.LoanServiceStub(self.manager).CreateLoan, loan(name, 2025)),
            (interest_service_pb2_grpc.InterestServiceStub(self.manager).CreateKnownLink, link),
        ]
        for _, request in found:
            request.validate_only = True
        return found


@pytest.fixture
def elsewhere(whole: Installation, channel: grpc.Channel) -> Iterator[Elsewhere]:  # noqa: F811
    funds = fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(fund_service_pb2.ListFundsRequest())
    fund = next(each for each in funds.funds if each.city_code)
    given = a_firm(next(_numbers))
    given.city_code = next(city for city in ("nanjing", "wuxi") if city != fund.city_code)
    firms = firm_service_pb2_grpc.FirmServiceStub(channel)
    firm = firms.CreateFirm(firm_service_pb2.CreateFirmRequest(firm=given))
    with whole.channel(
        "funding", Grant("fund_manager", city=fund.city_code), subject="of-the-city"
    ) as manager:
        yield Elsewhere(manager, fund.name, firm)


def test_a_fund_keeps_records_of_a_firm_elsewhere_from_its_deal_on_until_that_is_given_up(
    elsewhere: Elsewhere,
) -> None:
    for method, request in elsewhere.records():
        failure = refused(method, request)
        assert (failure.code, failure.reason) == DENIED, request
    deal = elsewhere.open_deal()
    for method, request in elsewhere.records():
        method(request)
    deals = deal_service_pb2_grpc.DealServiceStub(elsewhere.manager)
    withdraw = deal_service_pb2.WithdrawDealRequest(name=deal.name, command=command(deal, reason="不再融资"))
    deals.WithdrawDeal(withdraw)
    for method, request in elsewhere.records():
        failure = refused(method, request)
        assert (failure.code, failure.reason) == DENIED, request


def test_the_firm_itself_is_changed_by_its_own_city_alone(elsewhere: Elsewhere) -> None:
    elsewhere.open_deal()
    firms = firm_service_pb2_grpc.FirmServiceStub(elsewhere.manager)
    for method, request in (
        (firms.UpdateFirm, firm_service_pb2.UpdateFirmRequest(firm=elsewhere.firm, validate_only=True)),
        (
            firms.WithdrawFirm,
            firm_service_pb2.WithdrawFirmRequest(
                name=elsewhere.firm.name, etag=elsewhere.firm.etag, reason="注销", validate_only=True
            ),
        ),
    ):
        failure = refused(method, request)
        assert (failure.code, failure.reason) == DENIED
