"""The steps of many deals, read one deal after the other, without what they rested on."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select, type_coerce
from sqlalchemy.orm import Session

from services.chassis.storage.columns import PlainJson
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.states import DealState
from services.funding.store import schema

_PORTION = 1_000


class Passage(NamedTuple):
    """A step, without actor, reason and documents."""

    action: Action
    target: DealState
    returns_to: DealState | None
    at: datetime


def passages(session: Session, condition: ColumnElement[bool]) -> Iterator[tuple[DealState, list[Passage]]]:
    """The state and the steps of every deal that meets a condition and has any, in the order of ids.

    Rows come as they are read, so that memory does not grow with the deals. What is kept of a step is read as it is
    needed: to make a `Transition` of each, its documents included, takes ten times as long.
    """
    deal, step = schema.deal.c, schema.deal_transition.c
    query = (
        select(deal.id, deal.state, type_coerce(step.transition, PlainJson).label("step"))
        .join(schema.deal_transition, step.deal_id == deal.id)
        .where(condition)
        .order_by(deal.id, step.sequence)
        .execution_options(yield_per=_PORTION)
    )
    for _, rows in groupby(session.execute(query), attrgetter("id")):
        first = next(rows)
        yield first.state, [_passage(each.step) for each in (first, *rows)]


def _passage(kept: dict[str, Any]) -> Passage:
    returns_to = kept["returns_to"]
    return Passage(
        Action(kept["action"]),
        DealState(kept["target"]),
        None if returns_to is None else DealState(returns_to),
        datetime.fromisoformat(kept["at"]),
    )
