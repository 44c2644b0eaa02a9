"""`bole deal screen`: one fund's deal flow by its mandate, with what speaks for and against each deal."""

from datetime import date
from typing import Any

from bole.common.v1 import facet_pb2
from bole.funding.v1 import fund_pb2, fund_service_pb2, fund_service_pb2_grpc
from bole.funding.v1 import screening_pb2 as screening
from bole.funding.v1 import screening_service_pb2 as service
from bole.funding.v1 import screening_service_pb2_grpc as service_grpc
from services.chassis.rpc.wire import date_from_wire, date_to_wire, money_from_wire
from services.cli.answers import wording
from services.cli.answers.amounts import amount
from services.cli.answers.columns import Column, number, tick
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.money import Money
from services.kernel.text import Language, Text, counted
from services.wording import codes
from services.wording.rounds import round_name

Outcome = screening.CheckResult.Outcome
_COLUMNS = (
    Column("deal", Text("企业与轮次", "firm and round"), wraps=True),
    Column("state", Text("状态", "state")),
    Column("ticket", Text("拟投", "ticket"), right=True, show=Money.rounded),
    Column("eligible", Text("合规", "ok"), show=tick),
    Column("composite", Text("综合", "score"), right=True, show=number(0)),
    Column("early", Text("早", "early"), right=True, show=number(0)),
    Column("small", Text("小", "small"), right=True, show=number(0)),
    Column("long", Text("长", "long"), right=True, show=number(0)),
    Column("hard", Text("硬", "hard"), right=True, show=number(0)),
    Column("for", Text("支持理由", "for"), wraps=True),
    Column("against", Text("反对理由", "against"), wraps=True),
)
_ID = Column("id", Text("编号", "resource"), whole=True)
_FACETS = ("state", "industry_code", "blocking")
_FACET_VALUES = 6
_REASONS_SHOWN = 2


def list_funds(session: Session) -> list[fund_pb2.Fund]:
    """All funds the caller may see, at most 500."""
    stub = fund_service_pb2_grpc.FundServiceStub(session.channel("funding"))
    return list(stub.ListFunds(fund_service_pb2.ListFundsRequest(page_size=500), timeout=30).funds)


def screen_one(session: Session, name: str) -> screening.ScreenedDeal:
    """One deal as its fund's mandate sees it today."""
    stub = service_grpc.ScreeningServiceStub(session.channel("funding"))
    return stub.ScreenDeal(service.ScreenDealRequest(name=name), timeout=60)


def screen(
    session: Session,
    fund: str,
    filter_: str = "",
    order_by: str = "",
    limit: int = 10,
    facets: tuple[str, ...] = (),
    day: date | None = None,
    *,
    with_steps: bool = False,
    of_each_state: int = 0,
) -> service.ScreenDealsResponse:
    """One fund's deals, best first; as of `day`, or today; each with its steps if these are wanted.
    `of_each_state`: so many of each state beside them.
    """
    stub = service_grpc.ScreeningServiceStub(session.channel("funding"))
    request = service.ScreenDealsRequest(
        fund=fund,
        filter=filter_,
        order_by=order_by,
        page_size=limit,
        facets=facets,
        as_of_date=date_to_wire(day) if day else None,
        with_transitions=with_steps,
        state_size=of_each_state,
    )
    return stub.ScreenDeals(request, timeout=60)


def busiest(session: Session, funds: list[fund_pb2.Fund]) -> fund_pb2.Fund | None:
    """The fund with the most deals; None if no fund has one."""
    sizes = [(screen(session, fund.name, limit=1).total_size, fund) for fund in funds]
    size, fund = max(sizes, key=lambda pair: pair[0], default=(0, None))
    return fund if size else None


def show_fund(
    session: Session,
    name: str,
    filter_: str,
    order_by: str,
    limit: int,
    facets: tuple[str, ...] = (),
    day: date | None = None,
) -> None:
    """One fund's deals and what they have in common; without a name, those of the fund with the most deals.

    Raises InvalidArgument (NO_FUND, NO_DEAL) when there is nothing to screen.
    """
    fund = chosen(session, name)
    answer = screen(session, fund.name, filter_, order_by, limit, facets or _FACETS, day)
    total, called = answer.total_ticket, fund.display_name or fund.name
    title = Text(
        f"{called}：{answer.total_size} 个项目，合计拟投 {amount(total, 'zh')}",
        f"{called}: {counted(answer.total_size, 'deal')}, {amount(total, 'en')} asked",
    )
    show(session, list(answer.deals), title, ids=True)
    day = date_from_wire(answer.as_of_date)
    revision = answer.mandate_revision or "—"
    basis = Text(f"判断日 {day}，投资规则第 {revision} 版", f"as of {day}, mandate revision {revision}")
    session.output.note(basis.to(session.language))
    if answer.HasField("note"):
        session.output.note(wording.say(answer.note, session.language))
    for facet in (each for each in answer.facets if each.values):
        session.output.note(_facet(facet, session.language))


