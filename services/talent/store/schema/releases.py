"""Releases of the shortage map: what was frozen, and who did what to it. The database lets none of it change."""

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

shortage_release = append_only(
    Table(
        "shortage_release",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("quarter", String(6), nullable=False),
        Column("edition", EnumName(Edition), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("as_of", Date, nullable=False),
        Column("known_at", UtcInstant, nullable=False),
        Column("method_version", String(64), nullable=False),
        Column("disclosure_version", String(64), nullable=False),
        Column("catalogue_version", String(64), nullable=False),
        Column("note_zh", Text, nullable=False),
        Column("note_en", Text, nullable=False),
        Column("origin", String(16), nullable=False),
        Column("cells", Integer, nullable=False),
        Column("hidden", Integer, nullable=False),
        Column("beside", ForeignKey("shortage_release.id")),
        Column("content_sha256", String(64), nullable=False),
        UniqueConstraint("quarter", "edition", "revision"),
    )
)
# `snapshot`: what the numbers were computed from; `content`: the rows as printed, compressed JSON.
shortage_release_content = append_only(
    Table(
        "shortage_release_content",
        metadata,
        Column("release_id", ForeignKey("shortage_release.id"), primary_key=True),
        Column("snapshot", LargeBinary, nullable=False),
        Column("content", LargeBinary, nullable=False),
    )
)
shortage_release_step = append_only(
    Table(
        "shortage_release_step",
        metadata,
        Column("release_id", ForeignKey("shortage_release.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("action", EnumName(Action), nullable=False),
        Column("state", EnumName(ReleaseState), nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("remark", Text, nullable=False),
        PrimaryKeyConstraint("release_id", "number"),
    )
)
