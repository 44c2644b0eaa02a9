"""What stands under directions of an earlier catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, delete, insert, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm
from services.funding.domain.fund.mandate import Mandate
from services.funding.store import schema

PORTION = 500


class Written(NamedTuple):
    """A revision as it was written, and its directions in later codes where somebody has put them down."""

    rules: Mandate
    leaves: tuple[str, ...] | None


def firms(session: Session, codes: Iterable[str]) -> list[Firm]:
    """The next of them, by id."""
    found = _names(schema.firm.c.direction_shares, codes)
    return list(session.scalars(select(Firm).where(found).order_by(schema.firm.c.id).limit(PORTION)))


def deals(session: Session, codes: Iterable[str]) -> list[Deal]:
    """The next of them whose hires name the codes, by id."""
    table, listed = schema.deal, list(codes)
    found = or_(_names(table.c.hiring_plan, listed), _names(table.c.expected_hires, listed))
    return list(session.scalars(select(Deal).where(found).order_by(table.c.id).limit(PORTION)))


def written(session: Session) -> list[Written]:
    """Every revision that was proposed or approved."""
    scope = schema.mandate_scope
    found: dict[tuple[str, int], Written] = {}
    for table in (schema.mandate_proposal, schema.mandate):
        same = (scope.c.fund_id == table.c.fund_id) & (scope.c.revision == table.c.revision)
        rows = session.execute(select(table.c.rules, scope.c.leaves).outerjoin(scope, same)).all()
        found |= {(row.rules.fund, row.rules.revision): Written(row.rules, row.leaves) for row in rows}
    return list(found.values())


def put_scope(session: Session, rules: Mandate, leaves: Sequence[str] | None) -> None:
    """Put down the directions of a revision in today's codes; None: they are those that it was written with."""
    scope = schema.mandate_scope
    mine = (scope.c.fund_id == rules.fund) & (scope.c.revision == rules.revision)
    session.execute(delete(scope).where(mine))
    if leaves is not None:
        row = {"fund_id": rules.fund, "revision": rules.revision, "leaves": tuple(leaves)}
        session.execute(insert(scope).values(row))


def searches(session: Session, codes: Iterable[str]) -> Mapping[str, str]:
    """Filters of saved searches that name one of the codes, by the id of the search."""
    table = schema.saved_search
    found = or_(*(table.c.filter.contains(code, autoescape=True) for code in codes))
    return dict(session.execute(select(table.c.id, table.c.filter).where(found)).all())


def put_filter(session: Session, id_: str, text: str) -> None:
    """Let a saved search ask this."""
    table = schema.saved_search
    session.execute(update(table).where(table.c.id == id_).values(filter=text))


def forget_screened(session: Session, fund_ids: Iterable[str]) -> None:
    """Forget what screenings made of the deals of these funds: the rows are made anew from the deals."""
    listed = sorted(set(fund_ids))
    for table in (schema.screened, schema.screening_day):
        session.execute(delete(table).where(table.c.fund_id.in_(listed)))


def strange(session: Session, known: Iterable[str]) -> list[str]:
    """Directions of firms that are none of the `known` codes."""
    table = schema.firm_direction
    held = session.scalars(select(table.c.code).where(~table.c.is_industry).distinct())
    return sorted({*held} - {*known})


def _names(column: Any, codes: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column of codes in JSON has any of these."""
    text = type_coerce(column, String)
    return or_(*(text.contains(f'"{code}"', autoescape=True) for code in codes))
