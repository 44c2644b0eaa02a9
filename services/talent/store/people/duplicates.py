"""Rows of suggestions, judgements and merges."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.talent.domain.identity.comparison import Band
from services.talent.domain.identity.judgement import Judgement, Verdict
from services.talent.domain.people.person import Person, PersonStatus
from services.talent.store import schema
from services.talent.store.people.duplicate_blocks import Pair


@dataclass(eq=False)
class Suggestion:
    """Two people who may be one, as last weighed. `evidence`: feature, outcome and bits of each piece."""

    id: str
    left: str
    right: str
    band: Band
    millibits: int
    evidence: list[list[Any]]
    verdict: Verdict | None
    method: str
    found_at: datetime


def suggestion_id(pair: Pair) -> str:
    """The id of the suggestion about two people, in their order."""
    return f"{pair[0]}.{pair[1]}"


def lock_persons(session: Session, ids: Iterable[str]) -> dict[str, Person]:
    """People by id, as they stand now; other writers wait for the end of this transaction."""
    query = select(Person).where(schema.person.c.id.in_(sorted(set(ids)))).order_by(schema.person.c.id)
    found = session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {person.id: person for person in found}


def follow_teams(session: Session, people: Mapping[str, frozenset[str]]) -> set[str]:
    """Write anew who is in these teams (nobody, for one that is gone); everybody who was or is in one."""
    table, touched = schema.duplicate_team, set[str]()
    for some in chunks(people):
        touched.update(session.scalars(select(table.c.person_id).where(table.c.team_id.in_(some))))
        session.execute(delete(table).where(table.c.team_id.in_(some)))
    wanted = {id_ for members in people.values() for id_ in members}
    there: set[str] = set()
    for some in chunks(sorted(wanted)):
        there.update(session.scalars(select(schema.person.c.id).where(schema.person.c.id.in_(some))))
    rows = [
        {"team_id": team, "person_id": id_}
        for team, members in people.items()
        for id_ in sorted(members & there)
    ]
    if rows:
        session.execute(insert(table), rows)
    return touched | there


def teams_of(session: Session, ids: Sequence[str]) -> dict[str, dict[str, frozenset[str]]]:
    """For each person in a team, the teams as last followed, with everybody in them."""
    table = schema.duplicate_team
    mine = table.alias()
    found: dict[str, dict[str, set[str]]] = {}
    for some in chunks(ids):
        joined = table.join(mine, mine.c.team_id == table.c.team_id)
        query = select(mine.c.person_id, table.c.team_id, table.c.person_id).select_from(joined)
        for person, team, member in session.execute(query.where(mine.c.person_id.in_(some))):
            found.setdefault(person, {}).setdefault(team, set()).add(member)
    return {
        person: {team: frozenset(members) for team, members in teams.items()}
        for person, teams in found.items()
    }


def drop_suggestions(session: Session, ids: Sequence[str]) -> None:
    """Drop what is suggested about people."""
    table = schema.duplicate_suggestion
    for some in chunks(ids):
        session.execute(delete(table).where(or_(table.c.left.in_(some), table.c.right.in_(some))))


def add_suggestions(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write suggestions."""
    if rows:
        session.execute(insert(schema.duplicate_suggestion), list(rows))


def mark(session: Session, pair: Pair, verdict: Verdict | None) -> None:
    """Note on the suggestion about two people, if there is one, what was decided."""
    table = schema.duplicate_suggestion
    where = table.c.id == suggestion_id(pair)
    session.execute(update(table).where(where).values(verdict=verdict))


def judgements_about(session: Session, record_ids: Iterable[str]) -> list[Judgement]:
    """Judgements that stand and are about any of these records."""
    table, found = schema.duplicate_judgement, dict[str, Judgement]()
    for some in chunks(record_ids):
        about = or_(table.c.left.in_(some), table.c.right.in_(some))
        query = select(Judgement).where(about, table.c.deleted_at.is_(None))
        found.update({each.id: each for each in session.scalars(query)})
    return list(found.values())


def judgement_of(session: Session, pair: Pair) -> Judgement | None:
    """The judgement about a pair that stands, or None."""
    table = schema.duplicate_judgement
    where = (table.c.left == pair[0], table.c.right == pair[1], table.c.deleted_at.is_(None))
    return session.scalars(select(Judgement).where(*where)).one_or_none()


def keep_merged(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what undoes a merge."""
    if rows:
        session.execute(insert(schema.merged_record), list(rows))


def merged(session: Session, record_ids: Iterable[str]) -> dict[str, Row[Any]]:
    """What undoes the merge of records, by record; records that are not merged are not there."""
    table, found = schema.merged_record, dict[str, Row[Any]]()
    for some in chunks(record_ids):
        query = select(table).where(table.c.record_id.in_(some))
        found.update({row.record_id: row for row in session.execute(query)})
    return found


def withdraw_merged(session: Session, record_ids: Iterable[str], reason: str) -> None:
    """Note that the person of merged records withdrew: none of them comes back into use if they are parted."""
    table = schema.merged_record
    values = {"status": PersonStatus.WITHDRAWN, "status_reason": reason}
    for some in chunks(record_ids):
        session.execute(update(table).where(table.c.record_id.in_(some)).values(values))


def drop_merged(session: Session, record_ids: Iterable[str]) -> None:
    """Drop what undid a merge, once it is undone."""
    table = schema.merged_record
    for some in chunks(record_ids):
        session.execute(delete(table).where(table.c.record_id.in_(some)))


def link(session: Session, refs: Mapping[str, str], person_id: str) -> None:
    """Show records (source numbers by id) as `person_id` from now on."""
    table = schema.record_link
    for some in chunks(refs):
        session.execute(delete(table).where(table.c.record_id.in_(some)))
    rows = [
        {"record_id": id_, "person_id": person_id, "ref": ref}
        for id_, ref in refs.items()
        if id_ != person_id
    ]
    if rows:
        session.execute(insert(table), rows)
