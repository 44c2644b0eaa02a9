"""Imports as batches: begun, heard of while they run, ended one way or the other."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from google.protobuf.json_format import MessageToDict
from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportMode, ImportReport
from services.chassis.imports.batch import Batch, BatchState
from services.chassis.imports.importing import Upload
from services.chassis.imports.outcomes import Outcomes
from services.chassis.imports.tables import ImportTables
from services.chassis.storage.db import Database
from services.kernel.clock import Clock
from services.kernel.errors import Aborted, AlreadyExists, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text

_HEARD_EVERY = timedelta(seconds=2)


@dataclass
class Batches:
    """The ledger of imports.

    How far a running import is can be asked of any process on PostgreSQL, where it notes that in a transaction of
    its own. SQLite has one writer, which is the import itself: there the one process remembers.
    """

    database: Database
    clock: Clock
    ids: Ids
    tables: ImportTables
    _running: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, upload: Upload, actor: str) -> Batch:
        """A running batch; one that was interrupted or wrote nothing is begun again under its request id.

        Raises Aborted (IMPORT_RUNNING) while the same import runs, AlreadyExists (REQUEST_ID_REUSED) for a
        request id that came with another file.
        """
        header, now = upload.header, self.clock.now()
        with self.database.write() as session:
            id_ = header.request_id.lower() or self.ids.new()
            known = session.get(self.tables.batch_kind, id_)
            if known is not None:
                return self._again(session, known, upload, actor)
            batch = self.tables.batch_kind(
                id=id_,
                state=BatchState.RUNNING,
                filename=header.filename,
                sha256=upload.sha256,
                size=upload.size,
                mode=_mode(upload),
                reason=header.reason,
                created_by=actor,
                created_at=now,
                heard_at=now,
            )
            session.add(batch)
        self._remember(batch.id, 0)
        return batch

    def heard(self, batch: Batch, processed: int) -> None:
        """The import has read so many rows."""
        self._remember(batch.id, processed)
        now = self.clock.now()
        if self.database.engine.dialect.name == "postgresql" and now - batch.heard_at >= _HEARD_EVERY:
            batch.heard_at = now
            with self.database.write() as session:
                self.tables.hear(session, batch.id, processed, now)

    def written(self, session: Session, batch: Batch, report: ImportReport, outcomes: Outcomes) -> None:
        """End the batch as COMMITTED in the transaction that writes its rows."""
        self._end(session, batch, BatchState.COMMITTED, report, outcomes)

    def unwritten(self, batch: Batch, report: ImportReport, outcomes: Outcomes) -> None:
        """End the batch as CHECKED (a dry run) or REFUSED: it wrote nothing but this report."""
        dry = batch.mode == ImportMode.Name(ImportMode.IMPORT_MODE_DRY_RUN)
        with self.database.write() as session:
            self._end(session, batch, BatchState.CHECKED if dry else BatchState.REFUSED, report, outcomes)

    def failed(self, batch: Batch) -> None:
        """End the batch as FAILED: by an error of the whole file or of the service."""
        with self.database.write() as session:
            mine = session.get(self.tables.batch_kind, batch.id)
            if mine is not None and mine.state is BatchState.RUNNING:
                mine.end(BatchState.FAILED, self.clock.now())

    def forget(self, batch: Batch) -> None:
        """It does not run in this process any more."""
        with self._lock:
            self._running.pop(batch.id, None)

    def get(self, session: Session, id_: str, creator: str | None) -> Batch:
        """The import, with how far it is; of this `creator` only, unless None. Raises NotFound."""
        batch = session.get(self.tables.batch_kind, id_)
        if batch is None or creator not in (None, batch.created_by):
            raise NotFound.resource(f"imports/{id_}")
        return self.seen(session, [batch])[0]

    def seen(self, session: Session, batches: Sequence[Batch]) -> Sequence[Batch]:
        """The same with how far those are that run in this process; nothing of that is written."""
        for batch in batches:
            session.expunge(batch)
            processed = self._running.get(batch.id)
            if processed is not None and batch.state is BatchState.RUNNING:
                batch.processed, batch.heard_at = processed, self.clock.now()
            batch.state = batch.state_at(self.clock.now())
        return batches

    def _again(self, session: Session, known: Batch, upload: Upload, actor: str) -> Batch:
        if (known.created_by, known.sha256, known.mode) != (actor, upload.sha256, _mode(upload)):
            raise AlreadyExists(
                Text(
                    "该 request_id 已用于另一次导入，请换一个新的 UUID",
                    "this request_id belongs to another import; use a new UUID",
                ),
                reason="REQUEST_ID_REUSED",
                metadata={"requestId": known.id},
            )
        running = known.id in self._running or known.state_at(self.clock.now()) is BatchState.RUNNING
        if known.state is BatchState.RUNNING and running:
            raise Aborted(
                Text(
                    "同一导入正在进行，请稍后查询结果", "the same import is running; look at its result later"
                ),
                reason="IMPORT_RUNNING",
                metadata={"resource": f"imports/{known.id}"},
            )
        if known.state in (BatchState.CHECKED, BatchState.REFUSED, BatchState.FAILED, BatchState.RUNNING):
            self.tables.forget_rows(session, known.id)
            known.state, known.ended_at, known.processed = BatchState.RUNNING, None, 0
            known.heard_at = self.clock.now()
        self._remember(known.id, 0)
        return known

    def _end(
        self, session: Session, batch: Batch, state: BatchState, report: ImportReport, outcomes: Outcomes
    ) -> None:
        mine = session.get_one(self.tables.batch_kind, batch.id)
        mine.end(state, self.clock.now())
        mine.sheets = [MessageToDict(each, preserving_proto_field_name=True) for each in report.sheets]
        mine.amounts = [MessageToDict(each, preserving_proto_field_name=True) for each in report.amounts]
        mine.processed = sum(each.row_count for each in report.sheets)
        mine.encoding = report.encoding
        mine.warnings = [[each.zh, each.en] for each in report.warnings]
        session.flush()
        outcomes.save(session, self.tables.row, batch.id, written=state is BatchState.COMMITTED)
        report.import_name = f"imports/{batch.id}"
        earlier = self.tables.written_before(session, batch.sha256, batch.id)
        report.earlier_import_name = f"imports/{earlier}" if earlier else ""

    def _remember(self, id_: str, processed: int) -> None:
        with self._lock:
            self._running[id_] = processed


def _mode(upload: Upload) -> str:
    return ImportMode.Name(upload.header.mode)
