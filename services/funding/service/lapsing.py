"""Approvals that nobody signs in time lapse by themselves; what was reserved for them is free again."""

from dataclasses import dataclass

from sqlalchemy import select

from services.chassis.process.background import Rounds, each_by_itself
from services.chassis.storage.db import Database
from services.funding.domain.deal.actions import Action, Role
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.step import Actor, Step
from services.funding.service.deals.deals import Deals
from services.funding.store import schema
from services.kernel.clock import Clock
from services.kernel.errors import Aborted, FailedPrecondition

SYSTEM = Actor("system", frozenset({Role.SYSTEM}))
_LOOK_SECONDS = 60.0
_WAITING = (DealState.APPROVED, DealState.ON_HOLD)


@dataclass(frozen=True)
class Lapser:
    """Any number of processes may look: the first one does it."""

    database: Database
    deals: Deals
    clock: Clock

    @property
    def rounds(self) -> Rounds:
        """Looking at once and from time to time."""
        return Rounds(lambda _stop: self.lapse_due(), "approvals could not lapse", _LOOK_SECONDS)

    def lapse_due(self) -> int:
        """Let every approval lapse whose time is over; how many did. Each has a transaction of its own."""
        table = schema.deal
        query = select(table.c.id).where(
            table.c.state.in_([state.name for state in _WAITING]),
            table.c.approved_at.is_not(None),
            table.c.signed_fen.is_(None),
        )
        with self.database.read() as session:
            waiting = session.scalars(query.order_by(table.c.approved_at)).all()
        return each_by_itself(self._lapse, waiting)

    def _lapse(self, id_: str) -> bool:
        try:
            with self.database.write() as session:
                deal: Deal = self.deals.get(session, id_)
                step = Step(action=Action.LAPSE, actor=SYSTEM, at=self.clock.now())
                self.deals.take(session, deal, step)
        except (FailedPrecondition, Aborted):
            return False  # in force, or somebody is at work on it
        return True
