"""Putting a document on a deal's register, and saying that it was checked against its original."""

from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import deal_document_pb2, deal_document_service_pb2_grpc
from bole.funding.v1 import deal_document_service_pb2 as service
from services.chassis.rpc.wire import date_to_wire
from services.console.backend import SECONDS
from services.console.pages.deals import deal
from services.console.pages.deals.notes import MOST_BYTES
from services.console.web.dates import day_of
from services.console.web.refusals import answered
from services.console.web.visits import Upload, Visit
from services.kernel.errors import InvalidArgument

_NAME = 200


def register(visit: Visit) -> Response:
    """Put the file of the form on the register, and show the deal."""

    def send() -> Response:
        form, file = visit.form, _file(visit)
        made = deal_document_pb2.DealDocument(
            kind=form.get("kind", ""),
            title=form.get("title", "") or file.filename[-_NAME:],
            file_name=file.filename[-_NAME:],
        )
        if form.get("issued"):
            made.issue_date.CopyFrom(date_to_wire(day_of("document.issue_date", form["issued"])))
        request = service.RegisterDealDocumentRequest(
            parent=f"deals/{visit.part('id')}", document=made, content=file.data, request_id=str(uuid4())
        )
        _stub(visit).RegisterDealDocument(request, timeout=SECONDS)
        return _back(visit, "FILED")

    return answered(send, lambda failure: deal.page(visit, failure))


def verify(visit: Visit) -> Response:
    """Say that a document was checked against its original, and show the deal."""

    def send() -> Response:
        name = f"deals/{visit.part('id')}/documents/{visit.part('number')}"
        request = service.VerifyDealDocumentRequest(name=name, request_id=str(uuid4()))
        _stub(visit).VerifyDealDocument(request, timeout=SECONDS)
        return _back(visit, "VERIFIED")

    return answered(send, lambda failure: deal.page(visit, failure))


def _file(visit: Visit) -> Upload:
    if visit.upload is None or not visit.upload.data:
        raise InvalidArgument.field(
            "document.file_name", "REQUIRED", "请选择文件，文件不能为空", "choose a file that is not empty"
        )
    if len(visit.upload.data) > MOST_BYTES:
        raise InvalidArgument.field(
            "document.file_name",
            "TOO_LARGE",
            "文件超过 3 MB；更大的文件请用命令行 bole deal register 登记摘要",
            "the file is over 3 MB; put a larger one on the register by its digest: bole deal register",
        )
    return visit.upload


def _back(visit: Visit, done: str) -> Response:
    return RedirectResponse(f"/deals/{visit.part('id')}?done={done}#documents", 303)


def _stub(visit: Visit) -> deal_document_service_pb2_grpc.DealDocumentServiceStub:
    return visit.stub(deal_document_service_pb2_grpc.DealDocumentServiceStub)
