"""Reports: what was composed, and who did what to it. The database lets none of it change."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from services.chassis.storage.append_only import append_only
from services.chassis.storage.columns import EnumName, UtcInstant
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.lifecycle import Action, ReleaseState
from services.talent.store.schema.registry import metadata

report = append_only(
    Table(
        "report",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("period", String(6), nullable=False),
        Column("edition", EnumName(Edition), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("as_of", Date, nullable=False),
        Column("known_at", UtcInstant, nullable=False),
        Column("release_id", ForeignKey("shortage_release.id"), nullable=False),
        Column("previous_release_id", ForeignKey("shortage_release.id")),
        Column("corrects", ForeignKey("report.id")),
        Column("correction_reason", Text, nullable=False),
        Column("composition_version", String(64), nullable=False),
        Column("origin", String(16), nullable=False),
        Column("content_sha256", String(64), nullable=False),
        UniqueConstraint("period", "edition", "revision"),
    )
)
# `facts`: what was frozen beside the releases; `document`: the report as composed. Both compressed JSON.
report_content = append_only(
    Table(
        "report_content",
        metadata,
        Column("report_id", ForeignKey("report.id"), primary_key=True),
        Column("facts", LargeBinary, nullable=False),
        Column("document", LargeBinary, nullable=False),
    )
)
report_step = append_only(
    Table(
        "report_step",
        metadata,
        Column("report_id", ForeignKey("report.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("action", EnumName(Action), nullable=False),
        Column("state", EnumName(ReleaseState), nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("remark", Text, nullable=False),
        PrimaryKeyConstraint("report_id", "number"),
    )
)
