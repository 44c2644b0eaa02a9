"""The counts of the shortage map: exact integers, changed in the transaction of the change that they count."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, String, Table, Text

from services.chassis.storage.columns import Json, UtcInstant, big_integer
from services.talent.store.schema.registry import metadata

shortage_state = Table(
    "shortage_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", big_integer(), nullable=False),
    Column("day", Date, nullable=False),
    Column("period", String(32), nullable=False),
)
"""One row. `revision` grows by one with every committed change of counts: its row lock orders them."""

shortage_count = Table(
    "shortage_count",
    metadata,
    Column("measure", String(16), primary_key=True),
    Column("node", String(63), primary_key=True),
    Column("city", String(63), primary_key=True),
    Column("category", String(63), primary_key=True),
    Column("value", big_integer(), nullable=False),
    Column("revision", big_integer(), nullable=False, index=True),
)
shortage_concentration = Table(
    "shortage_concentration",
    metadata,
    Column("node", String(63), primary_key=True),
    Column("city", String(63), primary_key=True),
    Column("category", String(63), primary_key=True),
    Column("employers", big_integer(), nullable=False),
    Column("squared", big_integer(), nullable=False),
    Column("largest", big_integer(), nullable=False),
    Column("second", big_integer(), nullable=False),
    Column("revision", big_integer(), nullable=False, index=True),
)
shortage_employer_size = Table(
    "shortage_employer_size",
    metadata,
    Column("node", String(63), primary_key=True),
    Column("city", String(63), primary_key=True),
    Column("category", String(63), primary_key=True),
    Column("heads", big_integer(), primary_key=True),
    Column("employers", big_integer(), nullable=False),
)
"""How many employers have so many open heads in a cell of any level."""

shortage_employer = Table(
    "shortage_employer",
    metadata,
    Column("employer", Text, primary_key=True),
    Column("leaf", String(63), primary_key=True),
    Column("city", String(63), primary_key=True),
    Column("category", String(63), primary_key=True),
    Column("heads", big_integer(), nullable=False),
)
"""Open heads of an employer in a leaf cell."""

shortage_snapshot = Table(
    "shortage_snapshot",
    metadata,
    Column("day", Date, primary_key=True),
    Column("revision", big_integer(), nullable=False),
    Column("period", String(32), nullable=False),
    Column("taken_at", UtcInstant, nullable=False),
    Column("counts", LargeBinary, nullable=False),
)
"""What was counted at the end of a day, as it was known then."""

shortage_public = Table(
    "shortage_public",
    metadata,
    Column("number", big_integer(), primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False, index=True),
    Column("revision", big_integer(), nullable=False),
    Column("period", String(32), nullable=False),
    Column("tokens", big_integer(), nullable=False),
    Column("taken_at", UtcInstant, nullable=False),
    Column("counts", LargeBinary, nullable=False),
)
"""The states of the map that outsiders were shown, one after the other, with what each hid and left unknown."""

shortage_coverage = Table(
    "shortage_coverage",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("revision", big_integer(), nullable=False),
    Column("counts", LargeBinary, nullable=False),
)
"""One row: how many people two sources found, each and both, by cell; counted when the day turned."""

shortage_period = Table(
    "shortage_period",
    metadata,
    Column("period", String(32), primary_key=True),
    Column("day", Date, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("tokens", big_integer(), nullable=False),
    Column("method_version", String(40), nullable=False),
    Column("catalogue_version", String(40), nullable=False),
    Column("priors", Json, nullable=False),
    Column("closed_at", UtcInstant, nullable=False),
    Index("ix_shortage_period_day", "day"),
)
"""What was fitted when a quarter closed, and stands until the next close."""
