"""Reading and writing reports."""

import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from services.paper.document import Document
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.lifecycle import Life, ReleaseState
from services.talent.domain.report.facts import Facts
from services.talent.domain.report.report import REPORT, Report
from services.talent.store import schema
from services.talent.store.shortage.editions import Editions

_REPORT, _CONTENT = schema.report, schema.report_content
EDITIONS: Final = Editions(_REPORT, schema.report_step, schema.report_step.c.report_id, "period")


class StoredReport:
    """A row of the table, for lists."""

    id: str


class Content(NamedTuple):
    """What was frozen, and what was composed of it."""

    facts: Facts
    document: Document


def by_ids(session: Session, ids: Sequence[str]) -> list[Report]:
    """The reports with these ids, in their order; unknown ids are left out."""
    steps = EDITIONS.steps_of(session, ids)
    found = {row.id: row for row in session.execute(select(_REPORT).where(_REPORT.c.id.in_(ids)))}
    return [_report(found[id_], Life(steps.get(id_, ()), REPORT)) for id_ in ids if id_ in found]


def of_edition(session: Session, edition: Edition) -> list[Report]:
    """All reports of an edition, the newest day first, its latest revision first."""
    return by_ids(session, EDITIONS.ids_of(session, edition))


def corrected_by(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Ids of the signed reports that correct these, by the id that is corrected."""
    query = select(_REPORT.c.corrects, _REPORT.c.id).where(
        _REPORT.c.corrects.in_(ids), EDITIONS.state() == ReleaseState.SIGNED
    )
    return {row.corrects: row.id for row in session.execute(query)}


def content(session: Session, id_: str) -> Content:
    """What a report says and rests on."""
    row = session.execute(
        select(_CONTENT.c.facts, _CONTENT.c.document).where(_CONTENT.c.report_id == id_)
    ).one()
    return Content(
        _adapter(Facts).validate_json(zlib.decompress(row.facts)),
        _adapter(Document).validate_json(zlib.decompress(row.document)),
    )


def documents(session: Session, ids: Sequence[str]) -> dict[str, Document]:
    """What reports say, by id."""
    query = select(_CONTENT.c.report_id, _CONTENT.c.document).where(_CONTENT.c.report_id.in_(ids))
    found = session.execute(query)
    return {row.report_id: _adapter(Document).validate_json(zlib.decompress(row.document)) for row in found}


def add(session: Session, report: Report, facts: Facts, document: Document) -> None:
    """Keep a new report."""
    values = {column.name: getattr(report, column.name) for column in _REPORT.columns}
    session.execute(insert(_REPORT).values(values))
    packed = {"facts": _packed(Facts, facts), "document": _packed(Document, document)}
    session.execute(insert(_CONTENT).values(report_id=report.id, **packed))
    EDITIONS.add_step(session, report.id, report.life)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _packed(kind: Any, value: Any) -> bytes:
    return zlib.compress(_adapter(kind).dump_json(value), 6)


def _report(row: Row[tuple[object, ...]], life: Life) -> Report:
    return Report(**dict(row._mapping), life=life)
