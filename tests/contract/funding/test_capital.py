"""CapitalService: whose a fund's capital is, what has come in, and the ledger; good requests and bad ones."""

from collections.abc import Iterator
from datetime import UTC, datetime
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
    fund_pb2,
    fund_service_pb2,
    fund_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.installation import MANAGER, Installation, fields, refused

FINANCE = Grant("finance")
DAY = Date(year=2026, month=6, day=1)


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER, FINANCE) as opened:
        yield opened


@pytest.fixture
def stub(channel: grpc.Channel) -> Any:
    return capital_service_pb2_grpc.CapitalServiceStub(channel)


@pytest.fixture
def funds(channel: grpc.Channel) -> dict[str, fund_pb2.Fund]:
    """The funds of the sample by name."""
    listed = fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(fund_service_pb2.ListFundsRequest())
    return {fund.display_name[:2]: fund for fund in listed.funds}


def yuan(units: int) -> Money:
    return Money(currency_code="CNY", units=units)


def commitment(**changes: Any) -> capital_pb2.Commitment:
    given: dict[str, Any] = {
        "party_kind": capital_pb2.PARTY_KIND_SOCIAL_PRIVATE,
        "party": "演示出资人",
        "amount": yuan(1_000_000),
        "signed_date": DAY,
        "document": "认缴协议（演示）",
        "new_capital": True,
    }
    return capital_pb2.Commitment(**{**given, **changes})


def subscribe(parent: str, **changes: Any) -> capital_service_pb2.CreateCommitmentRequest:
    return capital_service_pb2.CreateCommitmentRequest(
        parent=parent, commitment=commitment(**changes), request_id=str(uuid4())
    )


def test_capital_is_subscribed_called_and_received(
    channel: grpc.Channel, stub: Any, funds: dict[str, fund_pb2.Fund]
) -> None:
    fund = funds["常州"]
    before = balances(stub, fund.name)
    request = subscribe(fund.name)
    made = stub.CreateCommitment(request)
    assert stub.CreateCommitment(request) == made
    listed = stub.ListCommitments(capital_service_pb2.ListCommitmentsRequest(parent=fund.name))
    assert made in listed.commitments
    call = stub.CreateCapitalCall(
        capital_service_pb2.CreateCapitalCallRequest(
            parent=fund.name,
            capital_call=capital_pb2.CapitalCall(amount=yuan(600_000), due_date=DAY, document="缴款通知"),
        )
    )
    assert sum(part.amount.units for part in call.parts) == 600_000
    [part] = [each for each in call.parts if each.commitment == made.name]
    receipt = capital_service_pb2.RecordReceiptRequest(
        name=call.name,
        commitment=made.name,
        amount=part.amount,
        received_date=DAY,
        document="银行回单",
        request_id=str(uuid4()),
    )
    paid = stub.RecordReceipt(receipt)
    assert stub.RecordReceipt(receipt) == paid
    assert [each.received for each in paid.parts if each.commitment == made.name] == [part.amount]
    twice = refused(stub.RecordReceipt, receipt_again(receipt, "〔银行 回单〕"))
    assert (twice.code, twice.reason) == ("ALREADY_EXISTS", "RECEIPT_RECORDED")
    over = refused(stub.RecordReceipt, receipt_again(receipt, "另一张回单"))
    assert (over.code, over.reason) == ("FAILED_PRECONDITION", "RECEIPT_EXCEEDS_CALL")
    after = balances(stub, fund.name)
    assert after["CASH"] - before["CASH"] == part.amount.units
    assert after["UNCALLED"] - before["UNCALLED"] == 1_000_000 - part.amount.units
    assert after["FREE"] - before["FREE"] == 1_000_000
    now = fund_service_pb2_grpc.FundServiceStub(channel).GetFund(
        fund_service_pb2.GetFundRequest(name=fund.name)
    )
    assert now.paid_in.units - fund.paid_in.units == part.amount.units
    calls = stub.ListCapitalCalls(capital_service_pb2.ListCapitalCallsRequest(parent=fund.name))
    assert paid in calls.capital_calls


def receipt_again(
    request: capital_service_pb2.RecordReceiptRequest, document: str
) -> capital_service_pb2.RecordReceiptRequest:
    other = capital_service_pb2.RecordReceiptRequest()
    other.CopyFrom(request)
    other.request_id, other.document = str(uuid4()), document
    return other


def balances(stub: Any, name: str) -> dict[str, int]:
    """Yuan by account; the ledger must agree."""
    found = stub.GetLedgerBalances(capital_service_pb2.GetLedgerBalancesRequest(name=name))
    assert found.agrees
    assert all(each.balance == each.ledger for each in found.balances)
    return {each.account: each.balance.units for each in found.balances}


