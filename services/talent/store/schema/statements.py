"""What was stated about people, taken back, consented to, and which records are shown as one person.

Facts, documents and reasons are sealed under the key of the record they are about: these tables only grow, and
destroying the key is what erases them.
"""

from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, String, Table

from services.chassis.storage.append_only import append_only
from services.chassis.storage.columns import EnumName, Members, UtcInstant, big_integer
from services.talent.domain.people.person import Purpose
from services.talent.domain.people.statement import Confidence
from services.talent.domain.privacy.consent import Basis, ConsentKind
from services.talent.store.schema.registry import metadata

statement = append_only(
    Table(
        "statement",
        metadata,
        Column("number", big_integer(), primary_key=True, autoincrement=True),
        Column("record_id", String(64), nullable=False, index=True),
        Column("source", String(63), nullable=False),
        Column("confidence", EnumName(Confidence), nullable=False),
        Column("observed", Date, nullable=False),
        Column("valid_from", Date),
        Column("valid_to", Date),
        Column("entered_by", String(128), nullable=False),
        Column("recorded_at", UtcInstant, nullable=False),
        Column("batch", String(64)),
        Column("sealed", LargeBinary, nullable=False),
    )
)
_batched = statement.c.batch.is_not(None)
Index("ix_statement_batch", statement.c.batch, sqlite_where=_batched, postgresql_where=_batched)
_bounded = statement.c.valid_from.is_not(None) | statement.c.valid_to.is_not(None)
Index(
    "ix_statement_validity",
    statement.c.valid_from,
    statement.c.valid_to,
    sqlite_where=_bounded,
    postgresql_where=_bounded,
)
statement_retraction = append_only(
    Table(
        "statement_retraction",
        metadata,
        Column("number", ForeignKey("statement.number"), primary_key=True, autoincrement=False),
        Column("retracted_at", UtcInstant, nullable=False),
        Column("retracted_by", String(128), nullable=False),
        Column("sealed", LargeBinary),
    )
)
consent_entry = append_only(
    Table(
        "consent_entry",
        metadata,
        Column("number", big_integer(), primary_key=True, autoincrement=True),
        Column("record_id", String(64), nullable=False, index=True),
        Column("kind", EnumName(ConsentKind), nullable=False),
        Column("purposes", Members(Purpose), nullable=False),
        Column("basis", EnumName(Basis), nullable=False),
        Column("effective_at", UtcInstant, nullable=False),
        Column("entered_by", String(128), nullable=False),
        Column("recorded_at", UtcInstant, nullable=False),
        Column("batch", String(64)),
        Column("annuls", big_integer()),
        Column("sealed", LargeBinary),
    )
)
_entered = consent_entry.c.batch.is_not(None)
Index("ix_consent_entry_batch", consent_entry.c.batch, sqlite_where=_entered, postgresql_where=_entered)
record_link = Table(
    "record_link",
    metadata,
    Column("record_id", String(64), primary_key=True),
    Column("person_id", String(64), nullable=False, index=True),
    Column("ref", String(64), nullable=False, unique=True),
)
