"""Reading and writing releases of the shortage map."""

import json
import zlib
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, insert, select
from sqlalchemy.orm import Session

from services.chassis.filtering import Field, OrderTerm, Schema
from services.chassis.storage.columns import canonical_json
from services.chassis.storage.listing import Listing
from services.kernel.text import Text
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release import content
from services.talent.domain.release.lifecycle import Life, Release, ReleaseState, Step
from services.talent.store import schema

_RELEASE, _STEP, _CONTENT = (
    schema.shortage_release,
    schema.shortage_release_step,
    schema.shortage_release_content,
)


class StoredRelease:
    """A row of the table, for lists."""

    id: str


def state_column() -> ColumnElement[ReleaseState]:
    """The state after the last step of the release that a query is about."""
    last = select(_STEP.c.state).where(_STEP.c.release_id == _RELEASE.c.id)
    return last.order_by(_STEP.c.number.desc()).limit(1).correlate(_RELEASE).scalar_subquery()


def listing() -> Listing:
    """Releases: ListShortageReleases."""
    return Listing(
        "ListShortageReleases",
        Schema.of(
            Field.text("quarter"),
            Field.enum("edition", "STATISTICS_EDITION", tuple(each.name for each in Edition)),
            Field.integer("revision"),
            Field.enum("state", "STATE", tuple(each.name for each in ReleaseState)),
            Field.date("as_of_date"),
        ),
        {
            "quarter": _RELEASE.c.quarter,
            "edition": _RELEASE.c.edition,
            "revision": _RELEASE.c.revision,
            "state": state_column(),
            "as_of_date": _RELEASE.c.as_of,
        },
        {"as_of_date": _RELEASE.c.as_of, "revision": _RELEASE.c.revision},
        _RELEASE.c.id,
        default_order=(OrderTerm("as_of_date", descending=True), OrderTerm("revision", descending=True)),
    )


def published() -> ColumnElement[bool]:
    """What everybody may see: signed releases of the public edition."""
    return (_RELEASE.c.edition == Edition.PUBLIC) & (state_column() == ReleaseState.SIGNED)


def by_ids(session: Session, ids: Sequence[str]) -> list[Release]:
    """The releases with these ids, in their order; unknown ids are left out."""
    lives = defaultdict(list)
    steps = select(_STEP).where(_STEP.c.release_id.in_(ids)).order_by(_STEP.c.release_id, _STEP.c.number)
    for row in session.execute(steps):
        lives[row.release_id].append(Step(row.action, row.actor, row.at, row.remark))
    found = {row.id: row for row in session.execute(select(_RELEASE).where(_RELEASE.c.id.in_(ids)))}
    return [_release(found[id_], Life(tuple(lives[id_]))) for id_ in ids if id_ in found]


def of_edition(session: Session, edition: Edition) -> list[Release]:
    """All releases of an edition, the newest day first, its latest revision first."""
    order = (_RELEASE.c.as_of.desc(), _RELEASE.c.revision.desc())
    ids = session.scalars(select(_RELEASE.c.id).where(_RELEASE.c.edition == edition).order_by(*order))
    return by_ids(session, list(ids))


def rows(session: Session, id_: str) -> list[content.Row]:
    """What a release printed."""
    data = session.execute(select(_CONTENT.c.content).where(_CONTENT.c.release_id == id_)).scalar_one()
    return [content.unpacked(values) for values in json.loads(zlib.decompress(data))]


def snapshot(session: Session, id_: str) -> bytes:
    """What a release was computed from."""
    data: bytes = session.execute(
        select(_CONTENT.c.snapshot).where(_CONTENT.c.release_id == id_)
    ).scalar_one()
    return data


def add(session: Session, release: Release, printed: Sequence[content.Row], snapshot_: bytes) -> None:
    """Keep a new release."""
    values = {column.name: getattr(release, column.name, None) for column in _RELEASE.columns}
    values.update(note_zh=release.note.zh, note_en=release.note.en)
    session.execute(insert(_RELEASE).values(values))
    packed = zlib.compress(canonical_json([content.packed(row) for row in printed]).encode(), 6)
    session.execute(insert(_CONTENT).values(release_id=release.id, snapshot=snapshot_, content=packed))
    add_step(session, release)


def add_step(session: Session, release: Release) -> None:
    """Keep the last step of a release. A step that somebody else took first raises IntegrityError."""
    step = release.life.steps[-1]
    session.execute(
        insert(_STEP).values(
            release_id=release.id,
            number=release.life.version,
            action=step.action,
            state=release.life.state,
            actor=step.actor,
            at=step.at,
            remark=step.remark,
        )
    )


def _release(row: Row[tuple[object, ...]], life: Life) -> Release:
    values = dict(row._mapping)
    note = Text(values.pop("note_zh"), values.pop("note_en"))
    return Release(**values, note=note, life=life)
