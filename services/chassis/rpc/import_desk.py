"""The edge of imports that are batches: one file, one transaction, one entry in the audit trail, and the way back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from sqlalchemy.orm import Session

from bole.common.v1 import text_pb2
from bole.common.v1.workbook_import_pb2 import AmountColumn, ImportReport, SheetReport
from services.chassis.audit.reveals import entry_of
from services.chassis.fail_points import reach
from services.chassis.house import House
from services.chassis.imports.batch import Batch
from services.chassis.imports.batches import Batches
from services.chassis.imports.importing import NothingWritten, Part, Upload, receive
from services.chassis.imports.outcomes import Outcomes
from services.chassis.imports.undone import REASONS, Kept, Undone
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag, etag_of, instant_to_wire, text_to_wire
from services.chassis.storage.listing import Query
from services.kernel.errors import FailedPrecondition, Violation
from services.kernel.text import Text

M = TypeVar("M", bound=Message)
Work = Callable[[Session, Call, Upload, Batch, Outcomes], ImportReport]
"""Judges and writes the rows of a file within a transaction."""
TakeBack = Callable[[Session, Batch, str, frozenset[str] | None], Undone]


@dataclass(frozen=True)
class ImportDesk:
    """Imports of one service. `importers` may bring files; `readers` with a grant for the province see all of them."""

    house: House
    batches: Batches
    importers: Sequence[str]
    readers: Sequence[str]

    def take(self, parts: Iterable[Part], work: Work) -> ImportReport:
        """One file, in one transaction; a repeated attempt under its request id gets the first report."""
        call = current_call()
        with receive(parts) as upload, Outcomes() as outcomes:
            batch = self.batches.begin(upload, call.principal.subject)
            reach("import.after_begin")
            try:
                with self.house.database.write() as session:
                    report = self._once(session, call, upload, batch, outcomes, work)
                    reach("import.before_commit")
                reach("import.after_commit")
                return report
            except NothingWritten as nothing:
                self.batches.unwritten(batch, nothing.report, outcomes)
                return nothing.report
            except BaseException:
                self.batches.failed(batch)
                raise
            finally:
                self.batches.forget(batch)

    def cities(self, call: Call) -> frozenset[str] | None:
        """For which cities the caller may import; None means the whole province."""
        return call.principal.cities(self.importers, call.arrived)

    def creator(self, call: Call) -> str | None:
        """Whose imports the caller may see: everybody's (None) only with a grant for the whole province."""
        everywhere = call.principal.cities(self.readers, call.arrived) is None
        return None if everywhere else call.principal.subject

    def get(self, session: Session, id_: str) -> Batch:
        """One import that the caller may see. Raises NotFound."""
        return self.batches.get(session, id_, self.creator(current_call()))

    def page(self, query: Query) -> tuple[Sequence[Batch], str, int]:
        """Imports newest first, the token of the next page, and how many there are."""
        call, tables = current_call(), self.batches.tables
        creator = self.creator(call)
        with self.house.database.read() as session:
            mine = () if creator is None else (tables.batch.c.created_by == creator,)
            page = tables.imports().page(
                session, tables.batch_kind, query, self.house.pages, call.principal.subject, *mine
            )
            return self.batches.seen(session, page.items), page.next_page_token, page.total

    def undo(self, id_: str, request: Any, answer: type[M], kinds: "Kinds", take_back: TakeBack) -> M:
        """Take an import back. `request` has the fields of a service's UndoImportRequest, `answer` is its response."""
        call = current_call()
        try:
            with self.house.database.write() as session:
                act = partial(self._undo, session, call, id_, request, answer, kinds, take_back)
                caller = (call.principal.subject, call.method)
                return self.house.requests.once(session, caller, request.request_id, request, answer, act)
        except _OnlyAsked as asked:
            return asked.answer  # type: ignore[return-value]  # it is what `act` made

    def _once(
        self, session: Session, call: Call, upload: Upload, batch: Batch, outcomes: Outcomes, work: Work
    ) -> ImportReport:
        def act() -> ImportReport:
            report = work(session, call, upload, batch, outcomes)
            self.batches.written(session, batch, report, outcomes)
            detail: dict[str, object] = {
                "sha256": report.sha256,
                "rows": outcomes.digest,
                "created": sum(sheet.created_count for sheet in report.sheets),
                "changed": sum(sheet.changed_count for sheet in report.sheets),
            }
            self.house.audit.append(session, entry_of(call, "import", f"imports/{batch.id}", "done", detail))
            return report

        caller, request_id = (call.principal.subject, call.method), upload.header.request_id
        return self.house.requests.once(session, caller, request_id, upload.request, ImportReport, act)

    def _undo(
        self,
        session: Session,
        call: Call,
        id_: str,
        request: Any,
        answer: type[M],
        kinds: "Kinds",
        take_back: TakeBack,
    ) -> M:
        actor, name = call.principal.subject, f"imports/{id_}"
        batch = self.batches.get(session, id_, self.creator(call))
        if request.etag:
            check_etag(request.etag, batch.version, name)
        done = take_back(session, batch, actor, self.cities(call))
        if done.kept_count and not request.skip_changed and not request.validate_only:
            raise _refusal(name, done, kinds)
        mine = session.get_one(self.batches.tables.batch_kind, id_)
        mine.undo(actor, self.house.clock.now(), whole=not done.kept_count)
        session.flush()
        made: Any = answer(
            removed_count=done.removed,
            restored_count=done.restored,
            kept_count=done.kept_count,
            kept=[kept_to_wire(each, kinds) for each in done.kept],
        )
        shown = batch if request.validate_only else mine
        getattr(made, "import").CopyFrom(batch_to_wire(shown, kinds.batch))
        if request.validate_only:
            raise _OnlyAsked(made)
        detail: dict[str, object] = {
            "removed": done.removed,
            "restored": done.restored,
            "kept": done.kept_count,
        }
        self.house.audit.append(session, entry_of(call, "undo-import", name, "done", detail))
        return made  # type: ignore[no-any-return]  # an instance of `answer`


