"""`bole fund commitments|ledger|look-through|leverage`: whose a fund's capital is, and where it is."""

from google.type.money_pb2 import Money as WireMoney

from bole.funding.v1 import capital_pb2, capital_service_pb2, capital_service_pb2_grpc
from services.chassis.rpc.wire import date_from_wire, instant_from_wire, money_from_wire
from services.cli.answers import wording
from services.cli.answers.amounts import amount
from services.cli.answers.columns import Column
from services.cli.funding.screening import list_funds
from services.cli.session import Session
from services.kernel.clock import civil_date
from services.kernel.money import Money
from services.kernel.text import Text
from services.wording import deals as said

_COMMITMENTS = (
    Column("kind", Text("出资人类型", "kind")),
    Column("party", Text("出资人", "party"), wraps=True),
    Column("amount", Text("认缴", "subscribed"), right=True, show=Money.rounded),
    Column("signed", Text("签署", "signed")),
    Column("document", Text("文件", "document"), wraps=True),
    Column("name", Text("编号", "resource"), whole=True),
)
_BALANCES = (
    Column("title", Text("科目", "account")),
    Column("account", Text("代码", "code")),
    Column("balance", Text("余额", "balance"), right=True, show=Money.rounded),
)
_JOURNALS = (
    Column("sequence", Text("序号", "no."), right=True),
    Column("act", Text("业务", "act")),
    Column("lines", Text("分录", "lines"), wraps=True),
    Column("about", Text("对象", "about"), whole=True),
    Column("actor", Text("经办", "by")),
    Column("day", Text("日期", "day")),
)
_ELIMINATIONS = (
    Column("investor", Text("出资基金", "subscribing fund"), wraps=True),
    Column("fund", Text("被投基金", "fund"), wraps=True),
    Column("amount", Text("重复计算", "counted twice"), right=True, show=Money.rounded),
)
_RATIOS = (
    Column("definition", Text("口径", "definition"), wraps=True),
    Column("value", Text("倍数", "times"), right=True),
    Column("numerator", Text("分子", "numerator"), right=True, show=Money.rounded),
    Column("denominator", Text("分母", "denominator"), right=True, show=Money.rounded),
    Column("source", Text("依据", "source")),
    Column("note", Text("说明", "note"), wraps=True),
)


def commitments(session: Session, fund: str) -> None:
    """Who subscribed."""
    found = stub(session).ListCommitments(capital_service_pb2.ListCommitmentsRequest(parent=fund))
    rows = [
        {
            "kind": party_word(session, each.party_kind),
            "party": each.party or each.investor_fund,
            "amount": money_from_wire(each.amount),
            "signed": date_from_wire(each.signed_date).isoformat(),
            "document": each.document,
            "name": each.name,
        }
        for each in found.commitments
    ]
    session.output.rows(Text("认缴", "commitments"), _COMMITMENTS, rows)
    _note(session, Text("尚未列明出资人", "of unnamed parties"), found.unattributed)


def ledger(session: Session, fund: str, limit: int) -> None:
    """Balances, whether they agree, and the newest journals."""
    found = stub(session).GetLedgerBalances(capital_service_pb2.GetLedgerBalancesRequest(name=fund))
    rows = [
        {
            "account": each.account,
            "title": wording.say(each.account_title, session.language),
            "balance": money_from_wire(each.balance),
        }
        for each in found.balances
    ]
    session.output.rows(Text("科目余额", "balances"), _BALANCES, rows)
    verdict = (
        Text("分录与余额逐分一致", "the ledger agrees with the balances to the fen")
        if found.agrees
        else Text("分录与余额不符，请运行 verify-ledger", "the ledger does not agree; run verify-ledger")
    )
    session.output.note(f"{verdict.to(session.language)} · {found.journal_count}")
    if session.output.for_people:
        _journals(session, fund, limit)


def look_through(session: Session, funds: list[str]) -> None:
    """Gross and net size with the lines between them."""
    names = {fund.name: fund.display_name for fund in list_funds(session)}
    found = stub(session).GetLookThrough(capital_service_pb2.GetLookThroughRequest(funds=funds))
    rows = [
        {
            "investor": names.get(each.investor_fund, each.investor_fund),
            "fund": names.get(each.fund, each.fund),
            "amount": money_from_wire(each.amount),
        }
        for each in found.eliminations
    ]
    session.output.rows(Text("基金间出资抵销", "commitments between the funds"), _ELIMINATIONS, rows)
    _note(session, Text("名义规模", "gross"), found.gross)
    _note(session, Text("穿透规模", "net"), found.net)


def leverage(session: Session, fund: str) -> None:
    """Three definitions side by side."""
    found = stub(session).GetLeverage(capital_service_pb2.GetLeverageRequest(name=fund))
    rows = [
        {
            "definition": said.LEVERAGE[each.definition].to(session.language),
            "value": each.value,
            "numerator": money_from_wire(each.numerator),
            "denominator": money_from_wire(each.denominator),
            "source": said.LEVERAGE_SOURCES[each.source].to(session.language)
            if each.source in said.LEVERAGE_SOURCES
            else each.source,
            "note": wording.say(each.note, session.language),
        }
        for each in found.ratios
    ]
    session.output.rows(Text("带动社会资本", "leverage of social capital"), _RATIOS, rows)


def _journals(session: Session, fund: str, limit: int) -> None:
    request = capital_service_pb2.ListJournalsRequest(parent=fund, page_size=limit)
    page = stub(session).ListJournals(request)
    rows = [
        {
            "sequence": each.sequence,
            "act": wording.say(each.act_title, session.language),
            "lines": [_line(line, session) for line in each.lines],
            "about": each.reference,
            "actor": each.actor,
            "day": civil_date(instant_from_wire(each.post_time)).isoformat(),
        }
        for each in page.journals
    ]
    session.output.rows(Text("最近分录", "newest journals"), _JOURNALS, rows)


def _line(line: capital_pb2.JournalLine, session: Session) -> str:
    return f"{wording.say(line.account_title, session.language)} {amount(line.amount, session.language)}"


def party_word(session: Session, kind: int) -> str:
    """The word for a kind of party."""
    name = capital_pb2.PartyKind.Name(kind).removeprefix("PARTY_KIND_")
    return said.PARTIES[name].to(session.language) if name in said.PARTIES else name


def _note(session: Session, label: Text, money: WireMoney) -> None:
    session.output.note(f"{label.to(session.language)} {amount(money, session.language)}")


def stub(session: Session) -> capital_service_pb2_grpc.CapitalServiceStub:
    """The capital of funds."""
    return capital_service_pb2_grpc.CapitalServiceStub(session.channel("funding"))
