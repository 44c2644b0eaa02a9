"""How repeated people are found, what was decided about them, and what undoes a merge.

`duplicate_block` holds keyed digests only, `duplicate_team` the people of teams as they were last followed.
`merged_record` keeps what a person's row said that no statement says, for every record of a merged person, until
the merge is undone.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from services.chassis.storage.columns import EnumName, Json, UtcInstant
from services.talent.domain.identity.blocking import KEY_LENGTH
from services.talent.domain.identity.comparison import Band
from services.talent.domain.identity.judgement import Verdict
from services.talent.domain.people.person import PersonStatus
from services.talent.store.schema.registry import metadata

duplicate_block = Table(
    "duplicate_block",
    metadata,
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(KEY_LENGTH), primary_key=True),
    Index("ix_duplicate_block_key", "key", "person_id"),
)
duplicate_team = Table(
    "duplicate_team",
    metadata,
    Column("team_id", String(64), primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True),
)
duplicate_suggestion = Table(
    "duplicate_suggestion",
    metadata,
    Column("id", String(160), primary_key=True),
    Column("left", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("right", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("band", EnumName(Band), nullable=False),
    Column("millibits", Integer, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("verdict", EnumName(Verdict)),
    Column("method", String(32), nullable=False),
    Column("found_at", UtcInstant, nullable=False),
    Index("ix_duplicate_suggestion_millibits", "millibits", "id"),
)
duplicate_judgement = Table(
    "duplicate_judgement",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("left", String(64), nullable=False),
    Column("right", String(64), nullable=False, index=True),
    Column("verdict", EnumName(Verdict), nullable=False),
    Column("millibits", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("author", String(128), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("deleted_at", UtcInstant),
    Column("deleted_by", String(128), nullable=False),
    Index("ix_duplicate_judgement_left", "left", "right"),
)
_standing = duplicate_judgement.c.deleted_at.is_(None)
Index(
    "uq_duplicate_judgement_standing",
    duplicate_judgement.c.left,
    duplicate_judgement.c.right,
    unique=True,
    sqlite_where=_standing,
    postgresql_where=_standing,
)
merged_record = Table(
    "merged_record",
    metadata,
    Column("record_id", String(64), primary_key=True),
    Column("ref", String(64), nullable=False),
    Column("status", EnumName(PersonStatus), nullable=False),
    Column("status_reason", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
)
