"""What is drafted, checked and signed in editions and revisions, and the steps of its life: releases of the shortage
map and reports alike.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Table, insert, select
from sqlalchemy.orm import Session

from services.chassis.filtering import Field, OrderTerm, Schema
from services.chassis.storage.listing import Listing
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.lifecycle import Life, ReleaseState, Step


@dataclass(frozen=True)
class Editions:
    """One kind of them. `step_of`: the column of `steps` with the id of what a step is of; `period`: the name of the
    column of `table` with the quarter or year.
    """

    table: Table
    steps: Table
    step_of: Column[str]
    period: str

    def state(self) -> ColumnElement[ReleaseState]:
        """The state after the last step of the one that a query is about."""
        last = select(self.steps.c.state).where(self.step_of == self.table.c.id)
        return last.order_by(self.steps.c.number.desc()).limit(1).correlate(self.table).scalar_subquery()

    def published(self) -> ColumnElement[bool]:
        """What everybody may see: the signed ones of the public edition."""
        return (self.table.c.edition == Edition.PUBLIC) & (self.state() == ReleaseState.SIGNED)

    def listing(self, method: str) -> Listing:
        """What `method` lists."""
        known = self.table.c
        return Listing(
            method,
            Schema.of(
                Field.text(self.period),
                Field.enum("edition", "STATISTICS_EDITION", tuple(each.name for each in Edition)),
                Field.integer("revision"),
                Field.enum("state", "STATE", tuple(each.name for each in ReleaseState)),
                Field.date("as_of_date"),
            ),
            {
                self.period: known[self.period],
                "edition": known.edition,
                "revision": known.revision,
                "state": self.state(),
                "as_of_date": known.as_of,
            },
            {"as_of_date": known.as_of, "revision": known.revision},
            known.id,
            default_order=(OrderTerm("as_of_date", descending=True), OrderTerm("revision", descending=True)),
        )

    def ids_of(self, session: Session, edition: Edition) -> list[str]:
        """All of an edition, the newest day first, its latest revision first."""
        known = self.table.c
        order = (known.as_of.desc(), known.revision.desc(), known.id)
        return list(session.scalars(select(known.id).where(known.edition == edition).order_by(*order)))

    def steps_of(self, session: Session, ids: Sequence[str]) -> Mapping[str, tuple[Step, ...]]:
        """The steps of each of them, the first one first."""
        query = select(self.step_of.label("id"), self.steps).where(self.step_of.in_(ids))
        found: defaultdict[str, list[Step]] = defaultdict(list)
        for row in session.execute(query.order_by(self.step_of, self.steps.c.number)):
            found[row.id].append(Step(row.action, row.actor, row.at, row.remark))
        return {id_: tuple(steps) for id_, steps in found.items()}

    def add_step(self, session: Session, id_: str, life: Life) -> None:
        """Keep the last step of a life. A step that somebody else took first raises IntegrityError."""
        step = life.steps[-1]
        values = {
            "number": life.version,
            "action": step.action,
            "state": life.state,
            "actor": step.actor,
            "at": step.at,
            "remark": step.remark,
        }
        session.execute(insert(self.steps).values({self.step_of.name: id_, **values}))
