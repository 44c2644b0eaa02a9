"""The shortage map from the library's rows, counted again when something has changed."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.patterns import Patterns
from services.talent.domain.person import PersonStatus, Purpose
from services.talent.domain.posting import Posting
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import ShortageTable
from services.talent.domain.shortage.tally import Supplied, build
from services.talent.store import schema

_KEPT = 4


@dataclass(frozen=True)
class ShortageMap:
    """The map of any day. Safe to share between threads; counts once per state of the library and day."""

    catalogue: Catalogue
    axes: Axes
    method: Method = field(default_factory=Method)
    patterns: Patterns = field(default_factory=Patterns)
    _tables: "OrderedDict[tuple[object, ...], ShortageTable]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def table(self, session: Session, as_of: date) -> ShortageTable:
        """Every cell on one day."""
        with self._lock:
            stamp = (*_stamp(session), as_of)
            table = self._tables.get(stamp)
            if table is None:
                people, postings = list(_people(session)), list(_postings(session))
                cube = build(self.axes, people, postings, as_of, window_days=self.method.window_days)
                table = self._tables[stamp] = ShortageTable(cube, self.method, patterns=self.patterns)
                while len(self._tables) > _KEPT:
                    self._tables.popitem(last=False)
            return table


def synthetic(session: Session) -> bool:
    """Whether sample data is among what is counted."""
    for table in (schema.person, schema.position):
        if session.execute(select(table.c.id).where(table.c.origin == "SYNTHETIC").limit(1)).first():
            return True
    return False


def _stamp(session: Session) -> tuple[object, ...]:
    """Changes with every change of the library: each leaves a row of history."""
    history = schema.shared.history
    query = select(func.count(), func.max(history.c.changed_at)).where(
        history.c.entity.in_(("person", "position"))
    )
    return tuple(session.execute(query).one())


def _people(session: Session) -> list[Supplied]:
    table = schema.person
    columns = (table.c.id, table.c.city, table.c.category, table.c.availability, table.c.direction_shares)
    query = select(*columns, table.c.observed, table.c.purposes).where(table.c.status == PersonStatus.ACTIVE)
    return [
        Supplied(row.id, row.city, row.category, row.availability, row.direction_shares, row.observed)
        for row in session.execute(query)
        if Purpose.STATISTICS in row.purposes
    ]


def _postings(session: Session) -> list[Posting]:
    table = schema.position
    query = select(table).where(table.c.duplicate_of.is_(None))
    return [
        Posting(
            row.leaf,
            row.city,
            row.category,
            row.employer_code or row.employer,
            row.opened,
            row.renewed,
            row.closed,
            row.headcount,
            row.fills,
        )
        for row in session.execute(query)
    ]
