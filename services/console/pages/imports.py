"""Import in five steps (导入): template, upload, preview row by row, commit, undo; a table of one's own is matched
with the columns of the template in between.

The preview is a dry run of the service, which keeps its rows; the file itself waits in the console's memory for the
commit. Where it does not any more, the page asks for it again and takes only the same content.
"""

from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4

import grpc
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bole.common.v1 import workbook_import_pb2 as workbook
from bole.talent.v1 import import_service_pb2 as service
from bole.talent.v1 import import_service_pb2_grpc
from services.chassis.rpc.failures import Failure, read_failure
from services.console.backend import SECONDS
from services.console.pages import import_columns, import_errors
from services.console.pages.import_preview import preview
from services.console.web.answering import Desk
from services.console.web.held import Held, HeldFiles
from services.console.web.refusals import answered, failure_of
from services.console.web.rendering import render
from services.console.web.tables import XLSX, sent
from services.console.web.visits import Visit
from services.kernel.clock import Clock
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.wording.codes import SHEETS
from services.workbook.choices import SOURCE_LIST
from services.workbook.template import write_template

_WAIT_SECONDS = 120.0
"""A larger import goes on in the service, and its page tells how far it is."""
_PIECE_BYTES = 512 * 1024
_RECENT = 15
_SAID = ("sheet", "source", "reason")
"""What is said of a file when it is brought, and holds for its commit."""
_GONE = Text("文件已不在内存中，请再上传一次", "the file is not at hand any more; upload it again")
_MODES = {
    "all": workbook.IMPORT_MODE_ALL_OR_NOTHING,
    "good": workbook.IMPORT_MODE_GOOD_ROWS,
}


class Imports:
    """The pages, with the files that wait for their commit."""

    def __init__(self, held: HeldFiles, clock: Clock) -> None:
        self._held = held
        self._clock = clock

    def routes(self, desk: Desk) -> list[Route]:
        """`/import` and below."""
        return [
            Route("/import", desk.endpoint(self.show), methods=["GET"]),
            Route("/import", desk.endpoint(self.upload, uploads=True), methods=["POST"]),
            Route("/import/columns", desk.endpoint(self.columns), methods=["GET"]),
            Route("/import/columns", desk.endpoint(self.match), methods=["POST"]),
            Route("/import/template.xlsx", desk.endpoint(template), methods=["GET"]),
            Route("/import/{id}", desk.endpoint(self.one), methods=["GET"]),
            Route("/import/{id}/errors.csv", desk.endpoint(import_errors.as_csv), methods=["GET"]),
            Route("/import/{id}/errors.xlsx", desk.endpoint(import_errors.as_xlsx), methods=["GET"]),
            Route("/import/{id}/commit", desk.endpoint(self.commit, uploads=True), methods=["POST"]),
            Route("/import/{id}/undo", desk.endpoint(self.undo), methods=["POST"]),
        ]

    def show(self, visit: Visit) -> Response:
        """Where it begins: the template, the upload, and what was imported before."""
        return _begin(visit, None)

    def upload(self, visit: Visit) -> Response:
        """Check a file, write nothing, and go to its preview."""
        if visit.upload is None or not visit.upload.data:
            return _begin(visit, Text("请选择要导入的文件", "choose the file to import"))
        held = Held(visit.upload, {name: visit.form.get(name, "") for name in _SAID})
        unlike = import_columns.unlike(held)
        matched = unlike and import_columns.page(visit, self._hold(visit, held), held, unlike)
        if matched:
            return matched
        try:
            return self._check(visit, held)
        except grpc.RpcError as error:
            return _begin(visit, _refused(error).text)

    def columns(self, visit: Visit) -> Response:
        """Say which column of a file is which."""
        return self._matching(visit, visit.get("file"), None)

    def match(self, visit: Visit) -> Response:
        """Check a file that is read as the form says, and go to its preview."""
        digest = visit.form.get("file", "")
        held = self._held.get(visit.session, digest, self._clock.now())
        if held is None:
            return _begin(visit, _GONE)
        said = {**held.said, "sheet": visit.form.get("sheet", "")}
        try:
            return self._check(visit, Held(import_columns.read(visit, held), said))
        except grpc.RpcError as error:
            return self._matching(visit, digest, _refused(error))
        except InvalidArgument as error:
            return self._matching(visit, digest, failure_of(error))

    def _matching(self, visit: Visit, digest: str, failure: Failure | None) -> Response:
        held = self._held.get(visit.session, digest, self._clock.now())
        matched = import_columns.page(visit, digest, held, failure) if held is not None else None
        return matched or _begin(visit, _GONE)

    def _check(self, visit: Visit, held: Held) -> Response:
        """Check a file, keep it for its commit, and go to its preview. Raises grpc.RpcError."""
        name = _send(visit, held, workbook.IMPORT_MODE_DRY_RUN)
        self._hold(visit, held)
        return RedirectResponse(f"/import/{name}", 303)

    def _hold(self, visit: Visit, held: Held) -> str:
        return self._held.put(visit.session, held.upload, held.said, self._clock.now())

    def one(self, visit: Visit) -> Response:
        """One import: what became of every row, and what can be done now."""
        return self._one(visit)

    def _one(self, visit: Visit, problem: Failure | None = None) -> Response:
        found = _stub(visit).GetImport(service.GetImportRequest(name=_name(visit)), timeout=SECONDS)
        held = self._held.get(visit.session, found.sha256, self._clock.now())
        return preview(visit, found, held, problem)

    def commit(self, visit: Visit) -> Response:
        """Write the rows of a file that was looked at, or say on its page why not."""
        return answered(lambda: self._write(visit), lambda failure: self._one(_page_of(visit), failure))

    def undo(self, visit: Visit) -> Response:
        """Take an import back, or say on its page why not; records that were changed since stay if that was asked
        for.
        """
        return answered(lambda: _undo(visit), lambda failure: self._one(_page_of(visit), failure))

    def _write(self, visit: Visit) -> Response:
        looked_at = _stub(visit).GetImport(service.GetImportRequest(name=_name(visit)), timeout=SECONDS)
        token = visit.session
        if visit.upload is not None:
            said = {name: visit.form.get(name, "") for name in _SAID}
            self._held.put(token, visit.upload, said, self._clock.now())
        held = self._held.get(token, looked_at.sha256, self._clock.now())
        if held is None:
            raise InvalidArgument.field(
                "file",
                "ANOTHER_FILE",
                "请重新选择预览过的同一个文件；内容改动后须重新预览",
                "choose the very file that was previewed; preview it again if it has changed",
            )
        mode = _MODES.get(visit.form.get("mode", ""))
        if mode is None:
            raise InvalidArgument.field("mode", "UNKNOWN_CODE", "应为 all 或 good", "must be all or good")
        name = _send(visit, held, mode)
        self._held.drop(token, looked_at.sha256)
        return RedirectResponse(f"/import/{name}", 303)


