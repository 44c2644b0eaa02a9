"""The deals of a question as a file. Why they are taken away stands in the file and in the register."""

from collections.abc import Iterable

from starlette.responses import Response

from bole.funding.v1 import export_service_pb2 as service
from bole.funding.v1 import export_service_pb2_grpc as service_grpc
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument

_SECONDS = 120.0
_FORMS = {
    "xlsx": (
        service.EXPORT_FORMAT_XLSX,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": (service.EXPORT_FORMAT_CSV_UTF8, "text/csv; charset=utf-8"),
}


def take(visit: Visit) -> Response:
    """The file. Raises InvalidArgument for another form than the offered ones."""
    chosen = visit.form.get("format", "")
    if chosen not in _FORMS:
        raise InvalidArgument.field("format", "UNKNOWN_FORMAT", "可选 xlsx 或 csv", "choose xlsx or csv")
    form, kind = _FORMS[chosen]
    request = service.ExportRecordsRequest(
        sheet="deals",
        format=form,
        reason=visit.form.get("reason", ""),
        filter=visit.form.get("filter", ""),
        fund=visit.form.get("fund", ""),
        order_by=visit.form.get("order", ""),
    )
    stub = visit.stub(service_grpc.FundingExportServiceStub, visit.purpose)
    return attachment(
        (each.data for each in stub.ExportRecords(request, timeout=_SECONDS)), kind, f"deals.{chosen}"
    )


def attachment(pieces: Iterable[bytes], kind: str, name: str) -> Response:
    """A file to be kept, whole: a page that is refused half-way is a refusal."""
    return Response(
        b"".join(pieces),
        media_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
