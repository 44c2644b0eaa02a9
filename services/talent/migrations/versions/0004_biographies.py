"""What tells people apart: other names, affiliations, education, works in detail, birth year, ORCID."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0004"
down_revision = "talent_0003"
branch_labels = None
depends_on = None

_LISTS = ("other_names", "affiliations", "education", "work_items")


def upgrade() -> None:
    for name in _LISTS:
        op.add_column("person", sa.Column(name, sa.Text(), nullable=False, server_default="[]"))
    op.add_column("person", sa.Column("birth_year", sa.Integer()))
    op.add_column("person", sa.Column("orcid", sa.String(19), nullable=False, server_default=""))
    given = sa.text("orcid <> ''")
    op.create_index("ix_person_orcid", "person", ["orcid"], sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    op.drop_index("ix_person_orcid", "person")
    with op.batch_alter_table("person") as batch:
        for name in (*_LISTS, "birth_year", "orcid"):
            batch.drop_column(name)
