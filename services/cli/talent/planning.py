"""`bole shortage allocate|plan|publish-forecast|forecasts`: plans and forecasts that are kept."""

from typing import Any
from uuid import uuid4

from bole.talent.v1 import shortage_analysis_pb2 as messages
from bole.talent.v1 import shortage_analysis_service_pb2 as service
from bole.talent.v1.shortage_pb2 import ShortageScope
from services.chassis.rpc.wire import date_from_wire, money_to_wire
from services.cli.answers import amounts, wording
from services.cli.answers.columns import Column, interval, number
from services.cli.session import Session
from services.cli.talent import shortage
from services.cli.talent.analysis import TIMEOUT, stub
from services.kernel.money import parse_amount
from services.kernel.text import Language, Text
from services.wording.chances import share_in_hundredths

_INTERVAL = interval("interval", Text("90%区间", "90 %"), 1)
_LINES = (
    Column("scope", Text("产业/方向", "field"), wraps=True),
    Column("city", Text("城市", "city")),
    Column("recruits", Text("引进", "recruit"), right=True),
    Column("training_places", Text("培养名额", "places"), right=True),
    Column("gap", Text("预计缺口", "expected gap"), right=True, show=number(1)),
    Column("closed", Text("预计弥合", "closed"), right=True, show=number(1)),
    _INTERVAL,
)
_PLANS = (
    Column("name", Text("名称", "name"), whole=True),
    Column("due", Text("到期", "due"), whole=True),
    Column("means", Text("资源", "means")),
    Column("gap", Text("预计缺口", "expected gap"), right=True, show=number(1)),
    Column("closed", Text("预计弥合", "closed"), right=True, show=number(1)),
    _INTERVAL,
)
_FORECASTS = (
    Column("name", Text("名称", "name"), whole=True),
    Column("published", Text("发布", "published"), whole=True),
    Column("as_of", Text("数据日", "as of"), whole=True),
    Column("targets", Text("预测数", "targets"), right=True),
)
_TARGETS = (
    Column("scope", Text("产业/方向", "field"), wraps=True),
    Column("city", Text("城市", "city")),
    Column("due", Text("截至", "due"), whole=True),
    Column("start", Text("发布时", "then"), right=True),
    Column("mean", Text("预计在招", "expected open"), right=True, show=number(1)),
    _INTERVAL,
    Column("actual", Text("实际", "actual"), right=True),
)


def means(
    recruits: int, places: int, amount: str, recruitment_cost: str, place_cost: str
) -> messages.RecruitmentMeans:
    """What there is to give; amounts as people write them. Raises InvalidArgument."""
    found = messages.RecruitmentMeans(recruits=recruits, training_places=places)
    for field, text in (
        ("amount", amount),
        ("recruitment_cost", recruitment_cost),
        ("training_place_cost", place_cost),
    ):
        if text:
            getattr(found, field).CopyFrom(
                money_to_wire(parse_amount(text, field=f"--{field.replace('_', '-')}"))
            )
    return found


def show_allocation(
    session: Session,
    rows: str,
    columns: str,
    given: messages.RecruitmentMeans,
    quarters: int,
    scope: ShortageScope | None = None,
    *,
    keep: bool,
) -> None:
    """Propose a plan within a scope, or for the whole province; keep it if wanted."""
    request = service.AllocateRecruitmentRequest(
        rows=shortage.dimension("--rows", rows),
        columns=shortage.dimension("--columns", columns),
        scope=scope,
        means=given,
        quarters_ahead=quarters,
        validate_only=not keep,
        request_id=str(uuid4()),
    )
    show_plan(session, stub(session).AllocateRecruitment(request, timeout=TIMEOUT))


def fetch_plan(session: Session, name: str) -> messages.RecruitmentPlan:
    """A plan that was kept."""
    full = name if "/" in name else f"recruitmentPlans/{name}"
    return stub(session).GetRecruitmentPlan(service.GetRecruitmentPlanRequest(name=full), timeout=TIMEOUT)


