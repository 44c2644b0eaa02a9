"""Reading and writing the rows of screenings; in which order what is locked.

Always the days of the funds first, by id, then the firms, by id: whoever writes a row holds its firm, so that no
two transactions make the same row of different halves of the truth. SQLite has one writer and needs no locks.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.chassis.storage.bulk import add_rows
from services.chassis.storage.chunks import IN_A_STATEMENT, chunks
from services.chassis.storage.columns import UtcInstant
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm
from services.funding.store import schema
from services.kernel.clock import civil_date

_KEY = "firms-to-screen"


Stamp = tuple[int, int, int]
"""Version of the deal, of its firm, and what the fund holds in the firm beside the deal."""


class Day(NamedTuple):
    """As of which day, and by which revision, the rows of a fund stand."""

    fund_id: str
    day: date
    mandate_revision: int


def touch(session: Session, firm_id: str) -> None:
    """Screen the deals of this firm anew at the end of the transaction: they, or something beside them, changed."""
    session.info.setdefault(_KEY, set()).add(firm_id)


def touched(session: Session) -> set[str]:
    """The firms that were touched since the last call."""
    firms: set[str] = session.info.pop(_KEY, set())
    return firms


def day_of(session: Session, fund_id: str) -> Day | None:
    """Where the rows of a fund stand; None while there are none."""
    table = schema.screening_day
    row = session.execute(select(table).where(table.c.fund_id == fund_id)).one_or_none()
    return None if row is None else Day(*row)


def first_day(session: Session, fund_id: str) -> date | None:
    """The civil day of the fund's first deal, by its submission or else its record; None while there are no deals."""
    table = schema.deal.c
    begun = func.min(func.coalesce(table.submitted_at, table.created_at), type_=UtcInstant)
    found = session.scalar(select(begun).where(table.fund_id == fund_id))
    return None if found is None else civil_date(found)


def days(session: Session) -> dict[str, Day]:
    """Where the rows of all funds stand."""
    return {row.fund_id: Day(*row) for row in session.execute(select(schema.screening_day))}


def hold_days(session: Session, fund_ids: Iterable[str], *, turning: bool = False) -> dict[str, Day]:
    """Where the rows of these funds stand, and keep it so until the transaction ends; `turning`: alone."""
    table = schema.screening_day
    query = select(table).where(table.c.fund_id.in_(sorted(fund_ids))).order_by(table.c.fund_id)
    return {row.fund_id: Day(*row) for row in session.execute(query.with_for_update(read=not turning))}


