"""`bole shortage trend|compare|forecast|what-if|reweigh`: questions to the shortage map and how answers are shown."""

from datetime import date
from typing import Any

from bole.talent.v1 import shortage_analysis_pb2 as messages
from bole.talent.v1 import shortage_analysis_service_pb2 as service
from bole.talent.v1 import shortage_analysis_service_pb2_grpc as service_grpc
from bole.talent.v1 import shortage_pb2
from services.chassis.rpc.wire import date_from_wire
from services.cli.answers import wording
from services.cli.answers.columns import RANKS, Column, interval, number
from services.cli.session import Session
from services.cli.talent import shortage
from services.kernel.errors import InvalidArgument
from services.kernel.periods import quarter_code
from services.kernel.text import Language, Text
from services.wording.chances import in_hundredths, share_in_hundredths

TIMEOUT = 120
Scope = shortage_pb2.ShortageScope


def stub(session: Session) -> service_grpc.ShortageAnalysisServiceStub:
    """The shortage analysis service."""
    return service_grpc.ShortageAnalysisServiceStub(session.channel("talent"))


def _share(value: float, _: Language) -> str:
    return share_in_hundredths(value)


def _chance(value: float, _: Language) -> str:
    return in_hundredths(value)


INDEX = Column("index", Text("指数", "index"), right=True, show=number(1))
INTERVAL = interval("interval", Text("90%区间", "90 %"), 0)
STARS = Column("stars", Text("星级", "stars"), show=lambda value, _: "★" * value)

_TREND = (
    Column("quarter", Text("季度", "quarter"), whole=True),
    Column("date", Text("截至", "as of"), whole=True),
    INDEX,
    INTERVAL,
    STARS,
    Column("demand", Text("在招", "open"), right=True, parts=(shortage.HEADS_OPEN,)),
    Column(
        "supply", Text("可得", "available"), right=True, show=number(1), parts=(shortage.HEADS_AVAILABLE,)
    ),
)
_DIRECTIONS = {
    "DIRECTION_UP": Text("升", "up"),
    "DIRECTION_DOWN": Text("降", "down"),
    "DIRECTION_FLAT": Text("平", "flat"),
}


def show_trend(session: Session, scope: Scope, quarters: int) -> None:
    """A cell by quarter, and what became of it within the year."""
    request = service.GetShortageTrendRequest(scope=scope, quarters=quarters)
    found = stub(session).GetShortageTrend(request, timeout=TIMEOUT)
    rows = [
        {
            "quarter": quarter_code(date_from_wire(each.date)),
            "date": date_from_wire(each.date).isoformat(),
            **_numbers(each.cell),
            **({"recast": True} if each.recast else {}),
            **_mark(found.origin),
        }
        for each in found.points
    ]
    session.output.rows(Text("紧缺指数走势", "trend of the shortage index"), _TREND, rows)
    language = session.language
    breaks = [date_from_wire(each.date).isoformat() for each in found.points if each.recast]
    if breaks:
        said = Text(
            f"序列在 {breaks[-1]} 之后有断点：此前按旧版目录统计，已按映射折算",
            f"the series breaks after {breaks[-1]}: until then counted under an earlier catalogue and carried over",
        )
        session.output.note(said.to(language))
    if found.HasField("change"):
        change = found.change
        tighter = in_hundredths(change.rising_probability)
        name = messages.ShortageChange.Direction.Name(change.direction)
        said = Text(
            f"较 {date_from_wire(change.since)} {_DIRECTIONS[name].zh}（更紧的概率 {tighter}）",
            f"{_DIRECTIONS[name].en} since {date_from_wire(change.since)} (tighter with {tighter})",
        )
    else:
        said = Text("无同比：当时或现在没有可公开的指数", "no comparison with last year: no shown index")
    session.output.note(said.to(language))


_COMPARISON = (
    Column("city", Text("城市", "city"), whole=True),
    INDEX,
    INTERVAL,
    STARS,
    interval("rank", Text("名次", "rank"), 0, ends=RANKS),
    Column("standardised", Text("标准化指数", "standardised"), right=True, show=number(1)),
    Column("demand_quotient", Text("需求区位商", "LQ demand"), right=True, show=number(2)),
    Column("supply_quotient", Text("供给区位商", "LQ supply"), right=True, show=number(2)),
)


