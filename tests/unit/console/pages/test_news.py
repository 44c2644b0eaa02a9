"""What a start page says of deals: steps of deals, whatever else was imported, and one's own that can go on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bole.funding.v1 import deal_action_pb2, deal_pb2, deal_service_pb2, firm_pb2
from services.chassis.rpc.wire import instant_to_wire
from services.console.pages import news
from services.console.web.visits import Visit
from tests.unit.console.pages.visiting import NOW, Nobody, visit

THEN = NOW - timedelta(days=2)
BEFORE = THEN - timedelta(days=30)


class Deals(Nobody):
    """Deals with the moment at which each was made and its last step, and of some what can be done with them."""

    def __init__(
        self, deals: Sequence[tuple[str, datetime, str, datetime]], free: Sequence[str] = ()
    ) -> None:
        self.steps = {
            f"deals/{name}": deal_pb2.DealTransition(action=action, transition_time=instant_to_wire(at))
            for name, _, action, at in deals
        }
        self.deals = [
            deal_pb2.Deal(
                name=f"deals/{name}",
                firm="firms/f",
                create_time=instant_to_wire(made),
                update_time=instant_to_wire(at),
            )
            for name, made, _, at in sorted(deals, key=lambda each: each[3], reverse=True)
        ]
        self.free = {f"deals/{name}" for name in free}

    def stub(self, *_: Any) -> Any:
        """The services."""
        return self

    def ListDeals(self, request: Any, **_: Any) -> deal_service_pb2.ListDealsResponse:
        """The newest, as many as are asked for."""
        return deal_service_pb2.ListDealsResponse(deals=self.deals[: request.page_size])

    def ListDealTransitions(self, request: Any, **_: Any) -> deal_service_pb2.ListDealTransitionsResponse:
        """The last step of one."""
        return deal_service_pb2.ListDealTransitionsResponse(transitions=[self.steps[request.name]])

    def ListDealActions(self, request: Any, **_: Any) -> deal_service_pb2.ListDealActionsResponse:
        """A step aside, which is always open, and with some a real one."""
        actions = ["HOLD", *(["INITIATE"] if request.name in self.free else [])]
        return deal_service_pb2.ListDealActionsResponse(
            actions=[deal_action_pb2.DealAction(action=each, permitted=True) for each in actions]
        )

    def GetFirm(self, *_: Any, **__: Any) -> firm_pb2.Firm:
        """One."""
        return firm_pb2.Firm(name="firms/f", display_name="企业")


def _visit(deals: Deals) -> Visit:
    return replace(visit(), backend=deals)


def test_an_import_of_many_deals_hides_no_step_of_another() -> None:
    imported = [(f"i{at}", NOW, "IMPORT", NOW) for at in range(30)]
    made = NOW - timedelta(hours=2)
    stepped = [("old", BEFORE, "INITIATE", NOW - timedelta(days=1)), ("new", made, "SUBMIT", made)]
    shown = news.moved(_visit(Deals([*imported, *stepped])), THEN)
    assert [each.deal.name for each in shown] == ["deals/new", "deals/old"]


def test_one_s_own_deals_that_wait_are_found_behind_others_that_do_not() -> None:
    deals = [(f"d{at}", BEFORE, "INITIATE", NOW - timedelta(hours=at)) for at in range(30)]
    waiting = news.waiting(_visit(Deals(deals, free=["d20", "d25"])))
    assert [each.deal.name for each in waiting] == ["deals/d20", "deals/d25"]
    assert len(news.waiting(_visit(Deals(deals, free=[each[0] for each in deals])))) == 8
