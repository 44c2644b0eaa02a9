"""What the shortage map says of its cells, as it was told on the log."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.matcher.domain.priority import CellStanding
from services.matcher.store.schema import shortage_cell as table


def put(session: Session, cell: str, version: int, standing: CellStanding) -> None:
    """Keep what is said of a cell, unless something newer is there."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {
        "id": cell,
        "version": version,
        "stars": standing.stars,
        "hidden": standing.hidden,
        "as_of": standing.as_of,
    }
    statement = insert(table).values(row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[table.c.id],
            set_={name: statement.excluded[name] for name in row if name != "id"},
            where=table.c.version < statement.excluded.version,
        )
    )


def remove(session: Session, cell: str) -> None:
    """A cell that the map has no more."""
    session.execute(delete(table).where(table.c.id == cell))


def standings(session: Session, cells: Iterable[str]) -> dict[str, CellStanding]:
    """What is said of these cells; nothing for those of which nothing is."""
    wanted, found = sorted(set(cells)), dict[str, CellStanding]()
    for some in chunks(wanted):
        query = select(table).where(table.c.id.in_(some))
        found |= {row.id: CellStanding(row.stars, row.hidden, row.as_of) for row in session.execute(query)}
    return found
