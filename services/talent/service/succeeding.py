"""What stands under directions of an earlier catalogue is carried over to those that took their place.

Everything that a person, a position or a team is told of as is written and told anew; what cannot be divided goes to
the direction that takes the most. Statements are never rewritten: they are read in today's codes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from services.catalogue.succession import WHOLE, Shares, principal, renewed
from services.chassis.log.topics import WATCHES
from services.chassis.outbox.journal import Change
from services.chassis.storage.db import Database
from services.talent import events
from services.talent.domain.people.person import Person, PersonStatus
from services.talent.domain.people.team import Team
from services.talent.domain.position import Position
from services.talent.service.people.people import People
from services.talent.service.people.teams import Teams
from services.talent.service.positions.positions import Positions
from services.talent.service.shortage.counting.counter import Counter
from services.talent.store import succession
from services.talent.store.counts import cells

ACTOR = "bole/catalogue"


@dataclass(frozen=True)
class Succeeding:
    """Carries records over, then the counts. Safe to break off and to repeat; without effect where it is done."""

    people: People
    positions: Positions
    teams: Teams
    counter: Counter

    @property
    def former(self) -> Mapping[str, Shares]:
        """Codes of the past with what stands for each today."""
        return self.people.axes.former

    def run(self, database: Database) -> int:
        """How many people, positions and teams were carried over."""
        if not self.former:
            return 0
        found = self._all(database, succession.people, self._person)
        found += self._all(database, succession.positions, self._position)
        found += self._all(database, succession.teams, self._team)
        with database.write() as session:
            self._settle(session)
        return found

    def _all(
        self,
        database: Database,
        portion: Callable[[Session, Iterable[str]], list[Any]],
        carry: Callable[[Session, list[Any]], None],
    ) -> int:
        done = 0
        while True:
            with database.write() as session:
                records = portion(session, self.former)
                carry(session, records)
            if not records:
                return done
            done += len(records)

    def _person(self, session: Session, persons: list[Person]) -> None:
        for each in persons:
            each.direction_shares = renewed(each.direction_shares, self.former)
            each.updated_at = self.people.clock.now()
        self.people.changed(session, [each for each in persons if each.status is PersonStatus.ACTIVE], ACTOR)

    def _position(self, session: Session, positions: list[Position]) -> None:
        for each in positions:
            each.stand_under(principal(self.former[each.leaf]), self.positions.clock.now())
        self.positions.changed(session, positions, ACTOR)

    def _team(self, session: Session, teams: list[Team]) -> None:
        for each in teams:
            places = (
                place for code in each.directions for place, _ in self.former.get(code, ((code, WHOLE),))
            )
            each.directions = tuple(dict.fromkeys(places))
            each.needs = renewed(each.needs, self.former)
            each.updated_at = self.people.clock.now()
        self.teams.changed(session, teams, ACTOR)

    def _settle(self, session: Session) -> None:
        """Flows and watches, then the counts: in one transaction, so that they are never apart."""
        succession.carry_flows(session, self.former)
        watches = succession.watches(session, self.former)
        for each in watches:
            each.node = principal(self.former[each.node])
        session.flush()
        axes = self.people.axes
        told = [Change(WATCHES, w.id, w.version, events.watch_event(axes, w), ACTOR) for w in watches]
        self.people.journal.record(session, told)
        if cells.counts_former(session, self.former):
            self.counter.rebuild(session)
            cells.forget(session, self.former)
