"""Send a workbook to the services that own its sheets, and show what they say of each row."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.text import Text as RichText

from bole.common.v1 import workbook_import_pb2 as wire
from bole.funding.v1 import import_service_pb2 as funding
from bole.funding.v1 import import_service_pb2_grpc as funding_grpc
from bole.talent.v1 import import_service_pb2 as talent
from bole.talent.v1 import import_service_pb2_grpc as talent_grpc
from services.cli.output import Column, Output
from services.cli.session import Session
from services.cli.wording import SHEETS
from services.kernel.text import Text

PIECE_BYTES = 512 * 1024
TIMEOUT_SECONDS = 300.0
OWNERS = {"talent": ("persons", "teams", "positions"), "funding": ("firms", "funds", "deals")}
Mode = wire.ImportMode

_COUNT_COLUMNS = (
    Column("sheet", Text("工作表", "sheet")),
    Column("rows", Text("行数", "rows"), right=True),
    Column("created", Text("新增", "new"), right=True),
    Column("changed", Text("变更", "changed"), right=True),
    Column("same", Text("未变", "same"), right=True),
    Column("refused", Text("拒收", "refused"), right=True),
)
_PROBLEM_COLUMNS = (
    Column("sheet", Text("工作表", "sheet")),
    Column("row", Text("行", "row"), right=True),
    Column("field", Text("列", "column")),
    Column("reason", Text("规则", "rule")),
    Column("text", Text("原因与办法", "why, and what to do")),
)


def send(
    session: Session, service: str, path: Path, mode: "wire.ImportMode", sheet: str = ""
) -> wire.ImportReport:
    """Stream the file to `talent` or `funding`. Raises grpc.RpcError as the service decides."""
    header = wire.ImportHeader(filename=path.name, mode=mode, sheet=sheet, request_id=str(uuid4()))
    if service == "talent":
        talent_stub = talent_grpc.TalentImportServiceStub(session.channel("talent"))
        return talent_stub.ImportWorkbook(_parts(talent, header, path), timeout=TIMEOUT_SECONDS)
    funding_stub = funding_grpc.FundingImportServiceStub(session.channel("funding"))
    return funding_stub.ImportWorkbook(_parts(funding, header, path), timeout=TIMEOUT_SECONDS)


def _parts(module: Any, header: wire.ImportHeader, path: Path) -> Iterator[Any]:
    yield module.ImportWorkbookRequest(header=header)
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield module.ImportWorkbookRequest(data=piece)


def show_counts(output: Output, reports: list[wire.ImportReport], title: Text) -> None:
    """Rows read, new, changed, same and refused, per sheet."""
    rows = [
        {
            "sheet": SHEETS[each.sheet].to(output.language),
            "rows": each.row_count,
            "created": each.created_count,
            "changed": each.changed_count,
            "same": each.same_count,
            "refused": RichText(str(each.refused_count), style="red" if each.refused_count else ""),
        }
        for report in reports
        for each in report.sheets
    ]
    output.rows(title, _COUNT_COLUMNS, rows)


def show_problems(output: Output, reports: list[wire.ImportReport]) -> None:
    """The refused rows, with the rule and the remedy."""
    rows = [
        {
            "sheet": SHEETS[each.sheet].to(output.language),
            "row": each.row,
            "field": each.field,
            "reason": each.reason,
            "text": each.text.zh if output.language == "zh" else each.text.en,
        }
        for report in reports
        for each in report.problems
    ]
    if rows:
        output.rows(Text("拒收的行", "refused rows"), _PROBLEM_COLUMNS, rows)


def import_file(
    session: Session, service: str, path: Path, dry_run: bool, all_or_nothing: bool, sheet: str
) -> int:
    """Import and show the report; the exit status: 0 all good, 2 if rows were refused."""
    mode = Mode.IMPORT_MODE_GOOD_ROWS
    if dry_run:
        mode = Mode.IMPORT_MODE_DRY_RUN
    elif all_or_nothing:
        mode = Mode.IMPORT_MODE_ALL_OR_NOTHING
    report = send(session, service, path, mode, sheet)
    written = Text("已写入", "written") if report.committed else Text("未写入", "nothing written")
    show_counts(session.output, [report], written)
    show_problems(session.output, [report])
    return 2 if report.problems else 0
