"""Approvals of amounts follow the fund whose record, or deal, they are about."""

from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.type.money_pb2 import Money

from bole.funding.v1 import amount_approval_service_pb2 as wire
from bole.funding.v1 import (
    amount_approval_service_pb2_grpc,
    deal_service_pb2,
    deal_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.installation import MANAGER, Installation, refused

HUGE = Money(currency_code="CNY", units=900_000_000_000)


def stub(channel: grpc.Channel) -> Any:
    return amount_approval_service_pb2_grpc.AmountApprovalServiceStub(channel)


def approve(subject: str) -> wire.ApproveAmountRequest:
    return wire.ApproveAmountRequest(subject=subject, column="ticket", amount=HUGE, reason="协议如此")


def seen(channel: grpc.Channel, subject: str) -> list[str]:
    listed = stub(channel).ListAmountApprovals(wire.ListAmountApprovalsRequest(subject=subject))
    return [each.approver for each in listed.approvals]


def test_a_fund_and_its_deals_are_approved_and_read_by_who_is_granted_the_fund(whole: Installation) -> None:
    with whole.channel("funding", MANAGER, subject="province-approver") as province:
        deals = deal_service_pb2_grpc.DealServiceStub(province)
        listed = deals.ListDeals(deal_service_pb2.ListDealsRequest(page_size=500)).deals
        deal = next(each for each in listed if each.source_ref)
        funds = fund_service_pb2_grpc.FundServiceStub(province)
        city = funds.GetFund(fund_service_pb2.GetFundRequest(name=deal.fund)).city_code
        key = f"deal:{deal.fund.removeprefix('funds/')}/{deal.firm.removeprefix('firms/')}/{uuid4().hex}"
        subjects = (f"deal:{deal.source_ref}", key)
        for subject in subjects:
            stub(province).ApproveAmount(approve(subject))
        elsewhere = next(each for each in ("wuxi", "suzhou") if each != city)
        with whole.channel("funding", Grant("fund_manager", city=elsewhere), subject="other") as other:
            for subject in subjects:
                request = wire.ListAmountApprovalsRequest(subject=subject)
                for call, asked in (
                    (stub(other).ApproveAmount, approve(subject)),
                    (stub(other).ListAmountApprovals, request),
                ):
                    failure = refused(call, asked)
                    assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "CITY_NOT_GRANTED")
        if city:
            with whole.channel("funding", Grant("fund_analyst", city=city), subject="own") as own:
                assert all("province-approver" in seen(own, subject) for subject in subjects)


def test_of_what_is_not_on_record_yet_a_city_sees_its_own_word(whole: Installation) -> None:
    subject = f"deal:new-{uuid4().hex}"
    with (
        whole.channel("funding", Grant("fund_manager", city="wuxi"), subject="wuxi-one") as one,
        whole.channel("funding", Grant("fund_manager", city="wuxi"), subject="wuxi-two") as two,
        whole.channel("funding", MANAGER, subject="province-reader") as province,
    ):
        stub(one).ApproveAmount(approve(subject))
        assert seen(one, subject) == seen(province, subject) == ["wuxi-one"]
        asked = wire.ListAmountApprovalsRequest(subject=subject)
        assert refused(stub(two).ListAmountApprovals, asked).code == "PERMISSION_DENIED"


@pytest.mark.parametrize("subject", ["team:1", "deal:", "nonsense"])
def test_what_has_no_amounts_is_named(whole: Installation, subject: str) -> None:
    with whole.channel("funding", MANAGER) as channel:
        for call, request in (
            (stub(channel).ApproveAmount, approve(subject)),
            (stub(channel).ListAmountApprovals, wire.ListAmountApprovalsRequest(subject=subject)),
        ):
            failure = refused(call, request)
            assert (failure.code, failure.violations[0].reason) == ("INVALID_ARGUMENT", "UNKNOWN_SUBJECT")
            assert "firm:" in failure.violations[0].text.en
