"""Import in five steps (导入): template, upload, preview row by row, commit, undo; a table of one's own is matched
with the columns of the template in between. The same pages for the library and for firms, funds and deals.

The preview is a dry run of the service, which keeps its rows; the file itself waits in the console's memory for the
commit. Where it does not any more, the page asks for it again and takes only the same content.
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import partial
from io import BytesIO
from typing import Any
from uuid import uuid4

import grpc
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bole.common.v1 import workbook_import_pb2 as workbook
from services.chassis.rpc.failures import Failure, read_failure
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.imports import columns, errors
from services.console.pages.imports.preview import preview
from services.console.pages.imports.sides import Side
from services.console.web.answering import Desk
from services.console.web.held import Held, HeldFiles
from services.console.web.refusals import answered, failure_of
from services.console.web.rendering import render
from services.console.web.tables import XLSX, sent
from services.console.web.visits import Upload, Visit
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
    """The pages of one side, with the files that wait for their commit."""

    def __init__(self, side: Side, held: HeldFiles, clock: Clock) -> None:
        self._side = side
        self._held = held
        self._clock = clock

    def routes(self, desk: Desk) -> list[Route]:
        """The first page and those below it."""
        at, wrong = self._side.base, f"{self._side.base}/{{id}}/errors"
        as_csv, as_xlsx = (partial(each, self._side) for each in (errors.as_csv, errors.as_xlsx))
        return [
            Route(at, desk.endpoint(self.show), methods=["GET"]),
            Route(at, desk.endpoint(self.upload, uploads=True), methods=["POST"]),
            Route(f"{at}/columns", desk.endpoint(self.columns), methods=["GET"]),
            Route(f"{at}/columns", desk.endpoint(self.match), methods=["POST"]),
            Route(f"{at}/template.xlsx", desk.endpoint(template), methods=["GET"]),
            Route(f"{at}/{{id}}", desk.endpoint(self.one), methods=["GET"]),
            Route(f"{wrong}.csv", desk.endpoint(as_csv), methods=["GET"]),
            Route(f"{wrong}.xlsx", desk.endpoint(as_xlsx), methods=["GET"]),
            Route(f"{at}/{{id}}/commit", desk.endpoint(self.commit, uploads=True), methods=["POST"]),
            Route(f"{at}/{{id}}/undo", desk.endpoint(self.undo), methods=["POST"]),
        ]

    def show(self, visit: Visit) -> Response:
        """Where it begins: the template, the upload, and what was imported before. `after`: the import whose file is
        brought again, mended; what was said of it stands there.
        """
        return _begin(visit, self._side, None, self._said_before(visit))

    def _said_before(self, visit: Visit) -> Mapping[str, str]:
        name = visit.get("after")
        if not name:
            return {}
        request = self._side.wire.GetImportRequest(name=f"imports/{name}")
        return self._said(visit, self._side.stub(visit).GetImport(request, timeout=SECONDS))

    def _said(self, visit: Visit, found: Any) -> Mapping[str, str]:
        """What was said of the file of an import: the service keeps the reason alone."""
        return {"reason": found.reason, **self._held.said(visit.session, found.sha256)}

    def upload(self, visit: Visit) -> Response:
        """Check a file, write nothing, and go to its preview."""
        if visit.upload is None or not visit.upload.data:
            return _begin(visit, self._side, Text("请选择要导入的文件", "choose the file to import"))
        held = Held(visit.upload, {name: visit.form.get(name, "") for name in _SAID})
        unlike = columns.unlike(held)
        matched = unlike and columns.page(
            visit, self._side, self._hold(visit, held), held, partial(self._earlier, visit), unlike
        )
        if matched:
            return matched
        try:
            return self._check(visit, held)
        except grpc.RpcError as error:
            return _begin(visit, self._side, _refused(error).text)

    def columns(self, visit: Visit) -> Response:
        """Say which column of a file is which."""
        return self._matching(visit, visit.get("file"), None)

    def match(self, visit: Visit) -> Response:
        """Check a file that is read as the form says, and go to its preview."""
        digest = visit.form.get("file", "")
        held = self._held.get(visit.session, digest, self._clock.now())
        if held is None:
            return _begin(visit, self._side, _GONE)
        said = {**held.said, "sheet": visit.form.get("sheet", "")}
        try:
            file, header = columns.read(visit, self._side, held)
            self._held.put(visit.session, Upload("", header), visit.form, self._clock.now())
            return self._check(visit, Held(file, said))
        except grpc.RpcError as error:
            return self._matching(visit, digest, _refused(error))
        except InvalidArgument as error:
            return self._matching(visit, digest, failure_of(error))

    def _matching(self, visit: Visit, digest: str, failure: Failure | None) -> Response:
        held = self._held.get(visit.session, digest, self._clock.now())
        if held is None:
            return _begin(visit, self._side, _GONE)
        matched = columns.page(visit, self._side, digest, held, partial(self._earlier, visit), failure)
        return matched or _begin(visit, self._side, _GONE)

    def _earlier(self, visit: Visit, header: bytes) -> Mapping[str, str]:
        found = self._held.get(visit.session, hashlib.sha256(header).hexdigest(), self._clock.now())
        return found.said if found is not None else {}

    def _check(self, visit: Visit, held: Held) -> Response:
        """Check a file, keep it for its commit, and go to its preview. Raises grpc.RpcError."""
        name = _send(visit, self._side, held, workbook.IMPORT_MODE_DRY_RUN)
        self._hold(visit, held)
        return self._page(name)

    def _hold(self, visit: Visit, held: Held) -> str:
        return self._held.put(visit.session, held.upload, held.said, self._clock.now())

    def one(self, visit: Visit) -> Response:
        """One import: what became of every row, and what can be done now."""
        return self._one(visit)

    def _one(self, visit: Visit, problem: Failure | None = None) -> Response:
        found = self._found(visit)
        held = self._held.get(visit.session, found.sha256, self._clock.now())
        return preview(visit, self._side, found, held, problem, said=visit.form or self._said(visit, found))

    def commit(self, visit: Visit) -> Response:
        """Write the rows of a file that was looked at, or say on its page why not."""
        return answered(lambda: self._write(visit), lambda failure: self._one(self._page_of(visit), failure))

    def undo(self, visit: Visit) -> Response:
        """Take an import back, or say on its page why not; records that were changed since stay if that was asked
        for.
        """
        return answered(lambda: self._undo(visit), lambda failure: self._one(self._page_of(visit), failure))

    def _write(self, visit: Visit) -> Response:
        looked_at = self._found(visit)
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
        name = _send(visit, self._side, held, mode)
        if not any(each.refused_count for each in looked_at.sheets):
            self._held.drop(token, looked_at.sha256)  # else it says yet what the refused rows hold
        return self._page(name)

    def _undo(self, visit: Visit) -> Response:
        request = self._side.wire.UndoImportRequest(
            name=_name(visit),
            etag=visit.form.get("etag", ""),
            skip_changed=visit.form.get("skip") == "yes",
            request_id=str(uuid4()),
        )
        self._side.stub(visit).UndoImport(request, timeout=_WAIT_SECONDS)
        return self._page(visit.part("id"))

    def _found(self, visit: Visit) -> Any:
        request = self._side.wire.GetImportRequest(name=_name(visit))
        return self._side.stub(visit).GetImport(request, timeout=SECONDS)

    def _page(self, id_: str) -> Response:
        return RedirectResponse(f"{self._side.base}/{id_}", 303)

    def _page_of(self, visit: Visit) -> Visit:
        """The same visitor on the page of the import that a form was sent from."""
        return visit.at(f"{self._side.base}/{visit.part('id')}")


def template(visit: Visit) -> Response:
    """The empty workbook, with the codes of this installation's catalogue."""
    buffer = BytesIO()
    write_template(buffer, visit.catalogue)
    return sent(buffer.getvalue(), XLSX, "bole-template.xlsx")


