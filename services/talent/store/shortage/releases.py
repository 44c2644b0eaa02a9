"""Reading and writing releases of the shortage map."""

import json
import zlib
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from services.chassis.storage.columns import canonical_json
from services.kernel.text import Text
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release import content
from services.talent.domain.release.lifecycle import Life, Release
from services.talent.store import schema
from services.talent.store.shortage.editions import Editions

_RELEASE, _CONTENT = schema.shortage_release, schema.shortage_release_content
EDITIONS: Final = Editions(
    _RELEASE, schema.shortage_release_step, schema.shortage_release_step.c.release_id, "quarter"
)


class StoredRelease:
    """A row of the table, for lists."""

    id: str


def by_ids(session: Session, ids: Sequence[str]) -> list[Release]:
    """The releases with these ids, in their order; unknown ids are left out."""
    steps = EDITIONS.steps_of(session, ids)
    found = {row.id: row for row in session.execute(select(_RELEASE).where(_RELEASE.c.id.in_(ids)))}
    return [_release(found[id_], Life(steps.get(id_, ()))) for id_ in ids if id_ in found]


def of_edition(session: Session, edition: Edition) -> list[Release]:
    """All releases of an edition, the newest day first, its latest revision first."""
    return by_ids(session, EDITIONS.ids_of(session, edition))


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
    EDITIONS.add_step(session, release.id, release.life)


def _release(row: Row[tuple[object, ...]], life: Life) -> Release:
    values = dict(row._mapping)
    note = Text(values.pop("note_zh"), values.pop("note_en"))
    return Release(**values, note=note, life=life)
