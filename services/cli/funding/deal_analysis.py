"""`bole deal show|simulate|compare|why|funnel|method`, `bole fund headroom`."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from bole.funding.v1 import deal_analysis_pb2, deal_analysis_service_pb2_grpc
from bole.funding.v1 import deal_analysis_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, date_to_wire, money_from_wire, money_to_wire
from services.cli.answers import wording
from services.cli.answers.amounts import amount
from services.cli.answers.columns import Column, number, tick
from services.cli.funding.compliance import CHECKS, check_rows
from services.cli.funding.screening import called, row, screen_one, show
from services.cli.session import Session
from services.kernel.clock import civil_date
from services.kernel.money import Money, parse_amount
from services.kernel.text import Language, Text, counted
from services.wording.chances import share_in_hundredths

TIMEOUT_SECONDS = 60.0
_YEAR = timedelta(days=365)
_LANGUAGES: tuple[Language, Language] = ("zh", "en")
_QUOTAS = (
    Column("title", Text("额度", "quota"), wraps=True),
    Column("before", Text("现状", "now"), right=True),
    Column("after", Text("之后", "after"), right=True),
    Column("limit", Text("限额", "limit"), right=True),
    Column("left", Text("之后余量", "left after"), right=True, show=Money.rounded),
    Column("holds", Text("达标", "holds"), show=tick),
    Column("bites", Text("起约束日", "bites from")),
    Column("citation", Text("依据", "citation"), wraps=True),
    Column("firm", Text("所据企业", "measured by"), whole=True),
)
_ALTERNATIVES = (
    Column("title", Text("可行方案", "what would be legal"), wraps=True),
    Column("ticket", Text("金额", "ticket"), right=True, show=Money.rounded),
    Column("blocking", Text("仍未过", "still stopped by"), wraps=True),
    Column("fund", Text("基金", "fund"), whole=True),
)
_DIFFERENCES = (
    Column("score", Text("得分项", "score")),
    Column("title", Text("指标", "input")),
    Column("value", Text("本项目", "this deal"), wraps=True),
    Column("other", Text("对比项目", "the other"), wraps=True),
    Column("points", Text("得分", "points"), right=True, show=number(1)),
    Column("other_points", Text("对方得分", "its points"), right=True, show=number(1)),
    Column("difference", Text("差", "difference"), right=True, show=number(1, signed=True)),
    Column("verified", Text("已核实", "proved"), show=tick),
    Column("gain", Text("核实可加", "proof adds"), right=True, show=number(1)),
)
_SCORES = {
    "EARLY": Text("投早", "early"),
    "SMALL": Text("投小", "small"),
    "LONG": Text("投长", "long"),
    "HARD": Text("投硬科技", "hard tech"),
}
_STEPS = (
    Column("title", Text("阶段", "step")),
    Column("deals", Text("项目数", "deals"), right=True),
    Column("share", Text("转化", "of all"), right=True, show=lambda value, _: share_in_hundredths(value)),
    Column("ticket", Text("拟投合计", "asked"), right=True, show=Money.rounded),
    Column("days", Text("中位天数", "median days"), right=True, show=number(0)),
)
_STALLED = (
    Column("firm", Text("企业", "firm"), wraps=True),
    Column("stage", Text("环节", "stage")),
    Column("days", Text("已停留天数", "days"), right=True),
    Column("allowed", Text("规定天数", "allowed"), right=True),
    Column("median", Text("同环节中位", "median"), right=True, show=number(0)),
    Column("waits", Text("等待", "waits for"), wraps=True),
    Column("owner", Text("负责人", "owner")),
    Column("deal", Text("编号", "resource"), whole=True),
)
_METHOD = (
    Column("title", Text("内容", "part")),
    Column("text", Text("规则", "rule"), wraps=True),
)


def stub(session: Session) -> deal_analysis_service_pb2_grpc.DealAnalysisServiceStub:
    """Questions about deals."""
    return deal_analysis_service_pb2_grpc.DealAnalysisServiceStub(session.channel("funding"))


def show_one(session: Session, name: str) -> None:
    """One deal as its fund's mandate sees it: terms, scores, and every check."""
    found = screen_one(session, name)
    checks = check_rows(found.checks, session.language)
    if session.output.for_programs:
        session.output.document({**row(found, session.language), "fund": found.deal.fund, "checks": checks})
        return
    show(session, [found], called(found), ids=True)
    session.output.note(f"{found.firm.name} · {found.deal.fund}")
    session.output.rows(Text("检查", "checks"), CHECKS, checks)


