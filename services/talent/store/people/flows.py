"""Queries about training places, moves and the hires of funded deals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.storage.chunks import chunks
from services.talent.domain.flows.hiring import FundedHireLine
from services.talent.domain.flows.move import Move
from services.talent.domain.flows.training import TrainingPlace
from services.talent.store import schema


@dataclass(frozen=True)
class IndustryOf:
    """The industry of the direction in a column, as a list of one code."""

    column: ColumnElement[str]
    catalogue: Catalogue

    def contains(self, code: str) -> ColumnElement[bool]:
        """The direction belongs to this industry."""
        leaves = [each.code for each in self.catalogue.leaves if each.industry == code]
        return self.column.in_(leaves)

    def present(self) -> ColumnElement[bool]:
        """Every direction belongs to one."""
        return self.column.is_not(None)


def training_place(session: Session, id_: str) -> TrainingPlace | None:
    """The record, or None."""
    return session.get(TrainingPlace, id_)


def move(session: Session, id_: str) -> Move | None:
    """The record, or None."""
    return session.get(Move, id_)


def last_derived(session: Session, person_id: str) -> Move | None:
    """The newest standing move that was derived from this person's record."""
    table = schema.move
    query = select(Move).where(
        table.c.person_id == person_id, table.c.derived.is_(True), table.c.voided_at.is_(None)
    )
    return session.scalars(query.order_by(table.c.created_at.desc(), table.c.id.desc()).limit(1)).first()


def last_void(session: Session, person_id: str, reason: str) -> Move | None:
    """The derived move of this person's record that was voided last for this reason."""
    table = schema.move
    query = select(Move).where(
        table.c.person_id == person_id, table.c.derived.is_(True), table.c.void_reason == reason
    )
    return session.scalars(query.order_by(table.c.voided_at.desc(), table.c.id.desc()).limit(1)).first()


def moves_of(session: Session, person_ids: Iterable[str]) -> list[Move]:
    """Every move of these people."""
    wanted, found = list(person_ids), list[Move]()
    for some in chunks(wanted):
        found += session.scalars(select(Move).where(schema.move.c.person_id.in_(some)))
    return found


def heard_deal(session: Session, id_: str) -> Row[Any] | None:
    """What was last heard of a deal."""
    return session.execute(select(schema.funded_deal).where(schema.funded_deal.c.id == id_)).first()


def heard_firm(session: Session, id_: str) -> Row[Any] | None:
    """What was last heard of a firm."""
    return session.execute(select(schema.funded_firm).where(schema.funded_firm.c.id == id_)).first()


def put_deal(session: Session, id_: str, values: dict[str, Any], heard_at: datetime) -> None:
    """Remember what was heard of a deal."""
    row = {**values, "heard_at": heard_at}
    table = schema.funded_deal
    if heard_deal(session, id_) is None:
        session.execute(insert(table).values(id=id_, **row))
    else:
        session.execute(table.update().where(table.c.id == id_).values(**row))


def put_firm(session: Session, id_: str, version: int, *, gone: bool) -> None:
    """Remember what was heard of a firm."""
    table = schema.funded_firm
    session.execute(delete(table).where(table.c.id == id_))
    session.execute(insert(table).values(id=id_, version=version, gone=gone))


def hires_of_deal(session: Session, deal_id: str) -> list[FundedHireLine]:
    """The lines of a deal."""
    return list(session.scalars(select(FundedHireLine).where(schema.funded_hire.c.deal_id == deal_id)))


def hires_of_firm(session: Session, firm_id: str) -> list[FundedHireLine]:
    """The lines of all deals of a firm."""
    deals = select(schema.funded_deal.c.id).where(schema.funded_deal.c.firm_id == firm_id)
    return list(session.scalars(select(FundedHireLine).where(schema.funded_hire.c.deal_id.in_(deals))))
