"""`bole note …`: notes on deals, what one is reminded of, and the end of a reminder."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import uuid4

from bole.funding.v1 import (
    deal_note_pb2,
    deal_note_service_pb2,
    deal_note_service_pb2_grpc,
)
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.answers.dates import day
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

MOST_ATTACHED = 3_000_000
"""Of the content of a file, as the contract has it."""
_ERASED = Text("（文字已删除）", "(the words were erased)")
_NOTES = (
    Column("time", Text("时间", "time")),
    Column("actor", Text("记录人", "by")),
    Column("text", Text("内容", "text"), wraps=True),
    Column("documents", Text("材料", "documents")),
    Column("remind", Text("提醒", "reminder")),
    Column("account", Text("提醒对象", "reminded")),
    Column("settled", Text("办结", "settled")),
    Column("name", Text("编号", "resource"), whole=True),
)


def stub(session: Session) -> deal_note_service_pb2_grpc.DealNoteServiceStub:
    """The notes."""
    return deal_note_service_pb2_grpc.DealNoteServiceStub(session.channel("funding"))


def add(
    session: Session,
    deal: str,
    text: str,
    remind: str,
    account: str,
    documents: Sequence[int],
    file: Path | None = None,
) -> None:
    """Write a note, and put a file on the register with it. Raises InvalidArgument (BAD_DATE, TOO_LARGE),
    grpc.RpcError.
    """
    note = deal_note_pb2.DealNote(
        text=text,
        remind_date=date_to_wire(day(remind, "--remind")) if remind else None,
        remind_account=account,
        documents=[f"{deal}/documents/{number}" for number in documents],
        file=_attached(file) if file else None,
    )
    request = deal_note_service_pb2.CreateDealNoteRequest(parent=deal, note=note, request_id=str(uuid4()))
    made = stub(session).CreateDealNote(request)
    session.output.say(Text(f"已记录 {made.name}", f"noted as {made.name}"))


def _attached(file: Path) -> deal_note_pb2.DealNoteFile:
    """A file as it is sent. Raises InvalidArgument (TOO_LARGE)."""
    if file.stat().st_size > MOST_ATTACHED:
        raise InvalidArgument.field(
            "--attach",
            "TOO_LARGE",
            "附件超过 3 MB；更大的文件请用 bole deal register 登记摘要",
            "the file is over 3 MB; put a larger one on the register by its digest: bole deal register",
        )
    return deal_note_pb2.DealNoteFile(file_name=file.name, content=file.read_bytes())


def show(session: Session, deal: str, limit: int) -> None:
    """The newest notes of a deal."""
    request = deal_note_service_pb2.ListDealNotesRequest(parent=deal, page_size=limit)
    found = stub(session).ListDealNotes(request).notes
    _show(session, Text(f"{deal} 备注", f"notes on {deal}"), found)


def due(session: Session, until: str, limit: int, *, everybody: bool = False) -> None:
    """The caller's own open reminders, or those of everybody on the caller's funds. Raises InvalidArgument
    (BAD_DATE), grpc.RpcError.
    """
    request = deal_note_service_pb2.ListDealRemindersRequest(
        until_date=date_to_wire(day(until, "--until")) if until else None,
        page_size=limit,
        everybody=everybody,
    )
    found = stub(session).ListDealReminders(request).notes
    _show(session, Text("到期的提醒", "reminders that have come due"), found)


def settle(session: Session, name: str) -> None:
    """Settle the reminder of a note."""
    request = deal_note_service_pb2.SettleDealReminderRequest(name=name, request_id=str(uuid4()))
    made = stub(session).SettleDealReminder(request)
    session.output.say(Text(f"{made.name} 的提醒已办结", f"the reminder of {made.name} is settled"))


def _show(session: Session, title: Text, found: Iterable[deal_note_pb2.DealNote]) -> None:
    rows = [
        {
            "time": wording.minute(each.create_time),
            "actor": each.actor,
            "text": _ERASED.to(session.language) if each.erased else each.text,
            "documents": [name.rpartition("/")[2] for name in each.documents],
            "remind": str(date_from_wire(each.remind_date)) if each.HasField("remind_date") else "",
            "account": each.remind_account,
            "settled": wording.minute(each.settle_time) if each.HasField("settle_time") else "",
            "name": each.name,
        }
        for each in found
    ]
    session.output.rows(title, _NOTES, rows)
