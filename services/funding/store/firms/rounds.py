"""Reading and writing financing rounds."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, update
from sqlalchemy.orm import Session

from services.funding.domain.firm.round import RoundRevision
from services.funding.store import schema


def find(session: Session, firm_id: str, id_: str) -> RoundRevision | None:
    """The revision of a firm's round that stands."""
    table = schema.financing_round
    row = session.execute(_standing().where(table.c.id == id_, table.c.firm_id == firm_id)).one_or_none()
    return None if row is None else _revision(row)


def named(session: Session, firm_id: str, round_name: str) -> RoundRevision | None:
    """The revision of a firm's round of this name that stands."""
    table = schema.financing_round
    query = _standing().where(table.c.firm_id == firm_id, table.c.round_name == round_name)
    row = session.execute(query).one_or_none()
    return None if row is None else _revision(row)


def page(
    session: Session,
    firm_id: str | None,
    after: str | None,
    limit: int,
    shown: Iterable[ColumnElement[bool]] = (),
) -> tuple[list[RoundRevision], int]:
    """Rounds of a firm or of all, in the order of their ids, those after `after`; and how many there are.

    `shown`: what the caller may see of all.
    """
    table = schema.financing_round
    where = [*shown, *([] if firm_id is None else [table.c.firm_id == firm_id])]
    total = session.scalar(select(func.count()).select_from(table).where(*where)) or 0
    if after is not None:
        where.append(table.c.id > after)
    rows = session.execute(_standing().where(*where).order_by(table.c.id).limit(limit))
    return [_revision(row) for row in rows], total


def revisions(session: Session, standing: RoundRevision) -> list[RoundRevision]:
    """Every revision of a round, oldest first."""
    table, round_ = schema.round_revision, schema.financing_round
    query = _selected().where(round_.c.id == standing.id).order_by(table.c.revision)
    return [_revision(row) for row in session.execute(query)]


def save(session: Session, made: RoundRevision) -> bool:
    """Add a revision and let it stand; False if another one of its number came first."""
    table = schema.financing_round
    if made.revision == 1:
        row = {"id": made.id, "firm_id": made.firm_id, "round_name": made.facts.round_name}
        session.execute(insert(table).values(**row, revision=1, at=made.first_at))
    else:
        before = (table.c.id == made.id) & (table.c.revision == made.revision - 1)
        moved = update(table).where(before).values(revision=made.revision).returning(table.c.id)
        if session.execute(moved).one_or_none() is None:
            return False
    facts = {"round_id": made.id, "revision": made.revision, "facts": made.facts}
    session.execute(insert(schema.round_revision).values(**facts, actor=made.actor, at=made.at))
    return True


def signed(session: Session, firm_id: str, round_name: str) -> Mapping[str, int]:
    """What our funds signed for a firm's round, by fund, fen."""
    table = schema.deal
    query = select(table.c.fund_id, table.c.signed_fen).where(
        table.c.firm_id == firm_id,
        table.c.round_name == round_name,
        table.c.signed_fen.is_not(None),
        table.c.state.in_(("SIGNED", "INVESTED", "ON_HOLD")),
    )
    found = Counter[str]()
    for fund, fen in session.execute(query):
        found[fund] += fen
    return found


def totals(session: Session, places: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    """What recorded rounds raised in all, by firm and round name, of these places; fen."""
    wanted, table = set(places), schema.financing_round
    rows = session.execute(_standing().where(table.c.firm_id.in_({firm for firm, _ in wanted})))
    found = {(each.firm_id, each.facts.round_name): each.facts.total_fen for each in map(_revision, rows)}
    return {place: fen for place, fen in found.items() if place in wanted}


def _selected() -> Select[Any]:
    round_, table = schema.financing_round, schema.round_revision
    first = round_.c.at.label("first_at")
    columns = (
        round_.c.id,
        round_.c.firm_id,
        first,
        table.c.revision,
        table.c.facts,
        table.c.actor,
        table.c.at,
    )
    return select(*columns).join(table, table.c.round_id == round_.c.id)


def _standing() -> Select[Any]:
    return _selected().where(schema.round_revision.c.revision == schema.financing_round.c.revision)


def _revision(row: Row[Any]) -> RoundRevision:
    return RoundRevision(row.id, row.firm_id, row.revision, row.facts, row.actor, row.at, row.first_at)
