"""Grants for one fund, and members who have not declared: the same rows on every way to look."""

import io
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import openpyxl
import pytest
from google.protobuf.message import Message

from bole.funding.v1 import (
    capital_service_pb2 as capital,
)
from bole.funding.v1 import (
    capital_service_pb2_grpc,
    deal_action_pb2,
    deal_analysis_service_pb2_grpc,
    deal_service_pb2_grpc,
    export_service_pb2_grpc,
    firm_service_pb2_grpc,
    fund_service_pb2_grpc,
    indicator_service_pb2_grpc,
    intellectual_property_service_pb2_grpc,
    interest_pb2,
    interest_service_pb2_grpc,
    investment_pb2,
    investment_service_pb2_grpc,
    loan_service_pb2_grpc,
    mandate_service_pb2_grpc,
    reinvestment_service_pb2_grpc,
    round_service_pb2_grpc,
    screening_service_pb2_grpc,
)
from bole.funding.v1 import deal_analysis_service_pb2 as analysis
from bole.funding.v1 import deal_service_pb2 as deals
from bole.funding.v1 import export_service_pb2 as export
from bole.funding.v1 import firm_service_pb2 as firms
from bole.funding.v1 import fund_service_pb2 as funds
from bole.funding.v1 import indicator_service_pb2 as indicators
from bole.funding.v1 import intellectual_property_service_pb2 as property_
from bole.funding.v1 import interest_service_pb2 as interests
from bole.funding.v1 import investment_service_pb2 as investments
from bole.funding.v1 import loan_service_pb2 as loans
from bole.funding.v1 import mandate_service_pb2 as mandates
from bole.funding.v1 import reinvestment_service_pb2 as reinvestment
from bole.funding.v1 import round_service_pb2 as rounds
from bole.funding.v1 import screening_service_pb2 as screening
from services.chassis.identity.identity import Grant
from services.chassis.rpc.failures import read_failure
from tests.contract.installation import MANAGER, Installation, refused

_STUBS = {
    capital: capital_service_pb2_grpc.CapitalServiceStub,
    analysis: deal_analysis_service_pb2_grpc.DealAnalysisServiceStub,
    deals: deal_service_pb2_grpc.DealServiceStub,
    export: export_service_pb2_grpc.FundingExportServiceStub,
    firms: firm_service_pb2_grpc.FirmServiceStub,
    funds: fund_service_pb2_grpc.FundServiceStub,
    indicators: indicator_service_pb2_grpc.IndicatorServiceStub,
    property_: intellectual_property_service_pb2_grpc.IntellectualPropertyServiceStub,
    interests: interest_service_pb2_grpc.InterestServiceStub,
    investments: investment_service_pb2_grpc.InvestmentServiceStub,
    loans: loan_service_pb2_grpc.LoanServiceStub,
    mandates: mandate_service_pb2_grpc.MandateServiceStub,
    reinvestment: reinvestment_service_pb2_grpc.ReinvestmentServiceStub,
    rounds: round_service_pb2_grpc.RoundServiceStub,
    screening: screening_service_pb2_grpc.ScreeningServiceStub,
}
_NOBODY = "01j00000000000000000000000"


def ask(channel: grpc.Channel, module: Any, method: str, **stated: Any) -> Any:
    """What a method answers."""
    call, request = _call(channel, module, method, stated)
    return call(request)


def denial(channel: grpc.Channel, module: Any, method: str, **stated: Any) -> tuple[str, str]:
    """How a method refuses."""
    failure = refused(*_call(channel, module, method, stated))
    return failure.code, failure.reason


def _call(channel: grpc.Channel, module: Any, method: str, stated: dict[str, Any]) -> tuple[Any, Message]:
    return getattr(_STUBS[module](channel), method), getattr(module, f"{method}Request")(**stated)


