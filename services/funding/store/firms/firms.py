"""Firms as they were known: every version of a record, and every set of figures."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from services.chassis.storage.bulk import add_rows
from services.chassis.storage.chunks import chunks
from services.chassis.storage.columns import canonical_json
from services.chassis.storage.snapshots import snapshot, values_of
from services.funding.domain.firm.firm import Firm
from services.funding.domain.firm.snapshots import SnapshotRecord
from services.funding.store import schema

_VERSION = ("firm_id", "version", "recorded_at", "recorded_by", "image")


def save_versions(session: Session, firms: Sequence[Firm], actor: str, at: datetime) -> None:
    """Keep these versions of firms for ever."""
    rows = [
        (firm.id, firm.version, at, actor, canonical_json(snapshot(schema.firm, firm)).encode())
        for firm in firms
    ]
    add_rows(session, schema.firm_version, _VERSION, rows)


def save_removal(session: Session, firms: Sequence[Firm], actor: str, at: datetime) -> None:
    """Keep that these firms are on record no more."""
    rows = [(firm.id, firm.version + 1, at, actor, None) for firm in firms]
    add_rows(session, schema.firm_version, _VERSION, rows)


def firm_as_known(session: Session, firm_id: str, instant: datetime) -> Firm | None:
    """The record of a firm as it stood at an instant; None if it was not on record."""
    table = schema.firm_version
    query = select(table).where(table.c.firm_id == firm_id, table.c.recorded_at <= instant)
    row = session.execute(query.order_by(table.c.version.desc()).limit(1)).first()
    if row is None or row.image is None:
        return None
    values: dict[str, Any] = values_of(schema.firm, schema.read_image(row.image))
    return Firm(id=firm_id, version=row.version, updated_at=row.recorded_at, **values)


def first_known(session: Session, firm_id: str) -> datetime | None:
    """Since when versions of a firm are kept."""
    table = schema.firm_version
    query = select(table.c.recorded_at).where(table.c.firm_id == firm_id).order_by(table.c.version).limit(1)
    found: datetime | None = session.execute(query).scalar_one_or_none()
    return found


def figures_of(session: Session, ids: Sequence[str]) -> dict[str, list[SnapshotRecord]]:
    """All figures on record of these firms, by firm, in the order of their numbers."""
    found = defaultdict[str, list[SnapshotRecord]](list)
    table = schema.firm_snapshot
    for some in chunks(ids):
        query = select(SnapshotRecord).where(table.c.firm_id.in_(some))
        for each in session.scalars(query.order_by(table.c.firm_id, table.c.number)):
            found[each.firm_id].append(each)
    return found


def save_figures(session: Session, records: Sequence[SnapshotRecord]) -> None:
    """Keep these figures for ever."""
    rows = [
        {
            "firm_id": each.firm_id,
            "number": each.number,
            "as_of": each.figures.as_of,
            "verified": each.figures.verified,
            "figures": each.figures,
            "source": each.source,
            "recorded_at": each.recorded_at,
            "recorded_by": each.recorded_by,
            "retracts": each.retracts,
        }
        for each in records
    ]
    if rows:
        session.execute(insert(schema.firm_snapshot), rows)
