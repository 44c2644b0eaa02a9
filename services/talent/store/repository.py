"""Reading and writing aggregates together with the rows that make them findable."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, Text, delete, func, select, type_coerce
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import flag_modified

from services.catalogue import Catalogue
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.chunks import chunks
from services.talent.domain.people.person import Person, PersonStatus
from services.talent.domain.people.team import Team
from services.talent.domain.position import Position
from services.talent.store import schema
from services.talent.store.findable import (
    PEOPLE_BY_WORDS,
    POSITIONS_BY_WORDS,
    person_words,
    position_words,
)


def person_by_id(session: Session, id_: str) -> Person | None:
    """The person, or None."""
    return session.get(Person, id_)


def shown_person(session: Session, id_: str) -> Person | None:
    """The person; of a merged record, the one it is shown as; or None."""
    link = schema.record_link
    person = session.get(Person, id_)
    if person is None and (into := session.scalar(select(link.c.person_id).where(link.c.record_id == id_))):
        person = session.get(Person, into)
    return person


def persons_of_records(session: Session, record_ids: Sequence[str]) -> list[Person]:
    """The people that records are shown as, each once."""
    link = schema.record_link
    linked = select(link.c.person_id).where(link.c.record_id.in_(record_ids))
    shown = schema.person.c.id.in_(record_ids) | schema.person.c.id.in_(linked)
    return list(session.scalars(select(Person).where(shown).order_by(schema.person.c.id)))


def holders(
    session: Session, id_digest: str | None, orcid: str, but: str, cities: frozenset[str] | None
) -> dict[str, str]:
    """Ids of people in `cities` (None: anywhere), other than `but`, who have this identity number or this ORCID,
    by `id_digest` and `orcid`.
    """
    table, keys = schema.person, {"id_digest": id_digest, "orcid": orcid}
    found = {}
    for name, value in keys.items():
        query = select(table.c.id).where(table.c[name] == value, table.c.id != but).order_by(table.c.id)
        if cities is not None:
            query = query.where(table.c.city.in_(sorted(cities)))
        holder = session.scalar(query.limit(1)) if value else None
        if holder is not None:
            found[name] = holder
    return found


def next_version(
    session: Session, aggregates: Sequence[Person] | Sequence[Team] | Sequence[Position]
) -> None:
    """Write people, teams or positions as a new version, even where no column has changed."""
    for each in aggregates:
        flag_modified(each, "updated_at")
    session.flush()


def last_versions(session: Session, entity: str, ids: Sequence[str]) -> dict[str, int]:
    """The newest version that the history has of each entity; 0 if none."""
    history, found = schema.shared.history, dict.fromkeys(ids, 0)
    for some in chunks(ids):
        mine = (history.c.entity == entity) & history.c.id.in_(some)
        query = select(history.c.id, func.max(history.c.version)).where(mine)
        found.update((row[0], row[1]) for row in session.execute(query.group_by(history.c.id)))
    return found


def position_by_id(session: Session, id_: str) -> Position | None:
    """The position, or None."""
    return session.get(Position, id_)


def team_by_id(session: Session, id_: str) -> Team | None:
    """The team, or None."""
    return session.get(Team, id_)


def by_refs(session: Session, aggregate: type[Any], table: Table, refs: Sequence[str]) -> dict[str, Any]:
    """The aggregates that have these source numbers, by number."""
    found: dict[str, Any] = {}
    for some in chunks(refs):
        query = select(aggregate).where(table.c.ref.in_(some))
        found.update({each.ref: each for each in session.scalars(query)})
    return found


def merged_by_refs(session: Session, refs: Sequence[str]) -> dict[str, tuple[Person, str]]:
    """The person, and the record's id, of merged records that have these source numbers, by number."""
    link, found = schema.record_link, dict[str, tuple[Person, str]]()
    for some in chunks(refs):
        joined = select(Person, link.c.ref, link.c.record_id).join(
            link, link.c.person_id == schema.person.c.id
        )
        for person, ref, record_id in session.execute(joined.where(link.c.ref.in_(some))):
            found[ref] = person, record_id
    return found


def persons_by_id(session: Session, ids: Sequence[str]) -> dict[str, Person]:
    """The people, by id; those that are not there are left out."""
    found: dict[str, Person] = {}
    for some in chunks(ids):
        query = select(Person).where(schema.person.c.id.in_(some))
        found.update({each.id: each for each in session.scalars(query)})
    return found


def teams_of(session: Session, person_id: str) -> list[Team]:
    """The teams in which a person is lead or member."""
    member = type_coerce(schema.team.c.members, Text).like(f'%["{person_id}",%')
    return list(session.scalars(select(Team).where((schema.team.c.lead == person_id) | member)))


def members_among(session: Session, person_ids: Sequence[str]) -> set[str]:
    """Which of these people are members of a team."""
    wanted = set(person_ids)
    return {
        member.person_id
        for members in session.scalars(select(schema.team.c.members).execution_options(yield_per=500))
        for member in members
        if member.person_id in wanted
    }


