"""Leads of the sample's first fund and first firm: a new round each time."""

from typing import Any
from uuid import uuid4

import grpc
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
)


def entered(channel: grpc.Channel, **terms: Any) -> deal_pb2.Deal:
    """A lead over three million yuan, with `terms` besides."""
    funds = fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(fund_service_pb2.ListFundsRequest())
    firms = firm_service_pb2_grpc.FirmServiceStub(channel).ListFirms(firm_service_pb2.ListFirmsRequest())
    given = deal_pb2.Deal(
        fund=funds.funds[0].name,
        firm=firms.firms[0].name,
        round=f"测试轮{uuid4().hex[:6]}",
        ticket=Money(currency_code="CNY", units=3_000_000),
        submitted_date=Date(year=2026, month=6, day=1),
        **terms,
    )
    deals = deal_service_pb2_grpc.DealServiceStub(channel)
    made: deal_pb2.Deal = deals.CreateDeal(deal_service_pb2.CreateDealRequest(deal=given))
    return made
