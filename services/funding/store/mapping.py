"""Puts the aggregates onto their tables. They count their own versions; a stale one is refused on writing."""

from functools import cache

from sqlalchemy.orm import registry

from services.funding.domain.committee.committee import Committee
from services.funding.domain.committee.sitting import Sitting
from services.funding.domain.committee.vote import Vote
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm
from services.funding.domain.firm.firm_report import FirmReport
from services.funding.domain.firm.snapshots import SnapshotRecord
from services.funding.domain.fund.fund import Fund
from services.funding.domain.investment.investment import Investment
from services.funding.domain.property.pledge import Pledge
from services.funding.store import schema

_AGGREGATES = (
    (Firm, schema.firm),
    (Fund, schema.fund),
    (Deal, schema.deal),
    (Committee, schema.committee),
    (Sitting, schema.sitting),
    (Vote, schema.vote),
    (Investment, schema.investment),
    (Pledge, schema.pledge),
    (FirmReport, schema.firm_report),
)


@cache
def map_aggregates() -> registry:
    """Map the classes, once per process."""
    mapping = registry(metadata=schema.metadata)
    for aggregate, table in _AGGREGATES:
        mapping.map_imperatively(aggregate, table, version_id_col=table.c.version, version_id_generator=False)
    snapshots = schema.firm_snapshot
    mapping.map_imperatively(
        SnapshotRecord, snapshots, exclude_properties=[snapshots.c.as_of, snapshots.c.verified]
    )
    schema.imports.map_onto(mapping)
    schema.exports.map_onto(mapping)
    return mapping
