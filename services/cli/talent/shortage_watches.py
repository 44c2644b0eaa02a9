"""`bole shortage watch …`: cells of the shortage map that the caller wants to be told of."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from bole.talent.v1 import shortage_pb2, shortage_watch_pb2
from bole.talent.v1 import shortage_watch_service_pb2 as service
from bole.talent.v1 import shortage_watch_service_pb2_grpc as service_grpc
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.session import Session
from services.cli.talent import shortage
from services.kernel.text import Language, Text

_COLUMNS = (
    Column("name", Text("名称", "name"), whole=True),
    Column("scope", Text("产业/方向", "field"), wraps=True),
    Column("city", Text("城市", "city")),
    Column("stars", Text("星级", "stars"), show=lambda value, _: "★" * value),
    Column("percent", Text("把握", "sure"), right=True, show=lambda value, _: f"{value}%"),
    Column("reached", Text("已达到", "reached"), show=tick),
    Column("reach_time", Text("达到时间", "since")),
    Column("leave_time", Text("回落时间", "left")),
)


def create(
    session: Session, scope: shortage_pb2.ShortageScope, stars: int, percent: int
) -> shortage_watch_pb2.ShortageWatch:
    """Watch a cell."""
    watch = shortage_watch_pb2.ShortageWatch(scope=scope, stars=stars, percent=percent)
    request = service.CreateShortageWatchRequest(watch=watch, request_id=str(uuid4()))
    made: shortage_watch_pb2.ShortageWatch = _stub(session).CreateShortageWatch(request, timeout=30)
    return made


def fetch(session: Session, limit: int) -> list[shortage_watch_pb2.ShortageWatch]:
    """The caller's watches, newest first."""
    request = service.ListShortageWatchesRequest(page_size=limit)
    return list(_stub(session).ListShortageWatches(request, timeout=30).watches)


def delete(session: Session, name: str) -> None:
    """Watch no longer."""
    whole = name if "/" in name else f"shortageWatches/{name}"
    request = service.DeleteShortageWatchRequest(name=whole, request_id=str(uuid4()))
    _stub(session).DeleteShortageWatch(request, timeout=30)


def show(session: Session, watches: Sequence[shortage_watch_pb2.ShortageWatch]) -> None:
    """Watches as rows."""
    rows = [_row(each, session.language) for each in watches]
    session.output.rows(Text("我的关注", "watches"), _COLUMNS, rows)


def _row(watch: shortage_watch_pb2.ShortageWatch, language: Language) -> dict[str, Any]:
    reached = wording.minute(watch.reach_time) if watch.HasField("reach_time") else None
    left = wording.minute(watch.leave_time) if watch.HasField("leave_time") else None
    return {
        "name": watch.name,
        **shortage.place(watch.scope, language),
        "stars": watch.stars,
        "percent": watch.percent,
        "reached": watch.reached,
        "reach_time": reached,
        "leave_time": left,
    }


def _stub(session: Session) -> service_grpc.ShortageWatchServiceStub:
    return service_grpc.ShortageWatchServiceStub(session.channel("talent"))