@pytest.fixture
def staff(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


@pytest.fixture
def held(staff: grpc.Channel) -> investment_pb2.Investment:
    """A holding of the sample."""
    listed = ask(staff, investments, "ListInvestments", filter="origin = SYNTHETIC AND state = ACTIVE")
    found: investment_pb2.Investment = listed.investments[0]
    return found


@pytest.fixture
def other(staff: grpc.Channel, held: investment_pb2.Investment) -> investment_pb2.Investment:
    """A holding of another fund, in a firm with which the first fund has nothing to do."""
    mine = {each.firm for each in _all(staff, deals, "ListDeals", "deals", f'fund = "{held.fund}"')}
    listed = _all(staff, investments, "ListInvestments", "investments", "origin = SYNTHETIC")
    found: investment_pb2.Investment = next(
        each
        for each in listed
        if each.fund != held.fund
        and each.firm not in mine
        and each.state == investment_pb2.Investment.STATE_ACTIVE
    )
    return found


def _all(channel: grpc.Channel, module: Any, method: str, field: str, filter_: str = "") -> list[Any]:
    found, token = [], ""
    while True:
        page = ask(channel, module, method, filter=filter_, page_size=500, page_token=token)
        found.extend(getattr(page, field))
        token = page.next_page_token
        if not token:
            return found


def of_fund(held: investment_pb2.Investment) -> list[tuple[Any, str, dict[str, Any]]]:
    """One question to every room about the fund, the deal and the firm of a holding."""
    id_, fund, firm = held.name.removeprefix("investments/"), held.fund, held.firm
    deal = f"deals/{id_}"
    return [
        (funds, "GetFund", {"name": fund}),
        (mandates, "ListMandateRevisions", {"parent": fund}),
        (capital, "ListCommitments", {"parent": fund}),
        (capital, "GetLedgerBalances", {"name": fund}),
        (capital, "GetLookThrough", {"funds": [fund]}),
        (analysis, "GetFundHeadroom", {"name": fund}),
        (analysis, "ListStalledDeals", {"fund": fund}),
        (analysis, "GetDealCompletion", {"fund": fund}),
        (analysis, "GetDealForecast", {"fund": fund}),
        (screening, "ScreenDeals", {"fund": fund}),
        (screening, "ScreenDeal", {"name": deal}),
        (deals, "GetDeal", {"name": deal}),
        (deals, "ListDealTransitions", {"name": deal}),
        (interests, "ListInterests", {"parent": deal}),
        (investments, "GetInvestment", {"name": held.name}),
        (investments, "ListInvestmentSteps", {"parent": held.name}),
        (investments, "GetPortfolio", {"name": fund}),
        (reinvestment, "ListReinvestmentCredits", {"parent": held.name}),
        (reinvestment, "GetCityReport", {"funds": [fund]}),
        (indicators, "ListIndicatorRequests", {"parent": fund}),
        (indicators, "ListIndicatorAlerts", {"parent": fund}),
        *of_firm(firm),
    ]


def of_firm(firm: str) -> list[tuple[Any, str, dict[str, Any]]]:
    """One question to every room that keeps records of a firm."""
    return [
        (firms, "ListFirmSnapshots", {"parent": firm}),
        (indicators, "ListIndicatorReports", {"parent": firm}),
        (indicators, "GetIndicatorSeries", {"name": f"{firm}/indicatorSeries"}),
        (property_, "ListIpRights", {"parent": firm}),
        (property_, "ListPledges", {"parent": firm}),
        (loans, "ListLoans", {"parent": firm}),
        (loans, "GetFinancingStatus", {"name": f"{firm}/financingStatus"}),
        (rounds, "ListRounds", {"parent": firm}),
    ]


def test_a_grant_for_one_fund_opens_that_fund_in_every_room_and_no_other(
    whole: Installation, held: investment_pb2.Investment, other: investment_pb2.Investment
) -> None:
    grant = Grant("fund_manager", fund=held.fund.removeprefix("funds/"))
    with whole.channel("funding", grant, subject="of-one-fund") as own:
        for module, method, stated in of_fund(held):
            ask(own, module, method, **stated)
        for module, method, stated in of_fund(other):
            assert denial(own, module, method, **stated) == ("PERMISSION_DENIED", "CITY_NOT_GRANTED"), method
        missing = [(funds, "GetFund", f"funds/{_NOBODY}"), (deals, "GetDeal", f"deals/{_NOBODY}")]
        missing += [(firms, "GetFirm", f"firms/{_NOBODY}"), (firms, "GetFirm", other.firm)]
        for module, method, name in missing:
            assert denial(own, module, method, name=name) == ("PERMISSION_DENIED", "CITY_NOT_GRANTED"), name


def test_lists_and_exports_of_one_fund_show_its_rows_alone(
    whole: Installation, staff: grpc.Channel, held: investment_pb2.Investment
) -> None:
    grant = Grant("fund_manager", fund=held.fund.removeprefix("funds/"))
    wanted = {each.name for each in _all(staff, deals, "ListDeals", "deals", f'fund = "{held.fund}"')}
    with whole.channel("funding", grant, subject="of-one-fund") as own:
        assert [each.name for each in _all(own, funds, "ListFunds", "funds")] == [held.fund]
        seen = _all(own, deals, "ListDeals", "deals")
        assert {each.name for each in seen} == wanted
        assert {each.fund for each in _all(own, investments, "ListInvestments", "investments")} == {held.fund}
        shown = {each.name for each in _all(own, firms, "ListFirms", "firms")}
        assert shown <= {each.firm for each in seen}
        sheet = export.ExportRecordsRequest(
            sheet="deals", format=export.EXPORT_FORMAT_XLSX, reason="核对范围"
        )
        first, *rest = export_service_pb2_grpc.FundingExportServiceStub(own).ExportRecords(sheet)
        assert first.export.row_count == len(wanted)
        book = openpyxl.load_workbook(io.BytesIO(b"".join(part.data for part in rest)))
        assert sum(1 for _ in book["项目"].iter_rows()) == len(wanted) + 2
        assert denial(own, export, "ListExports", page_size=-1)[0] == "INVALID_ARGUMENT"


def test_a_grant_for_one_fund_opens_nothing_that_the_contract_does_not_open_to_it(
    whole: Installation, held: investment_pb2.Investment
) -> None:
    grant = Grant("fund_manager", fund=held.fund.removeprefix("funds/"))
    with whole.channel("funding", grant, subject="of-one-fund") as own:
        failure = refused(firm_service_pb2_grpc.FirmServiceStub(own).CreateFirm, firms.CreateFirmRequest())
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "ROLE_MISSING")


