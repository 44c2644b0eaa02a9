"""What a start page says: of deals that moved or wait, of watched cells that rose or fell, of what funds lost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bole.funding.v1 import (
    capital_pb2,
    capital_service_pb2,
    deal_action_pb2,
    deal_pb2,
    deal_service_pb2,
    firm_pb2,
    fund_pb2,
    fund_service_pb2,
)
from bole.talent.v1 import shortage_watch_pb2, shortage_watch_service_pb2
from services.chassis.rpc.wire import instant_to_wire, money_to_wire
from services.console.pages import news
from services.console.web.visits import Visit
from services.kernel.money import Money
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
        self.lacking: dict[str, list[str]] = {}

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
        """A step aside, which is always open, and with some a real one, by itself or with documents."""
        actions = [deal_action_pb2.DealAction(action="HOLD", permitted=True)]
        if request.name in self.free:
            actions.append(deal_action_pb2.DealAction(action="INITIATE", permitted=True))
        if reasons := self.lacking.get(request.name):
            step = deal_action_pb2.DealAction(
                action="INITIATE", reason_codes=reasons, missing_evidence=["SCREENING_MEMO"]
            )
            actions.append(step)
        return deal_service_pb2.ListDealActionsResponse(actions=actions)

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


def test_a_step_that_lacks_documents_alone_waits_and_one_that_lacks_more_does_not() -> None:
    deals = Deals([(f"d{at}", BEFORE, "SUBMIT", NOW - timedelta(hours=at)) for at in range(3)])
    deals.lacking = {
        "deals/d0": ["MISSING_EVIDENCE"],
        "deals/d1": ["MISSING_EVIDENCE", "GATE_FAILED"],
    }
    (only,) = news.waiting(_visit(deals))
    assert (only.deal.name, [each.action for each in only.actions]) == ("deals/d0", ["INITIATE"])


class Watches(Nobody):
    """Watches by name: whether each is reached, and when it last was and was left."""

    def __init__(self, **watches: tuple[bool, datetime | None, datetime | None]) -> None:
        self.watches = [
            shortage_watch_pb2.ShortageWatch(
                name=name,
                reached=reached,
                reach_time=instant_to_wire(at) if at else None,
                leave_time=instant_to_wire(left) if left else None,
            )
            for name, (reached, at, left) in watches.items()
        ]

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def ListShortageWatches(
        self, *_: Any, **__: Any
    ) -> shortage_watch_service_pb2.ListShortageWatchesResponse:
        """All of them."""
        return shortage_watch_service_pb2.ListShortageWatchesResponse(watches=self.watches)


def test_watched_cells_are_told_that_have_risen_or_fallen_since() -> None:
    found = news.cells(
        replace(
            visit(),
            backend=Watches(
                risen=(True, NOW, None),
                again=(True, NOW, NOW - timedelta(hours=1)),
                fallen=(False, BEFORE, NOW),
                briefly=(False, NOW - timedelta(hours=1), NOW),
                long=(True, BEFORE, None),
                gone=(False, BEFORE, BEFORE),
                never=(False, None, None),
            ),
        ),
        THEN,
    )
    assert [each.name for each in found.reached] == ["risen", "again"]
    assert [each.name for each in found.left] == ["fallen", "briefly"]


class Funds(Nobody):
    """Funds with the amounts, in fen, by which what is free in each has changed, the newest first, and when."""

    def __init__(self, **funds: Sequence[tuple[int, datetime]]) -> None:
        self.funds, self.asked = funds, list[int]()

    def stub(self, *_: Any) -> Any:
        """The services."""
        return self

    def ListFunds(
        self, request: fund_service_pb2.ListFundsRequest, **_: Any
    ) -> fund_service_pb2.ListFundsResponse:
        """Those that changed since then, three at a time."""
        assert request.filter == f'update_time > "{THEN.isoformat()}"'
        names = [each for each, moves in self.funds.items() if moves[0][1] > THEN]
        begin = int(request.page_token or 0)
        found = [fund_pb2.Fund(name=each, display_name=each) for each in names[begin : begin + 3]]
        more = str(begin + 3) if begin + 3 < len(names) else ""
        return fund_service_pb2.ListFundsResponse(funds=found, next_page_token=more)

    def ListJournals(
        self, request: capital_service_pb2.ListJournalsRequest, **_: Any
    ) -> capital_service_pb2.ListJournalsResponse:
        """The newest, as many as are asked for."""
        self.asked.append(request.page_size)
        return capital_service_pb2.ListJournalsResponse(
            journals=[
                capital_pb2.LedgerJournal(
                    post_time=instant_to_wire(at),
                    lines=[
                        capital_pb2.JournalLine(account="FREE", amount=money_to_wire(Money(fen))),
                        capital_pb2.JournalLine(account="RESERVED", amount=money_to_wire(Money(-fen))),
                    ],
                )
                for fen, at in self.funds[request.parent][: request.page_size]
            ]
        )


def test_of_funds_little_is_read_and_all_that_is_new_is_counted() -> None:
    house = Funds(
        quiet=[(-5, BEFORE)] * 200,
        less=[(-300, NOW), (100, NOW), (-5, BEFORE)],
        busy=[(-1, NOW)] * 120 + [(-5, BEFORE)] * 200,
        more=[(-1, NOW), (2, NOW)],
    )
    found = news.shrunk(replace(visit(), backend=house), THEN)
    assert {each.fund.name: each.fen for each in found} == {"less": 200, "busy": 120}
    assert sorted(house.asked) == [10, 10, 10, 500]


def test_every_fund_is_told_of_and_quiet_ones_are_not_asked_about() -> None:
    house = Funds(
        **{f"quiet{at}": [(-5, BEFORE)] for at in range(400)}, **{f"f{at}": [(-1, NOW)] for at in range(40)}
    )
    found = news.shrunk(replace(visit(), backend=house), THEN)
    assert {each.fund.name for each in found} == {f"f{at}" for at in range(40)}
    assert house.asked == [10] * 40