def chosen(session: Session, name: str) -> fund_pb2.Fund:
    """A fund by its resource name, the one with the most deals for none. Raises InvalidArgument (NO_FUND, NO_DEAL)."""
    funds = list_funds(session)
    known = next((each for each in funds if each.name == name), fund_pb2.Fund(name=name))
    return known if name else _some(session, funds)


def _some(session: Session, funds: list[fund_pb2.Fund]) -> fund_pb2.Fund:
    found = busiest(session, funds)
    if found is None:
        reason, zh, en = (
            ("NO_DEAL", "各基金都还没有项目，请先导入", "no fund has a deal yet; import some first")
            if funds
            else ("NO_FUND", "还没有基金，请先导入", "there is no fund; import one first")
        )
        raise InvalidArgument.field("--fund", reason, zh, en)
    return found


def _facet(facet: facet_pb2.Facet, language: Language) -> str:
    """The most frequent values, with their numbers and what they ask together."""
    parts = []
    held = [each for each in facet.values if each.count or not each.HasField("count")]
    for value in held[:_FACET_VALUES]:
        count = str(value.count) if value.HasField("count") else "<5"
        asked = f"（{Money(value.sum_fen).rounded(language)}）" if value.HasField("sum_fen") else ""
        named = value.title if value.HasField("title") else None
        called = wording.say(named, language) if named else wording.facet(facet.field, value.value, language)
        parts.append(f"{called} {count}{asked}")
    more = len(held) - _FACET_VALUES
    tail = f" · +{more}" if more > 0 else ""
    return f"{codes.FACETS[facet.field].to(language)}: {' · '.join(parts)}{tail}"


def show(session: Session, deals: list[screening.ScreenedDeal], title: Text, *, ids: bool = False) -> None:
    """Screened deals, one row each; with `ids`, how the other commands name them."""
    rows = [row(deal, session.language) for deal in deals]
    session.output.rows(title, (*_COLUMNS, _ID) if ids else _COLUMNS, rows)


def called(screened: screening.ScreenedDeal) -> Text:
    """What people call a deal: its firm and its round."""
    firm, round_ = screened.firm.display_name, screened.deal.round
    return Text(f"{firm} {round_}", f"{firm} {round_name(round_, 'en')}")


def row(screened: screening.ScreenedDeal, language: Language) -> dict[str, Any]:
    """A screened deal under the keys of the columns."""
    deal = screened.deal
    scores = {each.code.lower(): each.value if each.HasField("value") else None for each in screened.scores}
    return {
        "id": deal.name,
        "deal": called(screened).to(language),
        "state": wording.deal_state(type(deal).State.Name(deal.state), language),
        "ticket": money_from_wire(deal.ticket),
        "eligible": screened.eligible,
        "composite": screened.composite if screened.HasField("composite") else None,
        **scores,
        "for": [wording.say(each, language) for each in screened.reasons_for[:_REASONS_SHOWN]],
        "against": [wording.say(each, language) for each in screened.reasons_against[:_REASONS_SHOWN]],
        "origin": wording.origin(deal.origin),
    }


def facts(screened: screening.ScreenedDeal) -> dict[str, Any]:
    """A screened deal as the demonstration's JSON has it."""
    return {
        "deal": screened.deal.name,
        "firm": screened.firm.display_name,
        "eligible": screened.eligible,
        "composite": screened.composite if screened.HasField("composite") else None,
        "checks": [
            {
                "code": check.code,
                "outcome": Outcome.Name(check.outcome).removeprefix("OUTCOME_"),
                "observed": check.observed.zh,
                "limit": check.limit.zh,
            }
            for check in screened.checks
        ],
        "scores": [
            {
                "code": score.code,
                "value": score.value if score.HasField("value") else None,
                "coverage": score.coverage,
                "gate": Outcome.Name(score.gate).removeprefix("OUTCOME_"),
            }
            for score in screened.scores
        ],
        "reasons_for": [each.zh for each in screened.reasons_for],
        "reasons_against": [each.zh for each in screened.reasons_against],
    }
