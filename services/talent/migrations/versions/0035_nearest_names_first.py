"""An index by the sound of names, and by which version of the program people were indexed. The program indexes whoever
an earlier one did when it starts.
"""

import sqlalchemy as sa
from alembic import op

revision = "talent_0035"
down_revision = "talent_0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person_text", sa.Column("made", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_person_text_sound", "person_text", ["sound", "person_id"])


def downgrade() -> None:
    op.drop_index("ix_person_text_sound", "person_text")
    op.drop_column("person_text", "made")