def simulate(session: Session, deal: str, ticket: str, pre_money: str) -> None:
    """A deal at other terms: what stops it, what it leaves, and what else would be legal."""
    request = service.SimulateDealRequest(name=deal)
    if ticket:
        request.ticket.CopyFrom(money_to_wire(parse_amount(ticket, field="--ticket")))
    if pre_money:
        request.pre_money.CopyFrom(money_to_wire(parse_amount(pre_money, field="--pre-money")))
    found = stub(session).SimulateDeal(request, timeout=TIMEOUT_SECONDS)
    firm, possible = found.screened.firm.display_name, found.screened.eligible
    asked = request.ticket if ticket else found.screened.deal.ticket
    (ask, free), (ask_en, free_en) = (
        [amount(each, language) for each in (asked, found.headroom_after)] for language in _LANGUAGES
    )
    title = Text(
        f"试算：{firm} {ask}，{'可行' if possible else '不可行'}；之后可用额度 {free}",
        f"what if {ask_en}: {'possible' if possible else 'not possible'}; {free_en} free after it",
    )
    session.output.rows(title, CHECKS, check_rows(found.screened.checks, session.language))
    session.output.rows(Text("额度", "quotas"), _QUOTAS, _quotas(found.quotas, session.language))
    if found.alternatives:
        rows = [_alternative(each, session.language) for each in found.alternatives]
        session.output.rows(Text("可行方案", "alternatives"), _ALTERNATIVES, rows)


def headroom(session: Session, fund: str, what_if: list[str]) -> None:
    """What is left of a fund, now and after deals that are only thought of."""
    request = service.GetFundHeadroomRequest(name=fund)
    for each in what_if:
        deal, _, ticket = each.partition("=")
        added = request.what_if.add(deal=deal)
        if ticket:
            added.ticket.CopyFrom(money_to_wire(parse_amount(ticket, field="--what-if")))
    found = stub(session).GetFundHeadroom(request, timeout=TIMEOUT_SECONDS)
    title = Text(
        f"可用额度 {amount(found.headroom_before, 'zh')} → {amount(found.headroom_after, 'zh')}",
        f"free capital {amount(found.headroom_before, 'en')} → {amount(found.headroom_after, 'en')}",
    )
    session.output.rows(title, _QUOTAS, _quotas(found.quotas, session.language))
    if found.HasField("recycling_max"):
        again, most = (
            {at: amount(each, at) for at in ("zh", "en")} for each in (found.recycled, found.recycling_max)
        )
        session.output.say(
            Text(
                f"循环投资 {again['zh']}，上限 {most['zh']}",
                f"recycled capital {again['en']}, at most {most['en']}",
            )
        )


def why(session: Session, deal: str, versus: str) -> None:
    """Why a deal ranks where it does, against another."""
    found = stub(session).ExplainRank(
        service.ExplainRankRequest(name=deal, versus=versus), timeout=TIMEOUT_SECONDS
    )
    mine, other, proved = (
        f"{getattr(found, name):.1f}" if found.HasField(name) else "—"
        for name in ("composite", "versus_composite", "composite_if_verified")
    )
    title = Text(
        f"排名第{found.rank}（综合{mine}），对方第{found.versus_rank}（{other}），共{found.deal_count}个；"
        f"申报内容全部核实后为{proved}",
        f"rank {found.rank} ({mine}), the other {found.versus_rank} ({other}), of {found.deal_count}; "
        f"{proved} if all it declares were proved",
    )
    rows = [_difference(each, session.language) for each in found.dimensions]
    session.output.rows(title, _DIFFERENCES, rows)
    for codes, said in (
        (found.blocking, Text("本项目未过", "this deal is stopped by")),
        (found.versus_blocking, Text("对方未过", "the other is stopped by")),
    ):
        if codes:
            session.output.note(f"{said.to(session.language)}: {', '.join(codes)}")


def compare(session: Session, deals: list[str]) -> None:
    """Deals side by side."""
    found = stub(session).CompareDeals(service.CompareDealsRequest(names=deals), timeout=TIMEOUT_SECONDS)
    show(session, list(found.deals), Text("项目对比", "side by side"), ids=True)


