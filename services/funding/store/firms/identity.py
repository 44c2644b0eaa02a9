"""Queries about people behind firms, records that may be one firm, and merges."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from services.chassis.storage.bulk import add_rows
from services.chassis.storage.chunks import chunks
from services.funding.domain.firm.firm import Firm, FirmStatus
from services.funding.domain.firm.firm_people import FirmPerson
from services.funding.store import schema

_MOST_IN_BLOCK = 50


def people_of(session: Session, ids: Sequence[str]) -> dict[str, list[FirmPerson]]:
    """The people behind firms, by firm, in the order they were stated."""
    found = defaultdict[str, list[FirmPerson]](list)
    table = schema.firm_person
    for some in chunks(ids):
        query = select(table).where(table.c.firm_id.in_(some))
        for row in session.execute(query.order_by(table.c.firm_id, table.c.number)):
            person = FirmPerson(row.part, row.name, row.share_ppm, row.since, row.until)
            found[row.firm_id].append(person)
    return found


def save_people(session: Session, firm_id: str, people: Sequence[FirmPerson]) -> None:
    """These people, and nobody else any more, are behind a firm."""
    session.execute(delete(schema.firm_person).where(schema.firm_person.c.firm_id == firm_id))
    rows = [{"firm_id": firm_id, "number": number, **vars(each)} for number, each in enumerate(people, 1)]
    if rows:
        session.execute(insert(schema.firm_person), rows)


def forget(session: Session, name: str, cities: frozenset[str] | None) -> int:
    """Take a name off the lists of all firms of these cities (None: all); from how many."""
    person, firm = schema.firm_person, schema.firm
    where = person.c.name == name
    if cities is not None:
        where &= person.c.firm_id.in_(select(firm.c.id).where(firm.c.city.in_(sorted(cities))))
    count = session.scalar(select(func.count(func.distinct(person.c.firm_id))).where(where)) or 0
    session.execute(delete(person).where(where))
    return count


def save_blocks(session: Session, blocks: Mapping[str, Iterable[str]]) -> None:
    """Write anew the keys of firms, by firm."""
    ids, table = list(blocks), schema.firm_block
    for some in chunks(ids):
        session.execute(delete(table).where(table.c.firm_id.in_(some)))
    add_rows(session, table, ("firm_id", "key"), ((id_, key) for id_ in ids for key in sorted(blocks[id_])))


def firms_without_blocks(session: Session, limit: int) -> Sequence[Firm]:
    """Some firms whose keys were never written."""
    known = select(schema.firm_block.c.firm_id).where(schema.firm_block.c.firm_id == schema.firm.c.id)
    return session.scalars(select(Firm).where(~known.exists()).limit(limit)).all()


def sharing(session: Session, firm_id: str, *, people: bool) -> set[str]:
    """Ids of other firms that share a key with this one, or somebody behind it."""
    one, other = schema.firm_block.alias("one"), schema.firm_block.alias("other")
    query = select(other.c.firm_id).join(one, one.c.key == other.c.key).where(one.c.firm_id == firm_id)
    found = set(session.scalars(query.distinct().limit(1_000)))
    if people:
        mine, theirs = schema.firm_person.alias("mine"), schema.firm_person.alias("theirs")
        named = select(theirs.c.firm_id).join(mine, mine.c.name == theirs.c.name)
        found |= set(session.scalars(named.where(mine.c.firm_id == firm_id).distinct().limit(1_000)))
    return found - {firm_id}


def pairs(session: Session, *, people: bool) -> set[tuple[str, str]]:
    """Pairs of firms that share a key which few others have."""
    found: set[tuple[str, str]] = set()
    tables: list[tuple[Any, str]] = [(schema.firm_block, "key")]
    if people:
        tables.append((schema.firm_person, "name"))
    for table, name in tables:
        few = select(table.c[name]).group_by(table.c[name])
        few = few.having(func.count(func.distinct(table.c.firm_id)).between(2, _MOST_IN_BLOCK))
        one, other = table.alias("one"), table.alias("other")
        query = select(one.c.firm_id, other.c.firm_id).join(
            other, (one.c[name] == other.c[name]) & (one.c.firm_id < other.c.firm_id)
        )
        found.update((a, b) for a, b in session.execute(query.where(one.c[name].in_(few)).distinct()))
    return found


def save_act(session: Session, **values: Any) -> None:
    """Keep a merge or a split for ever."""
    session.execute(insert(schema.firm_merge).values(**values))


def status_before(session: Session, firm_id: str) -> FirmStatus:
    """What a merged firm was before it was merged last."""
    table = schema.firm_merge
    query = select(table.c.status_before).where(table.c.firm_id == firm_id, table.c.act == "MERGE")
    found: FirmStatus = session.scalars(query.order_by(table.c.at.desc(), table.c.id.desc()).limit(1)).one()
    return found


def merged_into(session: Session, firm_id: str) -> Sequence[str]:
    """Ids of the records that stand for this firm."""
    return session.scalars(select(schema.firm.c.id).where(schema.firm.c.merged_into == firm_id)).all()


def rounds_open_in_both(
    session: Session, one: str, other: str, active: Iterable[str]
) -> Sequence[tuple[str, str]]:
    """Deals of two firms that are open in the same fund and round."""
    first, second = schema.deal.alias("first"), schema.deal.alias("second")
    states = list(active)
    query = select(first.c.id, second.c.id).join(
        second,
        (first.c.fund_id == second.c.fund_id) & (first.c.round_name == second.c.round_name),
    )
    rows = session.execute(
        query.where(
            first.c.firm_id == one,
            second.c.firm_id == other,
            first.c.state.in_(states),
            second.c.state.in_(states),
        )
    )
    return [(a, b) for a, b in rows]


def instants(session: Session, firm_id: str) -> Sequence[datetime]:
    """When this firm was merged or parted."""
    table = schema.firm_merge
    return session.scalars(select(table.c.at).where(table.c.firm_id == firm_id).order_by(table.c.at)).all()