def begin_day(session: Session, day: Day) -> None:
    """The rows of a fund that has none yet stand at this day, unless somebody else has just begun one."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(schema.screening_day).values(day._asdict()).on_conflict_do_nothing())


def turn_day(session: Session, day: Day) -> None:
    """The rows of a fund stand at this day from now on."""
    table = schema.screening_day
    session.execute(update(table).where(table.c.fund_id == day.fund_id).values(day._asdict()))


def deals_judged() -> Select[Deal, Firm]:
    """Deals, each with the firm by whose record it is judged: its own, or the one that stands for it."""
    deal, home, firm = schema.deal, schema.firm.alias("home"), schema.firm
    query = select(Deal, Firm).join(home, home.c.id == deal.c.firm_id)
    return query.join(Firm, firm.c.id == func.coalesce(home.c.merged_into, home.c.id))


def family(session: Session, firm_ids: Iterable[str]) -> set[str]:
    """These firms, those that stand for them, and all for which one of these stands."""
    table, found = schema.firm.c, set(firm_ids)
    for portion in chunks(sorted(found)):
        query = select(table.merged_into).where(table.id.in_(portion), table.merged_into.is_not(None))
        found |= set(session.scalars(query))
    for portion in chunks(sorted(found)):
        found |= set(session.scalars(select(table.id).where(table.merged_into.in_(portion))))
    return found


def whole_families(session: Session, firm_ids: Iterable[str]) -> Iterable[list[str]]:
    """These firms, so many at a time as a statement takes, those of one family together."""
    table, listed, stands = schema.firm.c, sorted(firm_ids), dict[str, str]()
    for portion in chunks(listed):
        query = select(table.id, table.merged_into)
        stands |= dict(
            session.execute(query.where(table.id.in_(portion), table.merged_into.is_not(None))).all()
        )
    portion = []
    for _, members in groupby(
        sorted(listed, key=lambda id_: (stands.get(id_, id_), id_)), lambda id_: stands.get(id_, id_)
    ):
        portion += members
        if len(portion) >= IN_A_STATEMENT:
            yield portion
            portion = []
    if portion:
        yield portion


def hold_firms(session: Session, firm_ids: Iterable[str]) -> None:
    """Be the only one who writes rows of these firms until the transaction ends."""
    if session.get_bind().dialect.name == "sqlite":
        return
    column = schema.firm.c.id
    for portion in chunks(sorted(firm_ids)):
        query = select(column).where(column.in_(portion)).order_by(column)
        session.execute(query.with_for_update(key_share=True)).all()


def funds_of_firms(session: Session, firm_ids: Iterable[str]) -> set[str]:
    """The funds that have a deal of one of these firms."""
    table, found = schema.deal.c, set[str]()
    for portion in chunks(sorted(firm_ids)):
        found |= set(session.scalars(select(table.fund_id).where(table.firm_id.in_(portion)).distinct()))
    return found


def firms_of_funds(session: Session, fund_ids: Iterable[str]) -> set[str]:
    """The firms of all deals of these funds."""
    table = schema.deal.c
    return set(session.scalars(select(table.firm_id).where(table.fund_id.in_(fund_ids)).distinct()))


def deals_of_firms(session: Session, firm_ids: Iterable[str]) -> list[tuple[Deal, Firm]]:
    """All deals of these firms with the firm that each is judged by, as they stand now: also where somebody else
    has just changed them. `firm_ids`: whole families.
    """
    found: list[tuple[Deal, Firm]] = []
    for portion in chunks(sorted(firm_ids)):
        query = deals_judged().where(schema.deal.c.firm_id.in_(portion)).order_by(schema.deal.c.id)
        found += session.execute(query.execution_options(populate_existing=True)).all()
    return found


def due_deals(session: Session, fund_id: str, on: date) -> list[str]:
    """The deals of a fund whose rows may read otherwise on this day, and those without a row."""
    table, deal = schema.screened, schema.deal
    query = (
        select(deal.c.id)
        .outerjoin(table, table.c.deal_id == deal.c.id)
        .where(deal.c.fund_id == fund_id, or_(table.c.deal_id.is_(None), table.c.due <= on))
    )
    return list(session.scalars(query.order_by(deal.c.id)))


def all_deals(session: Session, fund_id: str) -> list[str]:
    """All deals of a fund."""
    table = schema.deal.c
    return list(session.scalars(select(table.id).where(table.fund_id == fund_id).order_by(table.id)))


def number_of_deals(session: Session, fund_id: str) -> int:
    """How many deals a fund has."""
    table = schema.deal.c
    return session.scalar(select(func.count()).where(table.fund_id == fund_id)) or 0


def stamps(session: Session, fund_id: str) -> dict[str, Stamp]:
    """What the rows of a fund were made of, by deal."""
    table = schema.screened.c
    query = select(table.deal_id, table.deal_version, table.firm_version, table.firm_held_fen)
    rows = session.execute(query.where(table.fund_id == fund_id))
    return {id_: (of_deal, of_firm, held) for id_, of_deal, of_firm, held in rows}


def firms_of_deals(session: Session, deal_ids: Sequence[str]) -> set[str]:
    """The firms of these deals."""
    table, found = schema.deal.c, set[str]()
    for portion in chunks(deal_ids):
        found |= set(session.scalars(select(table.firm_id).where(table.id.in_(portion))))
    return found


def put(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write these rows in place of those of the same deals."""
    table = schema.screened
    for portion in chunks(row["deal_id"] for row in rows):
        session.execute(delete(table).where(table.c.deal_id.in_(portion)))
    names = [column.name for column in table.columns]
    add_rows(session, table, names, ([row[name] for name in names] for row in rows))