def show_comparison(session: Session, scope: Scope, cities: list[str], day: date | None = None) -> None:
    """Cities side by side, and how likely one is tighter than another: in a file in a column for each other city."""
    request = service.CompareShortageCitiesRequest(
        scope=scope, city_codes=cities, as_of_date=shortage.on_day(day)
    )
    found = stub(session).CompareShortageCities(request, timeout=TIMEOUT)
    language = session.language
    tighter = {(each.city_code, each.other_city_code): each.probability for each in found.pairs}
    tighter |= {(other, one): 1 - chance for (one, other), chance in tighter.items()}
    codes = [each.cell.scope.city_code for each in found.cities]
    rows = [
        {
            "city": wording.city(code, language),
            **_numbers(each.cell),
            "rank": [each.first_rank, each.last_rank] if each.first_rank else None,
            "standardised": _optional(each, "standardised_index"),
            "demand_quotient": _optional(each, "demand_quotient"),
            "supply_quotient": _optional(each, "supply_quotient"),
            **{f"tighter_than_{other}": tighter.get((code, other)) for other in codes},
            **shortage.of_day(date_from_wire(found.as_of_date)),
            **_mark(found.origin),
        }
        for code, each in zip(codes, found.cities, strict=True)
    ]
    columns = (
        _COMPARISON
        if session.output.for_people
        else (*_COMPARISON, *map(_tighter_than, codes), *shortage.OF_DAY)
    )
    session.output.rows(Text("城市比较", "cities compared"), columns, rows)
    for pair in found.pairs:
        one, other = (wording.city(code, language) for code in (pair.city_code, pair.other_city_code))
        session.output.note(
            Text(
                f"  {one} 比 {other} 更紧的概率 {in_hundredths(pair.probability)}",
                f"  {one} is tighter than {other} with {in_hundredths(pair.probability)}",
            ).to(language)
        )
    session.output.note(
        Text(
            f"名次为 {found.ranked_count} 市中的区间",
            f"ranks are intervals among {found.ranked_count} cities",
        ).to(language)
    )


def _tighter_than(code: str) -> Column:
    zh, en = wording.city(code, "zh"), wording.city(code, "en")
    header = Text(f"比{zh}更紧的概率", f"tighter than {en}")
    return Column(f"tighter_than_{code}", header, right=True, show=_chance)


_FORECAST = (
    Column("month", Text("月后", "months"), right=True),
    Column("demand", Text("预计在招", "expected open"), right=True, show=number(1)),
    INTERVAL,
    Column("supply", Text("预计可得", "available"), right=True, show=number(1)),
    Column("within", Text("缺口不超阈值", "gap within"), right=True, show=_chance),
)


def show_forecast(session: Session, scope: Scope, months: int, threshold: int) -> None:
    """The fan month by month, and when the gap passes the threshold."""
    request = service.ForecastShortageRequest(scope=scope, months=months, threshold=threshold)
    found = stub(session).ForecastShortage(request, timeout=TIMEOUT)
    rows = [
        {
            "month": each.months_ahead,
            "demand": each.demand_mean,
            "interval": [each.demand_quantiles[0], each.demand_quantiles[-1]],
            "supply": each.supply,
            "within": each.within_threshold_probability,
            **_mark(found.origin),
        }
        for each in found.months
    ]
    if rows or not session.output.for_people:
        session.output.rows(Text("需求预测", "forecast of demand"), _FORECAST, rows)
    language = session.language
    if found.HasField("note"):
        session.output.note(wording.say(found.note, language))
    if found.HasField("crossing"):
        session.output.note(_crossing(found.crossing).to(language))


def _crossing(crossing: messages.ShortageGapCrossing) -> Text:
    verb = ("弥合", "closes") if crossing.closes else ("超过阈值", "passes the threshold")
    if not crossing.months_ahead:
        return Text(
            f"期内缺口{verb[0]}的概率只有 {in_hundredths(crossing.probability)}",
            f"the gap {verb[1]} within these months with {in_hundredths(crossing.probability)} only",
        )
    return Text(
        f"第 {crossing.months_ahead} 个月缺口{verb[0]}（概率 {in_hundredths(crossing.probability)}）",
        f"the gap {verb[1]} in month {crossing.months_ahead} (probability {in_hundredths(crossing.probability)})",
    )


_WHAT_IF = (
    Column("case", Text("情形", "case"), whole=True),
    INDEX,
    INTERVAL,
    STARS,
    Column("gap", Text("现缺口", "gap"), right=True, show=number(1)),
    Column("uncovered", Text("两年缺口", "gap in two years"), right=True, show=number(1)),
)