def refs_of(session: Session, person_ids: Sequence[str]) -> dict[str, str]:
    """Source numbers of people, by id."""
    table, found = schema.person, dict[str, str]()
    for some in chunks(person_ids):
        query = select(table.c.id, table.c.ref).where(table.c.id.in_(some))
        found.update((row.id, row.ref) for row in session.execute(query))
    return found


def subject_refs(session: Session, names: Iterable[str]) -> dict[str, str]:
    """Source numbers of people and teams, by resource name."""
    found: dict[str, str] = {}
    for collection, table in (("persons", schema.person), ("teams", schema.team)):
        ids = sorted(
            name.removeprefix(f"{collection}/") for name in names if name.startswith(f"{collection}/")
        )
        for some in chunks(ids):
            query = select(table.c.id, table.c.ref).where(table.c.id.in_(some))
            found.update((f"{collection}/{row.id}", row.ref) for row in session.execute(query))
    return found


def cities_of(session: Session, person_ids: Sequence[str]) -> dict[str, str]:
    """Where people live now, by id."""
    table, found = schema.person, dict[str, str]()
    for some in chunks(person_ids):
        query = select(table.c.id, table.c.city).where(table.c.id.in_(some))
        found.update((row.id, row.city) for row in session.execute(query))
    return found


def shown_as(session: Session, teams: Iterable[Team]) -> dict[str, str]:
    """The person that each merged record among leads and members is shown as, by record."""
    ids = {id_ for team in teams for id_ in (team.lead, *(each.person_id for each in team.members))}
    return people_of(session, sorted(ids))


def people_of(session: Session, record_ids: Sequence[str]) -> dict[str, str]:
    """The person that each merged one of these records is shown as, by record."""
    link, found = schema.record_link, dict[str, str]()
    for some in chunks(record_ids):
        query = select(link.c.record_id, link.c.person_id).where(link.c.record_id.in_(some))
        found.update({row.record_id: row.person_id for row in session.execute(query)})
    return found


def wrapped_keys(session: Session, person_ids: Sequence[str]) -> dict[str, bytes]:
    """The wrapped data keys of people, by id."""
    table, found = schema.person_key, dict[str, bytes]()
    for some in chunks(person_ids):
        query = select(table).where(table.c.person_id.in_(some))
        found.update({row.person_id: row.wrapped for row in session.execute(query)})
    return found


def attach(session: Session, person: Person) -> None:
    """Let the session follow a person whose row was added before."""
    make_transient_to_detached(person)
    session.add(person)


def index_persons(session: Session, persons: Sequence[Person], catalogue: Catalogue) -> None:
    """Write anew what makes these people findable: directions, industries and, of those in use, words."""
    codes = {each.id: [code for code, _ in each.direction_shares] for each in persons}
    _index_directions(session, schema.person_direction, "person_id", codes, catalogue)
    words = [person_words(each) for each in persons if each.status is PersonStatus.ACTIVE]
    PEOPLE_BY_WORDS.put(session, list(codes), words)


def index_positions(session: Session, positions: Sequence[Position], catalogue: Catalogue) -> None:
    """Write anew what makes these positions findable: directions, industries and words."""
    codes = {each.id: [each.leaf] for each in positions}
    _index_directions(session, schema.position_direction, "position_id", codes, catalogue)
    POSITIONS_BY_WORDS.put(session, list(codes), [position_words(each) for each in positions])


def index_teams(session: Session, teams: Sequence[Team], catalogue: Catalogue) -> None:
    """Write anew the directions and industries of teams."""
    codes = {each.id: list(each.directions) for each in teams}
    _index_directions(session, schema.team_direction, "team_id", codes, catalogue)


def _index_directions(
    session: Session, table: Table, owner: str, codes: dict[str, list[str]], catalogue: Catalogue
) -> None:
    session.flush()
    _delete(session, table, owner, list(codes))
    _add_directions(session, table, owner, codes, catalogue)


def _add_directions(
    session: Session, table: Table, owner: str, codes: Mapping[str, Sequence[str]], catalogue: Catalogue
) -> None:
    add_rows(session, table, (owner, "code", "is_industry"), direction_rows(codes, catalogue))


def direction_rows(
    codes: Mapping[str, Sequence[str]], catalogue: Catalogue
) -> Iterator[tuple[str, str, bool]]:
    """Owner, code and whether it is an industry's, of the directions of records by their ids."""
    for id_, directions in codes.items():
        yield from ((id_, code, False) for code in sorted(set(directions)))
        yield from (
            (id_, code, True) for code in sorted({catalogue.industry_of(each) for each in directions})
        )


def _delete(session: Session, table: Table, owner: str, ids: list[str]) -> None:
    for some in chunks(ids):
        session.execute(delete(table).where(table.c[owner].in_(some)))
