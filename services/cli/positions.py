"""`bole position …`: open positions."""

from bole.talent.v1 import position_pb2, position_service_pb2_grpc
from bole.talent.v1 import position_service_pb2 as service
from services.cli import wording
from services.cli.columns import Column
from services.cli.facets import note_facets
from services.cli.session import Session
from services.kernel.text import Text

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
        query=query, filter=filter_, order_by=order_by, page_size=limit, facets=FACETS
    )
    return stub(session).SearchPositions(request, timeout=TIMEOUT_SECONDS)


def show_search(session: Session, found: service.SearchPositionsResponse) -> None:
    """Positions, then the counts of each dimension; a small count is not told."""
    rows = [_row(each, session) for each in found.positions]
    session.output.rows(Text(f"岗位 {found.total_size}", f"{found.total_size} positions"), _COLUMNS, rows)
    note_facets(session, found.facets)


def show(session: Session, found: service.ListPositionsResponse) -> None:
    """One row each."""
    rows = [_row(each, session) for each in found.positions]
    session.output.rows(Text(f"岗位 {found.total_size}", f"{found.total_size} positions"), _COLUMNS, rows)


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
