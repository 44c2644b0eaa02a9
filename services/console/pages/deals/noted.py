"""What was noted on a deal, newest first, and the documents that notes name; what the visitor is reminded of."""

from collections.abc import Sequence
from dataclasses import dataclass

from bole.funding.v1 import deal_note_pb2, deal_note_service_pb2_grpc
from bole.funding.v1 import deal_note_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire
from services.console.backend import SECONDS
from services.console.pages.beside import Beside, beside
from services.console.pages.called import called
from services.console.web.visits import Visit
from services.kernel.clock import civil_date

PAGE = "notes"
"""The parameter of the address that says where the list of notes stands."""
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Reminded:
    """A note whose day has come, what its deal is called, and whether the day is past."""

    note: deal_note_pb2.DealNote
    deal: str
    title: str
    late: bool


def of_deal(visit: Visit, deal: str) -> Beside[service.ListDealNotesResponse]:
    """A page of the notes of a deal."""
    request = service.ListDealNotesRequest(parent=deal, page_size=_SHOWN, page_token=visit.get(PAGE))
    return beside(lambda: stub(visit).ListDealNotes(request, timeout=SECONDS))


def reminders(visit: Visit, most: int) -> list[Reminded]:
    """The visitor's own reminders that have come due, earliest first."""
    request = service.ListDealRemindersRequest(page_size=most)
    found: Sequence[deal_note_pb2.DealNote] = stub(visit).ListDealReminders(request, timeout=SECONDS).notes
    deals = {each.name: each.name.partition("/notes/")[0] for each in found}
    names, today = called(visit, deals.values()), civil_date(visit.now)
    return [
        Reminded(
            each,
            deals[each.name],
            names[deals[each.name]].title,
            date_from_wire(each.remind_date) < today,
        )
        for each in found
    ]


def stub(visit: Visit) -> deal_note_service_pb2_grpc.DealNoteServiceStub:
    """The notes, asked in the visitor's name."""
    return visit.stub(deal_note_service_pb2_grpc.DealNoteServiceStub)
