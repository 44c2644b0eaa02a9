"""What surrounds deals, read from where it is kept: whose the fund's capital is, what of firms' rights is pledged."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.funding.domain.capital.commitment import PartyKind
from services.funding.domain.capital.reinvestment import in_force
from services.funding.domain.fund.fund import Fund
from services.funding.domain.property.right import RightKind
from services.funding.domain.screening.surroundings import CapitalView, RightsView, SubFund
from services.funding.store import schema
from services.funding.store.funds import reinvestment


def capital_view(session: Session, fund: Fund) -> CapitalView:
    """Whose the fund's capital is, as far as commitments tell, and what it has of other funds."""
    commitment, other = schema.commitment.c, schema.fund.c
    by_kind = dict(
        session.execute(
            select(commitment.kind, func.sum(commitment.fen))
            .where(commitment.fund_id == fund.id)
            .group_by(commitment.kind)
        ).all()
    )
    through = session.execute(
        select(other.name, func.sum(commitment.fen), other.size_fen)
        .join(schema.fund, other.id == commitment.fund_id)
        .where(commitment.investor_fund == fund.id)
        .group_by(other.id, other.name, other.size_fen)
    )
    explained = sum(int(fen) for fen in by_kind.values())
    return CapitalView(
        province_fen=int(by_kind.get(PartyKind.PROVINCE, 0)),
        unattributed_fen=max(0, fund.size_fen - explained) if by_kind else None,
        sub_funds=tuple(SubFund(name, int(fen), size) for name, fen, size in through),
        credited_fen=sum(credited_to(session, fund).values()),
    )


def rights_views(session: Session, firm_ids: Collection[str], as_of: date) -> dict[str, RightsView]:
    """What the register says of the rights of each of these firms that are in force on a day."""
    right, live = schema.ip_right.c, schema.pledged_right.c
    is_pledged = exists().where(live.right_id == right.id, live.live)
    query = select(
        right.firm_id, right.title, right.kind, right.ownership, right.expires, is_pledged.label("pledged")
    )
    query = query.where(right.lapse_reason == "", right.expires >= as_of)
    found, listed = defaultdict[str, list[Row[Any]]](list), sorted(firm_ids)
    for some in chunks(listed):
        portion = query.where(right.firm_id.in_(some))
        for row in session.execute(portion.order_by(right.firm_id, right.number)):
            found[row.firm_id].append(row)
    return {firm_id: _rights(found.get(firm_id, ())) for firm_id in listed}


def _rights(rows: Sequence[Row[Any]]) -> RightsView:
    return RightsView(
        unclear=tuple(row.title for row in rows if row.ownership is not None and not row.ownership.clear),
        pledged=tuple(row.title for row in rows if row.pledged),
        unstated=tuple(row.title for row in rows if row.ownership is None),
        recorded=len(rows),
        inventions=sum(row.kind is RightKind.INVENTION for row in rows),
        expires=min((row.expires for row in rows), default=None),
    )


def credited_to(session: Session, fund: Fund) -> dict[str, int]:
    """What counts as reinvested for the fund and its own city, in fen, by deal."""
    found = in_force(reinvestment.credits_of_fund(session, fund.id))
    return {each.investment_id: each.fen for each in found if each.city == fund.city}
