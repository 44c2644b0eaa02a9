"""Revisions of mandates: proposals, decisions, and the approved rules. All of them only grow."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, insert, select
from sqlalchemy.orm import Session

from services.funding.domain.fund.mandate_revision import Decision, Revision
from services.funding.store import schema
from services.funding.store.repository import mandates_of, save_mandate


def lock_fund(session: Session, fund_id: str) -> None:
    """Let nobody else number or decide a revision of this fund until the transaction ends."""
    table = schema.fund.c
    session.execute(select(table.id).where(table.id == fund_id).with_for_update(key_share=True))


def next_revision(session: Session, fund_id: str) -> int:
    """The number that comes after all proposed and approved ones."""
    highest = 0
    for table in (schema.mandate, schema.mandate_proposal):
        query = select(func.max(table.c.revision)).where(table.c.fund_id == fund_id)
        highest = max(highest, session.scalar(query) or 0)
    return highest + 1


def revisions(
    session: Session, fund_id: str, below: int | None = None, most: int = 1_000
) -> Sequence[Revision]:
    """Revisions of a fund, newest first, those with a number below `below`."""
    proposed = {
        each.rules.revision: each for each in map(_proposed, session.execute(_proposals(fund_id, below)))
    }
    for rules in mandates_of(session, fund_id):
        if below is None or rules.revision < below:
            proposed.setdefault(rules.revision, Revision(rules, "", None, ""))
    return [proposed[number] for number in sorted(proposed, reverse=True)[:most]]


def revision(session: Session, fund_id: str, number: int) -> Revision | None:
    """One revision, or None."""
    found = revisions(session, fund_id, number + 1, 1)
    return found[0] if found and found[0].rules.revision == number else None


def save_proposal(session: Session, proposed: Revision) -> None:
    """Add a proposal."""
    session.execute(
        insert(schema.mandate_proposal).values(
            fund_id=proposed.rules.fund,
            revision=proposed.rules.revision,
            rules=proposed.rules,
            proposer=proposed.proposer,
            at=proposed.at,
            reason=proposed.reason,
        )
    )


def save_decision(session: Session, decided: Revision, decision: Decision) -> None:
    """Add a decision; approved rules are rules from now on."""
    session.execute(
        insert(schema.mandate_decision).values(
            fund_id=decided.rules.fund,
            revision=decided.rules.revision,
            approved=decision.approved,
            decider=decision.decider,
            at=decision.at,
            document=decision.document,
        )
    )
    if decision.approved:
        save_mandate(session, decided.rules)


def _proposals(fund_id: str, below: int | None) -> Select[Any]:
    proposal, decision = schema.mandate_proposal, schema.mandate_decision
    scope = schema.mandate_scope
    query = (
        select(
            proposal.c.rules,
            scope.c.leaves,
            proposal.c.proposer,
            proposal.c.at,
            proposal.c.reason,
            decision.c.approved,
            decision.c.decider,
            decision.c.at.label("decided_at"),
            decision.c.document,
        )
        .outerjoin(
            decision,
            (decision.c.fund_id == proposal.c.fund_id) & (decision.c.revision == proposal.c.revision),
        )
        .outerjoin(scope, (scope.c.fund_id == proposal.c.fund_id) & (scope.c.revision == proposal.c.revision))
        .where(proposal.c.fund_id == fund_id)
    )
    return query if below is None else query.where(proposal.c.revision < below)


def _proposed(row: Row[Any]) -> Revision:
    decision = None
    if row.approved is not None:
        decision = Decision(row.approved, row.decider, row.decided_at, row.document)
    return Revision(row.rules.over(row.leaves), row.proposer, row.at, row.reason, decision)
