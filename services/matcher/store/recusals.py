"""Who is recused from which firms, as it was told on the log."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.matcher.store.schema import recusal, recused


def put(session: Session, firm_id: str, version: int, subjects: Iterable[str]) -> None:
    """These and nobody else are recused from a firm, unless something as new or newer is known."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = make(recusal).values(firm_id=firm_id, version=version)
    newer = statement.on_conflict_do_update(
        index_elements=[recusal.c.firm_id],
        set_={"version": statement.excluded.version},
        where=recusal.c.version < statement.excluded.version,
    )
    if session.execute(newer.returning(recusal.c.firm_id)).first() is None:
        return
    session.execute(delete(recused).where(recused.c.firm_id == firm_id))
    rows = [{"subject": subject, "firm_id": firm_id} for subject in sorted(set(subjects))]
    if rows:
        session.execute(insert(recused), rows)


def firms_closed_to(session: Session, subject: str) -> frozenset[str]:
    """Ids of the firms from which somebody is recused."""
    return frozenset(session.scalars(select(recused.c.firm_id).where(recused.c.subject == subject)))


def closed(session: Session) -> dict[str, frozenset[str]]:
    """Of everybody who is recused from any firm, the ids of those firms."""
    found: dict[str, set[str]] = {}
    for subject, firm_id in session.execute(select(recused.c.subject, recused.c.firm_id)):
        found.setdefault(subject, set()).add(firm_id)
    return {subject: frozenset(firms) for subject, firms in found.items()}
