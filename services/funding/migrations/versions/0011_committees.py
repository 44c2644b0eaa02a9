"""Committees, blind votes and decisions; declarations of interest; parties and the trail of a deal."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0011"
down_revision = "funding_0010"
branch_labels = None
depends_on = None

_ONLY_GROW = ("ballot", "veto", "decision", "interest", "interest_resolution", "known_link", "trail")
_TABLES = (*_ONLY_GROW, "vote", "sitting", "committee", "deal_party", "private_text")


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _long(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of(name: str, table: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), sa.ForeignKey(f"{table}.id"), nullable=False)


def upgrade() -> None:
    _committees()
    _votes()
    _interests()
    _trails()
    for table in _ONLY_GROW:
        create_append_only(op, table)


def _committees() -> None:
    op.create_table(
        "committee",
        sa.Column("id", sa.String(64), primary_key=True),
        _of("fund_id", "fund"),
        _text("tier", 32),
        _long("seats"),
        _number("version"),
        _instant("created_at"),
        _instant("updated_at"),
        sa.UniqueConstraint("fund_id", "tier"),
    )
    op.create_table(
        "sitting",
        sa.Column("id", sa.String(64), primary_key=True),
        _of("committee_id", "committee"),
        _instant("sits_at"),
        _long("deals"),
        _long("seats"),
        _number("version"),
        _instant("created_at"),
        _instant("updated_at"),
    )
    op.create_index("ix_sitting_committee", "sitting", ["committee_id", "sits_at"])


def _votes() -> None:
    op.create_table(
        "vote",
        _of("sitting_id", "sitting"),
        _of("deal_id", "deal"),
        _text("tier", 32),
        _text("purpose", 32),
        _long("rule"),
        _long("seats"),
        _long("recusals"),
        _instant("opened_at"),
        _text("opened_by", 128),
        _instant("closed_at", nullable=True),
        _text("closed_by", 128, nullable=True),
        _long("tally", nullable=True),
        _number("version"),
        sa.PrimaryKeyConstraint("sitting_id", "deal_id"),
    )
    op.create_index("ix_vote_deal", "vote", ["deal_id"])
    for table, own in (
        ("ballot", (_text("choice", 32), _long("text"), _instant("at"), _text("salt", 64))),
        ("veto", (_text("check", 63), _long("text"), _instant("at"))),
    ):
        op.create_table(
            table,
            _text("sitting_id", 64),
            _text("deal_id", 64),
            _text("member", 128),
            *own,
            sa.PrimaryKeyConstraint("sitting_id", "deal_id", "member"),
            sa.ForeignKeyConstraint(["sitting_id", "deal_id"], ["vote.sitting_id", "vote.deal_id"]),
        )
    op.create_table(
        "decision",
        _of("deal_id", "deal"),
        _number("number"),
        _text("sitting_id", 64, nullable=True),
        _long("decision"),
        sa.PrimaryKeyConstraint("deal_id", "number"),
        sa.UniqueConstraint("deal_id", "sitting_id"),
    )


def _interests() -> None:
    op.create_table(
        "deal_party",
        _of("deal_id", "deal"),
        _text("subject", 128),
        _text("capacity", 32),
        sa.PrimaryKeyConstraint("deal_id", "subject", "capacity"),
    )
    op.create_index("ix_deal_party_subject", "deal_party", ["subject"])
    op.create_table(
        "interest",
        _of("deal_id", "deal"),
        _number("number"),
        _text("member", 128),
        _long("kinds"),
        _text("commitment", 64),
        _text("circle", 64),
        _instant("at"),
        sa.PrimaryKeyConstraint("deal_id", "number"),
    )
    op.create_index("ix_interest_member", "interest", ["member"])
    op.create_table(
        "interest_resolution",
        _of("deal_id", "deal"),
        _number("number"),
        sa.Column("recused", sa.Boolean(), nullable=False),
        _long("reason"),
        _text("actor", 128),
        _instant("at"),
        sa.PrimaryKeyConstraint("deal_id", "number", "at"),
    )
    op.create_table(
        "known_link",
        sa.Column("id", sa.String(64), primary_key=True),
        _of("firm_id", "firm"),
        _text("member", 128),
        _text("kind", 32),
        _long("source"),
        _text("actor", 128),
        _instant("at"),
    )
    op.create_index("ix_known_link_firm", "known_link", ["firm_id"])


def _trails() -> None:
    op.create_table(
        "trail",
        _of("deal_id", "deal"),
        _number("sequence"),
        _text("kind", 32),
        _text("actor", 128),
        _instant("at"),
        _long("text"),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("deal_id", "sequence"),
    )
    op.create_table(
        "private_text",
        _of("deal_id", "deal"),
        _text("commitment", 64),
        _text("salt", 64),
        _long("text"),
        sa.PrimaryKeyConstraint("deal_id", "commitment"),
    )


def downgrade() -> None:
    for table in _ONLY_GROW:
        drop_append_only(op, table)
    for table in _TABLES:
        op.drop_table(table)
