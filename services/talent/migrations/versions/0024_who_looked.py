"""Who looked at a person is found by an index, not by reading the whole audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0024"
down_revision = "talent_0023"
branch_labels = None
depends_on = None

_SQLITE = """
INSERT INTO audit_shown (id, sequence)
SELECT DISTINCT
    CASE WHEN instr(rest, '/') > 0 THEN substr(rest, 1, instr(rest, '/') - 1) ELSE rest END, sequence
FROM (
    SELECT substr(shown.value, instr(shown.value, '/') + 1) AS rest, audit_entry.sequence AS sequence
    FROM audit_entry, json_each(audit_entry.detail, '$.resources') AS shown
    WHERE audit_entry.action = 'reveal' AND instr(shown.value, '/') > 0
) AS each_shown"""
_POSTGRESQL = """
INSERT INTO audit_shown (id, sequence)
SELECT DISTINCT split_part(shown.name, '/', 2), audit_entry.sequence
FROM audit_entry, json_array_elements_text(CAST(audit_entry.detail AS json) -> 'resources') AS shown (name)
WHERE audit_entry.action = 'reveal' AND strpos(shown.name, '/') > 0"""


def upgrade() -> None:
    op.create_table(
        "audit_shown",
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", "sequence", name=op.f("pk_audit_shown")),
        sqlite_with_rowid=False,
    )
    op.execute(_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE)
    # Whoever was erased has no key any more, and is not to be found by this index either.
    op.execute(
        "DELETE FROM audit_shown WHERE id IN "
        "(SELECT id FROM history WHERE entity = 'person' AND state IS NULL)"
    )


def downgrade() -> None:
    op.drop_table("audit_shown")
