"""A deal and the steps of its way, as tests walk it."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.funding.domain.checks.run import run_checks
from services.funding.domain.deal.actions import Action, DeclineCode, Role
from services.funding.domain.deal.deal import Deal, Transition, open_deal
from services.funding.domain.deal.edges import EDGES
from services.funding.domain.deal.evidence import Evidence, EvidenceKind
from services.funding.domain.deal.machine import perform
from services.funding.domain.deal.step import Actor, DealContext, Step
from services.kernel.clock import civil_date
from tests.unit.funding.cases import AT, TERMS, case

PATH = (
    Action.SUBMIT,
    Action.START_SCREENING,
    Action.INITIATE,
    Action.START_DUE_DILIGENCE,
    Action.SUBMIT_TO_COMMITTEE,
    Action.PASS_INTERNAL,
    Action.APPROVE,
    Action.PREPARE_SIGNING,
    Action.SIGN,
    Action.PREPARE_CLOSING,
    Action.CLOSE,
)
GOOD = DealContext(
    checks=run_checks(case()),
    scored=True,
    headroom_fen=TERMS.ask_fen,
    team=frozenset({"a", "b"}),
    quorate=True,
    carried=True,
)
_WHO = {
    Action.SUBMIT: Role.FIRM,
    Action.INITIATE: Role.INVESTMENT_MANAGER,
    Action.SUBMIT_TO_COMMITTEE: Role.INVESTMENT_MANAGER,
    Action.DECLINE: Role.INVESTMENT_MANAGER,
    Action.PREPARE_SIGNING: Role.FUND_MANAGER,
}


def new_deal() -> Deal:
    """A lead."""
    return open_deal(
        id="deal-1",
        fund_id="fund-1",
        firm_id="firm-1",
        round_name="天使轮",
        channel="园区推荐",
        terms=TERMS,
        origin="SYNTHETIC",
        at=AT,
    )


def papers(action: Action, salt: str = "") -> tuple[Evidence, ...]:
    """All documents that any edge of the action asks for, received in time."""
    kinds = {r.kind for edge in EDGES.values() if edge.action is action for r in edge.requires}
    return tuple(paper(kind, f"{action}{salt}") for kind in sorted(kinds))


def paper(kind: EvidenceKind, salt: str, received_at: datetime = AT) -> Evidence:
    """One document."""
    return Evidence(kind, kind.label.zh, hashlib.sha256(f"{kind}{salt}".encode()).hexdigest(), received_at)


def step(action: Action, **changes: Any) -> Step:
    """A step that is right in every way, varied."""
    edge = next(edge for edge in EDGES.values() if edge.action is action)
    role = _WHO.get(action, sorted(edge.roles)[0])
    right = Step(
        action=action,
        actor=Actor(f"person-{role}", frozenset({role})),
        at=AT,
        reason="理由",
        evidence=papers(action),
        review_on=civil_date(AT) + timedelta(days=90),
        decline_codes=(DeclineCode.TECHNOLOGY,) if action is Action.DECLINE else (),
    )
    return replace(right, **changes)


def walk(deal: Deal, action: Action, **changes: Any) -> Transition:
    """Take a right step."""
    return perform(deal, step(action, **changes), GOOD)


def advanced(before: Action) -> Deal:
    """A deal that stands before this action of the path."""
    deal = new_deal()
    for action in PATH[: PATH.index(before)]:
        walk(deal, action)
    return deal
