"""What was noted on a deal, newest first, and the documents that notes name; what the visitor is reminded of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bole.funding.v1 import deal_note_pb2, deal_note_service_pb2_grpc
from bole.funding.v1 import deal_note_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.console.backend import SECONDS
from services.console.pages.beside import Beside, beside
from services.console.pages.called import Called, called
from services.console.web.visits import Visit
from services.kernel.clock import civil_date

PAGE = "notes"
"""The parameter of the address that says where the list of notes stands."""
_SHOWN = 10
_AT_ONCE = 50
_AHEAD = timedelta(days=7)
_MANAGERS = ("fund_manager",)


@dataclass(frozen=True, slots=True)
class Reminded:
    """A note that reminds somebody, what its deal is called, and how many days its day is away: below 0 it is past."""

    note: deal_note_pb2.DealNote
    deal: str
    called: Called
    days: int


def of_deal(visit: Visit, deal: str) -> Beside[service.ListDealNotesResponse]:
    """A page of the notes of a deal."""
    request = service.ListDealNotesRequest(parent=deal, page_size=_SHOWN, page_token=visit.get(PAGE))
    return beside(lambda: stub(visit).ListDealNotes(request, timeout=SECONDS))


def reminders(visit: Visit, most: int) -> list[Reminded]:
    """The visitor's own reminders that have come due or will within days, earliest first."""
    until = civil_date(visit.now) + _AHEAD
    request = service.ListDealRemindersRequest(until_date=date_to_wire(until), page_size=most)
    return reminded(visit, stub(visit).ListDealReminders(request, timeout=SECONDS).notes)


def left_lying(visit: Visit, most: int) -> list[Reminded]:
    """Reminders of others whose day is past, on the funds that the visitor manages, earliest first; none for who
    manages none.
    """
    if not manages(visit):
        return []
    own = visit.principal.subject if visit.principal else ""
    yesterday = civil_date(visit.now) - timedelta(days=1)
    request = service.ListDealRemindersRequest(
        until_date=date_to_wire(yesterday), page_size=_AT_ONCE, everybody=True
    )
    others: list[deal_note_pb2.DealNote] = []
    while len(others) < most:
        page = stub(visit).ListDealReminders(request, timeout=SECONDS)
        others += [each for each in page.notes if each.remind_account != own]
        request.page_token = page.next_page_token
        if not request.page_token:
            break
    return reminded(visit, others[:most])


def manages(visit: Visit) -> bool:
    """Whether the visitor manages any fund."""
    return visit.principal is not None and bool(visit.principal.reach(_MANAGERS, visit.now))


def reminded(visit: Visit, found: Sequence[deal_note_pb2.DealNote]) -> list[Reminded]:
    """Notes with their deals and days."""
    deals = {each.name: each.name.partition("/notes/")[0] for each in found}
    names, today = called(visit, deals.values()), civil_date(visit.now)
    return [
        Reminded(
            each,
            deals[each.name],
            names[deals[each.name]],
            (date_from_wire(each.remind_date) - today).days,
        )
        for each in found
    ]


def stub(visit: Visit) -> deal_note_service_pb2_grpc.DealNoteServiceStub:
    """The notes, asked in the visitor's name."""
    return visit.stub(deal_note_service_pb2_grpc.DealNoteServiceStub)
