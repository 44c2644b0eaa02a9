"""What a screening made of every deal, kept so that the database can filter, sort, count and sum by it.

A row holds what rests on the deal, its firm, the mandate and the day. What moves with every other deal of the
fund (capital, concentration, shares of the portfolio) is not in it: it is worked out of `ask_fen`, `held_fen`,
`firm_held_fen` and `position_fen` when somebody asks.
"""

from sqlalchemy import (
    BigInteger,
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

from services.chassis.storage.columns import EnumName, Real, Strings, UtcInstant
from services.funding.domain.deal.states import DealState
from services.funding.domain.firm.stages import Stage
from services.funding.domain.outcomes import Outcome
from services.funding.domain.property.loan import FirstLoan
from services.funding.domain.scores.score import Band
from services.funding.domain.screening.surroundings import PledgeStanding
from services.funding.store.schema.registry import metadata

# As of which day, and by which revision, the rows of a fund stand.
screening_day = Table(
    "screening_day",
    metadata,
    Column("fund_id", ForeignKey("fund.id"), primary_key=True),
    Column("day", Date, nullable=False),
    Column("mandate_revision", Integer, nullable=False),
)
screened = Table(
    "screened",
    metadata,
    Column("fund_id", ForeignKey("fund.id"), nullable=False),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("firm_id", String(64), nullable=False),
    Column("deal_version", Integer, nullable=False),
    Column("firm_version", Integer, nullable=False),
    Column("due", Date, nullable=False),
    Column("state", EnumName(DealState), nullable=False),
    Column("city", String(63), nullable=False),
    Column("stage", EnumName(Stage)),
    Column("industries", Strings, nullable=False),
    Column("directions", Strings, nullable=False),
    Column("ask_fen", BigInteger, nullable=False),
    Column("pre_money_fen", BigInteger),
    Column("held_fen", BigInteger, nullable=False),
    Column("position_fen", BigInteger, nullable=False),
    Column("position_early", EnumName(Outcome), nullable=False),
    Column("firm_held_fen", BigInteger, nullable=False),
    Column("composite", Real),
    Column("coverage", Real, nullable=False),
    Column("early", Real),
    Column("small", Real),
    Column("long", Real),
    Column("hard", Real),
    Column("band", EnumName(Band), nullable=False),
    Column("early_gate", EnumName(Outcome), nullable=False),
    Column("small_gate", EnumName(Outcome), nullable=False),
    Column("hard_gate", EnumName(Outcome), nullable=False),
    Column("blocking", Strings, nullable=False),
    Column("waived_live", Strings, nullable=False),
    Column("first_loan", EnumName(FirstLoan), nullable=False, server_default=FirstLoan.UNKNOWN.name),
    Column(
        "ip_pledge", EnumName(PledgeStanding), nullable=False, server_default=PledgeStanding.NO_RIGHTS.name
    ),
    Column("submitted_at", UtcInstant),
    Column("since", UtcInstant),
    Column("owner", Text, nullable=False),
    Column("firm_name", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    PrimaryKeyConstraint("fund_id", "deal_id"),
    Index("ix_screened_deal_id", "deal_id", unique=True),
    Index("ix_screened_firm_id", "firm_id"),
    Index("ix_screened_fund_id_due", "fund_id", "due"),
    # The rows of a fund lie together.
    sqlite_with_rowid=False,
)
_held = screened.c.position_fen > 0
Index(
    "ix_screened_fund_id_position_fen",
    screened.c.fund_id,
    screened.c.position_fen,
    sqlite_where=_held,
    postgresql_where=_held,
)
_waived = screened.c.waived_live != ()
Index(
    "ix_screened_fund_id_waived_live",
    screened.c.fund_id,
    screened.c.waived_live,
    sqlite_where=_waived,
    postgresql_where=_waived,
)
