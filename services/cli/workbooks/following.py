"""An import whose connection has ended: it goes on in the service, and is followed to its end by its name.

The service answers however long it takes, but networks and balancers between cut connections as they like.
"""

import threading
from collections.abc import Callable
from itertools import islice
from typing import Any

import grpc

from bole.common.v1.workbook_import_pb2 import ImportReport
from bole.talent.v1 import import_pb2
from services.cli.session import Session
from services.cli.workbooks import imports
from services.kernel.errors import Aborted
from services.kernel.text import Text

_STATE = import_pb2.Import.State
_ENDED = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED})
_WRITTEN_NOTHING = frozenset({_STATE.STATE_FAILED, _STATE.STATE_INTERRUPTED})
_ASK_EVERY_SECONDS = 2.0
_MOST_SILENT = 30
_MOST_PROBLEMS = 1_000


def carried_through(
    session: Session,
    service: str,
    name: str,
    send: Callable[[], ImportReport],
    *,
    every: float = _ASK_EVERY_SECONDS,
) -> ImportReport:
    """The report of `send`, or of the import `name` if the connection ends before the import does.

    Raises what `send` raises if the service knows no such import or cannot be reached any more, and Aborted
    (IMPORT_FAILED) if the import has ended without writing anything.
    """
    try:
        return send()
    except grpc.RpcError as error:
        if error.code() not in _ENDED:
            raise
        found = _seen(session, service, name)
        if found is None:
            raise
        session.output.say(
            Text(
                f"连接已结束，导入仍在进行：{name}。正在等待其完成；中断本命令不影响导入",
                f"the connection has ended, the import goes on: {name}. Waiting for its end; interrupting this command "
                "does not stop it",
            )
        )
        ended = _followed(session, service, found, every)
        if ended is None:
            raise
    if ended.state in _WRITTEN_NOTHING:
        raise _failed(name)
    return _report(session, service, ended)


def _followed(session: Session, service: str, found: Any, every: float) -> Any:
    """The import once it runs no more; None if the service stays silent."""
    silent, seen = 0, found
    while seen.state == _STATE.STATE_RUNNING and silent < _MOST_SILENT:
        threading.Event().wait(every)
        asked = _seen(session, service, seen.name)
        silent, seen = (silent + 1, seen) if asked is None else (0, asked)
    return None if seen.state == _STATE.STATE_RUNNING else seen


def _seen(session: Session, service: str, name: str) -> Any:
    """The import as it is now; None if the service does not say."""
    request = imports.messages(service).GetImportRequest(name=name)
    try:
        return imports.stub(session, service).GetImport(request, timeout=imports.TIMEOUT_SECONDS)
    except grpc.RpcError:
        return None


def _report(session: Session, service: str, ended: Any) -> ImportReport:
    """What the import would have answered."""
    refused = imports.rows_of(session, ended.name, "outcome = OUTCOME_REFUSED", service)
    return ImportReport(
        sha256=ended.sha256,
        committed=ended.state == _STATE.STATE_COMMITTED,
        sheets=ended.sheets,
        problems=islice((problem for row in refused for problem in row.problems), _MOST_PROBLEMS),
        encoding=ended.encoding,
        warnings=ended.warnings,
        import_name=ended.name,
    )


def _failed(name: str) -> Aborted:
    return Aborted(
        Text(
            f"{name} 未能完成，未写入任何内容，请重新导入该文件",
            f"{name} did not come to its end and wrote nothing; import the file again",
        ),
        reason="IMPORT_FAILED",
        metadata={"resource": name},
    )
