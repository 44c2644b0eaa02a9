"""DealNoteService: notes on deals, and what their readers are reminded of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session

from bole.funding.v1 import deal_note_pb2, deal_note_service_pb2_grpc
from bole.funding.v1 import deal_note_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import date_from_wire, date_to_wire, instant_to_wire
from services.chassis.storage.paging import page_size
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.note import Note, StatedFile, StatedNote
from services.funding.rpc.changing import changed
from services.funding.rpc.deals.acting import open_to_act, require_free, require_fund
from services.funding.rpc.seeing import Sight, denied, funds_within
from services.funding.rpc.wire import id_of, number_of
from services.funding.service.deals.notes import Notes, note_of
from services.funding.store import schema
from services.funding.store.deals import notes
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument

_WRITERS = ("fund_manager", "fund_analyst", "committee_secretary", "legal", "finance")
_MANAGERS = ("fund_manager",)
_PAGE, _MOST = 50, 500


@dataclass(frozen=True)
class NoteRoom(deal_note_service_pb2_grpc.DealNoteServiceServicer):
    """The servicer."""

    house: House
    notes: Notes

    def CreateDealNote(self, request: wire.CreateDealNoteRequest, context: Any) -> deal_note_pb2.DealNote:
        """Write a note."""
        call = current_call()

        def act(session: Session) -> deal_note_pb2.DealNote:
            deal = open_to_act(session, call, id_of(request.parent, "deals", field="parent"))
            require_fund(session, call, _WRITERS, deal.fund_id)
            made = self.notes.write(session, deal, _stated(request.note, deal), call.principal.subject)
            return _to_wire(session, [made])[0]

        return changed(self.house, "write-note", request, deal_note_pb2.DealNote, act)

    def ListDealNotes(self, request: wire.ListDealNotesRequest, context: Any) -> wire.ListDealNotesResponse:
        """The notes of a deal."""
        call, method = current_call(), "ListDealNotes"
        subject, size = call.principal.subject, page_size(request.page_size, _PAGE, _MOST)
        bound = {"parent": request.parent}
        cursor = self.house.pages.read(request.page_token, method=method, query=bound, subject=subject)
        with self.house.database.read() as session:
            deal = Sight.of(call).open(session, id_of(request.parent, "deals", field="parent"))
            before = int(str(cursor[0])) if cursor else None
            found = notes.of_deal(session, deal.id, before, size + 1)
            shown = _to_wire(session, found[:size])
        token = ""
        if len(found) > size:
            token = self.house.pages.issue(
                [found[size - 1].number], method=method, query=bound, subject=subject
            )
        return wire.ListDealNotesResponse(notes=shown, next_page_token=token)

    def ListDealReminders(
        self, request: wire.ListDealRemindersRequest, context: Any
    ) -> wire.ListDealRemindersResponse:
        """What the caller is reminded of, or anybody on the caller's funds."""
        call, method = current_call(), "ListDealReminders"
        subject, size = call.principal.subject, page_size(request.page_size, _PAGE, _MOST)
        until = (
            date_from_wire(request.until_date)
            if request.HasField("until_date")
            else civil_date(self.house.clock.now())
        )
        bound = {"until": until.isoformat(), "everybody": str(request.everybody)}
        cursor = self.house.pages.read(request.page_token, method=method, query=bound, subject=subject)
        with self.house.database.read() as session:
            seen = and_(Sight.of(call).rows(session), _managed(call) if request.everybody else true())
            whose = None if request.everybody else subject
            found = notes.due(session, whose, until, seen, _place(cursor), size + 1)
            shown = _to_wire(session, found[:size])
        token = ""
        if len(found) > size:
            last = found[size - 1]
            place = [last.remind_on, last.deal_id, last.number]
            token = self.house.pages.issue(place, method=method, query=bound, subject=subject)
        return wire.ListDealRemindersResponse(notes=shown, next_page_token=token)

    def SettleDealReminder(
        self, request: wire.SettleDealReminderRequest, context: Any
    ) -> deal_note_pb2.DealNote:
        """Settle the reminder of a note."""
        call = current_call()

        def act(session: Session) -> deal_note_pb2.DealNote:
            deal_id, number = number_of(request.name, "notes")
            sight = Sight.of(call)
            deal = sight.find(session, deal_id)
            if deal.id not in sight.recused(session):  # who is, settles what reminds them
                sight.open(session, deal_id)
            note = note_of(session, deal, number)
            _require_concerned(session, call, deal, note)
            self.notes.settle(session, note, call.principal.subject)
            return _to_wire(session, [note])[0]

        return changed(self.house, "settle-reminder", request, deal_note_pb2.DealNote, act)


def _managed(call: Call) -> ColumnElement[bool]:
    """The deals of the funds that the caller manages. Raises PermissionDenied for who manages none."""
    reach = call.principal.reach(_MANAGERS, call.arrived)
    if not reach:
        raise denied()
    fund = schema.fund
    return schema.deal.c.fund_id.in_(select(fund.c.id).where(funds_within(reach)))


def _require_concerned(session: Session, call: Call, deal: Deal, note: Note) -> None:
    """Raise PermissionDenied unless the caller wrote the note, is reminded of it, or manages the fund; (RECUSED) for a
    reminder of somebody else's to who is recused.
    """
    subject = call.principal.subject
    if subject != note.reminded:
        require_free(session, call, deal)
    if subject not in (note.actor, note.reminded):
        require_fund(session, call, _MANAGERS, deal.fund_id)


def _stated(given: deal_note_pb2.DealNote, deal: Deal) -> StatedNote:
    """What a request states. Raises InvalidArgument (INVALID_NAME, ANOTHER_DEAL) for a document."""
    numbers = []
    for at, name in enumerate(given.documents):
        field = f"note.documents[{at}]"
        deal_id, number = number_of(name, "documents", field=field)
        if deal_id != deal.id:
            raise InvalidArgument.field(
                field, "ANOTHER_DEAL", "不是该项目的材料", "it is not a document of this deal"
            )
        numbers.append(number)
    return StatedNote(
        text=given.text,
        remind_on=date_from_wire(given.remind_date) if given.HasField("remind_date") else None,
        reminded=given.remind_account,
        documents=numbers,
        file=_file(given),
    )


def _file(given: deal_note_pb2.DealNote) -> StatedFile | None:
    """The file that comes with a note, if there is one."""
    if not given.HasField("file"):
        return None
    return StatedFile(file_name=given.file.file_name, content=given.file.content)


def _place(cursor: Sequence[Any] | None) -> notes.Place | None:
    if cursor is None:
        return None
    day, deal_id, number = cursor
    return day, deal_id, number


def _to_wire(session: Session, found: Sequence[Note]) -> list[deal_note_pb2.DealNote]:
    """Notes with their words unless those were erased."""
    words, done = notes.words(session, found), notes.settled(session, found)
    shown = []
    for each in found:
        kept, ended = words.get(each.commitment), done.get((each.deal_id, each.number))
        shown.append(
            deal_note_pb2.DealNote(
                name=f"deals/{each.deal_id}/notes/{each.number}",
                number=each.number,
                text=kept or "",
                erased=kept is None,
                remind_date=date_to_wire(each.remind_on) if each.remind_on else None,
                remind_account=each.reminded,
                documents=[f"deals/{each.deal_id}/documents/{number}" for number in each.documents],
                actor=each.actor,
                create_time=instant_to_wire(each.at),
                settler=ended.actor if ended else "",
                settle_time=instant_to_wire(ended.at) if ended else None,
            )
        )
    return shown
