"""A holding and the orders given to it, as tests walk it."""

import hashlib
from datetime import date, datetime
from typing import Any

from services.funding.domain.deal.actions import Role
from services.funding.domain.deal.evidence import Evidence, EvidenceKind
from services.funding.domain.deal.step import Actor
from services.funding.domain.investment.actions import EDGES, InvestmentAction
from services.funding.domain.investment.investment import Investment, open_investment
from services.funding.domain.investment.order import InvestmentOrder
from services.funding.domain.investment.tranches import Tranche
from services.funding.domain.screening.rulesets import WAN
from tests.unit.funding.cases import AT

MANAGER = Actor("manager", frozenset({Role.FUND_MANAGER}))
FINANCE = Actor("finance", frozenset({Role.FINANCE}))
TRANCHES = (
    Tranche(1, 300 * WAN),
    Tranche(2, 150 * WAN, "样机通过第三方检测"),
    Tranche(3, 50 * WAN, "首张订单"),
)


def new_holding() -> Investment:
    """A holding of 500万元 in three parts, the first paid."""
    return open_investment(
        id="deal-1",
        fund_id="fund-1",
        firm_id="firm-1",
        round_name="天使轮",
        origin="SYNTHETIC",
        closed=date(2026, 6, 1),
        tranches=TRANCHES,
        actor="manager",
        at=AT,
    )


def papers(action: InvestmentAction, at: datetime = AT) -> tuple[Evidence, ...]:
    """All documents that any edge of the action asks for."""
    kinds = {r.kind for edge in EDGES.values() if edge.action is action for r in edge.requires}
    return tuple(_paper(kind, at) for kind in sorted(kinds))


def _paper(kind: EvidenceKind, at: datetime) -> Evidence:
    return Evidence(kind, kind.label.zh, hashlib.sha256(kind.encode()).hexdigest(), at)


def order(action: InvestmentAction, actor: Actor = MANAGER, **stated: Any) -> InvestmentOrder:
    """An order with all documents and a reason, varied."""
    given: dict[str, Any] = {"at": AT, "reason": "原因", "evidence": papers(action, stated.get("at", AT))}
    return InvestmentOrder(action=action, actor=actor, **{**given, **stated})
