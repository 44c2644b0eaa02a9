"""Reading and writing reports."""

import zlib
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, insert, select
from sqlalchemy.orm import Session

from services.chassis.filtering import Field, OrderTerm, Schema
from services.chassis.storage.listing import Listing
from services.paper.document import Document
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.lifecycle import Life, ReleaseState, Step
from services.talent.domain.report.facts import Facts
from services.talent.domain.report.report import REPORT, Report
from services.talent.store import schema

_REPORT, _CONTENT, _STEP = schema.report, schema.report_content, schema.report_step


class StoredReport:
    """A row of the table, for lists."""

    id: str


class Content(NamedTuple):
    """What was frozen, and what was composed of it."""

    facts: Facts
    document: Document


def state_column() -> ColumnElement[ReleaseState]:
    """The state after the last step of the report that a query is about."""
    last = select(_STEP.c.state).where(_STEP.c.report_id == _REPORT.c.id)
    return last.order_by(_STEP.c.number.desc()).limit(1).correlate(_REPORT).scalar_subquery()


def listing() -> Listing:
    """Reports: ListReports."""
    return Listing(
        "ListReports",
        Schema.of(
            Field.text("period"),
            Field.enum("edition", "STATISTICS_EDITION", tuple(each.name for each in Edition)),
            Field.integer("revision"),
            Field.enum("state", "STATE", tuple(each.name for each in ReleaseState)),
            Field.date("as_of_date"),
        ),
        {
            "period": _REPORT.c.period,
            "edition": _REPORT.c.edition,
            "revision": _REPORT.c.revision,
            "state": state_column(),
            "as_of_date": _REPORT.c.as_of,
        },
        {"as_of_date": _REPORT.c.as_of, "revision": _REPORT.c.revision},
        _REPORT.c.id,
        default_order=(OrderTerm("as_of_date", descending=True), OrderTerm("revision", descending=True)),
    )


def published() -> ColumnElement[bool]:
    """What everybody may see: signed reports of the public edition."""
    return (_REPORT.c.edition == Edition.PUBLIC) & (state_column() == ReleaseState.SIGNED)


def by_ids(session: Session, ids: Sequence[str]) -> list[Report]:
    """The reports with these ids, in their order; unknown ids are left out."""
    lives = defaultdict(list)
    steps = select(_STEP).where(_STEP.c.report_id.in_(ids)).order_by(_STEP.c.report_id, _STEP.c.number)
    for row in session.execute(steps):
        lives[row.report_id].append(Step(row.action, row.actor, row.at, row.remark))
    found = {row.id: row for row in session.execute(select(_REPORT).where(_REPORT.c.id.in_(ids)))}
    return [_report(found[id_], Life(tuple(lives[id_]), REPORT)) for id_ in ids if id_ in found]


def of_edition(session: Session, edition: Edition) -> list[Report]:
    """All reports of an edition, the newest day first, its latest revision first."""
    order = (_REPORT.c.as_of.desc(), _REPORT.c.revision.desc(), _REPORT.c.id)
    ids = session.scalars(select(_REPORT.c.id).where(_REPORT.c.edition == edition).order_by(*order))
    return by_ids(session, list(ids))


def corrected_by(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Ids of the signed reports that correct these, by the id that is corrected."""
    query = select(_REPORT.c.corrects, _REPORT.c.id).where(
        _REPORT.c.corrects.in_(ids), state_column() == ReleaseState.SIGNED
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
    add_step(session, report)


def add_step(session: Session, report: Report) -> None:
    """Keep the last step of a report. A step that somebody else took first raises IntegrityError."""
    step = report.life.steps[-1]
    session.execute(
        insert(_STEP).values(
            report_id=report.id,
            number=report.life.version,
            action=step.action,
            state=report.life.state,
            actor=step.actor,
            at=step.at,
            remark=step.remark,
        )
    )


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _packed(kind: Any, value: Any) -> bytes:
    return zlib.compress(_adapter(kind).dump_json(value), 6)


def _report(row: Row[tuple[object, ...]], life: Life) -> Report:
    return Report(**dict(row._mapping), life=life)
