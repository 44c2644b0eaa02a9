"""Two clients, two replicas of a relay, one feed; steps in any order; then peace, and what must hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, Table, func, select
from sqlalchemy.orm import Session

from services.chassis.feed.feed import Feed
from services.chassis.outbox.relay import Relay
from services.chassis.request_log import RequestLog
from services.kernel.errors import BoleError
from tests.simulation.bus import Bus
from tests.simulation.faults import Chance, Clock, Crash
from tests.simulation.store import (
    EFFECTS,
    FEED,
    KNOWN,
    OUTBOX,
    REQUESTS,
    THINGS,
    TOPIC,
    Effects,
    Store,
    change,
    operation_of,
)

STEPS = 40
_KEYS = ("a", "b", "c")
_PEACE = 200


@dataclass(frozen=True)
class Cores:
    """The parts under trial, as they are or with a fault put into them."""

    relay: type[Relay] = Relay
    feed: type[Feed] = Feed
    requests: type[RequestLog] = RequestLog
    effects: type[Effects] = Effects


@dataclass
class Operation:
    """One change that a client wants. `version`: what it was told, None as long as it was told nothing."""

    id: str
    key: str
    poisoned: bool
    version: int | None = None


@dataclass
class Seat:
    """Who leads: at most one holds it, and may lose it at any moment without being told."""

    chance: Chance
    holder: object | None = None
    locks: list["Lock"] = field(default_factory=list)

    def lock(self) -> "Lock":
        """A lock for one replica."""
        self.locks.append(Lock(self))
        return self.locks[-1]


@dataclass(eq=False)
class Lock:
    """See `LeaderLock`."""

    seat: Seat

    def acquire(self, *, wait: bool = False) -> bool:
        """Take the seat if it is free."""
        if self.seat.holder is None:
            self.seat.holder = self
        return self.seat.holder is self

    def held(self) -> bool:
        """Whether the seat is still this one's; a broken connection loses it."""
        if self.seat.holder is self and self.seat.chance.strikes("lock lost", 10):
            self.seat.holder = None
        return self.seat.holder is self

    def release(self) -> None:
        """Give it back."""
        if self.seat.holder is self:
            self.seat.holder = None


class _Once:
    """A `stop` that lets a loop do one step."""

    def __init__(self) -> None:
        self._looks = 0

    def is_set(self) -> bool:
        """False the first time."""
        self._looks += 1
        return self._looks > 1

    def wait(self, _seconds: float) -> bool:
        """No time passes."""
        return False


