"""Rows of nominations, steps and quotas."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.talent.domain.nomination import Detail, Nomination, Quota, State
from services.talent.store import schema

_DETAIL: TypeAdapter[Detail] = TypeAdapter(Detail)
_AWARDED = tuple(state for state in State if state.holds_award)
_LIVE = tuple(state for state in State if state.open or state.holds_award)


def by_id(session: Session, id_: str) -> Nomination | None:
    """The nomination, or None."""
    return session.get(Nomination, id_)


def encode_detail(detail: Detail) -> bytes:
    """What a step says, to be sealed."""
    return _DETAIL.dump_json(detail)


def decode_detail(content: bytes) -> Detail:
    """What `encode_detail` was given."""
    return _DETAIL.validate_json(content)


def add_step(session: Session, row: dict[str, Any]) -> None:
    """Append a step."""
    session.execute(insert(schema.nomination_step), row)


def steps_of(session: Session, id_: str) -> list[Row[Any]]:
    """The steps of a nomination in their order."""
    table = schema.nomination_step
    return list(session.execute(select(table).where(table.c.nomination_id == id_).order_by(table.c.number)))


def lock_people(session: Session, person_ids: Sequence[str]) -> None:
    """Hold the rows of people until the transaction ends, so that two awards to one of them take turns."""
    table = schema.person
    query = select(table.c.id).where(table.c.id.in_(person_ids)).order_by(table.c.id)
    session.execute(query.with_for_update()).all()


def awards_of(session: Session, person_ids: Sequence[str], team_ids: Sequence[str], year: int) -> list[str]:
    """Programmes awarded in a year to any of these people, or to any of these teams."""
    table = schema.nomination
    nominee = or_(table.c.subject.in_(person_ids), table.c.team_id.in_(team_ids))
    query = select(table.c.programme).where(table.c.year == year, table.c.state.in_(_AWARDED), nominee)
    return list(session.scalars(query))


def live_nomination(
    session: Session, programme: str, year: int, records: Sequence[str], team_id: str | None
) -> str | None:
    """Id of a nomination of the same nominee for the same programme and year that was not turned down."""
    table = schema.nomination
    nominee = table.c.person_id.in_(records) if records else table.c.team_id == team_id
    query = select(table.c.id).where(
        table.c.programme == programme, table.c.year == year, table.c.state.in_(_LIVE), nominee
    )
    return session.scalar(query.limit(1))


def open_of(session: Session, subject: str) -> list[Nomination]:
    """Open nominations that are about a person."""
    table = schema.nomination
    undecided = tuple(state for state in State if state.open)
    query = select(Nomination).where(table.c.subject == subject, table.c.state.in_(undecided))
    return list(session.scalars(query.order_by(table.c.id)))


def about(session: Session, person_id: str) -> list[Nomination]:
    """All nominations that are about a person."""
    table = schema.nomination
    query = select(Nomination).where(table.c.subject == person_id)
    return list(session.scalars(query.order_by(table.c.id)))


def awarded_until(session: Session, day: date) -> list[Nomination]:
    """The nominations that were awarded on or before a day."""
    table = schema.nomination
    query = select(Nomination).where(table.c.state.in_(_AWARDED), table.c.decided <= day)
    return list(session.scalars(query.order_by(table.c.id)))


def set_quota(session: Session, quota: Quota, actor: str, now: Any) -> None:
    """Put a quota in the place of the one before; 0 places take it away."""
    table = schema.nomination_quota
    key = {"programme": quota.programme, "year": quota.year, "industry": quota.industry}
    if quota.places == 0:
        session.execute(delete(table).where(*(table.c[name] == value for name, value in key.items())))
        return
    values = {"places": quota.places, "updated_by": actor, "updated_at": now}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**key, **values)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def states_of_year(session: Session, year: int) -> dict[str, Counter[State]]:
    """How many nominations of a year stand where, by programme."""
    table = schema.nomination
    query = select(table.c.programme, table.c.state, func.count()).where(table.c.year == year)
    found: dict[str, Counter[State]] = {}
    for programme, state, count in session.execute(query.group_by(table.c.programme, table.c.state)):
        found.setdefault(programme, Counter())[state] = count
    return found


def places_of_year(session: Session, year: int) -> dict[str, int]:
    """Places of a year in all industries together, by programme."""
    table = schema.nomination_quota
    query = select(table.c.programme, func.sum(table.c.places)).where(table.c.year == year)
    return {row[0]: int(row[1]) for row in session.execute(query.group_by(table.c.programme))}


def quotas(session: Session, programme: str, year: int) -> list[Quota]:
    """Quotas of a programme and year with the places taken, by industry; 0 places where there are awards alone."""
    table = schema.nomination_quota
    query = select(table.c.industry, table.c.places).where(
        table.c.programme == programme, table.c.year == year
    )
    places = dict(session.execute(query).all())
    taken = _awarded(session, programme, year)
    return [
        Quota(programme, year, industry, places.get(industry, 0), taken[industry])
        for industry in sorted({*places, *taken})
    ]


def locked_quota(session: Session, programme: str, year: int, industry: str) -> Quota | None:
    """The quota with the places taken, held until the transaction ends; None if there is none."""
    table = schema.nomination_quota
    query = select(table.c.places).where(
        table.c.programme == programme, table.c.year == year, table.c.industry == industry
    )
    places = session.scalar(query.with_for_update())
    if places is None:
        return None
    return Quota(programme, year, industry, places, _awarded(session, programme, year)[industry])


def _awarded(session: Session, programme: str, year: int) -> Counter[str]:
    table = schema.nomination
    query = select(table.c.industry, func.count()).where(
        table.c.programme == programme, table.c.year == year, table.c.state.in_(_AWARDED)
    )
    return Counter({row[0]: row[1] for row in session.execute(query.group_by(table.c.industry))})
