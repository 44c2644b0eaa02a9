"""`bole deal board`: a fund's deals by state, as columns, or as a list where there is no room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from bole.funding.v1 import deal_pb2, screening_pb2
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
    """The board of a fund, or of the fund with the most deals: at most `most` deals of each state, the best first.

    Raises InvalidArgument (NO_FUND, NO_DEAL) when there is nothing to show.
    """
    chosen = screening.chosen(session, fund)
    whole = screening.screen(session, chosen.name, filter_, limit=1, facets=("state",))
    day = date_from_wire(whole.as_of_date)
    lanes = _lanes(session, chosen.name, filter_, most, whole.facets[0].values)
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


def _lanes(session: Session, fund: str, filter_: str, most: int, counted: Sequence[Any]) -> list[Lane]:
    """In the order of a deal's way."""
    order = list(deal_pb2.Deal.State.keys())
    taken = [each for each in counted if each.count]
    states = sorted(taken, key=lambda each: order.index(f"STATE_{each.value.removeprefix('STATE_')}"))
    lanes = []
    for each in states:
        state = each.value.removeprefix("STATE_")
        narrower = f"({filter_}) AND state = {state}" if filter_ else f"state = {state}"
        found = screening.screen(session, fund, narrower, limit=most)
        lanes.append(Lane(state, each.count, each.sum_fen, list(found.deals)))
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