def test_a_role_for_one_fund_is_no_role_for_the_deals_of_another(
    whole: Installation, held: investment_pb2.Investment, other: investment_pb2.Investment
) -> None:
    grants = (
        Grant("fund_manager", fund=held.fund.removeprefix("funds/")),
        Grant("fund_analyst", fund=other.fund.removeprefix("funds/")),
    )
    with whole.channel("funding", *grants, subject="two-funds") as both:
        for holding, able in ((held, True), (other, False)):
            order = deal_action_pb2.DealCommand(
                etag=holding.etag, reason="试", request_id=str(uuid4()), validate_only=True
            )
            try:
                ask(both, investments, "StartExit", name=holding.name, command=order)
                refusal = ""
            except grpc.RpcError as error:
                refusal = read_failure(error).reason
            assert (refusal != "ROLE_NOT_ALLOWED") == able, (holding.name, refusal)


def test_a_member_reads_a_holding_and_its_firm_once_they_have_declared(
    whole: Installation, staff: grpc.Channel, held: investment_pb2.Investment
) -> None:
    who, deal = f"ic-{uuid4().hex[:8]}", held.name.replace("investments/", "deals/")
    closed = [
        (investments, "GetInvestment", {"name": held.name}),
        (investments, "ListInvestmentActions", {"name": held.name}),
        (investments, "ListInvestmentSteps", {"parent": held.name}),
        (investments, "ListMarks", {"parent": held.name}),
        (reinvestment, "ListReinvestmentCredits", {"parent": held.name}),
        *of_firm(held.firm),
    ]
    with whole.channel("funding", Grant("committee_member"), subject=who) as member:
        for module, method, stated in closed:
            assert denial(member, module, method, **stated) == ("PERMISSION_DENIED", "COI_UNDECLARED"), method
        assert not ask(member, firms, "GetFirm", name=held.firm).HasField("snapshot")
        assert not _all(member, investments, "ListInvestments", "investments")
        assert not _all(member, firms, "ListFirms", "firms")
        assert ask(member, rounds, "ListRounds", parent="firms/-").total_size == 0
        assert ask(member, investments, "GetPortfolio", name=held.fund).investment_count == 0
        assert not ask(member, indicators, "ListIndicatorRequests", parent=held.fund).requests
        assert not ask(member, indicators, "ListIndicatorAlerts", parent=held.fund).alerts
        none = [interest_pb2.INTEREST_KIND_NONE]
        ask(member, interests, "DeclareInterest", parent=deal, kinds=none)
        for module, method, stated in closed:
            ask(member, module, method, **stated)
        whole_card = ask(staff, firms, "GetFirm", name=held.firm)
        assert ask(member, firms, "GetFirm", name=held.firm) == whole_card
        [seen] = _all(member, investments, "ListInvestments", "investments")
        assert seen == ask(staff, investments, "GetInvestment", name=held.name)
        [firm] = _all(member, firms, "ListFirms", "firms")
        assert firm == whole_card
        portfolio = ask(member, investments, "GetPortfolio", name=held.fund)
        assert (portfolio.cost, portfolio.ledger_cost) == (seen.cost, seen.cost)
        requests = ask(member, indicators, "ListIndicatorRequests", parent=held.fund).requests
        assert {each.firm for each in requests} <= {held.firm}
        tie = [interest_pb2.INTEREST_KIND_ADVISER]
        ask(member, interests, "DeclareInterest", parent=deal, kinds=tie, text="担任过该企业顾问")
        for module, method, stated in closed:
            assert denial(member, module, method, **stated) == ("PERMISSION_DENIED", "RECUSED"), method
