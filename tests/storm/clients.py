"""Clients under fire: writers that keep a ledger of what they were promised, and a partner that reads its stream."""

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

import grpc
from google.protobuf.field_mask_pb2 import FieldMask

from bole.common.v1 import direction_share_pb2
from bole.funding.v1 import firm_pb2, firm_service_pb2, firm_service_pb2_grpc
from bole.matcher.v1 import match_event_pb2
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc, person_pb2
from services.chassis.rpc.wire import date_to_wire
from services.cli.matcher.stream import Subscriber
from services.cli.session import Session
from services.kernel.errors import Unavailable
from services.kernel.uscc import check_character
from tests.storm.ledger import Entry, Ledger, Outcome

CALL_SECONDS = 4.0
_AGAIN_SECONDS = 0.3
PAUSE_SECONDS = 0.2
"""Between a writer's calls."""
_DIRECTIONS = ("seawater-h2", "sic", "large-model")
_OPEN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}
_BROKEN = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN}


class Writer:
    """Creates people and firms and changes the people, one call after the other, in a thread.

    A call whose outcome is unknown is sent again with its own request id, as a careful client does, until it
    ends or the writer is told to leave. What the contract forbids a service to answer is kept in `broken`.
    """

    def __init__(
        self, name: str, seed: int, ledger: Ledger, people: Any, firms: Any, pause: float = PAUSE_SECONDS
    ) -> None:
        self._name, self._rng, self._ledger, self._pause = name, random.Random(seed), ledger, pause
        self._people = library_service_pb2_grpc.LibraryServiceStub(people)
        self._firms = firm_service_pb2_grpc.FirmServiceStub(firms)
        self._mine: list[person_pb2.Person] = []
        self._count = 0
        self._rest, self._leave = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.broken: list[str] = []

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def rest(self) -> None:
        """Begin nothing more; the call at hand is repeated until it is answered."""
        self._rest.set()

    def leave(self) -> None:
        """Begin nothing more, and wait for no answer: what is open stays unknown."""
        self._leave.set()
        self._rest.set()

    def end(self, seconds: float) -> bool:
        """Wait for the call at hand; whether it ended in time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._rest.is_set():
            self._count += 1
            drawn = self._rng.random()
            if self._mine and drawn < 0.5:
                self._change(self._rng.randrange(len(self._mine)))
            elif drawn < 0.85:
                self._create()
            else:
                self._found()
            self._rest.wait(self._pause)

    def _create(self) -> None:
        ref = f"{self._name}-{self._count}"
        given = library_service_pb2.CreatePersonRequest(
            person=person(ref, self._rng.choice(_DIRECTIONS)), request_id=self._request_id()
        )
        made = self._settle(
            Entry(given.request_id, "create", ref, text_of(ref)), self._people.CreatePerson, given
        )
        if made is not None:
            self._mine.append(made)

    def _change(self, at: int) -> None:
        person = person_pb2.Person()
        person.CopyFrom(self._mine[at])
        person.profile = text_of(f"{self._name}-{self._count}")
        given = library_service_pb2.UpdatePersonRequest(
            person=person, update_mask=FieldMask(paths=["profile"]), request_id=self._request_id()
        )
        entry = Entry(given.request_id, "update", person.source_ref, person.profile)
        made = self._settle(entry, self._people.UpdatePerson, given)
        if made is None:  # where it stands is not known: somebody else's from now on
            del self._mine[at]
        else:
            self._mine[at] = made

    def _found(self) -> None:
        first = f"91320000{self._name[:4].upper()}{self._count:05d}"
        uscc = first + check_character(first)
        given = firm_service_pb2.CreateFirmRequest(
            firm=firm(uscc, self._rng.choice(_DIRECTIONS)), request_id=self._request_id()
        )
        self._settle(Entry(given.request_id, "firm", uscc, uscc), self._firms.CreateFirm, given)

    def _settle(self, entry: Entry, call: Callable[..., Any], request: Any) -> Any:
        """What the service answered, None if it refused or nobody knows; the ledger has it."""
        self._ledger.begin(entry)
        while True:
            try:
                made = call(request, timeout=CALL_SECONDS)
            except grpc.RpcError as error:
                if error.code() in _BROKEN:
                    self.broken.append(f"{entry.kind} {entry.ref}: {error.code()} {error.details()}")
                if error.code() not in _OPEN | _BROKEN:
                    self.broken.append(f"refused {entry.kind} {entry.ref}: {error.code()} {error.details()}")
                    self._ledger.end(entry, Outcome.FAILED)
                    return None
                if self._leave.wait(_AGAIN_SECONDS):
                    return None
            else:
                self._ledger.end(entry, Outcome.ACKNOWLEDGED)
                return made

    def _request_id(self) -> str:
        return str(UUID(int=self._rng.getrandbits(128), version=4))


class Partner:
    """Follows the match stream as the shipped subscriber does, and takes it up again however it breaks."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._subscriber = Subscriber(session)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.standing = threading.Event()
        self.resumed = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stop.set()
        while self._thread.is_alive():
            self._subscriber.cut()
            self._thread.join(0.1)
        self._session.close()

    @property
    def events(self) -> list[match_event_pb2.MatchEvent]:
        """What it got, in order."""
        return [arrival.event for arrival in list(self._subscriber.arrivals)]

    def count(self) -> int:
        """How many events it got."""
        return len(self._subscriber.arrivals)

    def last(self) -> int:
        """The last sequence it got; 0 for none."""
        arrivals = self._subscriber.arrivals
        return int(arrivals[-1].event.sequence) if arrivals else 0

    def broken(self) -> bool:
        """Whether the subscriber itself knows of something missing or doubled."""
        return self._subscriber.gaps() > 0 or self._subscriber.duplicates() > 0

    def _run(self) -> None:
        while not self._stop.is_set():
            with suppress(grpc.RpcError, Unavailable):
                self._subscriber.connect()
                self.standing.set()
                while not self._stop.is_set() and self._subscriber.reading:
                    self._subscriber.wait(lambda: self._subscriber.failure is not None, 0.2)
            self._subscriber.cut()
            self.resumed += 1
            self._stop.wait(_AGAIN_SECONDS)


