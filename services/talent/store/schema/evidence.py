"""The evidence register."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table, Text

from services.chassis.storage.columns import EnumName, UtcInstant
from services.talent.domain.evidence.kinds import EvidenceKind
from services.talent.domain.evidence.record import EvidenceState
from services.talent.store.schema.registry import metadata

# `person_id` is forgotten with the person.
evidence = Table(
    "evidence",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("ref", String(64), nullable=False, unique=True),
    Column("kind", EnumName(EvidenceKind), nullable=False),
    Column("title", Text, nullable=False),
    Column("type_code", String(63), nullable=False),
    Column("city", String(63), nullable=False),
    Column("industry", String(63), nullable=False),
    Column("approved", Date),
    Column("opened", Date),
    Column("closed", Date),
    Column("document", Text, nullable=False),
    Column("department", String(63), nullable=False),
    Column("person_id", String(64), index=True),
    Column("team_id", String(64), index=True),
    Column("quantity", BigInteger, nullable=False),
    Column("remark", Text, nullable=False),
    Column("state", EnumName(EvidenceState), nullable=False),
    Column("entered_by", String(128), nullable=False),
    Column("confirmed_by", String(128), nullable=False),
    Column("confirmed_at", UtcInstant),
    Column("void_reason", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    Index("ix_evidence_kind_opened", "kind", "opened"),
)
