"""What surrounds deals, read from where it is kept: whose the fund's capital is, what of firms' rights is pledged."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from services.funding.domain.capital.commitment import PartyKind
from services.funding.domain.fund import Fund
from services.funding.domain.surroundings import CapitalView, RightsView, SubFund
from services.funding.store import schema

_CHUNK = 500


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
    )


def rights_views(session: Session, firm_ids: Collection[str]) -> dict[str, RightsView]:
    """What is known of the rights of these firms; firms without a right on record are left out."""
    right, live = schema.ip_right.c, schema.pledged_right.c
    is_pledged = exists().where(live.right_id == right.id, live.live)
    query = select(right.firm_id, right.title, is_pledged).where(right.lapse_reason == "")
    found, listed = defaultdict[str, list[str]](list), sorted(firm_ids)
    for start in range(0, len(listed), _CHUNK):
        portion = query.where(right.firm_id.in_(listed[start : start + _CHUNK]))
        for firm_id, title, pledged in session.execute(portion.order_by(right.firm_id, right.number)):
            found[firm_id] += [title] if pledged else []
    return {firm_id: RightsView(pledged=tuple(titles)) for firm_id, titles in found.items()}
