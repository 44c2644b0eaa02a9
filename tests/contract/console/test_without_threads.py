"""What pages ask of the services starts no thread: where memory is short, one that is started may never be there."""

import asyncio
import errno
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest

from bole.common.v1.workbook_import_pb2 import ImportHeader, ImportReport
from bole.talent.v1 import (
    export_service_pb2,
    export_service_pb2_grpc,
    import_service_pb2,
    import_service_pb2_grpc,
)
from services.chassis.settings import load_settings
from services.console.backend import Backend
from services.console.gateway.backend import Backend as Relayed
from services.console.gateway.bindings import bindings
from services.kernel import threads
from services.kernel.errors import Unavailable

SERVICES = {"ExportRecords": "TalentExportService", "ImportWorkbook": "TalentImportService"}
PIECE, PIECES, SECONDS = b"x" * 100_000, 30, 30.0
REFUSED = "refuse me"


class Exports(export_service_pb2_grpc.TalentExportServiceServicer):
    def ExportRecords(self, request: export_service_pb2.ExportRecordsRequest, context: Any) -> Iterator[Any]:
        if ("authorization", "Bearer token") not in context.invocation_metadata():
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "nobody's")
        for at in range(PIECES):
            if request.reason == REFUSED and at == PIECES // 2:
                context.abort(grpc.StatusCode.UNAVAILABLE, "half-way")
            yield export_service_pb2.ExportRecordsResponse(data=PIECE)


class Imports(import_service_pb2_grpc.TalentImportServiceServicer):
    def ImportWorkbook(self, parts: Iterator[Any], context: Any) -> ImportReport:
        if ("authorization", "Bearer token") not in context.invocation_metadata():
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "nobody's")
        if next(parts).header.reason == REFUSED:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "as asked")
        return ImportReport(import_name=str(sum(len(part.data) for part in parts)))


@pytest.fixture
def address() -> Iterator[str]:
    server = grpc.server(ThreadPoolExecutor(4))
    export_service_pb2_grpc.add_TalentExportServiceServicer_to_server(Exports(), server)
    import_service_pb2_grpc.add_TalentImportServiceServicer_to_server(Imports(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


def parts(reason: str) -> Iterator[import_service_pb2.ImportWorkbookRequest]:
    yield import_service_pb2.ImportWorkbookRequest(header=ImportHeader(filename="a.csv", reason=reason))
    for _ in range(PIECES):
        yield import_service_pb2.ImportWorkbookRequest(data=PIECE)


def taken(backend: Backend, reason: str = "") -> int:
    stub = backend.stub(export_service_pb2_grpc.TalentExportServiceStub, "token")
    request = export_service_pb2.ExportRecordsRequest(reason=reason)
    return sum(len(each.data) for each in stub.ExportRecords(request, timeout=SECONDS))


def sent(backend: Backend, reason: str = "") -> str:
    stub = backend.stub(import_service_pb2_grpc.TalentImportServiceStub, "token")
    return stub.ImportWorkbook(parts(reason), timeout=SECONDS).import_name


def failed(do: Any, backend: Backend) -> grpc.StatusCode:
    with pytest.raises(grpc.RpcError) as caught:
        do(backend, REFUSED)
    code: grpc.StatusCode = caught.value.code()
    return code


def test_files_come_and_go_whole_and_failures_are_told(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read starts no thread. gRPC starts one for what is sent, and only while there is memory for it."""
    settings = load_settings({"BOLE_DATA_DIR": str(tmp_path), "BOLE_TALENT_ADDRESS": address})
    page, started, start = threading.current_thread(), list[str](), threading.Thread.start

    def noted(thread: threading.Thread) -> None:
        if threading.current_thread() is page:
            started.append(thread.name)
        start(thread)

    def no_room(_file: int, _size: int) -> None:
        raise OSError(errno.ENOMEM, "no memory")

    with Backend(settings) as backend:
        assert sent(backend) == str(len(PIECE) * PIECES)
        assert failed(sent, backend) is grpc.StatusCode.INVALID_ARGUMENT
        monkeypatch.setattr(threading.Thread, "start", noted)
        assert taken(backend) == len(PIECE) * PIECES
        assert failed(taken, backend) is grpc.StatusCode.UNAVAILABLE
        monkeypatch.setattr(threads, "mmap", no_room)
        with pytest.raises(Unavailable, match="memory is short"):
            sent(backend)
    assert started == []


@pytest.mark.parametrize("rpc", ["ExportRecords", "ImportWorkbook"])
def test_a_message_that_cannot_be_written_is_not_sent_as_an_empty_one(address: str, rpc: str) -> None:
    """gRPC itself says so in its log, and sends nothing in place of the message."""

    class Unwritable:
        def SerializeToString(self) -> bytes:
            raise MemoryError

    async def unwritable() -> AsyncIterator[Unwritable]:
        yield Unwritable()

    async def ask() -> None:
        binding = next(each for each in bindings() if each.rpc == f"/bole.talent.v1.{SERVICES[rpc]}/{rpc}")
        relayed = Relayed({"talent": address})
        try:
            call = relayed.stub(binding)
            given = {"metadata": [("authorization", "Bearer token")], "timeout": SECONDS}
            if rpc == "ExportRecords":
                await call(Unwritable(), **given).read()
            else:
                await call(unwritable(), **given)
        finally:
            await relayed.close()

    with pytest.raises((MemoryError, asyncio.CancelledError)):
        asyncio.run(ask())
