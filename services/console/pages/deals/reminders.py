"""What asks for the visitor on deals: what is told of saved searches, and what notes remind of, the visitor or others
on the funds that the visitor manages.
"""

from datetime import timedelta

from starlette.responses import Response

from bole.funding.v1 import deal_note_service_pb2 as service
from services.chassis.rpc.wire import date_to_wire
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.beside import beside
from services.console.pages.deals import searches
from services.console.pages.deals.noted import manages, reminded, stub
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.kernel.clock import civil_date
from services.kernel.text import Text

_SPANS = {
    "0": Text("已到期", "by today"),
    "7": Text("一周之内", "within a week"),
    "31": Text("一个月之内", "within a month"),
    "3660": Text("全部", "all"),
}
"""How many days ahead the page looks; no reminder is further away than ten years."""
_USUAL = "31"
_TOLD = 50


def show(visit: Visit) -> Response:
    """The page."""
    within = lists.one_of(visit, "within", _SPANS) or _USUAL
    everybody = lists.one_of(visit, "whose", ("everybody",)) == "everybody"
    request = service.ListDealRemindersRequest(
        until_date=date_to_wire(civil_date(visit.now) + timedelta(days=int(within))),
        page_size=lists.ROWS,
        page_token=lists.page_token(visit),
        everybody=everybody,
    )
    found = stub(visit).ListDealReminders(request, timeout=SECONDS)
    shown = reminded(visit, found.notes)
    return render(
        visit,
        "deals/reminders.html",
        active="deals",
        tab="reminders",
        synthetic=origins.among(visit, [each.called for each in shown]),
        found=shown,
        spans=_SPANS,
        within=within,
        everybody=everybody,
        manages=manages(visit),
        told=beside(lambda: searches.told(visit, _TOLD)).answer or (),
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )
