"""Committees, sittings, votes, ballots and decisions."""

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from services.chassis.storage.columns import Document, EnumName, Strings, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.committee.committee import Seat, Tier
from services.funding.domain.committee.decision import Decision
from services.funding.domain.committee.rule import VotingRule
from services.funding.domain.committee.vote import Choice, Purpose, Recusal, Tally
from services.funding.store.schema.registry import metadata

committee = Table(
    "committee",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("fund_id", ForeignKey("fund.id"), nullable=False),
    Column("tier", EnumName(Tier), nullable=False),
    Column("seats", Document(tuple[Seat, ...]), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    UniqueConstraint("fund_id", "tier"),
)
sitting = Table(
    "sitting",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("committee_id", ForeignKey("committee.id"), nullable=False),
    Column("sits_at", UtcInstant, nullable=False),
    Column("deals", Strings, nullable=False),
    Column("seats", Document(tuple[Seat, ...]), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    Index("ix_sitting_committee", "committee_id", "sits_at"),
)
vote = Table(
    "vote",
    metadata,
    Column("sitting_id", ForeignKey("sitting.id"), nullable=False),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("tier", EnumName(Tier), nullable=False),
    Column("purpose", EnumName(Purpose), nullable=False),
    Column("rule", Document(VotingRule), nullable=False),
    Column("seats", Document(tuple[Seat, ...]), nullable=False),
    Column("recusals", Document(tuple[Recusal, ...]), nullable=False),
    Column("opened_at", UtcInstant, nullable=False),
    Column("opened_by", String(128), nullable=False),
    Column("closed_at", UtcInstant),
    Column("closed_by", String(128)),
    Column("tally", Document(Tally)),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("sitting_id", "deal_id"),
    Index("ix_vote_deal", "deal_id"),
)


def _of_vote() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["sitting_id", "deal_id"], ["vote.sitting_id", "vote.deal_id"])


ballot = append_only(
    Table(
        "ballot",
        metadata,
        Column("sitting_id", String(64), nullable=False),
        Column("deal_id", String(64), nullable=False),
        Column("member", String(128), nullable=False),
        Column("choice", EnumName(Choice), nullable=False),
        Column("text", Text, nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("salt", String(64), nullable=False),
        PrimaryKeyConstraint("sitting_id", "deal_id", "member"),
        _of_vote(),
    )
)
veto = append_only(
    Table(
        "veto",
        metadata,
        Column("sitting_id", String(64), nullable=False),
        Column("deal_id", String(64), nullable=False),
        Column("member", String(128), nullable=False),
        Column("check", String(63), nullable=False),
        Column("text", Text, nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("sitting_id", "deal_id", "member"),
        _of_vote(),
    )
)
# A vote is taken up once.
decision = append_only(
    Table(
        "decision",
        metadata,
        Column("deal_id", ForeignKey("deal.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("sitting_id", String(64)),
        Column("decision", Document(Decision), nullable=False),
        PrimaryKeyConstraint("deal_id", "number"),
        UniqueConstraint("deal_id", "sitting_id"),
    )
)
