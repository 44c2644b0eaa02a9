"""The deal flow: one query, seen as board, list or timeline, or as what its deals lack and have ahead."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import deal_pb2, screening_pb2
from bole.funding.v1 import screening_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.wire import instant_from_wire
from services.console.pages import lists, origins
from services.console.pages.beside import together
from services.console.pages.deals import asked as asking
from services.console.pages.deals import outlook, searches, timeline
from services.console.web.paths import inside
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.wording.chances import share_in_hundredths
from services.workbook.choices import DEAL_STATE

VIEWS = ("board", "list", "timeline", "outlook")
_PAGED = ("list", "timeline")
_CARDS = 6
# Ended ones stand in one lane at the end; states where a deal waits beside the way come before it.
_ENDED = ("DECLINED", "WITHDRAWN", "LAPSED")


@dataclass(frozen=True, slots=True)
class Lane:
    """A state with the best deals that stand in it, and how many there are and what they ask in all."""

    code: str
    count: int
    sum_fen: int
    cards: Sequence["Card"]
    link: str


@dataclass(frozen=True, slots=True)
class Card:
    """A screened deal as the flow shows it. `days`: how long it stands where it does; `over`: longer than allowed."""

    screened: screening_pb2.ScreenedDeal
    days: int
    over: bool

    @property
    def id(self) -> str:
        """Its bare id."""
        return self.screened.deal.name.removeprefix("deals/")

    @property
    def blocking(self) -> list[screening_pb2.CheckResult]:
        """Checks that stop or hold it."""
        return [each for each in self.screened.checks if stops(each)]


def show(visit: Visit) -> Response:
    """The page; what is asked stands in the address."""
    return _page(visit)


def save(visit: Visit) -> Response:
    """Keep what is asked as a saved search, and go back to it; or say on its page why it cannot be kept."""
    asked = inside(visit.form.get("next", "/deals"))

    def send() -> Response:
        searches.save(visit)
        return RedirectResponse(visit.at(asked).link(saved="yes") + "#kept", 303)

    return answered(send, lambda failure: _page(visit.at(asked), failure))


def _page(visit: Visit, problem: Failure | None = None) -> Response:
    funds = asking.funds_of(visit)
    asked = asking.asked_of(visit, funds)
    if asked is None:
        return render(visit, "deals/none.html", active="deals")
    if not visit.get("fund"):  # an address that says all that is shown can be sent on
        return RedirectResponse(visit.link(fund=asked.fund.name), 303)
    view = visit.get("view") if visit.get("view") in VIEWS else "board"
    found, kept = together(
        lambda: asking.ask(
            visit,
            asked,
            facets=asking.FACETS,
            page_size=lists.ROWS if view in _PAGED else 1,
            page_token=lists.page_token(visit),
            state_size=_CARDS if view == "board" else 0,
            with_transitions=view == "timeline",
        ),
        lambda: searches.kept(visit, asked.fund.name),
    )
    cards = [card(visit, each) for each in found.deals]
    groups = asking.groups(visit, found.facets)
    return render(
        visit,
        "deals/flow.html",
        status_of(problem),
        problem=problem,
        active="deals",
        tab="flow",
        synthetic=origins.is_sample(asked.fund),
        funds=funds,
        asked=asked,
        view=view,
        views=VIEWS,
        found=found,
        cards=cards if view in _PAGED else [],
        lanes=_lanes(visit, found) if view == "board" else [],
        drawn=timeline.draw(visit, cards) if view == "timeline" else None,
        outlook=outlook.of(visit, asked) if view == "outlook" else None,
        share=share_in_hundredths,
        bounded=outlook.share_with_bounds,
        groups=groups,
        said_of=asking.said_of(visit, asked, groups),
        orders=asking.ORDERS,
        first=lists.first_link(visit) if view in _PAGED else "",
        next=lists.next_link(visit, found) if view in _PAGED else "",
        kept=kept,
    )


def card(visit: Visit, screened: screening_pb2.ScreenedDeal) -> Card:
    """A deal with its days as of this visit."""
    since = instant_from_wire(screened.stand_time)
    days = max((visit.now - since).days, 0)
    limit = screened.allowed_day_count
    return Card(screened, days, bool(limit) and days > limit)


def stops(check: screening_pb2.CheckResult) -> bool:
    """Whether a check stops or holds the deal."""
    kinds = screening_pb2.CheckResult
    return check.severity == kinds.SEVERITY_BLOCK and check.outcome in (
        kinds.OUTCOME_FAIL,
        kinds.OUTCOME_UNKNOWN,
    )


def _lanes(visit: Visit, found: service.ScreenDealsResponse) -> list[Lane]:
    """The states that deals stand in, in the order of their way; empty ones before the end stay as places to drop."""
    facet = next(each for each in found.facets if each.field == "state")
    counted = {each.value.removeprefix("STATE_"): each for each in facet.values}
    chosen = visit.get("state").removeprefix("STATE_")
    codes = [
        each.code
        for each in DEAL_STATE
        if (each.code == chosen if chosen else counted.get(each.code) or each.code in _WAY)
    ]
    named = deal_pb2.Deal.State.Name
    cards = {
        named(lane.state).removeprefix("STATE_"): [card(visit, each) for each in lane.deals]
        for lane in found.states
    }
    return [
        Lane(
            code,
            counted[code].count if code in counted else 0,
            counted[code].sum_fen if code in counted else 0,
            cards.get(code, []),
            lists.narrowed(visit, state=code, view="list"),
        )
        for code in codes
    ]


_WAY = (
    "SUBMITTED",
    "SCREENING",
    "INITIATED",
    "DUE_DILIGENCE",
    "IC_INTERNAL",
    "IC_EXTERNAL",
    "APPROVED",
    "SIGNED",
)