def template(visit: Visit) -> Response:
    """The empty workbook, with the codes of this installation's catalogue."""
    buffer = BytesIO()
    write_template(buffer, visit.catalogue)
    return sent(buffer.getvalue(), XLSX, "bole-template.xlsx")


def _undo(visit: Visit) -> Response:
    request = service.UndoImportRequest(
        name=_name(visit),
        etag=visit.form.get("etag", ""),
        skip_changed=visit.form.get("skip") == "yes",
        request_id=str(uuid4()),
    )
    _stub(visit).UndoImport(request, timeout=_WAIT_SECONDS)
    return RedirectResponse(f"/import/{visit.part('id')}", 303)


def _page_of(visit: Visit) -> Visit:
    """The same visitor on the page of the import that a form was sent from."""
    return visit.at(f"/import/{visit.part('id')}")


def _begin(visit: Visit, problem: Text | None) -> Response:
    request = service.ListImportsRequest(page_size=_RECENT)
    recent = _stub(visit).ListImports(request, timeout=SECONDS).imports
    return render(
        visit,
        "imports/begin.html",
        400 if problem else 200,
        active="people",
        tab="import",
        problem=problem,
        recent=recent,
        sheets=[(each, SHEETS[each]) for each in import_columns.TALENT],
        sources=SOURCE_LIST,
    )


def _refused(error: grpc.RpcError) -> Failure:
    """What is wrong with a file. Raises the error itself if it is none of the file's."""
    if error.code() not in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION):
        raise error
    return read_failure(error)


def _send(visit: Visit, held: Held, mode: "workbook.ImportMode") -> str:
    """Send a file and give the id of its import, also of one that takes longer than a page may."""
    file, given = held.upload, held.said
    header = workbook.ImportHeader(
        filename=file.filename,
        mode=mode,
        sheet=given.get("sheet", ""),
        source_list=given.get("source", ""),
        reason=given.get("reason", ""),
        request_id=str(uuid4()),
        size_bytes=len(file.data),
    )
    try:
        _stub(visit).ImportWorkbook(_parts(header, file.data), timeout=_WAIT_SECONDS)
    except grpc.RpcError as error:
        if error.code() != grpc.StatusCode.DEADLINE_EXCEEDED:
            raise
    return header.request_id


def _parts(header: workbook.ImportHeader, data: bytes) -> Iterator[service.ImportWorkbookRequest]:
    yield service.ImportWorkbookRequest(header=header)
    for start in range(0, len(data), _PIECE_BYTES):
        yield service.ImportWorkbookRequest(data=data[start : start + _PIECE_BYTES])


def _name(visit: Visit) -> str:
    return f"imports/{visit.part('id')}"


def _stub(visit: Visit) -> import_service_pb2_grpc.TalentImportServiceStub:
    return visit.stub(import_service_pb2_grpc.TalentImportServiceStub, visit.purpose)
