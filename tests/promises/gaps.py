"""The gaps between two durable steps that P2 lets a service die in, and what brings a service there."""

import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import grpc
from sqlalchemy import Table, update

from bole.common.v1.workbook_import_pb2 import ImportHeader, ImportMode
from bole.funding.v1 import import_service_pb2 as funding_imports
from bole.funding.v1 import import_service_pb2_grpc as funding_stubs
from bole.talent.v1 import import_service_pb2 as talent_imports
from bole.talent.v1 import import_service_pb2_grpc as talent_stubs
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc
from services.chassis.imports.batch import SILENT_FOR
from services.chassis.log.log import Record, open_log
from services.chassis.log.topics import PERSONS
from services.funding.store.schema import imports as funding_tables
from services.talent.store.schema import imports as talent_tables
from tests.contract.funding.test_importing import firm
from tests.contract.talent.approving import ask_to_erase
from tests.integration.talent.importing import PERSON, csv_of
from tests.promises.forgetting import Canary
from tests.storm import checks
from tests.storm.house import House

CALL_SECONDS = 30.0
_AGAIN_SECONDS = 0.3
_IMPORTS: dict[str, tuple[Any, Any, Table, str, str]] = {
    "talent": (
        talent_stubs.TalentImportServiceStub,
        talent_imports,
        talent_tables.batch,
        "persons",
        "SELECT count(*) FROM person WHERE ref = :mark AND version = 1",
    ),
    "funding": (
        funding_stubs.FundingImportServiceStub,
        funding_imports,
        funding_tables.batch,
        "firms",
        "SELECT count(*) FROM firm WHERE uscc = :mark AND version = 1",
    ),
}
_COMMITTED = "SELECT count(*) FROM import_batch WHERE id = :id AND state = 'COMMITTED'"
_BURIED = "SELECT count(*) FROM dead_letter WHERE key = :key"


@dataclass(frozen=True, slots=True)
class Gap:
    """A fail point, the service that dies there, and what is done until it does."""

    point: str
    service: str
    provoke: str = "wait"


_RELAY = ("relay.before_append", "relay.after_append_before_mark", "relay.after_mark")
_FEED = ("feed.after_effect_before_commit", "feed.after_commit")
_BURYING = ("feed.after_bury_before_commit", "feed.after_forward_before_mark")
_IMPORT = ("import.after_begin", "import.before_commit", "import.after_commit")
_INDEX = (
    "index.after_files_before_aside",
    "index.after_aside_before_current",
    "index.after_current_before_cleaning",
)
GAPS = (
    *(Gap(point, service) for service in ("talent", "funding") for point in _RELAY),
    *(Gap(point, service) for service in ("talent", "matcher") for point in _FEED),
    *(Gap(point, "matcher") for point in ("settle.before_commit", "settle.after_commit")),
    *(Gap(point, "matcher", "poison") for point in _BURYING),
    *(Gap(point, service, "import") for service in _IMPORTS for point in _IMPORT),
    *(Gap(point, "matcher", "save") for point in _INDEX),
    Gap("erasure.after_commit_before_scrub", "talent", "erase"),
)


