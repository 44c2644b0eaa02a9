"""What each service holds, for P10: a change at a time, what is true after it, and whether it is whole."""

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Table, func, select

from services.chassis.audit.audit import Audit, verify
from services.chassis.house import House
from services.chassis.log.log import Log
from services.chassis.storage.db import Database
from services.funding.domain.fund.fund import Fund
from services.funding.domain.ledger import acts
from services.funding.domain.ledger.balances import Balances
from services.funding.domain.ledger.journal import Act, Journal
from services.funding.store.funds import ledger
from services.funding.store.schema import fund as fund_table
from services.funding.store.schema import shared as funding_shared
from services.kernel.clock import ManualClock
from services.kernel.errors import FailedPrecondition
from services.sample import write_sample
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.erasing_again import ErasingAgain, erased
from services.talent.store.schema import person
from services.talent.store.schema import shared as talent_shared
from tests.integration.funding.installed import Funding
from tests.integration.matcher.changing import change, check_every_city
from tests.integration.matcher.installed import Matcher, check, load_some, make_house
from tests.integration.matcher.producing import Producer
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library

_NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)


class Holding(Protocol):
    """One service over its database."""

    def step(self, number: int) -> None:
        """One more change, committed."""
        ...

    def state(self) -> Any:
        """All that a restore has to give back; equal states compare equal."""
        ...

    def broken(self) -> Iterator[str]:
        """What does not agree with itself."""
        ...


@dataclass
class People:
    """The talent library: people registered, changed and erased."""

    database: Database
    rng: random.Random
    ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """The library as the service wires it."""
        self.library = Library(Talent.over(self.database, ManualClock(_NOW)))

    def step(self, number: int) -> None:
        """Somebody is registered, changed or erased."""
        drawn = self.rng.random()
        if len(self.ids) < 3 or drawn < 0.5:
            self.ids.append(self.library.register(ref=f"P-{number}", name="演示人", phone=f"139{number:08d}"))
        elif drawn < 0.8:
            with self.database.write() as session:
                one = self.library.people.get(session, self.rng.choice(self.ids))
                self.library.people.amend(session, one, {"profile": f"第{number}次"}, "tester")
        else:
            gone = self.ids.pop(self.rng.randrange(len(self.ids)))
            with self.database.write() as session:
                Erasing(self.library.people).erase(session, self.library.people.get(session, gone), "tester")

    def state(self) -> tuple[dict[str, tuple[int, str]], int]:
        """Version and profile of each person, and how many events are not told."""
        with self.database.read() as session:
            rows = session.execute(select(person.c.id, person.c.version, person.c.profile)).all()
        return {id_: (version, profile) for id_, version, profile in rows}, _untold(
            self.database, talent_shared.outbox
        )

    def gone(self) -> list[str]:
        """Whom it has erased."""
        return erased(self.database)

    def erase_again(self, gone: list[str]) -> Iterator[str]:
        """Whoever of them is here again is erased, and nobody else."""
        people, _ = self.state()
        again = ErasingAgain(
            self.database, Erasing(self.library.people), Audit(talent_shared.audit), self.library.clock
        )
        once_more, left = set(people) & set(gone), set(people) - set(gone)
        if again.run(gone) != len(once_more):
            yield f"not each of {len(once_more)} was erased again"
        if set(self.state()[0]) != left:
            yield "others were touched by the erasures"

    def broken(self) -> Iterator[str]:
        """The chain of the audit and the counts of the map."""
        if (found := verify(self.database, talent_shared.audit)).first_bad is not None:
            yield f"the audit is broken: {found}"
        with self.database.write() as session:
            if (wrong := self.library.talent.counter.rebuild(session, check=True)) != (0, 0):
                yield f"{wrong} counts differ from a recount"


