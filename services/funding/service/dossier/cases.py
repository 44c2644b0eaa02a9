"""Which cases of 容错 stood in a quarter."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.chassis.returns import Span
from services.funding.domain.dossier.cases import LOST, Case, lost_on, span
from services.funding.domain.dossier.facts import Item, Verdict
from services.funding.domain.investment.investment import Investment
from services.funding.domain.investment.states import InvestmentState
from services.funding.store import schema
from services.funding.store.funds import investments
from services.kernel.clock import civil_date

_DAY = timedelta(days=1)


def standing(session: Session, within: Span, items: Callable[[str], Sequence[Item]]) -> Iterator[Case]:
    """Those that were open on any day of a quarter, by deal; `items`: of the dossier of a deal."""
    lost, determined = _losses(session), _determined(session)
    for deal in sorted(lost.keys() | determined.keys()):
        found = span(lost.get(deal), determined.get(deal, ()), within.ends - _DAY)
        if found is not None and (found[1] is None or found[1] >= within.starts):
            begun, ended, verdict = found
            yield Case(deal=deal, begun=begun, ended=ended, verdict=verdict, items=items(deal))


def _losses(session: Session) -> dict[str, date]:
    table = schema.investment.c
    below = (table.state == InvestmentState.EXITED) & (table.gain_fen < 0)
    found = session.scalars(select(Investment).where(or_(table.state.in_(LOST), below))).all()
    investments.load_steps(session, found)
    return {each.id: day for each in found if (day := lost_on(each)) is not None}


def _determined(session: Session) -> dict[str, list[tuple[date, Verdict]]]:
    table, found = schema.determination.c, defaultdict[str, list[tuple[date, Verdict]]](list)
    for row in session.execute(select(table.deal_id, table.at, table.verdict).order_by(table.number)):
        found[row.deal_id].append((civil_date(row.at), row.verdict))
    return found
