"""`bole search …` and `bole alert …`: saved searches of the deal flow and what is told of them."""

from typing import Any
from uuid import uuid4

from bole.funding.v1 import saved_search_pb2, saved_search_service_pb2_grpc
from bole.funding.v1 import saved_search_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, money_from_wire, money_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.money import Money, parse_amount
from services.kernel.text import Text
from services.wording import deals as said

TIMEOUT_SECONDS = 30.0
_TOLD = 10
"""Alerts that are shown with their search."""
_SEARCHES = (
    Column("title", Text("名称", "title"), wraps=True),
    Column("filter", Text("条件", "filter"), wraps=True),
    Column("deals", Text("项目数", "deals"), right=True),
    Column("crossing", Text("得分关注值", "told at")),
    Column("below", Text("额度关注值", "told below"), right=True, show=Money.rounded),
    Column("rules", Text("规则修订", "revision")),
    Column("fund", Text("基金", "fund"), whole=True),
    Column("id", Text("编号", "resource"), whole=True),
)
_ALERTS = (
    Column("day", Text("日期", "day")),
    Column("kind", Text("类型", "kind")),
    Column("text", Text("内容", "what"), wraps=True),
    Column("deal", Text("项目", "deal"), whole=True),
    Column("noted", Text("已阅", "noted"), show=tick),
    Column("id", Text("编号", "resource"), whole=True),
)


def stub(session: Session) -> saved_search_service_pb2_grpc.SavedSearchServiceStub:
    """Saved searches."""
    return saved_search_service_pb2_grpc.SavedSearchServiceStub(session.channel("funding"))


def save(
    session: Session,
    fund: str,
    title: str,
    filter_: str,
    order_by: str,
    crossing: str,
    below: str,
    revision: int,
) -> None:
    """Keep a question. Raises InvalidArgument for a crossing that is not `score=value`."""
    search = saved_search_pb2.SavedSearch(
        fund=fund, title=title, filter=filter_, order_by=order_by, mandate_revision=revision
    )
    if crossing:
        name, _, value = crossing.partition("=")
        try:
            search.crossing_score, search.crossing_value = name.strip(), float(value)
        except ValueError:
            raise InvalidArgument.field(
                "--crossing", "NO_PAIR", "请写成 得分=数值，如 hard=60", "write score=value, such as hard=60"
            ) from None
    if below:
        search.headroom_below.CopyFrom(money_to_wire(parse_amount(below, field="--headroom-below")))
    request = service.CreateSavedSearchRequest(saved_search=search, request_id=str(uuid4()))
    made = stub(session).CreateSavedSearch(request, timeout=TIMEOUT_SECONDS)
    # It is looked at a moment later: until then nobody knows how many it finds.
    session.output.rows(Text("已保存", "saved"), _SEARCHES, [{**_search(made), "deals": None}])


def show(session: Session) -> None:
    """One's own searches."""
    found = stub(session).ListSavedSearches(service.ListSavedSearchesRequest(), timeout=TIMEOUT_SECONDS)
    session.output.rows(
        Text("保存的筛选", "saved searches"), _SEARCHES, [_search(each) for each in found.saved_searches]
    )


def show_one(session: Session, name: str) -> None:
    """One of them, and for people the newest alerts of it, noted ones too."""
    found = stub(session).GetSavedSearch(service.GetSavedSearchRequest(name=name), timeout=TIMEOUT_SECONDS)
    session.output.rows(Text("保存的筛选", "saved search"), _SEARCHES, [_search(found)])
    if session.output.for_people:
        alerts(session, name, _TOLD, everything=True)


def delete(session: Session, name: str) -> None:
    """Give a search up with its alerts."""
    request = service.DeleteSavedSearchRequest(name=name, request_id=str(uuid4()))
    stub(session).DeleteSavedSearch(request, timeout=TIMEOUT_SECONDS)
    session.output.note(Text(f"已删除 {name}", f"deleted {name}").to(session.language))


def alerts(session: Session, search: str, limit: int, *, everything: bool) -> None:
    """One's own alerts, newest first."""
    rows: list[dict[str, Any]] = []
    token = ""
    while len(rows) < limit:
        request = service.ListScreeningAlertsRequest(
            saved_search=search,
            include_acknowledged=everything,
            page_size=min(500, limit - len(rows)),
            page_token=token,
        )
        found = stub(session).ListScreeningAlerts(request, timeout=TIMEOUT_SECONDS)
        rows += [_alert(session, each) for each in found.screening_alerts]
        token = found.next_page_token
        if not token:
            break
    session.output.rows(Text("提醒", "alerts"), _ALERTS, rows)


def acknowledge(session: Session, names: list[str]) -> None:
    """Take note of alerts."""
    rows = []
    for name in names:
        request = service.AcknowledgeScreeningAlertRequest(name=name)
        rows.append(
            _alert(session, stub(session).AcknowledgeScreeningAlert(request, timeout=TIMEOUT_SECONDS))
        )
    session.output.rows(Text("已阅", "noted"), _ALERTS, rows)


def _search(search: saved_search_pb2.SavedSearch) -> dict[str, Any]:
    crossing = f"{search.crossing_score} {search.crossing_value:g}" if search.crossing_score else None
    return {
        "title": search.title,
        "filter": search.filter,
        "deals": search.deal_count,
        "crossing": crossing,
        "below": money_from_wire(search.headroom_below) if search.HasField("headroom_below") else None,
        "rules": search.mandate_revision or None,
        "fund": search.fund,
        "id": search.name,
    }


def _alert(session: Session, alert: saved_search_pb2.ScreeningAlert) -> dict[str, Any]:
    kind = type(alert).Kind.Name(alert.kind).removeprefix("KIND_")
    return {
        "day": date_from_wire(alert.day_date).isoformat(),
        "kind": said.ALERTS[kind].to(session.language) if kind in said.ALERTS else kind,
        "text": wording.say(alert.text, session.language),
        "deal": alert.deal,
        "noted": alert.HasField("acknowledge_time"),
        "id": alert.name,
    }
