"""Reminders that a manager is shown: late ones of others, whoever else is late, and a page that was emptied."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bole.funding.v1 import deal_note_pb2, deal_pb2, firm_pb2, saved_search_service_pb2
from bole.funding.v1 import deal_note_service_pb2 as service
from services.chassis.identity.identity import Grant, Principal
from services.chassis.rpc.wire import date_to_wire
from services.console.pages.deals.noted import left_lying
from services.console.pages.deals.reminders import show
from services.console.web.visits import Visit
from services.kernel.clock import civil_date
from tests.unit.console.pages.visiting import NOW, Nobody, visit

LATE = date_to_wire(civil_date(NOW) - timedelta(days=3))


class Reminding(Nobody):
    """A service of late reminders, the earliest first, of these accounts."""

    def __init__(self, accounts: list[str]) -> None:
        self.notes = [
            deal_note_pb2.DealNote(
                name=f"deals/d/notes/{at}", remind_date=LATE, remind_account=account, text=str(at)
            )
            for at, account in enumerate(accounts)
        ]

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def ListDealReminders(
        self, request: service.ListDealRemindersRequest, **_: Any
    ) -> service.ListDealRemindersResponse:
        """One page."""
        assert request.everybody
        begin = int(request.page_token or 0)
        end = begin + request.page_size
        token = str(end) if end < len(self.notes) else ""
        return service.ListDealRemindersResponse(notes=self.notes[begin:end], next_page_token=token)

    def ListSavedSearches(self, *_: Any, **__: Any) -> saved_search_service_pb2.ListSavedSearchesResponse:
        """None."""
        return saved_search_service_pb2.ListSavedSearchesResponse()

    def ListScreeningAlerts(self, *_: Any, **__: Any) -> saved_search_service_pb2.ListScreeningAlertsResponse:
        """None."""
        return saved_search_service_pb2.ListScreeningAlertsResponse()

    def GetDeal(self, *_: Any, **__: Any) -> deal_pb2.Deal:
        """One."""
        return deal_pb2.Deal(name="deals/d", round="A")

    def GetFirm(self, *_: Any, **__: Any) -> firm_pb2.Firm:
        """One."""
        return firm_pb2.Firm(display_name="晶元")


def manager(accounts: list[str], role: str = "fund_manager") -> Visit:
    return replace(visit(), backend=Reminding(accounts), principal=Principal("ann", "staff", (Grant(role),)))


def shown(who: Visit, most: int = 3) -> list[str]:
    return [each.note.text for each in left_lying(who, most)]


def test_own_late_reminders_hide_none_of_others() -> None:
    assert shown(manager(["ann"] * 120 + ["li", "ann", "wu"])) == ["120", "122"]


def test_no_more_than_asked_for_are_shown_the_earliest_first() -> None:
    assert shown(manager(["li", "ann", "wu", "li", "wu"])) == ["0", "2", "3"]
    assert shown(manager(["ann"] * 9)) == []


def test_who_manages_no_fund_is_shown_none() -> None:
    assert shown(manager(["li"], "fund_analyst")) == []


def test_who_settles_the_last_one_of_a_page_is_not_told_that_there_are_none() -> None:
    asked = manager(["li"] * 25)
    later = visit({"whose": "everybody", "token": "25"})
    page = bytes(show(replace(asked, request=later.request)).body).decode()
    assert "没有这样的提醒" not in page
    assert 'href="/deals?whose=everybody"' in page
