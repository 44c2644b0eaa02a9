"""Writing a note on a deal, with a file if there is one, settling its reminder, and taking a document away."""

from datetime import date
from urllib.parse import parse_qsl, quote, urlencode
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import deal_document_service_pb2, deal_document_service_pb2_grpc, deal_note_pb2
from bole.funding.v1 import deal_note_service_pb2 as service
from services.chassis.rpc.wire import date_to_wire
from services.console.backend import SECONDS
from services.console.pages.deals import deal
from services.console.pages.deals.noted import stub
from services.console.web.paths import inside
from services.console.web.refusals import answered
from services.console.web.visits import Upload, Visit
from services.kernel.errors import InvalidArgument

MOST_BYTES = 3_000_000
"""Of a document's content, as the contract has it."""
_NAME = 200


def write(visit: Visit) -> Response:
    """Write the note, with its file if there is one, and show the deal."""

    def send() -> Response:
        note = deal_note_pb2.DealNote(
            text=visit.form.get("text", ""), remind_account=visit.form.get("account", "")
        )
        if visit.form.get("remind"):
            note.remind_date.CopyFrom(date_to_wire(_day(visit.form["remind"])))
        if visit.upload is not None and visit.upload.data:
            note.file.CopyFrom(_file(visit.upload))
        request = service.CreateDealNoteRequest(
            parent=f"deals/{visit.part('id')}", note=note, request_id=str(uuid4())
        )
        stub(visit).CreateDealNote(request, timeout=SECONDS)
        return RedirectResponse(f"/deals/{visit.part('id')}?done=NOTED#notes", 303)

    return answered(send, lambda failure: deal.page(visit, failure))


def settle(visit: Visit) -> Response:
    """Settle a reminder, and show the page that it was settled on."""
    id_, number = visit.part("id"), visit.part("number")

    def send() -> Response:
        request = service.SettleDealReminderRequest(
            name=f"deals/{id_}/notes/{number}", request_id=str(uuid4())
        )
        stub(visit).SettleDealReminder(request, timeout=SECONDS)
        return RedirectResponse(_settled(visit.form.get("back", ""), f"/deals/{id_}"), 303)

    return answered(send, lambda failure: deal.page(visit.at(f"/deals/{id_}"), failure))


def _settled(back: str, deal: str) -> str:
    """Where it goes on: the page of ours that the form stood on, which says so, or the deal's."""
    path, _, query = inside(back).partition("?") if back else (deal, "", "")
    said = urlencode([*parse_qsl(query), ("done", "SETTLED")])
    return f"{path}?{said}" + ("" if back else "#notes")


def document(visit: Visit) -> Response:
    """The content of a document, to be saved: no browser opens it in the console's name."""
    name = f"deals/{visit.part('id')}/documents/{visit.part('number')}"
    documents = visit.stub(deal_document_service_pb2_grpc.DealDocumentServiceStub)
    request = deal_document_service_pb2.GetDealDocumentContentRequest(name=name)
    found = documents.GetDealDocumentContent(request, timeout=SECONDS)
    called = found.document.file_name or f"document-{found.document.number}"
    return Response(
        found.content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(called, safe='')}"},
    )


def _file(file: Upload) -> deal_note_pb2.DealNoteFile:
    if len(file.data) > MOST_BYTES:
        raise InvalidArgument.field(
            "file",
            "TOO_LARGE",
            "附件超过 3 MB；更大的文件请用命令行 bole deal register 登记摘要",
            "the file is over 3 MB; put a larger one on the register by its digest: bole deal register",
        )
    return deal_note_pb2.DealNoteFile(file_name=file.filename[-_NAME:], content=file.data)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidArgument.field(
            "note.remind_date", "BAD_DATE", "日期应写作 2026-12-31", "write the day as 2026-12-31"
        ) from None
