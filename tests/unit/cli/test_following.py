"""An import whose connection ends before it does: the command follows it by its name, and tells its outcome."""

from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any, NamedTuple

import grpc
import pytest

from bole.common.v1 import text_pb2
from bole.common.v1 import workbook_import_pb2 as common
from bole.funding.v1 import import_pb2 as funding_import_pb2
from bole.funding.v1 import import_service_pb2 as funding_wire
from bole.funding.v1 import import_service_pb2_grpc as funding_grpc
from bole.talent.v1 import import_pb2 as talent_import_pb2
from bole.talent.v1 import import_service_pb2 as talent_wire
from bole.talent.v1 import import_service_pb2_grpc as talent_grpc
from services.chassis.settings import load_settings
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.session import Session
from services.cli.workbooks.following import carried_through
from services.kernel.errors import Aborted

NAME = "imports/0b1a9a3e-0000-4000-8000-000000000001"
State = talent_import_pb2.Import.State
PROBLEM = common.RowProblem(
    sheet="persons", row=3, field="姓名", reason="REQUIRED", text=text_pb2.Text(zh="请填写", en="fill it in")
)


class Service(NamedTuple):
    """The contract of one service's imports."""

    name: str
    wire: Any
    imports: Any
    stub: Any
    add: Callable[[Any, grpc.Server], None]


SERVICES = (
    Service(
        "talent",
        talent_wire,
        talent_import_pb2,
        talent_grpc.TalentImportServiceStub,
        talent_grpc.add_TalentImportServiceServicer_to_server,
    ),
    Service(
        "funding",
        funding_wire,
        funding_import_pb2,
        funding_grpc.FundingImportServiceStub,
        funding_grpc.add_FundingImportServiceServicer_to_server,
    ),
)


class Imports:
    """The upload is cut off; the import itself has these states, one after the other."""

    def __init__(self, service: Service, *states: "State") -> None:
        self.service, self.states = service, list(states)

    def __getattr__(self, rpc: str) -> Any:
        if rpc in ("ListImports", "UndoImport"):
            return None  # not called
        raise AttributeError(rpc)

    def ImportWorkbook(self, request_iterator: Any, context: Any) -> common.ImportReport:
        context.abort(grpc.StatusCode.UNAVAILABLE, "max_age")
        raise AssertionError

    def GetImport(self, request: Any, context: Any) -> Any:
        if not self.states:
            context.abort(grpc.StatusCode.NOT_FOUND, "no such import")
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        sheet = common.SheetReport(sheet="persons", row_count=2, created_count=1, refused_count=1)
        return self.service.imports.Import(name=request.name, state=state, sheets=[sheet], sha256="ab")

    def ListImportRows(self, request: Any, context: Any) -> Any:
        assert request.filter == "outcome = OUTCOME_REFUSED"
        row = self.service.imports.ImportRow(sheet="persons", row=3, problems=[PROBLEM])
        return self.service.wire.ListImportRowsResponse(rows=[row])


@contextmanager
def against(
    *states: "State", service: Service = SERVICES[0]
) -> Iterator[tuple[Session, Callable[[], common.ImportReport]]]:
    server = grpc.server(futures.ThreadPoolExecutor(2))
    service.add(Imports(service, *states), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    settings = load_settings({f"BOLE_{service.name.upper()}_ADDRESS": f"127.0.0.1:{port}"})
    try:
        with Session(settings, Output(Format.TABLE, "en"), partner_key="key") as session:
            stub = service.stub(session.channel(service.name))
            yield session, lambda: stub.ImportWorkbook(iter(()), timeout=30)
    finally:
        server.stop(None).wait()


@pytest.mark.parametrize("service", SERVICES, ids=lambda each: each.name)
@pytest.mark.parametrize(("last", "committed"), [(State.STATE_COMMITTED, True), (State.STATE_REFUSED, False)])
def test_the_outcome_is_told_once_the_import_has_ended(
    service: Service, last: "State", committed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with against(State.STATE_RUNNING, State.STATE_RUNNING, last, service=service) as (session, send):
        report = carried_through(session, service.name, NAME, send, every=0.01)
    assert (report.committed, report.import_name) == (committed, NAME)
    assert report.sheets[0].created_count == 1
    assert list(report.problems) == [PROBLEM]
    assert "the import goes on" in capsys.readouterr().err


def test_an_import_that_failed_is_an_error_in_both_languages() -> None:
    with (
        against(State.STATE_RUNNING, State.STATE_FAILED) as (session, send),
        pytest.raises(Aborted) as caught,
    ):
        carried_through(session, "talent", NAME, send, every=0.01)
    assert caught.value.reason == "IMPORT_FAILED"
    assert NAME in caught.value.text.zh
    assert NAME in caught.value.text.en


def test_an_upload_that_was_cut_off_stays_the_error_that_it_is() -> None:
    with against() as (session, send), pytest.raises(grpc.RpcError) as caught:
        carried_through(session, "talent", NAME, send, every=0.01)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