@dataclass
class Provoking:
    """What is done so that a service comes to a gap, and what must have become of it."""

    house: House
    seed: int
    words: list[bytes] = field(default_factory=list)
    _imported: list[tuple[str, str, str]] = field(default_factory=list)
    _poison: list[str] = field(default_factory=list)
    _open: list[threading.Thread] = field(default_factory=list)

    def do(self, gap: Gap) -> None:
        """Once; returns before it is answered, because whoever answers may die."""
        acts: dict[str, Callable[[Gap], None]] = {
            "wait": lambda _: None,
            "poison": self._bury,
            "import": self._import,
            "save": self._save,
            "erase": self._erase,
        }
        acts[gap.provoke](gap)

    def settle(self, seconds: float) -> Iterator[str]:
        """Wait until every call has found its end."""
        for service in _IMPORTS:
            self._time_passes(service)
        for each in self._open:
            each.join(seconds)
            if each.is_alive():
                yield "a provoked call found no end"
        self._open.clear()

    def violations(self) -> Iterator[str]:
        """What was imported is there once, what was broken is set aside once by each of its readers."""
        for service, id_, mark in self._imported:
            _, _, _, _, there = _IMPORTS[service]
            for query, given in ((there, {"mark": mark}), (_COMMITTED, {"id": id_})):
                if (count := checks.ask(self.house, service, query, **given)[0][0]) != 1:
                    yield f"import {mark} of {service}: {count} rows, not 1: {query}"
        for service in ("talent", "matcher"):
            for key in self._poison:
                if (count := checks.ask(self.house, service, _BURIED, key=key)[0][0]) != 1:
                    yield f"{service} set a broken record aside {count} times"

    def is_planted(self, said: str) -> bool:
        """Whether a violation is one of the broken records, which are to be set aside."""
        return any(key in said for key in self._poison)

    def _bury(self, _: Gap) -> None:
        """A record that is no event."""
        key = f"poison-{uuid4().hex}"
        self._poison.append(key)
        log = open_log(self.house.settings.log_url)
        try:
            log.append([Record(PERSONS.name, key, b"broken", {"ce_id": str(uuid4()), "ce_sequence": "1"})])
        finally:
            log.close()

    def _import(self, gap: Gap) -> None:
        number, id_ = len(self._imported) + 1, str(uuid4())
        if gap.service == "talent":
            row = {**PERSON, "ref": f"G{self.seed}-{number}", "name": "缺口演示"}
            mark = row["ref"]
        else:
            row = firm(90_000 - 100 * self.seed - number)
            mark = row["uscc"]
        self._imported.append((gap.service, id_, mark))
        self._begin(self._send, gap.service, id_, csv_of(row))

    def _send(self, service: str, id_: str, data: bytes) -> None:
        """As a careful client does: under the same request id until it is answered."""
        stub, messages, _, sheet, _ = _IMPORTS[service]
        header = ImportHeader(
            filename=f"{sheet}.csv",
            sheet=sheet,
            mode=ImportMode.IMPORT_MODE_GOOD_ROWS,
            request_id=id_,
            size_bytes=len(data),
        )
        part = messages.ImportWorkbookRequest

        def send(channel: grpc.Channel) -> None:
            stub(channel).ImportWorkbook(iter([part(header=header), part(data=data)]), timeout=CALL_SECONDS)

        self._insist(service, send, lambda: self._time_passes(service))

    def _erase(self, _: Gap) -> None:
        canary = Canary(f"缺口{uuid4().hex[:16]}")
        with self.house.installation.channel("talent") as channel:
            stub = library_service_pb2_grpc.LibraryServiceStub(channel)
            made = library_service_pb2.CreatePersonRequest(person=canary.record(), request_id=str(uuid4()))
            name = stub.CreatePerson(made, timeout=CALL_SECONDS).name
        ask_to_erase(self.house.installation, name, canary.word)
        self.words.append(canary.word.encode())
        given = library_service_pb2.ErasePersonRequest(
            name=name, reason=f"{canary.word}本人要求", request_id=str(uuid4())
        )

        def send(channel: grpc.Channel) -> None:
            library_service_pb2_grpc.LibraryServiceStub(channel).ErasePerson(given, timeout=CALL_SECONDS)

        self._begin(self._insist, "talent", send)

    def _save(self, gap: Gap) -> None:
        """A matcher that ends writes its index."""
        running = self.house.installation.running
        next(each for each in running if each.name == gap.service).process.send_signal(signal.SIGTERM)

    def _begin(self, act: Callable[..., None], *given: Any) -> None:
        thread = threading.Thread(target=act, args=given, daemon=True)
        self._open.append(thread)
        thread.start()

    def _insist(
        self, service: str, send: Callable[[grpc.Channel], None], between: Callable[[], None] = lambda: None
    ) -> None:
        while True:
            with self.house.installation.channel(service) as channel:
                try:
                    send(channel)
                    return
                except grpc.RpcError:
                    threading.Event().wait(_AGAIN_SECONDS)
            between()

    def _time_passes(self, service: str) -> None:
        """Imports that were running have been silent for as long as makes them interrupted."""
        table, silent = _IMPORTS[service][2], datetime.now(UTC) - 2 * SILENT_FOR
        database = self.house.database(service)
        try:
            with database.write() as session:
                session.execute(update(table).where(table.c.state == "RUNNING").values(heard_at=silent))
        finally:
            database.close()
