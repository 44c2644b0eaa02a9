"""What reports count of people, teams, positions and pairs beside the cells of the map."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.catalogue import OUTSIDE
from services.chassis.storage.chunks import chunks
from services.talent.domain.identity.comparison import Band
from services.talent.domain.identity.judgement import Verdict
from services.talent.domain.people.person import PersonStatus, Purpose
from services.talent.domain.people.team import TeamStatus
from services.talent.domain.position.outcome import OutcomeKind
from services.talent.domain.position.position import PositionStatus
from services.talent.domain.report.registered import Hire
from services.talent.store import schema
from services.talent.store.shortage import done_proposals

PERSON_POSITION: Final = "person-position"
"""The kind of pair that a start in a position comes of."""
_FILLED = [each for each in OutcomeKind if each.is_fill]


def teams(session: Session) -> dict[str, int]:
    """Teams at work in the province, by industry; one of several industries counts in each."""
    team, of = schema.team.c, schema.team_direction.c
    query = select(of.code, func.count()).join(schema.team, team.id == of.team_id)
    query = query.where(of.is_industry, team.status == TeamStatus.ACTIVE, team.city != OUTSIDE)
    return {row[0]: row[1] for row in session.execute(query.group_by(of.code))}


def hired(session: Session, first: date, last: date) -> dict[str, int]:
    """Heads that started on days from `first` to `last`, by industry of the position."""
    table, of = schema.position_outcome.c, schema.position_direction.c
    query = select(of.code, func.sum(table.heads)).join(
        schema.position_direction, of.position_id == table.position_id
    )
    query = query.where(of.is_industry, table.kind.in_(_FILLED), table.voided_at.is_(None))
    query = query.where(table.day >= first, table.day <= last)
    return {row[0]: int(row[1]) for row in session.execute(query.group_by(of.code))}


def confirmed_people(session: Session) -> dict[date, int]:
    """Records of people in use, by the day on which they were last confirmed."""
    table = schema.person.c
    query = select(table.observed, func.count()).where(table.status == PersonStatus.ACTIVE)
    return {row[0]: row[1] for row in session.execute(query.group_by(table.observed))}


def renewed_positions(session: Session) -> dict[date, int]:
    """Open positions, by the day on which they were last renewed."""
    table = schema.position.c
    query = select(table.renewed, func.count()).where(table.status == PositionStatus.OPEN)
    return {row[0]: row[1] for row in session.execute(query.group_by(table.renewed))}


def undecided_pairs(session: Session) -> dict[tuple[Band, Verdict | None], int]:
    """Pairs of records that may be one person, of which nobody has said yes or no, by what should happen to them."""
    table = schema.duplicate_suggestion.c
    query = select(table.band, table.verdict, func.count()).where(
        table.verdict.is_(None) | (table.verdict == Verdict.UNSURE)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query.group_by(table.band, table.verdict))}


def hires(session: Session, first: date, last: date) -> Iterator[Hire]:
    """People of the library who started on days from `first` to `last`."""
    table, position = schema.position_outcome.c, schema.position.c
    query = select(table.day, position.employer, table.person_id, table.position_id)
    query = query.join(schema.position, position.id == table.position_id)
    query = query.where(table.kind == OutcomeKind.FILLED_FROM_LIBRARY, table.voided_at.is_(None))
    found = session.execute(query.where(table.day >= first, table.day <= last)).all()
    proposed = done_proposals.of_kind(session, PERSON_POSITION)
    ids = {row.person_id for row in found} | {each.person_id for each in proposed}
    same = _same(session, sorted(id_ for id_ in ids if id_ is not None))
    parts = {(same.get(each.person_id or ""), each.other): each.part for each in proposed}
    known = _people(session, sorted({same[row.person_id] for row in found if row.person_id is not None}))
    for row in found:
        person = same.get(row.person_id or "")
        observed, now = known.get(person or "", (None, ""))
        yield Hire(row.day, row.employer, observed, now, parts.get((person, row.position_id)))


def _same(session: Session, ids: list[str]) -> dict[str, str]:
    """The person that each record is read under."""
    link, of = schema.record_link.c, {id_: id_ for id_ in ids}
    for chunk in chunks(ids):
        links = select(link.record_id, link.person_id).where(link.record_id.in_(chunk))
        of |= {row.record_id: row.person_id for row in session.execute(links)}
    return of


def _people(session: Session, ids: list[str]) -> dict[str, tuple[date | None, str]]:
    """When records were confirmed and whom they name as employer: of people in use who agreed to statistics."""
    table, known = schema.person.c, dict[str, tuple[date | None, str]]()
    for chunk in chunks(ids):
        query = select(table.id, table.observed, table.employer, table.purposes)
        query = query.where(table.id.in_(chunk), table.status == PersonStatus.ACTIVE)
        known |= {
            row.id: (row.observed, row.employer)
            for row in session.execute(query)
            if Purpose.STATISTICS in row.purposes
        }
    return known
