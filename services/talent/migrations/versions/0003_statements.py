"""Statements, consents, and records that are shown as one person; contact data leave the row of the person.

What is known of people so far becomes a statement each when the program completes the migration, because sealing
takes keys. The way down loses what was stated beside the rows, and contact data with it.
"""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "talent_0003"
down_revision = "talent_0002"
branch_labels = None
depends_on = None

_BATCHED = sa.text("batch IS NOT NULL")
_BOUNDED = sa.text("valid_from IS NOT NULL OR valid_to IS NOT NULL")


def upgrade() -> None:
    _statements()
    _consents()
    op.create_table(
        "record_link",
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_record_link")),
        sa.UniqueConstraint("ref", name=op.f("uq_record_link_ref")),
    )
    op.create_index(op.f("ix_record_link_person_id"), "record_link", ["person_id"])
    with op.batch_alter_table("person") as batch:
        batch.alter_column("phone", existing_type=sa.String(32), nullable=True)
        batch.alter_column("email", existing_type=sa.String(254), nullable=True)
    with op.batch_alter_table("person_key") as batch:
        batch.drop_constraint(op.f("fk_person_key_person_id"), type_="foreignkey")


def _statements() -> None:
    op.create_table(
        "statement",
        sa.Column("number", _big(), autoincrement=True, nullable=False),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("confidence", sa.String(32), nullable=False),
        sa.Column("observed", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("entered_by", sa.String(128), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch", sa.String(64)),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_statement")),
    )
    op.create_index(op.f("ix_statement_record_id"), "statement", ["record_id"])
    op.create_index(
        "ix_statement_batch", "statement", ["batch"], sqlite_where=_BATCHED, postgresql_where=_BATCHED
    )
    op.create_index(
        "ix_statement_validity",
        "statement",
        ["valid_from", "valid_to"],
        sqlite_where=_BOUNDED,
        postgresql_where=_BOUNDED,
    )
    create_append_only(op, "statement")
    op.create_table(
        "statement_retraction",
        sa.Column("number", _big(), autoincrement=False, nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retracted_by", sa.String(128), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["number"], ["statement.number"], name=op.f("fk_statement_retraction_number")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_statement_retraction")),
    )
    create_append_only(op, "statement_retraction")


def _consents() -> None:
    op.create_table(
        "consent_entry",
        sa.Column("number", _big(), autoincrement=True, nullable=False),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("purposes", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(32), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(128), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch", sa.String(64)),
        sa.Column("annuls", _big()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_consent_entry")),
    )
    op.create_index(op.f("ix_consent_entry_record_id"), "consent_entry", ["record_id"])
    op.create_index(
        "ix_consent_entry_batch", "consent_entry", ["batch"], sqlite_where=_BATCHED, postgresql_where=_BATCHED
    )
    create_append_only(op, "consent_entry")


def downgrade() -> None:
    op.execute("DELETE FROM person_key WHERE person_id NOT IN (SELECT id FROM person)")
    with op.batch_alter_table("person_key") as batch:
        batch.create_foreign_key(
            op.f("fk_person_key_person_id"), "person", ["person_id"], ["id"], ondelete="CASCADE"
        )
    op.execute("UPDATE person SET phone = COALESCE(phone, ''), email = COALESCE(email, '')")
    with op.batch_alter_table("person") as batch:
        batch.alter_column("phone", existing_type=sa.String(32), nullable=False)
        batch.alter_column("email", existing_type=sa.String(254), nullable=False)
    op.drop_table("record_link")
    for table in ("consent_entry", "statement_retraction", "statement"):
        drop_append_only(op, table)
        op.drop_table(table)


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