@dataclass(frozen=True, slots=True)
class Kinds:
    """A service's own messages of an import and of a record that an undo leaves; `named`: the name of a record of a
    sheet by its id.
    """

    batch: type[Message]
    kept: type[Message]
    named: Callable[[str, str], str] = "{}/{}".format


def batch_to_wire(batch: Batch, kind: type[M]) -> M:
    """The import, with its amounts where there are some."""
    make: Callable[..., M] = kind
    # Only some services have the field.
    amounts = (
        {"amounts": [ParseDict(each, AmountColumn()) for each in batch.amounts]} if batch.amounts else {}
    )
    return make(
        name=f"imports/{batch.id}",
        etag=etag_of(batch.version),
        state=f"STATE_{batch.state.name}",
        filename=batch.filename,
        sha256=batch.sha256,
        size_bytes=batch.size,
        mode=batch.mode,
        reason=batch.reason,
        creator=batch.created_by,
        create_time=instant_to_wire(batch.created_at),
        end_time=instant_to_wire(batch.ended_at) if batch.ended_at else None,
        processed_row_count=batch.processed,
        sheets=[ParseDict(each, SheetReport()) for each in batch.sheets],
        encoding=batch.encoding,
        warnings=[text_pb2.Text(zh=zh, en=en) for zh, en in batch.warnings],
        undoer=batch.undone_by,
        undo_time=instant_to_wire(batch.undone_at) if batch.undone_at else None,
        **amounts,
    )


def kept_to_wire(kept: Kept, kinds: Kinds) -> Message:
    """A record that an undo leaves."""
    make: Callable[..., Message] = kinds.kept
    return make(
        resource=kinds.named(kept.sheet, kept.id),
        sheet=kept.sheet,
        row=kept.row,
        reason=kept.reason,
        text=text_to_wire(REASONS[kept.reason]),
    )


class _OnlyAsked(Exception):
    """Rolls back an undo that was only asked about."""

    def __init__(self, answer: Message) -> None:
        super().__init__("nothing is written")
        self.answer = answer


def _refusal(name: str, done: Undone, kinds: Kinds) -> FailedPrecondition:
    violations = [
        Violation(kinds.named(kept.sheet, kept.id), kept.reason, REASONS[kept.reason]) for kept in done.kept
    ]
    return FailedPrecondition(
        Text(
            f"{name} 中有 {done.kept_count} 条记录不能撤销（导入后有变更、在用或已合并）；未撤销任何内容；"
            "要让它们保持不变、只撤销其余的，请用 skip_changed（命令行 --skip-changed）",
            f"{done.kept_count} records of {name} cannot be taken back (changed since, in use or merged); nothing "
            "was undone; to leave them as they are and undo the others, say skip_changed (--skip-changed)",
        ),
        reason="IMPORT_CHANGED_SINCE",
        violations=violations,
        metadata={"kept": str(done.kept_count)},
    )
