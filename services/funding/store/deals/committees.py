"""Reading and writing committees, sittings, votes, ballots and decisions."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import ColumnElement, Table, func, insert, select
from sqlalchemy.orm import Session

from services.funding.domain.committee.committee import Committee, Tier
from services.funding.domain.committee.decision import Decision
from services.funding.domain.committee.vote import Ballot, Veto, Vote
from services.funding.store import schema


def committee_of(session: Session, fund_id: str, tier: Tier) -> Committee | None:
    """The committee of a fund's tier."""
    table = schema.committee
    query = select(Committee).where(table.c.fund_id == fund_id, table.c.tier == tier.name)
    return session.scalars(query).one_or_none()


def committees_of(session: Session, fund_id: str) -> Sequence[Committee]:
    """The committees of a fund, the internal one last."""
    table = schema.committee
    return session.scalars(select(Committee).where(table.c.fund_id == fund_id).order_by(table.c.tier)).all()


def votes_of_sitting(session: Session, sitting_id: str) -> Sequence[Vote]:
    """Votes opened at a sitting."""
    return session.scalars(select(Vote).where(schema.vote.c.sitting_id == sitting_id)).all()


def votes_of_deal(session: Session, deal_id: str) -> Sequence[Vote]:
    """Votes on a deal, oldest first."""
    table = schema.vote
    query = select(Vote).where(table.c.deal_id == deal_id).order_by(table.c.opened_at, table.c.sitting_id)
    return session.scalars(query).all()


def ballots(session: Session, vote: Vote) -> list[Ballot]:
    """Ballots in the order of their members."""
    table = schema.ballot
    columns = (table.c.member, table.c.choice, table.c.text, table.c.at, table.c.salt)
    rows = session.execute(select(*columns).where(*_of(table, vote)).order_by(table.c.member))
    return [Ballot(**row) for row in rows.mappings()]


def ballot_of(session: Session, vote: Vote, member: str) -> Ballot | None:
    """What a member has cast."""
    return next((each for each in ballots(session, vote) if each.member == member), None)


def cast_count(session: Session, vote: Vote) -> int:
    """How many have cast a ballot."""
    table = schema.ballot
    return session.execute(select(func.count()).select_from(table).where(*_of(table, vote))).scalar_one()


def save_ballot(session: Session, vote: Vote, ballot: Ballot) -> None:
    """Add a ballot."""
    session.execute(insert(schema.ballot).values(**_key(vote), **asdict(ballot)))


def vetoes(session: Session, vote: Vote) -> list[Veto]:
    """Vetoes in the order of time."""
    table = schema.veto
    columns = (table.c.member, table.c.check, table.c.text, table.c.at)
    rows = session.execute(select(*columns).where(*_of(table, vote)).order_by(table.c.at, table.c.member))
    return [Veto(**row) for row in rows.mappings()]


def save_veto(session: Session, vote: Vote, veto: Veto) -> None:
    """Add a veto."""
    session.execute(insert(schema.veto).values(**_key(vote), **asdict(veto)))


def decisions(session: Session, deal_id: str) -> list[Decision]:
    """Decisions on a deal in order."""
    table = schema.decision
    query = select(table.c.decision).where(table.c.deal_id == deal_id).order_by(table.c.number)
    return list(session.scalars(query))


def save_decision(session: Session, deal_id: str, decision: Decision) -> None:
    """Add a decision."""
    row = {
        "deal_id": deal_id,
        "number": decision.number,
        "sitting_id": decision.sitting or None,
        "decision": decision,
    }
    session.execute(insert(schema.decision).values(row))


def _key(vote: Vote) -> dict[str, str]:
    return {"sitting_id": vote.sitting_id, "deal_id": vote.deal_id}


def _of(table: Table, vote: Vote) -> tuple[ColumnElement[bool], ...]:
    return (table.c.sitting_id == vote.sitting_id, table.c.deal_id == vote.deal_id)
