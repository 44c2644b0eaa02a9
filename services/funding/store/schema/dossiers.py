"""Documents of deals, their content by digest, and determinations of the competent authority."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from services.chassis.storage.columns import EnumName, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.dossier.facts import Verdict
from services.funding.store.schema.registry import metadata

deal_document = append_only(
    Table(
        "deal_document",
        metadata,
        Column("deal_id", ForeignKey("deal.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("kind", EnumName(EvidenceKind), nullable=False),
        Column("title", Text, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("media_type", String(64), nullable=False),
        Column("file_name", Text, nullable=False),
        Column("issued", Date),
        Column("received_at", UtcInstant, nullable=False),
        Column("stored", Boolean, nullable=False),
        Column("duplicate_of", Integer, nullable=False),
        Column("actor", String(128), nullable=False),
        PrimaryKeyConstraint("deal_id", "number"),
        Index("ix_deal_document_digest", "sha256"),
    )
)
deal_document_check = append_only(
    Table(
        "deal_document_check",
        metadata,
        Column("deal_id", ForeignKey("deal.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("verifier", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("deal_id", "number"),
    )
)
document_content = Table(
    "document_content",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
# Asked for by one person (step 1), carried out by another (step 2).
document_erasure = append_only(
    Table(
        "document_erasure",
        metadata,
        Column("deal_id", String(64), nullable=False),
        Column("number", Integer, nullable=False),
        Column("step", Integer, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("reason", Text, nullable=False),
        PrimaryKeyConstraint("deal_id", "number", "step"),
        ForeignKeyConstraint(["deal_id", "number"], ["deal_document.deal_id", "deal_document.number"]),
    )
)
determination = append_only(
    Table(
        "determination",
        metadata,
        Column("deal_id", ForeignKey("deal.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("verdict", EnumName(Verdict), nullable=False),
        Column("organ", Text, nullable=False),
        Column("document_number", Text, nullable=False),
        Column("document_date", Date, nullable=False),
        Column("text", Text, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("trail_head", String(64), nullable=False),
        PrimaryKeyConstraint("deal_id", "number"),
    )
)