def show_what_if(session: Session, request: service.SimulateShortageRequest) -> None:
    """The cell before and after."""
    found = stub(session).SimulateShortage(request, timeout=TIMEOUT)
    language = session.language
    cases = [("before", Text("现状", "today"), "uncovered_before")]
    if found.HasField("after"):
        cases.append(("after", Text("推演", "supposed"), "uncovered_after"))
    rows = [
        {
            "case": name.to(language),
            **_numbers(getattr(found, field)),
            "uncovered": _optional(found, gap),
            **_mark(found.origin),
        }
        for field, name, gap in cases
    ]
    session.output.rows(Text("情景推演", "what if"), _WHAT_IF, rows)
    if not found.HasField("after"):
        session.output.note(wording.say(found.before.band, language))
    if found.assumed:
        session.output.note(
            Text(
                "没有培养名额或投资带动的记录，推算前后都按 0 计入后备一项，因此现状与图谱上的指数不同",
                "nothing is on record of training or of funded demand: both cases count it from 0, so that "
                "today's index is not the map's",
            ).to(language)
        )


_REWEIGHED = (
    Column("scope", Text("产业/方向", "field"), wraps=True),
    Column("city", Text("城市", "city")),
    INDEX,
    STARS,
    Column("method_index", Text("默认权重指数", "by default weights"), right=True, show=number(1)),
    Column("same_star", Text("星级不变", "same star"), right=True, show=_share),
    interval("robust", Text("权重区间", "by weights"), 0),
)


_NONE_RANKED = Text(
    "没有可排名的单元格：在这组权重下，每个单元格的证据都只到 D",
    "no cell can be ranked: under these weights the evidence of each is D",
)


def show_reweighed(
    session: Session,
    rows: str,
    columns: str,
    weights: list[str],
    limit: int,
    scope: shortage_pb2.ShortageScope | None = None,
) -> None:
    """Cells under other weights, and how much their stars depend on them; within a scope, or of the whole province."""
    request = service.ReweighShortageRequest(
        rows=shortage.dimension("--rows", rows),
        columns=shortage.dimension("--columns", columns),
        scope=scope,
        weights=[_weight(each) for each in weights],
        page_size=limit,
    )
    found = stub(session).ReweighShortage(request, timeout=TIMEOUT)
    listed = [
        {
            **shortage.place(each.cell.scope, session.language),
            **_numbers(each.cell),
            "method_index": _optional(each, "method_index"),
            "same_star": _optional(each, "same_star_share"),
            "robust": [each.robust_low, each.robust_high] if each.HasField("robust_low") else None,
            **_mark(found.origin),
        }
        for each in found.cells
    ]
    session.output.rows(Text("换权重后的排名", "ranking under other weights"), _REWEIGHED, listed)
    if found.shown_count and not found.cells:
        session.output.note(_NONE_RANKED.to(session.language))
    same = share_in_hundredths(found.same_star_share)
    session.output.note(
        Text(
            f"{found.shown_count} 个单元格中 {same} 的星级与默认权重相同",
            f"{same} of {found.shown_count} cells keep the star of the default weights",
        ).to(session.language)
    )


def _weight(text: str) -> messages.ShortageWeight:
    name, _, value = text.partition("=")
    try:
        return messages.ShortageWeight(component=name.strip(), weight=float(value))
    except ValueError:
        raise InvalidArgument.field(
            "--weight",
            "WEIGHT_NOT_READ",
            f"“{text[:40]}”须写成 分项=权重，如 tightness=0.5",
            f"{text[:40]!r} must read component=weight, e.g. tightness=0.5",
        ) from None


def _numbers(cell: shortage_pb2.ShortageCell) -> dict[str, Any]:
    return {
        "index": _optional(cell, "index"),
        "interval": [cell.low, cell.high] if cell.HasField("low") else None,
        "stars": cell.stars,
        "watch": cell.watch,
        "demand": cell.open_headcount,
        "supply": _optional(cell, "supply"),
        "gap": _optional(cell, "gap"),
        "hidden": cell.hidden,
        "state": shortage_pb2.ShortageCell.State.Name(cell.state).removeprefix("STATE_"),
    }


def _optional(message: Any, field: str) -> Any:
    return getattr(message, field) if message.HasField(field) else None


def _mark(origin: int) -> dict[str, str]:
    return {"origin": wording.origin(origin)}
