"""Items in the database: written by version, read whole or as what the lists have not followed yet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, String, func, select, type_coerce, update
from sqlalchemy.orm import Session

from services.chassis.storage.bulk import find_rows, put_rows
from services.chassis.storage.chunks import chunks
from services.chassis.storage.db import scrub_after
from services.matcher.domain.item import Availability, Item, ItemKind, Mandate, Purpose, Stage
from services.matcher.domain.known import Known, Version, Written
from services.matcher.store import staff
from services.matcher.store.schema import item as table
from services.matcher.store.schema import item_counter, match_counter

_KINDS = {kind.value: kind for kind in ItemKind}
_VALUES = {kind: value for value, kind in _KINDS.items()}  # faster than asking each for its own
_FOLLOWED = select(func.coalesce(func.max(match_counter.c.followed), 0))
_COLUMNS = ("kind", "id", "version", "facts", "person_name", "title", "origin", "changed_at", "change")


def put(session: Session, known: Known) -> bool:
    """Write a version; false, and nothing written, unless it is newer than what is there."""
    return put_all(session, [known]) is not None


def put_all(session: Session, known: Sequence[Known]) -> Written | None:
    """Write versions of different items; those that are newer than what is there, and nothing of the others, or None.

    For one writer at a time.
    """
    there = _versions(session, known)
    newer = [each for each in known if each.version > there.get((each.kind, each.id), -1)]
    if not newer:
        return None
    change = next_change(session)
    put_rows(session, table, _COLUMNS, ((*_row(each), change) for each in newer), newer="version")
    return Written(change, newer)


def next_change(session: Session) -> int:
    """A number for what this transaction writes; nobody else gets one before its end."""
    statement = update(item_counter).values(last=item_counter.c.last + 1).returning(item_counter.c.last)
    return int(session.execute(statement).scalar_one())


def heed_marks(session: Session) -> None:
    """Number what the program before this one has written and its lists have not followed."""
    marked = ~table.c.settled
    if session.execute(select(func.count()).select_from(table).where(marked)).scalar_one():
        session.execute(update(table).where(marked).values(settled=True, change=next_change(session)))


def last_change(session: Session) -> int:
    """The number of the last change of an item."""
    return int(session.execute(select(item_counter.c.last)).scalar_one())


def _versions(session: Session, known: Iterable[Known]) -> dict[tuple[str, str], int]:
    """The versions that are there, by kind and id."""
    ids: dict[str, list[str]] = defaultdict(list)
    for each in known:
        ids[_VALUES[each.kind]].append(each.id)
    found: dict[tuple[str, str], int] = {}
    for kind, wanted in ids.items():
        rows = find_rows(session, table, ("id", "version"), "id", wanted, {"kind": kind})
        found |= {(kind, id_): version for id_, version in rows}
    return found


def _row(known: Known) -> tuple[object, ...]:
    """Values in the order of `_COLUMNS`, but for the number of the change."""
    return (
        _VALUES[known.kind],
        known.id,
        known.version,
        None if known.item is None else _facts(known.item),
        known.person_name,
        known.title,
        known.origin,
        known.changed_at,
    )


def known(session: Session, kind: ItemKind, id_: str) -> Item | None:
    """An item in use as it is committed, or None."""
    row = session.execute(select(table).where(table.c.kind == kind.value, table.c.id == id_)).one_or_none()
    return None if row is None or row.facts is None else _item(kind, row.id, row.version, row.facts)


def followed(session: Session) -> list[Known]:
    """Every item in use that the lists have followed."""
    chosen = table.c.facts.is_not(None) & ~_waiting()
    return [_known(row) for row in session.execute(select(table).where(chosen))]


def unsettled(session: Session, at_hand: Sequence[Written] = ()) -> list[Known]:
    """What the lists have not followed yet, gone items included. `at_hand`: what need not be read, in order."""
    waiting, followed = _waiting(), session.execute(_FOLLOWED).scalar_one()
    fresh = [each for each in at_hand if each.change > followed]
    if not fresh:
        return [_known(row) for row in session.execute(select(table).where(waiting))]
    if {each.change for each in fresh}.issuperset(range(followed + 1, last_change(session) + 1)):
        return list({(known.kind, known.id): known for each in fresh for known in each.items}.values())
    versions: dict[Version, Known] = {
        (known.kind, known.id, known.version): known for each in fresh for known in each.items
    }
    names = session.execute(select(table.c.kind, table.c.id, table.c.version).where(waiting)).all()
    found = [versions.get((_KINDS[kind], id_, version)) for kind, id_, version in names]
    missing: dict[str, list[str]] = defaultdict(list)
    for (kind, id_, _), known in zip(names, found, strict=True):
        if known is None:
            missing[kind].append(id_)
    return [each for each in found if each is not None] + [
        _known(row) for kind, ids in missing.items() for row in _rows(session, kind, ids)
    ]


def _rows(session: Session, kind: str, ids: Sequence[str]) -> Iterator[Row[Any]]:
    for some in chunks(ids):
        mine = (table.c.kind == kind) & table.c.id.in_(some)
        yield from session.execute(select(table).where(mine))


def leaves_of(session: Session, kind: ItemKind, ids: Sequence[str]) -> dict[str, list[str]]:
    """The directions of items in use, by id."""
    rows = (row for row in _rows(session, kind.value, ids) if row.facts is not None)
    found = (_item(kind, row.id, row.version, row.facts) for row in rows)
    return {each.id: [code for code, _ in each.leaves] for each in found}


def unsettled_count(session: Session) -> int:
    """How many wait."""
    query = select(func.count()).select_from(table).where(_waiting())
    return session.execute(query).scalar_one()


def _waiting() -> ColumnElement[bool]:
    """What the lists have not followed yet."""
    return table.c.change > _FOLLOWED.scalar_subquery()


def withdraw(session: Session, kind: ItemKind, id_: str, at: datetime) -> None:
    """Forget what an item says, before its own last word comes: its key was destroyed. That is a change of what was
    gone before, too: those who were told of it are told.
    """
    mine = (table.c.kind == kind.value) & (table.c.id == id_)
    gone = {"facts": None, "person_name": "", "title": "", "changed_at": at}
    session.execute(
        update(table).where(mine).values(version=table.c.version + 1, change=next_change(session), **gone)
    )


def with_decades(session: Session, after: str, limit: int) -> list[str]:
    """The next people, by id, whose facts hold the decade of birth, as the program before has written it."""
    held = type_coerce(table.c.facts, String).contains('"cohort":"', autoescape=True)
    mine = (table.c.kind == ItemKind.PERSON.value) & (table.c.id > after)
    return list(session.scalars(select(table.c.id).where(mine, held).order_by(table.c.id).limit(limit)))


def forget_decades(session: Session, ids: Sequence[str]) -> None:
    """Take the decade of birth out of what is known of these people: their lists have nothing to follow, and no byte of
    it is left in the files of SQLite.
    """
    scrub_after(session)
    next_change(session)  # nobody else writes meanwhile
    for row in list(_rows(session, ItemKind.PERSON.value, ids)):
        if row.facts is not None:
            facts = {name: value for name, value in row.facts.items() if name != "cohort"}
            mine = (table.c.kind == row.kind) & (table.c.id == row.id)
            session.execute(update(table).where(mine).values(facts=facts))


def labels(session: Session, kind: ItemKind, ids: Iterable[str]) -> dict[str, Any]:
    """person_name, title, origin and changed_at by id."""
    columns = (table.c.id, table.c.person_name, table.c.title, table.c.origin, table.c.changed_at)
    query = select(*columns).where(table.c.kind == kind.value, table.c.id.in_(list(ids)))
    return {row.id: row for row in session.execute(query).all()}


def in_use(session: Session, kind: ItemKind, ids: Iterable[str]) -> set[str]:
    """Which of them are in use; none of those can be erased before this transaction ends."""
    wanted, found = sorted(set(ids)), set[str]()
    for part in chunks(wanted):
        query = select(table.c.id).where(
            table.c.kind == kind.value, table.c.id.in_(part), table.c.facts.is_not(None)
        )
        found.update(session.scalars(query.with_for_update(read=True)))
    return found


def counts(session: Session) -> dict[str, int]:
    """Items in use, by kind."""
    query = select(table.c.kind, func.count()).where(table.c.facts.is_not(None)).group_by(table.c.kind)
    return dict(session.execute(query).all())


@lru_cache(maxsize=1_024)
def _in_order(some: frozenset[str]) -> tuple[str, ...]:
    """What many items have alike is put in order once."""
    return tuple(sorted(some))


def _facts(item: Item) -> dict[str, Any]:
    mandate = item.mandate
    return {
        "texts": item.texts,
        "leaves": item.leaves,
        "city": item.city,
        "mobility": _in_order(item.mobility),
        "category": item.category,
        "stage": item.stage,
        "availability": item.availability,
        "purposes": _in_order(item.purposes),
        "ask": item.ask,
        "valuation": item.valuation,
        "open": item.open,
        "sought": item.sought,
        "employer": item.employer,
        **({} if item.staff is None else {"staff": staff.written(item.staff)}),
        "mandate": None
        if mandate is None
        else {
            "industries": sorted(mandate.industries),
            "cities": sorted(mandate.cities),
            "stages": sorted(mandate.stages),
            "ticket_max": mandate.ticket_max,
            "valuation_below": mandate.valuation_below,
            "least_share": mandate.least_share,
        },
    }


def _known(row: Row[Any]) -> Known:
    kind = ItemKind(row.kind)
    item = None if row.facts is None else _item(kind, row.id, row.version, row.facts)
    return Known(kind, row.id, row.version, item, row.person_name, row.title, row.origin, row.changed_at)


def _item(kind: ItemKind, id_: str, version: int, facts: Mapping[str, Any]) -> Item:
    mandate = facts["mandate"]
    return Item(
        kind,
        id_,
        version,
        tuple(facts["texts"]),
        tuple((code, share) for code, share in facts["leaves"]),
        facts["city"],
        frozenset(facts["mobility"]),
        facts["category"],
        Stage(facts["stage"]) if facts["stage"] else None,
        Availability(facts["availability"]) if facts["availability"] else None,
        frozenset(Purpose(each) for each in facts["purposes"]),
        facts.get("ask"),
        facts.get("valuation"),
        mandate=None
        if mandate is None
        else Mandate(
            frozenset(mandate["industries"]),
            frozenset(mandate["cities"]),
            frozenset(Stage(each) for each in mandate["stages"]),
            mandate.get("ticket_max"),
            mandate.get("valuation_below"),
            mandate.get("least_share", 1),
        ),
        open=facts["open"],
        sought=facts.get("sought"),
        employer=facts.get("employer"),
        staff=staff.read(facts.get("staff")),
    )