def show_plan(session: Session, plan: messages.RecruitmentPlan) -> None:
    """A plan's lines, and what it is expected to close."""
    language = session.language
    rows = [
        {
            **shortage.place(line.scope, language),
            "recruits": line.recruits,
            "training_places": line.training_places,
            "gap": line.expected_gap,
            "closed": line.closed_gap,
            "interval": [line.closed_low, line.closed_high],
            **({"recast": True} if line.recast else {}),
            "origin": wording.origin(plan.origin),
        }
        for line in plan.lines
    ]
    session.output.rows(Text("引才与培养配置", "allocation"), _LINES, rows)
    _tell_recast(session, sum(each.recast for each in plan.lines))
    due = date_from_wire(plan.due_date)
    session.output.note(
        Text(
            f"到 {due} 预计缺口 {plan.expected_gap:.1f} 人，可弥合 {plan.closed_gap:.1f} 人"
            f"（90%：{plan.closed_low:.1f}–{plan.closed_high:.1f}）",
            f"by {due} a gap of {plan.expected_gap:.1f} is expected, {plan.closed_gap:.1f} of it closed "
            f"(90 %: {plan.closed_low:.1f}–{plan.closed_high:.1f})",
        ).to(language)
    )
    if plan.HasField("spent"):
        spent = amounts.amount(plan.spent, language)
        session.output.note(Text(f"花费 {spent}", f"spent {spent}").to(language))
    if plan.HasField("realised_gap"):
        came = plan.realised_gap
        session.output.note(
            Text(f"按实际可弥合 {came:.1f} 人", f"closed by what came: {came:.1f}").to(language)
        )
    if plan.name:
        session.output.note(plan.name)


def show_plans(session: Session, limit: int) -> None:
    """Plans, the newest first."""
    found = stub(session).ListRecruitmentPlans(
        service.ListRecruitmentPlansRequest(page_size=limit), timeout=TIMEOUT
    )
    rows = [
        {
            "name": each.name,
            "due": date_from_wire(each.due_date).isoformat(),
            "means": _given(each.means, session.language),
            "gap": each.expected_gap,
            "closed": each.closed_gap,
            "interval": [each.closed_low, each.closed_high],
            "origin": wording.origin(each.origin),
        }
        for each in found.plans
    ]
    session.output.rows(Text("配置方案", "plans"), _PLANS, rows)


def _given(given: messages.RecruitmentMeans, language: Language) -> str:
    if given.HasField("amount"):
        return amounts.amount(given.amount, language)
    return Text(
        f"引进 {given.recruits}，名额 {given.training_places}",
        f"{given.recruits} recruits, {given.training_places} places",
    ).to(language)


def publish(session: Session, rows: str, columns: str, quarters: int) -> None:
    """Publish a forecast."""
    request = service.PublishShortageForecastRequest(
        rows=shortage.dimension("--rows", rows),
        columns=shortage.dimension("--columns", columns),
        quarters_ahead=quarters,
        request_id=str(uuid4()),
    )
    show_forecast(session, stub(session).PublishShortageForecast(request, timeout=TIMEOUT))


def fetch_forecast(session: Session, name: str) -> messages.ShortageForecast:
    """A published forecast."""
    full = name if "/" in name else f"shortageForecasts/{name}"
    return stub(session).GetShortageForecast(service.GetShortageForecastRequest(name=full), timeout=TIMEOUT)


def show_forecast(session: Session, forecast: messages.ShortageForecast) -> None:
    """A published forecast with what came, and its score."""
    language = session.language
    rows: list[dict[str, Any]] = [
        {
            **shortage.place(each.scope, language),
            "due": date_from_wire(each.due_date).isoformat(),
            "start": each.start,
            "mean": each.mean,
            "interval": [each.low, each.high],
            "actual": each.actual if each.HasField("actual") else None,
            **({"recast": True} if each.recast else {}),
            "origin": wording.origin(forecast.origin),
        }
        for each in forecast.targets
    ]
    session.output.rows(Text("已发布的预测", "published forecast"), _TARGETS, rows)
    _tell_recast(session, sum(each.recast for each in forecast.targets))
    session.output.note(forecast.name)
    if forecast.HasField("score"):
        score = forecast.score
        held = share_in_hundredths(score.coverage)
        session.output.note(
            Text(
                f"已到期 {score.scored_count} 个：90%区间命中 {held}，平均误差 "
                f"{score.mean_absolute_error:.2f} 人（不变预测 {score.unchanged_absolute_error:.2f}）",
                f"{score.scored_count} due: {held} within the 90 % interval, mean error "
                f"{score.mean_absolute_error:.2f} heads (no change: {score.unchanged_absolute_error:.2f})",
            ).to(language)
        )


def _tell_recast(session: Session, count: int) -> None:
    if count:
        said = Text(
            f"其中 {count} 行按旧版目录的方向作出，已按映射折算",
            f"{count} of these rows were made under directions of an earlier catalogue and carried over",
        )
        session.output.note(said.to(session.language))


def show_forecasts(session: Session, limit: int) -> None:
    """Published forecasts, the newest first."""
    found = stub(session).ListShortageForecasts(
        service.ListShortageForecastsRequest(page_size=limit), timeout=TIMEOUT
    )
    rows = [
        {
            "name": each.name,
            "published": wording.minute(each.create_time),
            "as_of": date_from_wire(each.as_of_date).isoformat(),
            "targets": each.target_count,
            "origin": wording.origin(each.origin),
        }
        for each in found.forecasts
    ]
    session.output.rows(Text("已发布的预测", "published forecasts"), _FORECASTS, rows)
