"""The people of a question as a file, for the purpose that its page showed. Why they are taken away stands in the file
and in the register; a file that tells who more than a hundred people are waits for a second person.
"""

from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from bole.talent.v1 import export_service_pb2 as service
from bole.talent.v1 import export_service_pb2_grpc as service_grpc
from services.chassis.rpc.failures import Failure
from services.console.pages import approvals
from services.console.web.attachments import MEDIA, asked_format, attachment
from services.console.web.refusals import answered, refuse
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument

_SECONDS = 120.0
_SHEET = "persons"
_FORMS = {"xlsx": service.EXPORT_FORMAT_XLSX, "csv": service.EXPORT_FORMAT_CSV_UTF8}


def take(visit: Visit) -> Response:
    """The file; the form to ask somebody else with where the file needs that."""
    return answered(lambda: _file(visit), lambda failure: _refused(visit, failure))


def _file(visit: Visit) -> Response:
    """Raises InvalidArgument for another form than the offered ones, and for a purpose that is not granted."""
    chosen, purpose = asked_format(visit), visit.form.get("purpose", "")
    if purpose and purpose not in visit.purposes:
        raise InvalidArgument.field(
            "purpose",
            "PURPOSE_NOT_GRANTED",
            "当前账号未被授权用于该目的",
            "this account is not granted for that purpose",
        )
    request = service.ExportRecordsRequest(
        sheet=_SHEET,
        format=_FORMS[chosen],
        reason=visit.form.get("reason", ""),
        filter=visit.form.get("filter", ""),
        order_by=visit.form.get("order", ""),
        query=visit.form.get("words", ""),
    )
    stub = visit.stub(service_grpc.TalentExportServiceStub, purpose or None)
    return attachment(
        (each.data for each in stub.ExportRecords(request, timeout=_SECONDS)),
        MEDIA[chosen],
        f"people.{chosen}",
    )


def _refused(visit: Visit, failure: Failure) -> Response:
    if failure.reason != "FOUR_EYES_NEEDED" or not visit.may("ask approval"):
        return refuse(visit, failure)
    wanted = {name: failure.metadata.get(name, "") for name in approvals.OF_EXPORTS}
    return RedirectResponse(f"{approvals.PATH}?{urlencode({'act': 'EXPORT', **wanted})}", 303)
