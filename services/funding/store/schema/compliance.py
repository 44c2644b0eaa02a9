"""Waivers of checks, and the runs of checks by which something was decided. Both only grow."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from services.chassis.storage.columns import UtcInstant
from services.chassis.storage.db import append_only
from services.funding.store.schema.registry import metadata

waiver = append_only(
    Table(
        "waiver",
        metadata,
        Column("deal_id", ForeignKey("deal.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("code", String(63), nullable=False),
        Column("document", Text, nullable=False),
        Column("granted_by", String(128), nullable=False),
        Column("until", Date, nullable=False),
        Column("reason", Text, nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("deal_id", "number"),
    )
)
# `inputs` is all that the checks looked at, `results` what they said, both in canonical JSON; `rules_version` the
# version of the checks, NULL where runs did not say it yet.
compliance_report = append_only(
    Table(
        "compliance_report",
        metadata,
        Column("deal_id", ForeignKey("deal.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("occasion", String(32), nullable=False),
        Column("as_of", Date, nullable=False),
        Column("fund_id", ForeignKey("fund.id"), nullable=False),
        Column("mandate_revision", Integer, nullable=False),
        Column("fund_version", Integer, nullable=False),
        Column("firm_version", Integer, nullable=False),
        Column("deal_version", Integer, nullable=False),
        Column("standing", String(16), nullable=False),
        Column("inputs", Text, nullable=False),
        Column("results", Text, nullable=False),
        Column("digest", String(64), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("rules_version", Integer),
        PrimaryKeyConstraint("deal_id", "number"),
        Index("ix_compliance_report_fund_id", "fund_id"),
    )
)
