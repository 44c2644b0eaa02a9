"""`bole investment …`, `bole fund portfolio|ledger`, `bole deal history` against a running house, in both languages."""

import json
from collections.abc import Callable

import pytest

from bole.funding.v1 import deal_action_pb2, investment_service_pb2
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.funding import capital, deals, investment_steps, investments
from services.cli.funding.investment_steps import Stated
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language
from tests.contract.installation import Installation, staff_token

Show = Callable[[Session], None]


def opened(whole: Installation, form: Format, language: Language) -> Session:
    return Session(whole.settings, Output(form, language), token=staff_token(whole))


def one(session: Session) -> tuple[str, str]:
    """A holding of the sample and its fund."""
    request = investment_service_pb2.ListInvestmentsRequest(
        filter="state = ACTIVE AND origin = SYNTHETIC", order_by="close_date"
    )
    held = investments.stub(session).ListInvestments(request).investments[0]
    return held.name, held.fund


COMMANDS: dict[str, tuple[Show, str, str]] = {
    "list": (lambda s: investments.show_list(s, "", "", 5), "在投", "held"),
    "show": (lambda s: investments.show_one(s, one(s)[0]), "已付", "paid"),
    "actions": (lambda s: investments.show_actions(s, one(s)[0]), "列入关注", "put on watch"),
    "history": (lambda s: investments.show_history(s, one(s)[0]), "首期出资", "first payment"),
    "marks": (lambda s: investments.show_marks(s, one(s)[0]), "估值", "valuations"),
    "portfolio": (lambda s: investments.show_portfolio(s, one(s)[1]), "与总账逐分一致", "to the fen"),
    "ledger": (lambda s: capital.ledger(s, one(s)[1], 5), "银行存款", "subscribed capital"),
    "leverage": (
        lambda s: capital.leverage(s, one(s)[1]),
        "每一元只由一只基金计入",
        "each yuan for one fund only",
    ),
    "deal history": (
        lambda s: deals.show_history(s, one(s)[0].replace("investments", "deals")),
        "历史项目导入",
        "source document",
    ),
}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_speaks_both_languages(
    whole: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    show, zh, en = COMMANDS[name]
    languages: tuple[tuple[Language, str], ...] = (("zh", zh), ("en", en))
    for language, word in languages:
        session = opened(whole, Format.TABLE, language)
        show(session)
        session.close()
        assert word in capsys.readouterr().out


def test_machines_get_codes_and_exact_amounts(
    whole: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    session = opened(whole, Format.JSON, "zh")
    capital.ledger(session, one(session)[1], 5)
    session.close()
    rows = json.loads(capsys.readouterr().out)
    assert {"account", "title", "balance"} <= set(rows[0])
    assert "CASH" in {row["account"] for row in rows}


def test_a_step_is_checked_and_taken(whole: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    session = opened(whole, Format.TABLE, "zh")
    name, _ = one(session)
    for check_only, word in ((True, "仅检查"), (False, "关注")):
        investment_steps.move(session, name, "FLAG", Stated(), "延期交付", [], check_only=check_only)
        assert word in capsys.readouterr().err
    investment_steps.move(session, name, "RESTORE", Stated(), "已交付", [], check_only=False)
    session.close()


@pytest.mark.parametrize(
    ("rpc", "stated", "field"),
    [
        ("MarkInvestment", Stated(amount="很多", on="2026-06-30", by="COST"), "--amount"),
        ("MarkInvestment", Stated(amount="1万", on="昨天", by="COST"), "--on"),
        ("MarkInvestment", Stated(amount="1万", on="2026-06-30", by="GUESS"), "--by"),
        ("RecordExit", Stated(amount="1万", by=""), "--by"),
    ],
)
def test_what_cannot_be_read_is_named(rpc: str, stated: Stated, field: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        investment_steps.request_of(rpc, "investments/x", deal_action_pb2.DealCommand(), stated)
    assert [each.field for each in caught.value.violations] == [field]


def test_a_payment_is_read() -> None:
    made = investment_steps.tranche("200万元:样机通过检测@2027-06-30")
    assert (made.amount.units, made.milestone, made.due_date.year) == (2_000_000, "样机通过检测", 2027)