class World:
    """All actors of one run."""

    def __init__(self, engine: Engine, seed: int, cores: Cores) -> None:
        self.chance = Chance(seed)
        self.clock, self._cores = Clock(self.chance), cores
        self.store, self.bus = Store(engine, self.chance), Bus(self.chance, self.clock)
        self.store.empty()
        self.operations: list[Operation] = []
        self._contradicted: list[str] = []
        self._requests = cores.requests(REQUESTS, self.clock)
        seat = Seat(self.chance)
        self._locks = [seat.lock(), seat.lock()]
        self._relays = [self._relay(0), self._relay(1)]
        self._feed = self._fresh_feed()
        self._seat = seat
        self.bus.meanwhile = self._usurp

    def run(self, steps: int = STEPS) -> list[str]:
        """So many steps among faults, then peace; what does not hold at the end."""
        for _ in range(steps):
            actor = self.chance.random.choice((self._client, self._client, self._any_relay, self._feeds))
            actor()
        self.chance.healed = True
        answered = [each for each in self.operations if each.version is not None]
        again = self.chance.random.sample(answered, min(2, len(answered)))
        for operation in [each for each in self.operations if each.version is None] + again:
            self._try(operation)
        for _ in range(_PEACE):
            self._any_relay()
            self._feeds()
            if self._is_quiet():
                break
        return list(self._wrong())

    def _client(self) -> None:
        """A new change, or one once more that was never answered."""
        waiting = [each for each in self.operations if each.version is None]
        if waiting and self.chance.random.random() < 0.5:
            operation = self.chance.random.choice(waiting)
        else:
            poisoned = self.chance.random.random() < 0.05
            operation = Operation(f"o-{len(self.operations)}", self.chance.random.choice(_KEYS), poisoned)
            self.operations.append(operation)
        self._try(operation)

    def _try(self, operation: Operation) -> None:
        try:
            told = change(
                self.store, self._requests, self.clock, operation.id, operation.key, operation.poisoned
            )
        except (BoleError, Crash):
            return
        self.chance.note(f"{operation.id} is {told}")
        if operation.version not in (None, told):
            self._contradicted.append(f"{operation.id}: answered {operation.version}, then {told}")
        operation.version = told

    def _any_relay(self) -> None:
        self._relay_step(self.chance.random.randrange(2))

    def _usurp(self) -> None:
        """The leader stalls; the lock falls to the other one behind its back."""
        other = 1 if self._seat.holder is self._locks[0] else 0
        self._seat.holder = None
        self._relay_step(other)

    def _relay_step(self, at: int) -> None:
        try:
            self.chance.note(f"relay {at} moved {self._relays[at].publish_batch()}")
        except BoleError:
            self.chance.note(f"relay {at} failed")
        except Crash:
            self._locks[at].release()
            self._relays[at] = self._relay(at)

    def _feeds(self) -> None:
        try:
            self._feed.rounds.run(_Once())  # type: ignore[arg-type]  # a `stop` for one step
        except Crash:
            self._feed = self._fresh_feed()
        self.chance.note(f"feed handled {self._feed.handled}, buried {self._feed.buried}")

    def _relay(self, at: int) -> Relay:
        return self._cores.relay(self.store, OUTBOX, self.bus, self._locks[at], self.clock)

    def _fresh_feed(self) -> Feed:
        return self._cores.feed(
            "simulated",
            self.store,
            self.bus,
            [TOPIC],
            self._cores.effects(),
            self.clock,
            tables=FEED,
            batch=5,
        )

    def _is_quiet(self) -> bool:
        if self._relays[0].backlog().count or self._feed.lag():
            return False
        with self.store.read() as session:
            letters = self._feed.dead_letters.waiting(session)
        ended = [each.id for each in letters if "process ended" in each.reason]
        if ended:  # good records that met one crash after another: somebody looks, and has them handled again
            with self.store.write() as session:
                self._feed.dead_letters.request_replay(session, ended)
        return not ended

    def _wrong(self) -> Iterator[str]:
        with self.store.read() as session:
            versions = _versions(session, THINGS)
            known = _versions(session, KNOWN)
            effects = session.execute(select(EFFECTS).order_by(EFFECTS.c.position)).all()
            replayed = session.scalar(
                select(func.count()).where(FEED.dead_letters.c.replayed_at.is_not(None))
            )
            letters = {
                operation_of(each.record.headers)
                for each in self._feed.dead_letters.waiting(session, limit=1000)
            }
        if not self._is_quiet() or self._feed.stopped_reason:
            yield f"not quiet: {self._feed.stopped_reason}"
        if letters != {each.id for each in self.operations if each.poisoned}:
            yield f"dead letters are {sorted(letters)}"
        yield from self._contradicted
        yield from self._wrong_answers(versions)
        yield from self._wrong_effects(versions, known, effects, bool(replayed))

    def _wrong_answers(self, versions: dict[str, int]) -> Iterator[str]:
        """Every operation was done once, and its client was told which version it made."""
        for key in _KEYS:
            told = sorted(each.version or 0 for each in self.operations if each.key == key)
            if told != list(range(1, versions.get(key, 0) + 1)):
                yield f"{key}: answers {told}, version {versions.get(key, 0)}"

    def _wrong_effects(
        self, versions: dict[str, int], known: dict[str, int], effects: Sequence[Any], replayed: bool
    ) -> Iterator[str]:
        """Each good version took effect once, in order, and the last one stands."""
        if [each.position for each in effects] != list(range(1, len(effects) + 1)):
            yield "the numbers of the effects have gaps"
        for key in _KEYS:
            good = sorted(
                each.version or 0 for each in self.operations if each.key == key and not each.poisoned
            )
            done = [each.version for each in effects if each.key == key]
            # A record that was set aside and handled again later finds a newer state, which wins.
            whole = done == good or (replayed and set(done) <= set(good) and done == sorted(set(done)))
            if not whole:
                yield f"{key}: effects {done}, changes {good}, version {versions.get(key, 0)}"
            if known.get(key, 0) != max(good, default=0):
                yield f"{key}: known as {known.get(key, 0)}"


def _versions(session: Session, table: Table) -> dict[str, int]:
    return {row.key: row.version for row in session.execute(select(table.c.key, table.c.version))}