def funnel(session: Session, fund: str, begins: date | None, ends: date | None) -> None:
    """How far the deals of a period came: without an end up to today, without a beginning of a year."""
    ends = ends or civil_date(datetime.now(UTC)) + timedelta(days=1)
    begins = begins or ends - timedelta(days=1) - _YEAR
    request = service.GetPipelineFunnelRequest(
        fund=fund, from_date=date_to_wire(begins), until_date=date_to_wire(ends)
    )
    found = stub(session).GetPipelineFunnel(request, timeout=TIMEOUT_SECONDS)
    first = found.steps[0].deal_count if found.steps else 0
    rows = [
        {
            "title": wording.say(each.title, session.language),
            "deals": each.deal_count,
            "share": each.deal_count / first if first else 0.0,
            "ticket": money_from_wire(each.ticket),
            "days": each.median_days if each.HasField("median_days") else None,
        }
        for each in found.steps
    ]
    session.output.rows(
        Text(f"{begins} 至 {ends} 申报的项目", f"deals submitted {begins} to {ends}"), _STEPS, rows
    )
    reasons = " · ".join(
        f"{wording.say(each.title, session.language)} {each.deal_count}" for each in found.declined
    )
    rest = Text(
        f"撤回 {found.withdrawn_count} · 失效 {found.lapsed_count} · 进行中 {found.open_count}",
        f"withdrawn {found.withdrawn_count} · lapsed {found.lapsed_count} · under way {found.open_count}",
    )
    session.output.note(" · ".join(each for each in (reasons, rest.to(session.language)) if each))


def stalled(session: Session, fund: str, limit: int) -> None:
    """Deals that are over the time of their stage, and whom they wait for."""
    request = service.ListStalledDealsRequest(fund=fund, page_size=limit)
    found = stub(session).ListStalledDeals(request, timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "firm": each.firm_name,
            "stage": wording.say(each.title, session.language),
            "days": each.day_count,
            "allowed": each.allowed_day_count,
            "median": each.median_days,
            "waits": wording.say(each.waiting_for, session.language),
            "owner": each.owner,
            "deal": each.deal,
        }
        for each in found.stalled_deals
    ]
    session.output.rows(
        Text(f"超时项目 {found.total_size} 个", f"{counted(found.total_size, 'deal')} over time"),
        _STALLED,
        rows,
    )


def method(session: Session, fund: str) -> None:
    """The method of screening."""
    found = stub(session).GetScreeningMethod(
        service.GetScreeningMethodRequest(fund=fund), timeout=TIMEOUT_SECONDS
    )
    rows = [
        {"title": wording.say(each.title, session.language), "text": wording.say(each.text, session.language)}
        for each in found.sections
    ]
    session.output.rows(Text("筛选方法", "how deals are screened"), _METHOD, rows)


def _quotas(found: Any, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "title": wording.say(each.title, language),
            "before": _percent(each.before),
            "after": _percent(each.after),
            "limit": ("≥" if each.floor else "≤") + (_percent(each.limit) or ""),
            "left": money_from_wire(each.headroom_after) if each.HasField("headroom_after") else None,
            "holds": each.outcome != 2,
            "bites": date_from_wire(each.bites_from_date).isoformat()
            if each.HasField("bites_from_date")
            else None,
            "citation": wording.say(each.citation, language),
            "firm": each.firm,
        }
        for each in found
    ]


def _alternative(found: deal_analysis_pb2.Alternative, language: Language) -> dict[str, Any]:
    return {
        "title": wording.say(found.title, language),
        "ticket": money_from_wire(found.ticket),
        "blocking": list(found.blocking),
        "fund": found.fund,
    }


def _difference(found: deal_analysis_pb2.DimensionDifference, language: Language) -> dict[str, Any]:
    return {
        "score": _SCORES[found.score].to(language) if found.score in _SCORES else found.score,
        "title": wording.say(found.title, language),
        "value": wording.say(found.value, language),
        "other": wording.say(found.versus_value, language),
        "points": found.points,
        "other_points": found.versus_points,
        "difference": found.points - found.versus_points,
        "verified": found.verified,
        "gain": found.points_if_verified,
    }


def _percent(text: str) -> str | None:
    """A fraction in percent, for reading."""
    return f"{float(Fraction(text)):.2%}" if text else None
