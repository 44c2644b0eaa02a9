"""Teams and what makes them findable."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from services.chassis.storage.columns import EnumName, Shares, Strings, UtcInstant
from services.talent.domain.people.team import TeamStatus
from services.talent.store.schema.registry import metadata
from services.talent.store.types import MemberList

team = Table(
    "team",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("ref", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("lead", String(64), nullable=False, index=True),
    Column("members", MemberList, nullable=False),
    Column("directions", Strings, nullable=False),
    Column("city", String(63), nullable=False),
    Column("profile", Text, nullable=False),
    Column("needs", Shares, nullable=False, server_default="[]"),
    Column("status", EnumName(TeamStatus), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
)
team_direction = Table(
    "team_direction",
    metadata,
    Column("team_id", ForeignKey("team.id", ondelete="CASCADE"), primary_key=True),
    Column("code", String(63), primary_key=True),
    Column("is_industry", Boolean, primary_key=True),
)