def _begin(visit: Visit, side: Side, problem: Text | None, said: Mapping[str, str] | None = None) -> Response:
    """`said`: what stands in the form; what the form itself said where it was sent."""
    request = side.wire.ListImportsRequest(page_size=_RECENT)
    recent = side.stub(visit).ListImports(request, timeout=SECONDS).imports
    sample = any(sheet.synthetic_count for each in recent for sheet in each.sheets)
    return render(
        visit,
        "imports/begin.html",
        400 if problem else 200,
        active=side.section,
        tab="import",
        synthetic=sample if recent else origins.among(visit),
        side=side,
        problem=problem,
        said=said or visit.form,
        recent=recent,
        sheets=[(each, SHEETS[each]) for each in side.sheets],
        sources=SOURCE_LIST,
    )


def _refused(error: grpc.RpcError) -> Failure:
    """What is wrong with a file. Raises the error itself if it is none of the file's."""
    if error.code() not in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION):
        raise error
    return read_failure(error)


def _send(visit: Visit, side: Side, held: Held, mode: "workbook.ImportMode") -> str:
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
        side.stub(visit).ImportWorkbook(_parts(side, header, file.data), timeout=_WAIT_SECONDS)
    except grpc.RpcError as error:
        if error.code() != grpc.StatusCode.DEADLINE_EXCEEDED:
            raise
    return header.request_id


def _parts(side: Side, header: workbook.ImportHeader, data: bytes) -> Iterator[Any]:
    part = side.wire.ImportWorkbookRequest
    yield part(header=header)
    for start in range(0, len(data), _PIECE_BYTES):
        yield part(data=data[start : start + _PIECE_BYTES])


def _name(visit: Visit) -> str:
    return f"imports/{visit.part('id')}"
