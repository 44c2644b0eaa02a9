"""P13: people are erased under load, with each service down in turn, and no store holds a byte of them afterwards."""

import random
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

import grpc

from bole.matcher.v1.match_event_pb2 import MatchEvent as Event
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc, person_pb2
from services.cli.matcher import partner_erasures
from services.cli.running import processes
from tests.contract.talent.approving import ask_to_erase
from tests.promises.copies import CITIES, FORGOTTEN_SECONDS, Copies
from tests.promises.residue import compact, found_in, places
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.storm import checks
from tests.storm.clients import Partner, Writer, person
from tests.storm.house import House, until
from tests.storm.ledger import Ledger

QUIET_SECONDS = 300.0
EACH = 2
"""How many are erased while one of the processes is down."""
_AT_ONCE = 8
_DOWN_SECONDS = 5.0
_SHARED, _OWN = 6, 14
"""Letters of a canary's word: those that all of a run begin with, and its own."""
_BACKED_UP = {"wal_level": "replica", "max_wal_senders": "4"}


@dataclass
class Canary:
    """A person whose personal texts hold a word that stands nowhere else."""

    word: str
    city: str = "nantong"
    name: str = ""

    def record(self) -> person_pb2.Person:
        """The person; SYNTHETIC."""
        made = person(f"ref-{self.word[-8:]}", "seawater-h2")
        made.display_name = self.word
        made.city_code = self.city
        made.job_title = f"{self.word}工程师"
        made.profile = f"{self.word}，海水直接电解制氢电解槽设计，膜电极耐氯腐蚀。"
        made.employer = f"{self.word}公司"
        return made


def violations(engines: str, seed: int, victims: int | None = None, each: int = EACH) -> list[str]:
    """Everything that does not hold after so many canaries were erased with each process down in turn, or with the
    first `victims` of an order drawn by the seed.
    """
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers: list[Any] = []
        if engines == "full":
            database = stack.enter_context(PostgresServer(durable=True, options=_BACKED_UP))
            servers = [database, stack.enter_context(KafkaServer())]
        house = House(directory / "house", *servers)
        stack.callback(house.end)
        house.begin()
        erasing = _Erasing(house, Ledger(directory / "ledger.jsonl"), seed, victims, each)
        if engines == "embedded":
            erasing.copies = Copies(house, directory)
        else:
            erasing.database = database
        stack.callback(erasing.close)
        return list(erasing.run())