def text_of(mark: str) -> str:
    """A profile that says which record it is."""
    return f"海水直接电解制氢电解槽设计，膜电极耐氯腐蚀，记录 {mark}。"


def person(ref: str, direction: str) -> person_pb2.Person:
    """A person; SYNTHETIC."""
    return person_pb2.Person(
        source_ref=ref,
        display_name="演示人",
        category_code="outstanding-engineer",
        city_code="nantong",
        availability=person_pb2.AVAILABILITY_NOW,
        direction_shares=[direction_share_pb2.DirectionShare(code=direction, permille=1000)],
        job_title="海水制氢工程师",
        profile=text_of(ref),
        observed_date=date_to_wire(date(2026, 6, 1)),
        purposes=[person_pb2.CONSENT_PURPOSE_MATCH_POSITION, person_pb2.CONSENT_PURPOSE_MATCH_FIRM],
    )


def firm(uscc: str, direction: str) -> firm_pb2.Firm:
    """A firm; SYNTHETIC."""
    return firm_pb2.Firm(
        uscc=uscc,
        display_name=f"演示氢能{uscc[8:17]}有限公司",
        city_code="suzhou",
        direction_shares=[direction_share_pb2.DirectionShare(code=direction, permille=1000)],
        founded_date=date_to_wire(date(2024, 3, 1)),
        stage=firm_pb2.FIRM_STAGE_SEED,
        technology="海水直接电解制氢",
        snapshot=firm_pb2.FirmSnapshot(as_of_date=date_to_wire(date(2026, 6, 30)), staff_count=12),
    )
