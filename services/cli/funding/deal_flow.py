"""A fund's board as a whole: what its deals lack, and what past deals say of them."""

from typing import Any

from bole.funding.v1 import deal_analysis_pb2
from bole.funding.v1 import deal_analysis_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, money_from_wire
from services.cli.answers import wording
from services.cli.answers.amounts import amount
from services.cli.answers.columns import Column
from services.cli.funding.deal_analysis import TIMEOUT_SECONDS, stub
from services.cli.session import Session
from services.kernel.money import Money
from services.kernel.text import Language, Text, counted
from services.wording.chances import share_in_hundredths

_FIRMS = 3
_COMPLETION = (
    Column("stage", Text("阶段", "stage"), whole=True),
    Column("item", Text("须有", "asked for"), wraps=True),
    Column("deals", Text("项目数", "deals"), right=True),
    Column("parked", Text("其中暂缓或待补充", "parked"), right=True),
    Column("have", Text("已有", "have"), right=True),
    Column("share", Text("完备率", "complete"), right=True, show=lambda value, _: share_in_hundredths(value)),
    Column("lacking", Text("缺少的企业", "lacking"), wraps=True),
)
_FORECAST = (
    Column("stage", Text("阶段", "stage"), whole=True),
    Column("deals", Text("在办", "on board"), right=True),
    Column("parked", Text("其中暂缓或待补充", "parked"), right=True),
    Column("amount", Text("在办金额", "amount"), right=True, show=Money.rounded),
    Column("onward", Text("往期进入下一阶段", "went on"), right=True),
    Column("share", Text("比例（95%区间）", "share (95 %)")),
    Column("days", Text("中位天数（95%区间）", "median days (95 %)"), right=True),
    Column("paid", Text("年内出资比例（95%区间）", "paid in time (95 %)")),
)


def completion(session: Session, fund: str, filter_: str) -> None:
    """What each stage asks for, and which deals lack it."""
    request = service.GetDealCompletionRequest(fund=fund, filter=filter_)
    found = stub(session).GetDealCompletion(request, timeout=TIMEOUT_SECONDS)
    rows = [_item(stage, each, session) for stage in found.stages if stage.deal_count for each in stage.items]
    title = Text(
        f"在办项目 {found.deal_count} 个，本阶段材料与事项齐备 {found.complete_count} 个",
        f"{counted(found.deal_count, 'deal')} under way, {found.complete_count} with all that the stage asks for",
    )
    session.output.rows(title, _COMPLETION, rows)


def _item(
    stage: deal_analysis_pb2.StageCompletion, item: deal_analysis_pb2.StageCompletion.Item, session: Session
) -> dict[str, Any]:
    lacking = [{"deal": each.deal, "firm": each.firm_name} for each in item.lacking]
    if session.output.for_people:
        names = [each["firm"] for each in lacking[:_FIRMS]]
        more = stage.deal_count - item.have_count - len(names)
        rest = Text(f"等 {more + len(names)} 家", f"and {more} more").to(session.language) if more else ""
        between = Text("、", ", ").to(session.language)
        lacking_shown: Any = between.join(names) + (f" {rest}" if rest else "")
    else:
        lacking_shown = lacking
    return {
        "stage": wording.say(stage.title, session.language),
        "item": wording.say(item.title, session.language),
        "deals": stage.deal_count,
        "parked": stage.parked_count,
        "have": item.have_count,
        "share": item.have_count / stage.deal_count,
        "lacking": lacking_shown,
    }


def forecast(session: Session, fund: str, filter_: str) -> None:
    """How past deals went on from each stage, and what is expected to be paid this year."""
    request = service.GetDealForecastRequest(fund=fund, filter=filter_)
    found = stub(session).GetDealForecast(request, timeout=TIMEOUT_SECONDS)
    rows = [_stage(each, found.fewest, session) for each in found.stages]
    until = date_from_wire(found.until_date)
    session.output.rows(_expected(found, until.year - 1), _FORECAST, rows)
    if found.left_out_count:
        left = {at: amount(found.left_out, at) for at in ("zh", "en")}
        session.output.note(
            Text(
                f"另有 {found.left_out_count} 个在办项目（{left['zh']}）未计入："
                f"尚为线索，或所在阶段的往期项目不足 {found.fewest} 个",
                f"{counted(found.left_out_count, 'deal')} more ({left['en']}) left out: leads, and deals of stages "
                f"that fewer than {found.fewest} past deals came through",
            ).to(session.language)
        )
    for each in found.method:
        session.output.note(
            f"{wording.say(each.title, session.language)}: {wording.say(each.text, session.language)}"
        )


def _expected(found: service.GetDealForecastResponse, year: int) -> Text:
    if not found.HasField("expected"):
        return Text(
            f"{year}年内预计出资：往期项目太少，不作预计", f"to be paid in {year}: too few past deals to say"
        )
    zh, en = (
        [amount(each, at) for each in (found.expected, found.expected_low, found.expected_high)]
        for at in ("zh", "en")
    )
    return Text(
        f"{year}年内预计还将出资 {zh[0]}（95%区间 {zh[1]}–{zh[2]}），据 {found.counted_count} 个在办项目",
        f"{en[0]} expected to be paid in {year} ({en[1]} to {en[2]} at 95 %), "
        f"from {counted(found.counted_count, 'deal')}",
    )


def _stage(stage: deal_analysis_pb2.StageForecast, fewest: int, session: Session) -> dict[str, Any]:
    row: dict[str, Any] = {
        "stage": wording.say(stage.title, session.language),
        "deals": stage.deal_count,
        "parked": stage.parked_count,
        "amount": money_from_wire(stage.amount),
    }
    if not session.output.for_people:
        return row | {
            "settled": stage.settled_count,
            "onward": stage.onward_count,
            "share": _bounds(stage.share) if stage.HasField("share") else None,
            "timed": stage.timed_count,
            "days": _bounds(stage.days) if stage.HasField("days") else None,
            "followed": stage.followed_count,
            "paid_count": stage.paid_count,
            "paid": _bounds(stage.payment) if stage.HasField("payment") else None,
        }
    few = {
        count: _few(count, fewest, session.language)
        for count in (stage.settled_count, stage.timed_count, stage.followed_count)
    }
    return row | {
        "onward": f"{stage.onward_count}/{stage.settled_count}",
        "share": _share(stage.share) if stage.HasField("share") else few[stage.settled_count],
        "days": _days(stage.days) if stage.HasField("days") else few[stage.timed_count],
        "paid": _share(stage.payment) if stage.HasField("payment") else few[stage.followed_count],
    }


def _bounds(found: deal_analysis_pb2.Estimated) -> dict[str, float]:
    return {"value": found.value, "low": found.low, "high": found.high}


def _few(count: int, fewest: int, language: Language) -> str:
    return Text(f"太少（{count}<{fewest}）", f"too few ({count} of {fewest})").to(language)


def _share(found: deal_analysis_pb2.Estimated) -> str:
    low, high = share_in_hundredths(found.low), share_in_hundredths(found.high)
    return f"{share_in_hundredths(found.value)} ({low}–{high})"


def _days(found: deal_analysis_pb2.Estimated) -> str:
    return f"{found.value:.0f} ({found.low:.0f}–{found.high:.0f})"
