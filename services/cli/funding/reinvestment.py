"""`bole fund cities`, `bole investment credit|credits`: local reinvestment, and what cities put in and got."""

from typing import Any
from uuid import uuid4

from bole.funding.v1 import reinvestment_pb2, reinvestment_service_pb2_grpc
from bole.funding.v1 import reinvestment_service_pb2 as service
from services.chassis.rpc.wire import instant_from_wire, money_from_wire, money_to_wire
from services.cli.answers import wording
from services.cli.answers.amounts import amount as shown
from services.cli.answers.columns import Column, tick
from services.cli.funding import investments
from services.cli.funding.screening import list_funds
from services.cli.session import Session
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.kernel.money import Money, parse_amount
from services.kernel.text import Text

TIMEOUT_SECONDS = 60.0
_BASES = {
    "BASIS_REGISTERED": Text("注册在本市", "registered there"),
    "BASIS_MOVED": Text("迁入本市", "moved there"),
    "BASIS_SUBSIDIARY": Text("设立子公司", "subsidiary there"),
    "BASIS_OTHER": Text("其他", "another ground"),
}
_FIGURES = ("subscribed", "called", "received", "invested", "credited")
_CITIES = (
    Column("city", Text("城市", "city")),
    Column("subscribed", Text("认缴", "subscribed"), right=True, show=Money.rounded),
    Column("called", Text("已通知缴款", "called"), right=True, show=Money.rounded),
    Column("received", Text("已到账", "received"), right=True, show=Money.rounded),
    Column("invested", Text("投资本市企业", "invested there"), right=True, show=Money.rounded),
    Column("firms", Text("企业", "firms"), right=True),
    Column("credited", Text("计入返投", "credited"), right=True, show=Money.rounded),
)
_TIES = (
    Column("title", Text("项目", "total")),
    Column("ledger", Text("总账", "ledger"), right=True, show=Money.rounded),
    Column("explained", Text("本表列明", "explained"), right=True, show=Money.rounded),
    Column(
        "unexplained",
        Text("期初带入及其他方", "brought along, other parties"),
        right=True,
        show=Money.rounded,
    ),
)
_ELIMINATIONS = (
    Column("investor", Text("出资基金", "subscribing fund"), wraps=True),
    Column("fund", Text("被投基金", "fund"), wraps=True),
    Column("amount", Text("抵销", "left out"), right=True, show=Money.rounded),
)
_CREDITS = (
    Column("sequence", Text("序号", "no."), right=True),
    Column("fund", Text("基金", "fund"), whole=True),
    Column("city", Text("城市", "city")),
    Column("amount", Text("计入", "counts"), right=True, show=Money.rounded),
    Column("basis", Text("理由", "because")),
    Column("in_force", Text("有效", "in force"), show=tick),
    Column("document", Text("文件", "document"), wraps=True),
    Column("day", Text("日期", "day")),
)


def show_cities(session: Session, funds: list[str]) -> None:
    """A line per city, the total, what is left out, and the ledger beside it."""
    found = _stub(session).GetCityReport(service.GetCityReportRequest(funds=funds), timeout=TIMEOUT_SECONDS)
    rows = [_city_row(each, wording.city(each.city_code, session.language)) for each in found.cities]
    rows.append(_city_row(found.total, Text("合计", "total").to(session.language)))
    session.output.rows(Text("各设区市出资、投资与返投", "cities: put in, invested, credited"), _CITIES, rows)
    if not session.output.for_people:
        return
    names = {fund.name: fund.display_name for fund in list_funds(session)}
    lines = [
        {
            "investor": names.get(each.investor_fund, each.investor_fund),
            "fund": names.get(each.fund, each.fund),
            "amount": money_from_wire(each.amount),
        }
        for each in found.eliminations
    ]
    session.output.rows(Text("基金间出资抵销", "commitments between the funds"), _ELIMINATIONS, lines)
    ties = [
        {
            "title": wording.say(each.title, session.language),
            **{name: money_from_wire(getattr(each, name)) for name in ("ledger", "explained", "unexplained")},
        }
        for each in found.ties
    ]
    session.output.rows(Text("与总账核对", "beside the ledger"), _TIES, ties)
    verdict = (
        Text("与总账逐分一致", "agrees with the ledger to the fen")
        if found.agrees
        else Text("与总账不符，请运行 verify-ledger", "does not agree with the ledger; run verify-ledger")
    )
    session.output.note(verdict.to(session.language))


def credit(
    session: Session,
    name: str,
    city: str,
    amount: str,
    document: str,
    basis: str,
    fund: str,
    *,
    check_only: bool,
) -> None:
    """Let an investment count for a city."""
    if f"BASIS_{basis.upper()}" not in _BASES:
        listed = ", ".join(each.removeprefix("BASIS_") for each in _BASES)
        raise InvalidArgument.field(
            "--basis", "UNKNOWN_CODE", f"理由应为：{listed}", f"state --basis as one of {listed}"
        )
    request = service.CreditReinvestmentRequest(
        parent=name,
        credit=reinvestment_pb2.ReinvestmentCredit(
            fund=fund or investments.get(session, name).fund,
            city_code=wording.place(city),
            amount=money_to_wire(parse_amount(amount, field="AMOUNT")),
            basis=f"BASIS_{basis.upper()}",
            document=document,
        ),
        request_id=str(uuid4()),
        validate_only=check_only,
    )
    made = _stub(session).CreditReinvestment(request, timeout=TIMEOUT_SECONDS)
    zh, en = (wording.city(made.city_code, language) for language in ("zh", "en"))
    session.output.say(
        Text(
            f"{name}：计入{zh}返投{shown(made.amount, 'zh')}",
            f"{name}: {shown(made.amount, 'en')} count for {en}",
        )
    )


def show_credits(session: Session, name: str) -> None:
    """Every credit of an investment."""
    request = service.ListReinvestmentCreditsRequest(parent=name)
    found = _stub(session).ListReinvestmentCredits(request, timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "sequence": each.sequence,
            "fund": each.fund,
            "city": wording.city(each.city_code, session.language),
            "amount": money_from_wire(each.amount),
            "basis": _BASES[reinvestment_pb2.ReinvestmentCredit.Basis.Name(each.basis)].to(session.language),
            "in_force": each.in_force,
            "document": each.document,
            "day": civil_date(instant_from_wire(each.create_time)).isoformat(),
        }
        for each in found.credits
    ]
    session.output.rows(Text(f"{name} 返投认定", f"local reinvestment of {name}"), _CREDITS, rows)


def _city_row(line: reinvestment_pb2.CityLine, name: str) -> dict[str, Any]:
    figures = {key: money_from_wire(getattr(line, key)) for key in _FIGURES}
    return {"city": name, **figures, "firms": line.firm_count, "city_code": line.city_code}


def _stub(session: Session) -> reinvestment_service_pb2_grpc.ReinvestmentServiceStub:
    return reinvestment_service_pb2_grpc.ReinvestmentServiceStub(session.channel("funding"))
