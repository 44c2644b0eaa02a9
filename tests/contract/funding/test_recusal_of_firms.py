"""A recusal is of the firm: lists leave it out, its other deals are closed with it, and a new word opens them."""

import re
from collections.abc import Iterator
from uuid import uuid4

import grpc
import pytest
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    deal_analysis_service_pb2,
    deal_analysis_service_pb2_grpc,
    deal_pb2,
    deal_service_pb2,
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    interest_service_pb2,
    investment_service_pb2,
    investment_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.console.gateway.bindings import methods_of
from tests.contract.funding.board import Board, seated
from tests.contract.funding.test_exporting import table, take
from tests.contract.funding.test_recusal import EQUITY, ROLES, about, first, pattern_of
from tests.contract.installation import Installation, refused
from tests.contract.talent.walking import call

CLOSED = ("PERMISSION_DENIED", "RECUSED")
LEFT = {"CreateFirmReport", "WithdrawFirmReport", "ReportFirmOutcome", "WithdrawFirmOutcome"}
"""What is for who speaks for the firm alone."""


@pytest.fixture
def board(whole: Installation) -> Iterator[Board]:
    with seated(whole) as made:
        yield made


@pytest.fixture
def tied(whole: Installation, board: Board) -> Iterator[tuple[str, grpc.Channel]]:
    """Somebody in every role of staff who has yet to declare."""
    who = f"tied-{uuid4().hex[:8]}"
    with whole.channel("funding", *map(Grant, ROLES), subject=who) as channel:
        board.channels[who] = channel
        yield who, channel


def firm_of(channel: grpc.Channel, name: str) -> firm_pb2.Firm:
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    found: firm_pb2.Firm = stub.GetFirm(firm_service_pb2.GetFirmRequest(name=name))
    return found


def reopened(board: Board, deal: deal_pb2.Deal) -> deal_pb2.Deal:
    """The deal declined and taken up again."""
    hand = deal_pb2.Deal()
    hand.CopyFrom(deal)
    decline = deal_service_pb2.DeclineDealRequest(name=deal.name, reason_code="TEAM")
    decline.command.etag, decline.command.reason = deal.etag, "团队不全"
    ended = board.deals("manager").DeclineDeal(decline)
    again = deal_service_pb2.ReopenDealRequest(name=deal.name, etag=ended.etag, reason="团队已补齐")
    made: deal_pb2.Deal = board.deals("manager").ReopenDeal(again)
    return made


def another(deal: deal_pb2.Deal) -> deal_pb2.Deal:
    """A further round of the same firm."""
    begun = Date(year=2026, month=6, day=1)
    ticket = Money(currency_code="CNY", units=3_000_000)
    return deal_pb2.Deal(fund=deal.fund, firm=deal.firm, round="测试轮", ticket=ticket, submitted_date=begun)


def test_lists_counts_and_files_leave_out_what_is_closed(
    board: Board, tied: tuple[str, grpc.Channel]
) -> None:
    who, channel = tied
    deal = first(board, "INVESTED")
    deals, screens = board.deals(who), screening_service_pb2_grpc.ScreeningServiceStub(channel)
    firms = firm_service_pb2_grpc.FirmServiceStub(channel)
    holdings = investment_service_pb2_grpc.InvestmentServiceStub(channel)

    def counts() -> dict[str, int]:
        of_firm = f'firm = "{deal.firm}"'
        return {
            "deals": deals.ListDeals(deal_service_pb2.ListDealsRequest(page_size=1)).total_size,
            "screened": screens.ScreenDeals(
                screening_service_pb2.ScreenDealsRequest(fund=deal.fund, page_size=1)
            ).total_size,
            "firms": firms.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=1)).total_size,
            "held": holdings.ListInvestments(
                investment_service_pb2.ListInvestmentsRequest(filter=of_firm)
            ).total_size,
            "exported": len(table(take(channel, sheet="deals", filter=of_firm)[1], "项目")),
            "screening exported": len(
                table(take(channel, sheet="deals", fund=deal.fund, filter=of_firm)[1], "项目")
            ),
            "firms exported": take(channel, sheet="firms")[0].row_count,
        }

    before = counts()
    assert firm_of(channel, deal.firm).HasField("snapshot")
    board.declare(who, deal, EQUITY, text="持有其股东的份额")
    after = counts()
    assert {name for name in before if after[name] < before[name]} == set(before)
    shown = deals.GetDeal(deal_service_pb2.GetDealRequest(name=deal.name))
    assert (shown.HasField("ticket"), bool(shown.public_status.zh), shown.firm) == (False, True, deal.firm)
    card = firm_of(channel, deal.firm)
    assert card.display_name
    assert not card.HasField("snapshot")
    request = deal_analysis_service_pb2.CompareDealsRequest(names=[first(board, "SCREENING").name, deal.name])
    failure = refused(deal_analysis_service_pb2_grpc.DealAnalysisServiceStub(channel).CompareDeals, request)
    assert (failure.code, failure.reason) == CLOSED


def test_a_deal_that_is_taken_up_again_is_closed_until_a_new_word(
    board: Board, tied: tuple[str, grpc.Channel]
) -> None:
    who, channel = tied
    deal = first(board, "SCREENING")
    board.declare(who, deal, EQUITY, text="持有其股东的份额")
    again = reopened(board, deal)
    actions = deal_service_pb2.ListDealActionsRequest(name=again.name)
    failure = refused(board.deals(who).ListDealActions, actions)
    assert (failure.code, failure.reason) == CLOSED
    asked = interest_service_pb2.ListInterestsRequest(parent=again.name)
    assert not board.interests(who).ListInterests(asked).interests, "nobody has declared on it yet"
    failure = refused(board.deals(who).CreateDeal, deal_service_pb2.CreateDealRequest(deal=another(again)))
    assert (failure.code, failure.reason) == CLOSED
    board.declare(who, again)
    assert board.deals(who).ListDealActions(actions).actions
    assert firm_of(channel, again.firm).HasField("snapshot"), "the last word is that there is no tie"


def test_no_method_changes_anything_of_the_firm(board: Board, tied: tuple[str, grpc.Channel]) -> None:
    who, channel = tied
    deal = first(board, "IC_INTERNAL")
    board.declare(who, deal, EQUITY, text="持有其股东的份额")
    said = {}
    for method in methods_of("funding"):
        if method.name in LEFT or not re.search(r"\bfirms/\*", pattern_of(method)):
            continue
        request = about(method, {"firms/*": deal.firm})
        if method.name == "CreateIndicatorReport":
            request.report.period, request.report.document = "2026Q2", "季报"
        elif method.name == "AnswerIndicatorAlert":
            request.code, request.period = "RUNWAY_SHORT", "2026Q2"
        failure = refused(lambda asked, of=method: call(channel, of, asked), request)
        said[method.name] = (failure.code, failure.reason)
    assert {name: each for name, each in said.items() if each != CLOSED} == {}
    assert len(said) > 10
