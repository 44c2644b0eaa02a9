"""Positions and what makes them findable."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from services.chassis.storage.columns import EnumName, UtcInstant
from services.talent.domain.position import OutcomeKind, PositionStatus
from services.talent.store.schema.registry import is_sample, metadata
from services.talent.store.types import FillList

position = Table(
    "position",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("ref", String(64), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("employer", Text, nullable=False),
    Column("employer_code", String(18), nullable=False),
    Column("city", String(63), nullable=False),
    Column("leaf", String(63), nullable=False),
    Column("category", String(63), nullable=False),
    Column("headcount", Integer, nullable=False),
    Column("filled", Integer, nullable=False),
    Column("attributed", Integer, nullable=False, server_default="0"),
    Column("fills", FillList, nullable=False),
    Column("opened", Date, nullable=False),
    Column("renewed", Date, nullable=False),
    Column("closed", Date),
    Column("requirement", Text, nullable=False),
    Column("status", EnumName(PositionStatus), nullable=False),
    Column("status_reason", Text, nullable=False),
    Column("outcome", EnumName(OutcomeKind)),
    Column("duplicate_of", String(64)),
    Column("same_key", String(32), nullable=False, server_default=""),
    Column("origin", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    Index("ix_position_sample", "id", sqlite_where=is_sample, postgresql_where=is_sample),
    Index("ix_position_same_key", "same_key"),
    Index("ix_position_faceted", "city", "category", "status"),
    Index("ix_position_duplicate_of", "duplicate_of"),
    Index("ix_position_status_renewed", "status", "renewed"),
    Index("ix_position_employer_code", "employer_code"),
)
position_direction = Table(
    "position_direction",
    metadata,
    Column("position_id", ForeignKey("position.id", ondelete="CASCADE"), primary_key=True),
    Column("code", String(63), primary_key=True),
    Column("is_industry", Boolean, primary_key=True),
    Index("ix_position_direction_found", "is_industry", "code", "position_id"),
)
# How heads were filled, and how searches ended. `person_id` is forgotten with the person.
position_outcome = Table(
    "position_outcome",
    metadata,
    Column("position_id", ForeignKey("position.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", EnumName(OutcomeKind), nullable=False),
    Column("heads", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("person_id", String(64), index=True),
    Column("note", Text, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("recorded_at", UtcInstant, nullable=False),
    Column("voided_at", UtcInstant),
    Column("void_reason", Text, nullable=False),
    Column("skill", String(60), nullable=False, server_default=""),
    Column("ref", String(64)),
    PrimaryKeyConstraint("position_id", "number"),
)
_standing = position_outcome.c.voided_at.is_(None)
Index(
    "ix_position_outcome_ref",
    position_outcome.c.ref,
    unique=True,
    sqlite_where=_standing,
    postgresql_where=_standing,
)
_refused = position_outcome.c.skill != ""
Index("ix_position_outcome_skill", position_outcome.c.day, sqlite_where=_refused, postgresql_where=_refused)
