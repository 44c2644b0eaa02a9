"""`bole deal board`: a fund's deals by state, as columns, or as a list where there is no room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from bole.funding.v1 import deal_pb2, screening_pb2
from bole.funding.v1 import screening_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, instant_from_wire, money_from_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.funding import screening
from services.cli.session import Session
from services.kernel.clock import civil_date
from services.kernel.money import Money
from services.kernel.text import Text

_LEAST_CELLS = 14
"""Of a column: a firm's name in three or four lines."""
_ENDED = ("DECLINED", "WITHDRAWN", "LAPSED")
"""Below the columns as a line: nobody moves them."""
_LIST = (
    Column("state", Text("状态", "state")),
    Column("deal", Text("企业与轮次", "firm and round"), wraps=True),
    Column("ticket", Text("拟投", "ticket"), right=True, show=Money.rounded),
    Column("days", Text("停留天数", "days there"), right=True),
)


@dataclass(frozen=True, slots=True)
class Lane:
    """A state, how many deals stand in it and ask for what in all, and the best of them."""

    state: str
    count: int
    sum_fen: int
    deals: Sequence[screening_pb2.ScreenedDeal]

    def title(self) -> Text:
        """What stands above the column."""
        money = Money(self.sum_fen)
        zh, en = (wording.deal_state(self.state, each) for each in ("zh", "en"))
        return Text(
            f"{zh} {self.count} · {money.rounded('zh')}", f"{en} {self.count} · {money.rounded('en')}"
        )


def show(session: Session, fund: str, filter_: str, most: int) -> None:
    """The board of a fund, or of the fund with the most deals: at most `most`, 20, deals of each state, best first.

    Raises InvalidArgument (NO_FUND, NO_DEAL) when there is nothing to show.
    """
    chosen = screening.chosen(session, fund)
    whole = screening.screen(session, chosen.name, filter_, limit=1, facets=("state",), of_each_state=most)
    day = date_from_wire(whole.as_of_date)
    lanes = _lanes(whole)
    called = chosen.display_name or chosen.name
    title = Text(f"{called}：{whole.total_size} 个项目", f"{called}: {whole.total_size} deals")
    output = session.output
    going = [each for each in lanes if each.state not in _ENDED]
    if output.for_people and going and output.console.width >= _LEAST_CELLS * len(going):
        columns = [Column(each.state, each.title(), wraps=True) for each in going]
        output.rows(title, columns, _across(session, going, day))
        for each in lanes:
            if each.state in _ENDED:
                output.note(each.title().to(session.language))
        left = sum(each.count - len(each.deals) for each in going)
        if left:
            output.note(
                Text(
                    f"另有 {left} 个未列出：--most，或 bole deal screen",
                    f"{left} more: --most, or bole deal screen",
                ).to(session.language)
            )
        return
    output.rows(title, _LIST, [_row(session, lane, each, day) for lane in lanes for each in lane.deals])


def _lanes(whole: service.ScreenDealsResponse) -> list[Lane]:
    """In the order of a deal's way."""
    counted = {each.value.removeprefix("STATE_"): each for each in whole.facets[0].values}
    lanes = []
    for each in whole.states:
        state = deal_pb2.Deal.State.Name(each.state).removeprefix("STATE_")
        lanes.append(Lane(state, counted[state].count, counted[state].sum_fen, each.deals))
    return lanes


def _across(session: Session, lanes: Sequence[Lane], day: date) -> list[dict[str, Any]]:
    """The n-th deals of all states as one row."""
    rows = []
    for beside in zip_longest(*(lane.deals for lane in lanes)):
        at = [(lane, each) for lane, each in zip(lanes, beside, strict=True) if each is not None]
        told = {lane.state: "" for lane in lanes} | {
            lane.state: _said(session, each, day) for lane, each in at
        }
        origins = {wording.origin(each.deal.origin) for _, each in at}
        rows.append({**told, "origin": "SYNTHETIC" if "SYNTHETIC" in origins else "REAL"})
    return rows


def _said(session: Session, screened: screening_pb2.ScreenedDeal, day: date) -> str:
    name, ticket = screening.called(screened), money_from_wire(screened.deal.ticket)
    days = _days(screened, day)
    return Text(
        f"{name.zh}，{ticket.rounded('zh')}，{days} 天", f"{name.en}, {ticket.rounded('en')}, {days} d"
    ).to(session.language)


def _row(session: Session, lane: Lane, screened: screening_pb2.ScreenedDeal, day: date) -> dict[str, Any]:
    return {
        "id": screened.deal.name,
        "state": wording.deal_state(lane.state, session.language),
        "deal": screening.called(screened).to(session.language),
        "ticket": money_from_wire(screened.deal.ticket),
        "days": _days(screened, day),
        "origin": wording.origin(screened.deal.origin),
    }


def _days(screened: screening_pb2.ScreenedDeal, day: date) -> int:
    """How long it stands where it does."""
    return max(0, (day - civil_date(instant_from_wire(screened.stand_time))).days)
