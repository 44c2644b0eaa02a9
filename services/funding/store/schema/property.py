"""Rights of firms, pledges of them with their steps, bank loans, and which of them counts as the first."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from services.chassis.storage.columns import Document, EnumName, Strings, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.property.loan import Security
from services.funding.domain.property.pledge import PledgeState, PledgeStep
from services.funding.domain.property.right import Ownership, RightKind
from services.funding.store.schema.registry import metadata
from services.kernel.text import Text as Words

ip_right = Table(
    "ip_right",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("firm_id", ForeignKey("firm.id"), nullable=False, index=True),
    Column("kind", EnumName(RightKind), nullable=False),
    Column("number", String(64), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("granted", Date, nullable=False),
    Column("expires", Date, nullable=False),
    Column("document", Text, nullable=False),
    Column("lapse_reason", Text, nullable=False),
    Column("ownership", EnumName(Ownership)),
    Column("ownership_document", Text, nullable=False, server_default=""),
    Column("version", Integer, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("at", UtcInstant, nullable=False),
)
pledge = Table(
    "pledge",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("firm_id", ForeignKey("firm.id"), nullable=False, index=True),
    Column("state", EnumName(PledgeState), nullable=False),
    Column("right_ids", Strings, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("pledgee", Text, nullable=False),
    Column("secured_fen", BigInteger, CheckConstraint("secured_fen > 0", name="positive"), nullable=False),
    Column("valuation_fen", BigInteger),
    Column("valuation_basis", Text, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("registration", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
)
# Under one rank a right has one live pledge, whoever registers at the same time.
pledged_right = Table(
    "pledged_right",
    metadata,
    Column("pledge_id", ForeignKey("pledge.id"), nullable=False),
    Column("right_id", ForeignKey("ip_right.id"), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("live", Boolean, nullable=False),
    PrimaryKeyConstraint("pledge_id", "right_id"),
)
Index(
    "uq_pledged_right_live",
    pledged_right.c.right_id,
    pledged_right.c.rank,
    unique=True,
    sqlite_where=pledged_right.c.live,
    postgresql_where=pledged_right.c.live,
)
pledge_step = append_only(
    Table(
        "pledge_step",
        metadata,
        Column("pledge_id", ForeignKey("pledge.id"), nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("step", Document(PledgeStep), nullable=False),
        PrimaryKeyConstraint("pledge_id", "sequence"),
    )
)
loan = append_only(
    Table(
        "loan",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("firm_id", ForeignKey("firm.id"), nullable=False, index=True),
        Column("lender", Text, nullable=False),
        Column("fen", BigInteger, CheckConstraint("fen > 0", name="positive"), nullable=False),
        Column("disbursed", Date, nullable=False),
        Column("due", Date, nullable=False),
        Column("security", EnumName(Security), nullable=False),
        Column("pledge_id", ForeignKey("pledge.id")),
        Column("document", Text, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
    )
)
credit_check = append_only(
    Table(
        "credit_check",
        metadata,
        Column("firm_id", ForeignKey("firm.id"), nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("as_of", Date, nullable=False),
        Column("consent", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("earliest", Date),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("firm_id", "sequence"),
    )
)
first_loan = append_only(
    Table(
        "first_loan",
        metadata,
        Column("firm_id", ForeignKey("firm.id"), nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("loan_id", ForeignKey("loan.id")),
        Column("reason", Document(Words), nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("firm_id", "sequence"),
    )
)
