"""`bole deal timeline`: the way of a fund's deals through their states, and for how many days each stood there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bole.funding.v1 import deal_pb2, screening_pb2
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.funding import screening
from services.cli.session import Session
from services.kernel.clock import SystemClock, civil_date
from services.kernel.text import Text
from services.wording.ways import BEFORE, spans_of

_BEFORE = Text("导入前", "before the import")
_WAYS = (
    Column("deal", Text("企业与轮次", "firm and round"), wraps=True),
    Column("way", Text("走过的阶段与天数", "states and days"), wraps=True),
    Column("days", Text("共计天数", "days in all"), right=True),
    Column("id", Text("编号", "resource"), whole=True),
)
_STAGES = (
    Column("deal", Text("企业与轮次", "firm and round")),
    Column("state", Text("状态", "state")),
    Column("from", Text("自", "from")),
    Column("until", Text("至", "until")),
    Column("days", Text("天数", "days"), right=True),
    Column("id", Text("编号", "resource")),
)


def show(session: Session, fund: str, filter_: str, order_by: str, limit: int) -> None:
    """The timeline of a fund, or of the fund with the most deals: a line for each deal; where the answer is no table,
    one for each state that a deal has been in, the last one without an end.

    Raises InvalidArgument (NO_FUND, NO_DEAL) when there is nothing to show.
    """
    chosen = screening.chosen(session, fund)
    found = screening.screen(session, chosen.name, filter_, order_by, limit, with_steps=True)
    now = SystemClock().now()
    ways = [(each, list(_stages(session, each, now))) for each in found.deals]
    called = chosen.display_name or chosen.name
    title = Text(f"{called}：{found.total_size} 个项目", f"{called}: {found.total_size} deals")
    if session.output.for_people:
        session.output.rows(title, _WAYS, [_way(session, *each) for each in ways])
    else:
        session.output.rows(title, _STAGES, [stage for _, stages in ways for stage in stages])


def _stages(
    session: Session, screened: screening_pb2.ScreenedDeal, now: datetime
) -> Iterator[dict[str, Any]]:
    deal, language = screened.deal, session.language
    spans = spans_of(deal, screened.transitions, now)
    for state, begin, end in spans:
        code = deal_pb2.Deal.State.Name(state)
        yield {
            "id": deal.name,
            "deal": screening.called(screened).to(language),
            "state": _BEFORE.to(language) if state == BEFORE else wording.deal_state(code, language),
            "from": civil_date(begin).isoformat(),
            "until": "" if (state, begin, end) == spans[-1] else civil_date(end).isoformat(),
            "days": (end - begin) // timedelta(days=1),
            "origin": wording.origin(deal.origin),
        }


def _way(
    session: Session, screened: screening_pb2.ScreenedDeal, stages: list[dict[str, Any]]
) -> dict[str, Any]:
    parts = [
        Text(f"{each['state']} {each['days']} 天", f"{each['state']} {each['days']} d").to(session.language)
        for each in stages
    ]
    return {
        "id": screened.deal.name,
        "deal": screening.called(screened).to(session.language),
        "way": " → ".join(parts),
        "days": sum(each["days"] for each in stages),
        "origin": wording.origin(screened.deal.origin),
    }
