"""Kept runs of the checks say by which version of them they were made."""

import sqlalchemy as sa
from alembic import op

revision = "funding_0028"
down_revision = "funding_0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("compliance_report", sa.Column("rules_version", sa.Integer()))


def downgrade() -> None:
    op.drop_column("compliance_report", "rules_version")
