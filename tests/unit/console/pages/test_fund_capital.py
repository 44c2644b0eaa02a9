"""What is put on record on a fund's page: read from the form, told on the page where it cannot be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money
from starlette.responses import PlainTextResponse, Response

from bole.funding.v1 import capital_pb2, capital_service_pb2
from services.chassis.rpc.failures import Failure
from services.console.pages import fund_capital
from services.console.web.visits import Visit
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from tests.unit.console.pages.visiting import Nobody, visit


class Ledger(Nobody):
    """A service that writes down what it was asked; `refuses`: and says no."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.asked: list[Any] = []
        self.refuses = refuses

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def _take(self, request: Any, **_: Any) -> None:
        self.asked.append(request)
        if self.refuses:
            raise FailedPrecondition(Text("超过认缴", "more than was subscribed"), reason="OVER")

    CreateCommitment = CreateCapitalCall = RecordReceipt = RecordFee = RecordDistribution = _take


def _sent(behind: Ledger, **form: str) -> Visit:
    found = replace(visit(form=form), backend=behind)
    found.request.scope["path_params"] = {"id": "f"}
    return found


def test_what_the_forms_say_is_what_is_asked() -> None:
    behind, paper = Ledger(), {"amount": "1000万", "document": "文件一号"}
    fund_capital.commit(
        _sent(behind, party_kind="SOCIAL_PRIVATE", party="某创投", signed_date="2026-05-01", **paper)
    )
    fund_capital.call(_sent(behind, due_date="2026-12-31", **paper))
    part = "funds/f/capitalCalls/c funds/f/commitments/m"
    fund_capital.receive(_sent(behind, part=part, received_date="2026-11-01", **paper))
    fund_capital.spend(_sent(behind, **paper))
    fund_capital.distribute(_sent(behind, kind="CAPITAL", **paper))
    commitment, call, receipt, fee, out = behind.asked
    assert commitment.parent == call.parent == fee.parent == out.parent == "funds/f"
    assert fee.amount == out.amount == receipt.amount
    assert out.kind == capital_service_pb2.RecordDistributionRequest.KIND_CAPITAL
    assert commitment.commitment.party_kind == capital_pb2.PARTY_KIND_SOCIAL_PRIVATE
    assert {each.amount.units for each in (commitment.commitment, call.capital_call, receipt)} == {10_000_000}
    assert (call.capital_call.due_date.year, call.capital_call.due_date.day) == (2026, 31)
    assert (receipt.name, receipt.commitment) == tuple(part.split())


def test_a_call_is_late_while_anything_of_it_is_owed_after_its_day() -> None:
    def call(received: int) -> capital_pb2.CapitalCall:
        amounts = [Money(currency_code="CNY", units=units) for units in (5, received)]
        part = capital_pb2.CapitalCallPart(
            commitment="funds/f/commitments/m", amount=amounts[0], received=amounts[1]
        )
        day = Date(year=2026, month=5, day=1)
        return capital_pb2.CapitalCall(name="funds/f/capitalCalls/c", due_date=day, parts=[part])

    on, after = (visit(now=datetime(2026, 5, day, 4, tzinfo=UTC)) for day in (1, 2))
    found = fund_capital.shown(after, [call(2), call(5)])
    assert [(each.late, each.parts[0].owed_fen) for each in found] == [(True, 300), (False, 0)]
    assert [each.late for each in fund_capital.shown(on, [call(2)])] == [False]
    assert found[0].parts[0].code == "funds/f/capitalCalls/c funds/f/commitments/m"


@pytest.mark.parametrize(
    ("act", "form", "field"),
    [
        (fund_capital.call, {"amount": "一些", "due_date": "2026-12-31"}, "amount"),
        (fund_capital.call, {"amount": "5", "due_date": "明天"}, "due_date"),
        (fund_capital.receive, {"amount": "5", "received_date": ""}, "received_date"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_field_and_not_asked(
    act: Callable[[Visit], None], form: dict[str, str], field: str
) -> None:
    behind = Ledger()
    with pytest.raises(InvalidArgument) as wrong:
        act(_sent(behind, **form))
    assert [each.field for each in wrong.value.violations] == [field]
    assert behind.asked == []


def test_what_is_refused_comes_back_on_the_page_of_the_fund() -> None:
    told: list[Failure] = []

    def again(_: Visit, failure: Failure) -> Response:
        told.append(failure)
        return PlainTextResponse("again")

    form = {"amount": "5", "due_date": "2026-12-31", "document": "文件"}
    handler = fund_capital.recording(fund_capital.call, again)
    assert handler(_sent(Ledger(refuses=True), **form)).body == b"again"
    assert [each.reason for each in told] == ["OVER"]
    assert handler(_sent(Ledger(), **form)).headers["location"] == "/funds/f?done=yes#capital"
