"""`bole position …`: open positions."""

from bole.talent.v1 import position_pb2, position_service_pb2_grpc
from bole.talent.v1 import position_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.answers.facets import note_facets
from services.cli.answers.searching import words_of
from services.cli.session import Session
from services.kernel.text import Text, counted
from services.wording import codes

TIMEOUT_SECONDS = 30.0
FACETS = ("industry_code", "city_code", "category_code")
_COLUMNS = (
    Column("title", Text("岗位", "position"), wraps=True),
    Column("employer", Text("单位", "employer"), wraps=True),
    Column("city", Text("城市", "city")),
    Column("direction", Text("方向", "direction"), wraps=True),
    Column("headcount", Text("尚缺", "open"), right=True),
    Column("id", Text("编号", "resource"), whole=True),
)
_FACT_COLUMNS = (
    Column("field", Text("字段", "field")),
    Column("value", Text("内容", "value"), wraps=True),
)


def stub(session: Session) -> position_service_pb2_grpc.PositionServiceStub:
    """The positions."""
    return position_service_pb2_grpc.PositionServiceStub(session.channel("talent"))


def fetch(session: Session, filter_: str, order_by: str, limit: int) -> service.ListPositionsResponse:
    """Positions by filter."""
    return stub(session).ListPositions(
        service.ListPositionsRequest(filter=filter_, order_by=order_by, page_size=limit),
        timeout=TIMEOUT_SECONDS,
    )


def search(
    session: Session, query: str, filter_: str, order_by: str, limit: int
) -> service.SearchPositionsResponse:
    """Positions by words and filter, with facets."""
    request = service.SearchPositionsRequest(
        query=words_of(query), filter=filter_, order_by=order_by, page_size=limit, facets=FACETS
    )
    return stub(session).SearchPositions(request, timeout=TIMEOUT_SECONDS)


def show_search(session: Session, found: service.SearchPositionsResponse) -> None:
    """Positions, then the counts of each dimension; a small count is not told."""
    rows = [_row(each, session) for each in found.positions]
    session.output.rows(
        Text(f"岗位 {found.total_size}", counted(found.total_size, "position")), _COLUMNS, rows
    )
    note_facets(session, found.facets)


def show(session: Session, found: service.ListPositionsResponse) -> None:
    """One row each."""
    rows = [_row(each, session) for each in found.positions]
    session.output.rows(
        Text(f"岗位 {found.total_size}", counted(found.total_size, "position")), _COLUMNS, rows
    )


def show_one(session: Session, position: position_pb2.Position) -> None:
    """Everything about one position, in words."""
    language = session.language
    state = position_pb2.Position.State.Name(position.state)
    kind = position_pb2.PositionOutcome.Kind.Name(position.outcome)
    facts: tuple[tuple[Text, object], ...] = (
        (Text("单位名称", "employer"), position.employer),
        (Text("统一社会信用代码", "credit code"), position.employer_uscc),
        (Text("所在城市", "city"), wording.city(position.city_code, language)),
        (Text("技术方向", "direction"), wording.direction(position.direction_code, language)),
        (Text("人才类别", "category"), wording.category(position.category_code, language)),
        (Text("需求人数", "wanted"), position.headcount),
        (Text("已到岗", "started"), position.filled_count),
        (Text("状态", "state"), codes.POSITION_STATES[state].to(language)),
        (Text("结果", "outcome"), codes.OUTCOME_KINDS[kind].to(language) if position.outcome else ""),
        (Text("原因", "reason"), position.ending_reason),
        (Text("发布日期", "opened"), _day(position, "opened_date")),
        (Text("最近续期", "last renewed"), _day(position, "renewed_date")),
        (Text("到期日", "counts until"), _day(position, "expire_date")),
        (Text("关闭日期", "closed"), _day(position, "closed_date")),
        (Text("与其重复，不计数", "repeats, counts nowhere"), position.duplicate_of),
        (Text("岗位要求", "requirement"), position.requirement),
        (Text("来源编号", "source number"), position.source_ref),
        (Text("编号", "resource"), position.name),
    )
    origin = wording.origin(position.origin)
    rows = [
        {"field": name.to(language), "value": value, "origin": origin}
        for name, value in facts
        if value not in ("", None)
    ]
    session.output.rows(Text(position.title, position.title), _FACT_COLUMNS, rows)


def _day(position: position_pb2.Position, field: str) -> str:
    return date_from_wire(getattr(position, field)).isoformat() if position.HasField(field) else ""


def _row(position: position_pb2.Position, session: Session) -> dict[str, object]:
    return {
        "title": position.title,
        "employer": position.employer,
        "city": wording.city(position.city_code, session.language),
        "direction": wording.direction(position.direction_code, session.language),
        "headcount": position.headcount - position.filled_count,
        "id": position.name,
        "origin": wording.origin(position.origin),
    }
