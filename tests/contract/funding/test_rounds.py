"""RoundService: rounds with everybody in them; good requests and bad ones."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    capital_pb2,
    capital_service_pb2,
    capital_service_pb2_grpc,
    investment_service_pb2,
    investment_service_pb2_grpc,
    round_pb2,
    round_service_pb2,
    round_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.funding import rounds
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from tests.contract.installation import MANAGER, Installation, fields, refused, staff_token


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


@pytest.fixture
def stub(channel: grpc.Channel) -> Any:
    return round_service_pb2_grpc.RoundServiceStub(channel)


def held(channel: grpc.Channel, stub: Any) -> Any:
    """A holding whose round is not recorded."""
    service = investment_service_pb2_grpc.InvestmentServiceStub(channel)
    known = {
        (each.name.rpartition("/rounds/")[0], each.round)
        for each in stub.ListRounds(
            round_service_pb2.ListRoundsRequest(parent="firms/-", page_size=500)
        ).rounds
    }
    request = investment_service_pb2.ListInvestmentsRequest(filter="origin = SYNTHETIC", page_size=500)
    for each in service.ListInvestments(request).investments:
        if (each.firm, each.round) not in known:
            return each
    raise AssertionError("the rounds of all holdings are recorded")


def yuan(units: int) -> Money:
    return Money(currency_code="CNY", units=units)


def wanted(holding: Any, outside: int = 7_000_000, **changes: Any) -> round_service_pb2.CreateRoundRequest:
    given: dict[str, Any] = {
        "round": holding.round,
        "close_date": Date(year=2026, month=6, day=1),
        "total": yuan(holding.signed.units + outside),
        "participants": [
            round_pb2.RoundParticipant(
                party_kind=capital_pb2.PARTY_KIND_FUND, fund=holding.fund, amount=holding.signed, lead=True
            ),
            round_pb2.RoundParticipant(
                party_kind=capital_pb2.PARTY_KIND_SOCIAL_PRIVATE, party="某创投（演示）", amount=yuan(outside)
            ),
        ],
        "document": "增资协议（演示）",
    }
    return round_service_pb2.CreateRoundRequest(
        parent=holding.firm, round=round_pb2.FinancingRound(**{**given, **changes}), request_id=str(uuid4())
    )


def test_a_round_is_recorded_corrected_and_counts_for_leverage(channel: grpc.Channel, stub: Any) -> None:
    holding = held(channel, stub)
    before = outside_claimed(channel, holding.fund)
    request = wanted(holding)
    made = stub.CreateRound(request)
    assert stub.CreateRound(request) == made
    assert [(each.fund, each.outside.units) for each in made.claims] == [(holding.fund, 7_000_000)]
    assert stub.GetRound(round_service_pb2.GetRoundRequest(name=made.name)) == made
    assert made in stub.ListRounds(round_service_pb2.ListRoundsRequest(parent=holding.firm)).rounds
    taken = refused(stub.CreateRound, wanted(holding))
    assert (taken.code, taken.reason) == ("ALREADY_EXISTS", "ROUND_RECORDED")
    change = round_pb2.FinancingRound(name=made.name, etag=made.etag, total=yuan(1))
    mask = FieldMask(paths=["total"])
    update = round_service_pb2.UpdateRoundRequest(round=change, update_mask=mask)
    assert fields(refused(stub.UpdateRound, update)) == ["round.total"]
    change.CopyFrom(made)
    change.participants[1].amount.units = 9_000_000
    change.total.units = holding.signed.units + 9_000_000
    mask = FieldMask(paths=["total", "participants"])
    corrected = stub.UpdateRound(round_service_pb2.UpdateRoundRequest(round=change, update_mask=mask))
    assert (corrected.revision, corrected.outside.units) == (2, 9_000_000)
    stale = round_service_pb2.UpdateRoundRequest(round=change, update_mask=mask)
    assert refused(stub.UpdateRound, stale).reason == "STALE_ETAG"
    kept = stub.ListRoundRevisions(round_service_pb2.ListRoundRevisionsRequest(parent=made.name))
    assert list(kept.revisions) == [made, corrected]
    assert outside_claimed(channel, holding.fund) != before


def outside_claimed(channel: grpc.Channel, fund: str) -> int:
    stub = capital_service_pb2_grpc.CapitalServiceStub(channel)
    found = stub.GetLeverage(capital_service_pb2.GetLeverageRequest(name=fund))
    return next(int(each.numerator.units) for each in found.ratios if each.definition == "deal")


def test_what_cannot_be_true_of_a_round_is_named(channel: grpc.Channel, stub: Any) -> None:
    holding = held(channel, stub)
    short = refused(stub.CreateRound, wanted(holding, total=yuan(5)))
    assert (short.reason, fields(short)) == ("PARTS_DO_NOT_ADD_UP", ["round.total"])
    other = wanted(holding)
    other.round.participants[0].amount.units += 1
    other.round.total.units += 1
    assert refused(stub.CreateRound, other).reason == "FUND_AMOUNT_DIFFERS"
    nobody = wanted(holding, participants=[], total=yuan(5))
    assert refused(stub.CreateRound, nobody).code == "INVALID_ARGUMENT"
    nameless = wanted(holding)
    nameless.round.participants[1].party = ""
    assert fields(refused(stub.CreateRound, nameless)) == ["round.participants[1].party"]
    foreign = wanted(holding)
    foreign.round.participants[1].amount.currency_code = "USD"
    assert refused(stub.CreateRound, foreign).reason == "CURRENCY_MISMATCH"
    checked = wanted(holding)
    checked.validate_only = True
    made = stub.CreateRound(checked)
    gone = round_service_pb2.GetRoundRequest(name=made.name)
    assert refused(stub.GetRound, gone).code == "NOT_FOUND"
    revisions = round_service_pb2.ListRoundRevisionsRequest(parent="firms/x/circles/y")
    assert refused(stub.ListRoundRevisions, revisions).reason == "INVALID_NAME"
    listed = round_service_pb2.ListRoundsRequest(parent="firms/none")
    assert refused(stub.ListRounds, listed).code == "NOT_FOUND"


def test_a_round_of_another_city_is_not_recorded(
    whole: Installation, channel: grpc.Channel, stub: Any
) -> None:
    holding = held(channel, stub)
    with whole.channel("funding", Grant("fund_manager", city="nowhere")) as elsewhere:
        call = round_service_pb2_grpc.RoundServiceStub(elsewhere).CreateRound
        assert refused(call, wanted(holding)).reason == "CITY_NOT_GRANTED"


def test_rounds_on_the_command_line(
    whole: Installation,
    channel: grpc.Channel,
    stub: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    holding = held(channel, stub)
    session = Session(whole.settings, Output(Format.TABLE, "en"), token=staff_token(whole))
    parts = [f"{holding.fund}={holding.signed.units}", "SOCIAL_STATE:某国资=200万元"]
    rounds.record(
        session, holding.firm, holding.round, parts, "2026-06-01", "8000万元", "协议", check_only=False
    )
    listed = stub.ListRounds(round_service_pb2.ListRoundsRequest(parent=holding.firm)).rounds
    [made] = [each for each in listed if each.round == holding.round]
    assert made.name in capsys.readouterr().err
    rounds.show_list(session, holding.firm, 5)
    rounds.show_one(session, made.name)
    session.close()
    shown = capsys.readouterr().out
    assert "claimed" in shown
    with pytest.raises(InvalidArgument) as caught:
        rounds.participant("某创投=3", lead=False)
    assert caught.value.reason == "BAD_PARTICIPANT"