def test_funds_are_found_by_when_their_capital_moved(
    channel: grpc.Channel, stub: Any, funds: dict[str, fund_pb2.Fund]
) -> None:
    moment = datetime.now(UTC).isoformat()
    request = fund_service_pb2.ListFundsRequest(filter=f'update_time > "{moment}"')
    listing = fund_service_pb2_grpc.FundServiceStub(channel)
    assert not listing.ListFunds(request).funds
    stub.CreateCommitment(subscribe(funds["常州"].name))
    assert [each.name for each in listing.ListFunds(request).funds] == [funds["常州"].name]


def test_fees_and_distributions_leave_the_bank(stub: Any, funds: dict[str, fund_pb2.Fund]) -> None:
    fund = funds["南京"]
    before = balances(stub, fund.name)
    fee = capital_service_pb2.RecordFeeRequest(
        parent=fund.name, amount=yuan(1000), document="发票", request_id=str(uuid4())
    )
    posted = stub.RecordFee(fee)
    assert stub.RecordFee(fee) == posted
    kind: Any
    for kind in (1, 2):
        stub.RecordDistribution(
            capital_service_pb2.RecordDistributionRequest(
                parent=fund.name, kind=kind, amount=yuan(10), document="分配决议"
            )
        )
    after = balances(stub, fund.name)
    moved = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert moved == {"CASH": -1020, "FEES": 1000, "DISTRIBUTED": 10, "RETURNED_TO_LP": 10}
    page = stub.ListJournals(capital_service_pb2.ListJournalsRequest(parent=fund.name, page_size=2))
    assert [each.act for each in page.journals] == ["RETURN_CAPITAL", "DISTRIBUTE"]
    rest = stub.ListJournals(
        capital_service_pb2.ListJournalsRequest(
            parent=fund.name, page_size=2, page_token=page.next_page_token
        )
    )
    assert rest.journals[0] == posted
    assert [line.amount.units for line in posted.lines] == [-1000, 1000]
    over = refused(
        stub.RecordFee,
        capital_service_pb2.RecordFeeRequest(parent=fund.name, amount=yuan(10**12), document="发票"),
    )
    assert (over.code, over.reason) == ("FAILED_PRECONDITION", "INSUFFICIENT_CASH")


def test_a_fund_of_funds_is_seen_through(stub: Any, funds: dict[str, fund_pb2.Fund]) -> None:
    """“省战新基金群总规模是多少？”“财政1元带动了多少社会资本？”"""
    mother, city, sub = funds["江苏"], funds["苏州"], funds["沿海"]
    names = [fund.name for fund in (mother, city, sub)]
    for investor, fund in ((mother, city), (city, sub)):
        stub.CreateCommitment(
            subscribe(
                fund.name,
                party_kind=capital_pb2.PARTY_KIND_FUND,
                party="",
                investor_fund=investor.name,
                new_capital=False,
            )
        )
    seen = stub.GetLookThrough(capital_service_pb2.GetLookThroughRequest(funds=names))
    assert seen.fund_count == 3
    assert seen.gross.units - seen.net.units == 2_000_000
    assert [each.fund for each in seen.eliminations] == [city.name, sub.name]
    whole = stub.GetLookThrough(capital_service_pb2.GetLookThroughRequest())
    assert whole.gross.units - whole.net.units == 2_000_000
    circle = refused(
        stub.CreateCommitment,
        subscribe(
            mother.name,
            party_kind=capital_pb2.PARTY_KIND_FUND,
            party="",
            investor_fund=sub.name,
            new_capital=False,
        ),
    )
    assert (circle.code, circle.reason) == ("FAILED_PRECONDITION", "FUND_CYCLE")
    ratios = stub.GetLeverage(capital_service_pb2.GetLeverageRequest(name=city.name)).ratios
    assert [each.definition for each in ratios] == ["fund", "social", "deal"]
    assert (ratios[0].numerator, ratios[0].denominator) == (city.size, city.government_subscribed)
    assert ratios[0].source == "stated"
    assert ratios[0].value == "2.50"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"party_kind": 0}, "commitment.party_kind"),
        ({"party_kind": 99}, "commitment.party_kind"),
        ({"amount": None}, "commitment.amount"),
        ({"amount": yuan(0)}, "commitment.amount"),
        ({"amount": yuan(-5)}, "commitment.amount"),
        ({"amount": Money(currency_code="USD", units=5)}, "commitment.amount"),
        ({"amount": Money(currency_code="CNY", units=5, nanos=1)}, "commitment.amount"),
        ({"signed_date": Date(year=2026, month=2, day=30)}, "commitment.signed_date"),
        ({"signed_date": Date(year=2150, month=1, day=1)}, "commitment.signed_date"),
        ({"document": ""}, "commitment.document"),
        ({"party": ""}, "commitment.party"),
        ({"party": "a\x00b"}, "commitment.party"),
        ({"investor_fund": "funds/x"}, "commitment.investor_fund"),
        ({"party_kind": 8}, "commitment.investor_fund"),
        ({"investor_fund": "firms/x"}, "commitment.investor_fund"),
    ],
)
def test_a_wrong_commitment_is_named(
    stub: Any, funds: dict[str, fund_pb2.Fund], changes: dict[str, Any], field: str
) -> None:
    failure = refused(stub.CreateCommitment, subscribe(funds["常州"].name, **changes))
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith(field) for each in fields(failure)), failure


