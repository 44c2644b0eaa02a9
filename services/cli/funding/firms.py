"""`bole firm …`: early-stage firms."""

from bole.funding.v1 import firm_pb2, firm_service_pb2_grpc
from bole.funding.v1 import firm_service_pb2 as service
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.answers.searching import words_of
from services.cli.session import Session
from services.kernel.text import Text, counted

TIMEOUT_SECONDS = 30.0
_COLUMNS = (
    Column("name", Text("企业", "firm"), wraps=True),
    Column("city", Text("城市", "city")),
    Column("stage", Text("阶段", "stage")),
    Column("directions", Text("方向", "directions"), wraps=True),
    Column("id", Text("编号", "resource"), whole=True),
)


def fetch(
    session: Session, filter_: str, order_by: str, limit: int, words: str = ""
) -> service.ListFirmsResponse:
    """Firms by words and filter."""
    stub = firm_service_pb2_grpc.FirmServiceStub(session.channel("funding"))
    request = service.ListFirmsRequest(
        filter=filter_, order_by=order_by, page_size=limit, query=words_of(words)
    )
    return stub.ListFirms(request, timeout=TIMEOUT_SECONDS)


def show(session: Session, found: service.ListFirmsResponse) -> None:
    """One row each."""
    rows = [_row(each, session) for each in found.firms]
    session.output.rows(Text(f"企业 {found.total_size}", counted(found.total_size, "firm")), _COLUMNS, rows)


def _row(firm: firm_pb2.Firm, session: Session) -> dict[str, object]:
    language = session.language
    return {
        "name": firm.display_name,
        "city": wording.city(firm.city_code, language),
        "stage": wording.stage(firm_pb2.FirmStage.Name(firm.stage), language),
        "directions": [wording.direction(each.code, language) for each in firm.direction_shares],
        "id": firm.name,
        "origin": wording.origin(firm.origin),
    }
