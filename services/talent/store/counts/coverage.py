"""Which people two sources found: counted from statements, and kept packed."""

import io
import json
from collections.abc import Iterator
from datetime import date

import numpy as np
from sqlalchemy import Select, and_, case, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from services.talent.domain.axes import OUTSIDE, Axes
from services.talent.domain.people.person import PersonStatus, Purpose
from services.talent.domain.shortage.counts.coverage import Found, Overlap
from services.talent.store import schema
from services.talent.store.schema.counts import shortage_coverage as table

_ONE = 1
_TWO = 2


def sources(session: Session) -> tuple[str, ...]:
    """The two sources that found the most people, or fewer if there are no more."""
    found = _found().subquery()
    query = select(found.c.source).group_by(found.c.source)
    return tuple(session.scalars(query.order_by(func.count().desc(), found.c.source).limit(_TWO)))


def people(session: Session, axes: Axes, pair: tuple[str, ...]) -> Iterator[Found]:
    """Everybody who is counted, in groups of like people."""
    found, person = _found().subquery(), schema.person.c
    first, second = (
        func.max(case((found.c.source == source, 1), else_=0)).label(name)
        for source, name in zip(pair, ("first", "second"), strict=True)
    )
    seen = select(found.c.person, first, second).group_by(found.c.person).subquery()
    keys = (
        person.direction_shares,
        person.city,
        person.category,
        func.coalesce(seen.c.first, 0),
        func.coalesce(seen.c.second, 0),
        person.purposes,
    )
    query = (
        select(*keys, func.count())
        .select_from(schema.person.outerjoin(seen, seen.c.person == person.id))
        .where(person.status == PersonStatus.ACTIVE, person.city != OUTSIDE)
        .group_by(*keys)
    )
    for shares, city, category, by_first, by_second, purposes, number in session.execute(query):
        if Purpose.STATISTICS in purposes and all(leaf in axes.leaf_set for leaf, _ in shares):
            yield Found(shares, city, category, bool(by_first), bool(by_second), number)


def put(session: Session, axes: Axes, overlap: Overlap, day: date, revision: int) -> None:
    """Keep what was counted on a day, at the revision of the counts that the transaction has taken."""
    file = io.BytesIO()
    header = json.dumps({"axes": axes.document(), "sources": list(overlap.sources)})
    np.savez_compressed(file, allow_pickle=False, header=np.array(header), counts=overlap.counts)
    session.execute(delete(table))
    session.execute(insert(table).values(id=_ONE, day=day, revision=revision, counts=file.getvalue()))


def day(session: Session) -> date | None:
    """The day on which it was counted last; None before."""
    return session.scalar(select(table.c.day))


def revision(session: Session) -> int | None:
    """The revision at which it was counted; None before."""
    return session.scalar(select(table.c.revision))


def read(session: Session, axes: Axes) -> Overlap | None:
    """What was counted last; None before, and for another catalogue."""
    packed = session.scalar(select(table.c.counts))
    if packed is None:
        return None
    with np.load(io.BytesIO(packed), allow_pickle=False) as found:
        header = json.loads(str(found["header"]))
        if Axes.of_document(header["axes"]) != axes:
            return None
        return Overlap(tuple(header["sources"]), found["counts"])


def _found() -> Select[tuple[str, str]]:
    """Pairs of a person and a source that found them by itself: it began a record of them, or a file of its had them.

    What is said later of a record that is there already is no find of its own.
    """
    said, gone, link = schema.statement.c, schema.statement_retraction, schema.record_link
    begun = select(func.min(said.number)).group_by(said.record_id)
    joined = schema.statement.outerjoin(gone, gone.c.number == said.number).outerjoin(
        link, link.c.record_id == said.record_id
    )
    person = func.coalesce(link.c.person_id, said.record_id).label("person")
    own = or_(said.batch.is_not(None), said.number.in_(begun))
    return (
        select(person, said.source).select_from(joined).where(and_(gone.c.number.is_(None), own)).distinct()
    )
