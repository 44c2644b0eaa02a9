"""The use cases of the talent service over one database."""

from dataclasses import dataclass
from datetime import timedelta

from services.catalogue import Catalogue, load
from services.chassis.outbox.journal import Journal
from services.chassis.request_log import RequestLog
from services.chassis.sealing import KeyRing
from services.chassis.storage.db import Database
from services.kernel.clock import ManualClock
from services.kernel.ids import TimeOrderedIds
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.method import Method
from services.talent.service.people.assertions import Assertions
from services.talent.service.people.moves import Moves
from services.talent.service.people.people import People
from services.talent.service.people.training import Training
from services.talent.service.positions.positions import Positions
from services.talent.service.privacy.consents import Consents
from services.talent.service.shortage.counting import Counter, Ticker, start_counting
from services.talent.service.shortage.counting.frame import Frame
from services.talent.service.turning import AtTurn
from services.talent.store.mapping import map_aggregates
from services.talent.store.schema import shared

KEYS = KeyRing({1: bytes(range(32))})


@dataclass(frozen=True)
class Talent:
    """Use cases over one migrated database."""

    database: Database
    clock: ManualClock
    people: People
    positions: Positions
    moves: Moves
    training: Training
    counter: Counter
    ticker: Ticker

    @classmethod
    def over(cls, database: Database, clock: ManualClock, catalogue: Catalogue | None = None) -> "Talent":
        """The use cases as the service wires them, with a clock that stands still; under another catalogue if given."""
        map_aggregates()
        catalogue = catalogue or load()
        axes, ids = Axes.of_catalogue(catalogue), TimeOrderedIds(clock)
        journal = Journal(shared.history, shared.outbox, "/bole/talent", ids, clock)
        requests = RequestLog(shared.request_log, clock)
        assertions, consents = (
            Assertions(KEYS, clock, former=catalogue.succession.former),
            Consents(clock),
        )
        moves = Moves(catalogue, axes, clock, ids)
        people = People(catalogue, axes, assertions, consents, journal, requests, clock, ids, moves)
        positions = Positions(catalogue, axes, journal, clock, ids)
        turning = (AtTurn(positions.due, positions.expire),)
        counting = start_counting(database, axes, Method(), catalogue.version, clock, turning)
        training = Training(catalogue, axes, clock, ids)
        return cls(database, clock, people, positions, moves, training, *counting)

    def pass_days(self, days: int) -> None:
        """Let time go by."""
        self.clock.advance(timedelta(days=days))

    def frame(self) -> Frame:
        """The live counts as they are now."""
        with self.database.read() as session:
            found = self.counter.live.follow(session)
        assert found is not None, "nothing was counted yet"
        return found