@dataclass
class Ledgers:
    """The funds: capital subscribed, reserved and released."""

    database: Database
    rng: random.Random

    def __post_init__(self) -> None:
        """The use cases over the database."""
        self.funding = Funding.over(self.database, _NOW)

    def begin(self) -> None:
        """The small sample is imported."""
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "sample.xlsx")
            write_sample(path, "small")
            self.funding.load(path.read_bytes())

    def step(self, number: int) -> None:
        """One act on one fund, or none where there is not enough of what it takes."""
        of = self.rng.choice(self._funds())
        fen = self.rng.randint(1, 10**9)
        act, lines = self.rng.choice(
            [
                (Act.SUBSCRIBE, acts.subscribe(fen, fee_reserve_fen=fen // 50)),
                (Act.RESERVE, acts.reserve(fen)),
                (Act.RELEASE, acts.release(fen)),
            ]
        )
        try:
            with self.database.write() as session:
                ledger.post(session, [Journal(of.id, act, lines, f"step {number}", self.funding.clock.now())])
        except FailedPrecondition:
            return

    def state(self) -> tuple[dict[str, tuple[int, int, Balances]], int]:
        """Version, number of journals and balances of each fund, and how many events are not told."""
        found = {each.id: (each.version, each.journal_count, each.balances) for each in self._funds()}
        return found, _untold(self.database, funding_shared.outbox)

    def broken(self) -> Iterator[str]:
        """Funds whose balances are not the sum of their lines, and the chain of the audit."""
        with self.database.read() as session:
            yield from (f"a ledger differs: {each}" for each in ledger.differences(session))
        if (found := verify(self.database, funding_shared.audit)).first_bad is not None:
            yield f"the audit is broken: {found}"

    def _funds(self) -> list[Fund]:
        with self.database.read() as session:
            return list(session.scalars(select(Fund).order_by(fund_table.c.id)))


@dataclass
class Matches:
    """The matcher: people, positions and firms change on the log, lists and events follow."""

    database: Database
    log: Log
    directory: Path
    rng: random.Random

    def __post_init__(self) -> None:
        """One process of the matcher, with its index in the directory."""
        self.house: House = make_house(self.directory, self.database, self.log)
        self.matcher = Matcher.over(self.house)
        self.producer = Producer(self.log, self.house.settings.keys_dir, self.house.clock)

    def begin(self) -> None:
        """A few of each, followed."""
        load_some(self.producer)
        self.matcher.follow()

    def step(self, number: int) -> None:
        """One entity changes, and the lists follow."""
        change(self.producer, self.rng, number)
        self.matcher.follow()

    def state(self) -> tuple[dict[Any, float], list[tuple[Any, ...]]]:
        """The standing lists, and every event with its number."""
        told = [
            (each.sequence, each.type, each.anchor_id, each.candidate_id) for each in self.matcher.events()
        ]
        return self.matcher.lists(), told

    def restored(self, database: Database, directory: Path) -> "Matches":
        """The same over a restored database, under the same keys, without any index."""
        keys = directory / "keys"
        keys.mkdir(parents=True)
        for key in self.house.settings.keys_dir.iterdir():
            (keys / key.name).write_bytes(key.read_bytes())
            (keys / key.name).chmod(0o600)
        return replace(self, database=database, directory=directory)

    def go_on(self, pairs: set[Any]) -> Iterator[str]:
        """Read the log to its end, as after a restore: the pairs must be those of one that never went back."""
        self.matcher.follow()
        if (now := set(self.matcher.lists())) != pairs:
            yield f"{len(now ^ pairs)} pairs are not those of a matcher that was never put back"

    def broken(self) -> Iterator[str]:
        """Lists that the events do not tell, numbers with a gap, a city told otherwise."""
        try:
            check(self.matcher)
            check_every_city(self.matcher)
        except (AssertionError, KeyError) as error:
            yield f"events and lists differ: {error!r}"

    def end(self) -> None:
        """Leave the lead."""
        self.matcher.end()


def _untold(database: Database, outbox: Table) -> int:
    with database.read() as session:
        waiting = select(func.count()).select_from(outbox).where(outbox.c.published_at.is_(None))
        return session.scalar(waiting) or 0
