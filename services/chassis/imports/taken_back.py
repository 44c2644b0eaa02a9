"""Versions of records that come to nothing: an import wrote them and its undo went behind them, or they only follow
what was written of another record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table, exists, insert, select
from sqlalchemy.orm import Session

from services.chassis.storage.columns import big_integer


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The spans of such versions, beside the history of one service."""

    table: Table
    history: Table

    def changed_since(self, session: Session, entity: str, ids: Sequence[str], instant: datetime) -> set[str]:
        """Which of these have a version of after an instant that counts."""
        history, gone = self.history, self.table
        nothing = exists().where(
            gone.c.entity == history.c.entity,
            gone.c.id == history.c.id,
            history.c.version.between(gone.c.first, gone.c.last),
        )
        later = (history.c.entity == entity, history.c.id.in_(ids), history.c.changed_at > instant)
        return set(session.scalars(select(history.c.id).where(*later, ~nothing)))

    def moved_on(self, session: Session, entity: str, versions: Mapping[str, tuple[int, int]]) -> set[str]:
        """The same without a history: which of these, given by the version that was written and the one that stands,
        have a version in between or at the end that counts.
        """
        gone = self.spans(session, entity, list(versions))

        def counted(id_: str, version: int, now: int) -> bool:
            while version < now and (id_, version + 1) in gone:
                version = gone[id_, version + 1]
            return version != now

        return {id_ for id_, (version, now) in versions.items() if counted(id_, version, now)}

    def spans(self, session: Session, entity: str, ids: Sequence[str]) -> dict[tuple[str, int], int]:
        """Of these records the last version of each span, by record and first version."""
        gone = self.table
        query = select(gone.c.id, gone.c.first, gone.c.last).where(
            gone.c.entity == entity, gone.c.id.in_(ids)
        )
        return {(row[0], row[1]): row[2] for row in session.execute(query)}

    def note(self, session: Session, entity: str, versions: Iterable[tuple[str, int, int]]) -> None:
        """Note spans of versions, each of a record from first to last."""
        rows: list[dict[str, Any]] = [
            {"entity": entity, "id": id_, "first": first, "last": last} for id_, first, last in versions
        ]
        if rows:
            session.execute(insert(self.table), rows)


def define_taken_back(metadata: MetaData, history: Table) -> TakenBack:
    """Define `import_taken_back` beside the history of a service."""
    table = Table(
        "import_taken_back",
        metadata,
        Column("entity", String(32), nullable=False),
        Column("id", String(64), nullable=False),
        Column("first", big_integer(), nullable=False),
        Column("last", big_integer(), nullable=False),
        PrimaryKeyConstraint("entity", "id", "first"),
    )
    return TakenBack(table, history)