def test_what_is_refused_says_why(stub: Any, funds: dict[str, fund_pb2.Fund]) -> None:
    fund = funds["无锡"].name
    excess = refused(stub.CreateCommitment, subscribe(fund, amount=yuan(10**12), new_capital=False))
    assert (excess.code, excess.reason) == ("FAILED_PRECONDITION", "COMMITMENTS_EXCEED_SIZE")
    mother = {"party_kind": capital_pb2.PARTY_KIND_FUND, "party": "", "investor_fund": funds["江苏"].name}
    larger = refused(stub.CreateCommitment, subscribe(fund, amount=yuan(10**12), **mother))
    assert (larger.code, larger.reason) == ("FAILED_PRECONDITION", "SUBSCRIPTIONS_EXCEED_SIZE")
    assert "自身规模" in larger.text.zh
    assert "its own size" in larger.text.en
    free = funds["江苏"].headroom.units
    beyond = refused(stub.CreateCommitment, subscribe(fund, amount=yuan(free + 10), **mother))
    assert (beyond.code, beyond.reason) == ("FAILED_PRECONDITION", "SUBSCRIPTIONS_EXCEED_HEADROOM")
    assert "可用额度" in beyond.text.zh
    assert "may still invest" in beyond.text.en
    call = capital_service_pb2.CreateCapitalCallRequest(
        parent=fund,
        capital_call=capital_pb2.CapitalCall(amount=yuan(10**12), due_date=DAY, document="通知"),
    )
    assert refused(stub.CreateCapitalCall, call).reason == "AMOUNT_EXCEEDS_UNCALLED"
    nothing = capital_service_pb2.RecordDistributionRequest(parent=fund, amount=yuan(1), document="x")
    assert fields(refused(stub.RecordDistribution, nothing)) == ["kind"]
    receipt = capital_service_pb2.RecordReceiptRequest(
        name=f"{fund}/capitalCalls/none",
        commitment=f"{fund}/commitments/none",
        amount=yuan(1),
        received_date=DAY,
        document="回单",
    )
    assert refused(stub.RecordReceipt, receipt).code == "NOT_FOUND"
    receipt.name = "capitalCalls/none"
    assert refused(stub.RecordReceipt, receipt).reason == "INVALID_NAME"


@pytest.mark.parametrize(
    "method",
    [
        "ListCommitments",
        "CreateCommitment",
        "ListCapitalCalls",
        "CreateCapitalCall",
        "RecordReceipt",
        "RecordFee",
        "RecordDistribution",
        "ListJournals",
        "GetLedgerBalances",
        "GetLeverage",
    ],
)
def test_an_empty_request_names_what_is_missing(stub: Any, method: str) -> None:
    failure = refused(getattr(stub, method), getattr(capital_service_pb2, f"{method}Request")())
    assert failure.code == "INVALID_ARGUMENT"
    assert fields(failure)


@pytest.mark.parametrize("method", ["ListCommitments", "ListCapitalCalls", "ListJournals"])
def test_a_fund_that_is_not_there(stub: Any, method: str) -> None:
    request = getattr(capital_service_pb2, f"{method}Request")(parent="funds/none")
    assert refused(getattr(stub, method), request).code == "NOT_FOUND"


def test_only_those_who_keep_the_money_may_move_it(whole: Installation) -> None:
    with whole.channel("funding", Grant("fund_analyst")) as opened:
        stub = capital_service_pb2_grpc.CapitalServiceStub(opened)
        denied = refused(stub.CreateCommitment, subscribe("funds/none"))
    assert (denied.code, denied.reason) == ("PERMISSION_DENIED", "ROLE_MISSING")


def test_a_grant_ends_at_its_city(whole: Installation, funds: dict[str, fund_pb2.Fund]) -> None:
    with whole.channel("funding", Grant("finance", city="wuxi")) as opened:
        stub = capital_service_pb2_grpc.CapitalServiceStub(opened)
        denied = refused(stub.CreateCommitment, subscribe(funds["南京"].name))
    assert (denied.code, denied.reason) == ("PERMISSION_DENIED", "CITY_NOT_GRANTED")
    with whole.channel("funding", MANAGER) as opened:
        token = capital_service_pb2_grpc.CapitalServiceStub(opened)
        wrong = capital_service_pb2.ListJournalsRequest(parent=funds["南京"].name, page_token="forged")
        assert refused(token.ListJournals, wrong).code == "INVALID_ARGUMENT"
        unknown = capital_service_pb2.GetLookThroughRequest(funds=["funds/none"])
        assert refused(token.GetLookThrough, unknown).code == "NOT_FOUND"
