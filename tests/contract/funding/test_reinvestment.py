"""ReinvestmentService: what counts for which city, and the report by city; good requests and bad ones."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    capital_pb2,
    capital_service_pb2,
    capital_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
    investment_pb2,
    investment_service_pb2,
    investment_service_pb2_grpc,
    reinvestment_pb2,
    reinvestment_service_pb2,
    reinvestment_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.funding import reinvestment
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from tests.contract.installation import MANAGER, Installation, fields, refused, staff_token

wire = reinvestment_service_pb2


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER, Grant("finance")) as opened:
        yield opened


@pytest.fixture
def stub(channel: grpc.Channel) -> Any:
    return reinvestment_service_pb2_grpc.ReinvestmentServiceStub(channel)


@pytest.fixture
def held(channel: grpc.Channel, stub: Any) -> investment_pb2.Investment:
    """A holding of the sample that counts for no city yet."""
    service = investment_service_pb2_grpc.InvestmentServiceStub(channel)
    request = investment_service_pb2.ListInvestmentsRequest(filter="origin = SYNTHETIC", page_size=500)
    for each in service.ListInvestments(request).investments:
        listed = wire.ListReinvestmentCreditsRequest(parent=each.name)
        if not stub.ListReinvestmentCredits(listed).credits:
            found: investment_pb2.Investment = each
            return found
    raise AssertionError("every holding counts for a city")


def yuan(units: int) -> Money:
    return Money(currency_code="CNY", units=units)


def credit(
    held: investment_pb2.Investment, city: str, units: int, **changes: Any
) -> wire.CreditReinvestmentRequest:
    given: dict[str, Any] = {
        "fund": held.fund,
        "city_code": city,
        "amount": yuan(units),
        "basis": reinvestment_pb2.ReinvestmentCredit.BASIS_REGISTERED,
        "document": "营业执照（演示）",
    }
    return wire.CreditReinvestmentRequest(
        parent=held.name,
        credit=reinvestment_pb2.ReinvestmentCredit(**{**given, **changes}),
        request_id=str(uuid4()),
    )


def report(stub: Any, *funds: str) -> reinvestment_pb2.CityReport:
    found: reinvestment_pb2.CityReport = stub.GetCityReport(wire.GetCityReportRequest(funds=funds))
    assert found.agrees
    for name in ("subscribed", "called", "received", "invested", "credited"):
        parts = sum(getattr(each, name).units for each in found.cities)
        assert parts == getattr(found.total, name).units, name
    assert all(each.ledger.units - each.explained.units == each.unexplained.units for each in found.ties)
    return found


def test_an_investment_counts_for_one_city_and_once(stub: Any, held: investment_pb2.Investment) -> None:
    """Use case 8: what cities put in and got, nothing twice, tied to the ledger."""
    paid = held.paid.units
    before = report(stub, held.fund)
    checked = credit(held, "suzhou", paid)
    checked.validate_only = True
    stub.CreditReinvestment(checked)
    request = credit(held, "suzhou", paid)
    made = stub.CreditReinvestment(request)
    assert stub.CreditReinvestment(request) == made
    over = refused(stub.CreditReinvestment, credit(held, "suzhou", paid + 1))
    assert (over.reason, fields(over)) == ("CREDIT_EXCEEDS_INVESTED", ["credit.amount"])
    moved = stub.CreditReinvestment(credit(held, "南通", paid // 2))
    assert moved.city_code == "nantong"
    listed = stub.ListReinvestmentCredits(wire.ListReinvestmentCreditsRequest(parent=held.name)).credits
    assert [(each.city_code, each.in_force) for each in listed] == [("suzhou", False), ("nantong", True)]
    after = report(stub, held.fund)
    assert after.total.credited.units - before.total.credited.units == paid // 2
    assert [each.amount.units for each in after.credits if each.investment == held.name] == [paid // 2]


def test_money_of_a_city_is_shown_for_the_city_it_names(channel: grpc.Channel, stub: Any) -> None:
    """“各设区市出资、返投、投资各多少？有没有重复算？”"""
    service = capital_service_pb2_grpc.CapitalServiceStub(channel)
    funds = (
        fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(fund_service_pb2.ListFundsRequest()).funds
    )
    fund = next(each for each in funds if each.display_name.startswith("江苏"))
    before = {each.city_code: each.subscribed.units for each in report(stub, fund.name).cities}
    given = capital_pb2.Commitment(
        party_kind=capital_pb2.PARTY_KIND_CITY,
        party="泰州市财政局（演示）",
        amount=yuan(1_000_000),
        signed_date=Date(year=2026, month=6, day=1),
        document="认缴协议",
        new_capital=True,
        city_code="泰州",
    )
    made = service.CreateCommitment(
        capital_service_pb2.CreateCommitmentRequest(parent=fund.name, commitment=given)
    )
    assert made.city_code == "taizhou"
    after = {each.city_code: each.subscribed.units for each in report(stub, fund.name).cities}
    assert after["taizhou"] - before.get("taizhou", 0) == 1_000_000
    given.party_kind = capital_pb2.PARTY_KIND_PROVINCE
    request = capital_service_pb2.CreateCommitmentRequest(parent=fund.name, commitment=given)
    assert fields(refused(service.CreateCommitment, request)) == ["commitment.city_code"]


def test_what_cannot_count_is_refused(
    stub: Any, held: investment_pb2.Investment, channel: grpc.Channel
) -> None:
    funds = (
        fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(fund_service_pb2.ListFundsRequest()).funds
    )
    other = next(each.name for each in funds if each.name != held.fund)
    strange = refused(stub.CreditReinvestment, credit(held, "suzhou", 1, fund=other))
    assert (strange.code, strange.reason) == ("FAILED_PRECONDITION", "FUND_NOT_INVESTED")
    nowhere = refused(stub.CreditReinvestment, credit(held, "亚特兰蒂斯", 1))
    assert fields(nowhere) == ["credit.city_code"]
    assert fields(refused(stub.CreditReinvestment, credit(held, "suzhou", -1))) == ["credit.amount"]
    gone = wire.ListReinvestmentCreditsRequest(parent="investments/none")
    assert refused(stub.ListReinvestmentCredits, gone).code == "NOT_FOUND"
    assert refused(stub.GetCityReport, wire.GetCityReportRequest(funds=["funds/none"])).code == "NOT_FOUND"


def test_reinvestment_on_the_command_line(
    whole: Installation,
    held: investment_pb2.Investment,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    token = staff_token(whole, MANAGER, Grant("finance"))
    session = Session(whole.settings, Output(Format.TABLE, "zh"), token=token)
    reinvestment.credit(session, held.name, "苏州", "1万元", "营业执照", "moved", "", check_only=False)
    reinvestment.show_credits(session, held.name)
    reinvestment.show_cities(session, [])
    with pytest.raises(InvalidArgument):
        reinvestment.credit(session, held.name, "苏州", "1万元", "营业执照", "nice", "", check_only=True)
    session.close()
    told = capsys.readouterr()
    assert "计入苏州返投1万元" in told.err
    assert "与总账逐分一致" in told.out
    assert "合计" in told.out
