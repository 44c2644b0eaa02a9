"""The deals of a question as a file. Why they are taken away stands in the file and in the register."""

from starlette.responses import Response

from bole.funding.v1 import export_service_pb2 as service
from bole.funding.v1 import export_service_pb2_grpc as service_grpc
from services.console.web.attachments import MEDIA, asked_format, attachment
from services.console.web.visits import Visit

_SECONDS = 120.0
_FORMS = {"xlsx": service.EXPORT_FORMAT_XLSX, "csv": service.EXPORT_FORMAT_CSV_UTF8}


def take(visit: Visit) -> Response:
    """The file. Raises InvalidArgument for another form than the offered ones."""
    chosen = asked_format(visit)
    request = service.ExportRecordsRequest(
        sheet="deals",
        format=_FORMS[chosen],
        reason=visit.form.get("reason", ""),
        filter=visit.form.get("filter", ""),
        fund=visit.form.get("fund", ""),
        order_by=visit.form.get("order", ""),
    )
    stub = visit.stub(service_grpc.FundingExportServiceStub, visit.purpose)
    return attachment(
        (each.data for each in stub.ExportRecords(request, timeout=_SECONDS)),
        MEDIA[chosen],
        f"deals.{chosen}",
    )