class _Erasing:
    """One house, its canaries, who registers others meanwhile, and who follows the stream."""

    def __init__(self, house: House, ledger: Ledger, seed: int, victims: int | None, each: int) -> None:
        self._each = each
        self.copies: Copies | None = None
        self.database: PostgresServer | None = None
        self._house, self._ledger, self._rng = house, ledger, random.Random(seed)
        self._victims = [*processes.SERVICES, *house.servers]
        self._rng.shuffle(self._victims)
        del self._victims[victims if victims is not None else len(self._victims) :]
        shared = self._letters(_SHARED)
        words = (shared + self._letters(_OWN) for _ in self._victims * each)
        self._canaries = [Canary(word, city) for word, city in zip(words, cycle(CITIES), strict=False)]
        self._first = int(checks.ask(house, "matcher", checks.LAST)[0][0])
        self._people, self._firms = house.channel("talent"), house.channel("funding")
        self._stub = library_service_pb2_grpc.LibraryServiceStub(self._people)
        self._writer = Writer(f"E{seed % 1000:03d}w", seed, ledger, self._people, self._firms)
        self._session = house.partner("测试合作方")
        self._partner = Partner(self._session)
        self._partner.start()

    def close(self) -> None:
        """End what runs."""
        self._writer.leave()
        self._partner.stop()
        self._people.close()
        self._firms.close()
        self._ledger.close()

    def run(self) -> Iterator[str]:
        """Register, erase, look."""
        assert self._partner.standing.wait(QUIET_SECONDS), "the partner's stream did not begin"
        for each in self._canaries:
            each.name = self._register(each)
        for each in self._canaries:
            ask_to_erase(self._house.installation, each.name, each.word)
        yield from self._quiet("before the erasures")
        words = [each.word.encode() for each in self._canaries]
        before = "".join(places(self._house, words))
        yield from (f"{each.word} was nowhere" for each in self._canaries if each.word not in before)
        if self.copies is not None:
            yield from self.copies.before(words)
        self._writer.start()
        for at, victim in enumerate(self._victims):
            yield from self._erase(victim, self._canaries[at * self._each : (at + 1) * self._each])
        self._writer.rest()
        if not self._writer.end(QUIET_SECONDS):
            yield "a call found no end"
        yield from self._quiet("after the erasures")
        yield from self._left(words)
        if self.copies is not None:
            yield from self.copies.after(words)
        yield from self._writer.broken
        yield from checks.violations(self._house, self._ledger, self._partner, self._first)

    def _register(self, canary: Canary) -> str:
        given = library_service_pb2.CreatePersonRequest(person=canary.record(), request_id=self._uuid())
        return str(self._stub.CreatePerson(given, timeout=QUIET_SECONDS).name)

    def _quiet(self, when: str) -> Iterator[str]:
        if not until(lambda: checks.is_quiet(self._house, self._partner, self._first), QUIET_SECONDS):
            yield f"not quiet {when}"

    def _erase(self, victim: str, canaries: Sequence[Canary]) -> Iterator[str]:
        """Ask while it is down, until it has been down for a while and half is answered or none will be; and go on
        asking until all is.
        """
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            with _down(self._house, victim):
                asking = [pool.submit(self._insist, each, self._uuid()) for each in canaries]
                threading.Event().wait(self._rng.uniform(0.3, 1.5))
                until(lambda: 2 * sum(each.done() for each in asking) >= len(asking), _DOWN_SECONDS)
            if not all(each.result() for each in asking):
                yield f"with {victim} down an erasure found no end"

    def _insist(self, canary: Canary, request_id: str) -> bool:
        """Whether it was answered in time."""
        given = library_service_pb2.ErasePersonRequest(
            name=canary.name, reason=f"{canary.word}本人要求", request_id=request_id
        )
        deadline = time.monotonic() + QUIET_SECONDS
        while time.monotonic() < deadline:
            try:
                self._stub.ErasePerson(given, timeout=10)
                return True
            except grpc.RpcError:
                threading.Event().wait(0.3)
        return False

    def _left(self, words: Sequence[bytes]) -> Iterator[str]:
        """What stands anywhere and what the partner was told; the pages of PostgreSQL after they were written anew,
        which leaves out only what no reader of that moment may still see.
        """

        def gone() -> bool:
            compact(self._house)
            return not any(places(self._house, words))

        until(gone, FORGOTTEN_SECONDS)
        yield from places(self._house, words)
        if self.database is not None:
            backup = self.database.back_up().directory
            yield from (f"a base backup of afterwards: {said}" for said in found_in(backup, words))
        got = b"".join(event.SerializeToString() for event in self._partner.events)
        yield from (f"the partner was told {word.decode()}" for word in words if word in got)
        told = {event.candidate for event in self._partner.events if event.type == Event.TYPE_ERASED}
        if len(told) != len(words):
            yield f"the partner was told that {len(told)} were erased, not {len(words)}"
        owed = list(partner_erasures.open_ones(self._session))
        if {each.subject for each in owed} != told:
            yield f"the partner owes {len(owed)} acknowledgements, and not of those whom it was told of"
        numbers, subjects = [each.sequence for each in owed], [each.subject for each in owed]
        partner_erasures.acknowledge(self._session, numbers, subjects)
        if left := len(list(partner_erasures.open_ones(self._session))):
            yield f"{left} erasures are not acknowledged after they were"

    def _letters(self, count: int) -> str:
        return "".join(self._rng.choices("bcdfghjklmnpqrstvwxz", k=count))

    def _uuid(self) -> str:
        return str(UUID(int=self._rng.getrandbits(128), version=4))


@contextmanager
def _down(house: House, victim: str) -> Iterator[None]:
    """SIGKILL, and nobody starts it again before the end."""
    if victim in house.servers:
        house.servers[victim].kill()
        yield
        house.servers[victim].start()
        house.heal()
        return
    each = next(each for each in house.installation.running if each.name == victim)
    each.process.send_signal(signal.SIGKILL)
    each.process.wait(QUIET_SECONDS)
    yield
    house.installation.running.remove(each)
    house.installation.running.extend(processes.start(house.settings, [victim]))
    house.heal()
