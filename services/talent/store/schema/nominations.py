"""Nominations, their steps, and quotas. What a step says is sealed under the key of its subject."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from services.chassis.storage.append_only import append_only
from services.chassis.storage.columns import EnumName, UtcInstant
from services.talent.domain.nomination import State, StepKind
from services.talent.store.schema.registry import metadata

nomination = Table(
    "nomination",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("programme", String(63), nullable=False),
    Column("year", Integer, nullable=False),
    Column("subject", String(64), index=True),
    Column("person_id", String(64), index=True),
    Column("team_id", String(64), index=True),
    Column("city", String(63), nullable=False),
    Column("industry", String(63), nullable=False),
    Column("unit", Text, nullable=False),
    Column("state", EnumName(State), nullable=False),
    Column("nominated_by", String(128), nullable=False),
    Column("steps", Integer, nullable=False),
    Column("funded_fen", BigInteger, nullable=False),
    Column("decided", Date),
    Column("origin", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    Index("ix_nomination_programme", "programme", "year", "industry", "state"),
    Index("ix_nomination_updated_at", "updated_at", "id"),
)
nomination_step = append_only(
    Table(
        "nomination_step",
        metadata,
        Column("nomination_id", ForeignKey("nomination.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("kind", EnumName(StepKind), nullable=False),
        Column("before", EnumName(State)),
        Column("after", EnumName(State), nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("subject", String(64), nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        PrimaryKeyConstraint("nomination_id", "number"),
    )
)
nomination_quota = Table(
    "nomination_quota",
    metadata,
    Column("programme", String(63), nullable=False),
    Column("year", Integer, nullable=False),
    Column("industry", String(63), nullable=False),
    Column("places", Integer, nullable=False),
    Column("updated_by", String(128), nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    PrimaryKeyConstraint("programme", "year", "industry"),
)
