"""The whole house as processes: import, match, stream; the matcher is killed in the middle of the stream."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from bole.common.v1 import direction_share_pb2
from bole.talent.v1 import library_service_pb2 as wire
from bole.talent.v1 import library_service_pb2_grpc, person_pb2
from services.chassis.rpc.wire import date_to_wire
from services.cli import importing, processes
from services.cli.importing import Mode
from services.cli.output import Format, Output
from services.cli.session import Session
from services.cli.stream import Subscriber
from services.kernel.clock import civil_date
from services.sample import write_sample
from tests.contract.installation import Installation, installation, staff_token

PEOPLE = 9
KILLED_AFTER = 3
SECONDS = 300.0


@pytest.fixture(params=["embedded", "full"])
def house(request: Any, tmp_path: Path) -> Iterator[Installation]:
    """SQLite and the embedded log, then PostgreSQL and Kafka."""
    settings: dict[str, str] = {}
    if request.param == "full":
        server, broker = request.getfixturevalue("postgres"), request.getfixturevalue("kafka")
        for name in processes.SERVICES:
            settings[f"{name}_database_url"] = server.database_url(server.create_database(name))
        settings["log_url"] = broker.url
    made = installation(tmp_path, **settings)
    made.start()
    yield made
    made.stop()


def session(house: Installation, **credentials: Any) -> Session:
    token = staff_token(house)
    given: dict[str, Any] = credentials or {"token": token}
    return Session(house.settings, Output(Format.TABLE, "zh"), **given)


def register(staff: Session, number: int) -> person_pb2.Person:
    stub = library_service_pb2_grpc.LibraryServiceStub(staff.channel("talent"))
    person = person_pb2.Person(
        source_ref=f"E2E-{uuid4()}",
        display_name="演示人",
        category_code="outstanding-engineer",
        city_code="nantong",
        availability=person_pb2.AVAILABILITY_NOW,
        direction_shares=[direction_share_pb2.DirectionShare(code="seawater-h2", permille=1000)],
        job_title="海水制氢工程师",
        profile=f"海水直接电解制氢电解槽设计，膜电极耐氯腐蚀，第{number}号。",
        observed_date=date_to_wire(date(2026, 6, 1)),
        purposes=[person_pb2.CONSENT_PURPOSE_MATCH_POSITION, person_pb2.CONSENT_PURPOSE_MATCH_FIRM],
    )
    made: person_pb2.Person = stub.CreatePerson(
        wire.CreatePersonRequest(person=person, request_id=str(uuid4())), timeout=60
    )
    return made


def partner(house: Installation) -> Session:
    made = processes.run_tool("matcher", ["add-partner", "测试合作方"], house.settings)
    assert made.returncode == 0, made.stderr
    return session(house, partner_key=made.stdout.strip())


def test_every_event_comes_once_and_in_order_though_the_matcher_dies(
    house: Installation, tmp_path: Path
) -> None:
    workbook = tmp_path / "sample.xlsx"
    write_sample(workbook, "small", as_of=civil_date(datetime.now(UTC)))
    staff = session(house)
    for service in ("talent", "funding"):
        assert importing.send(staff, service, workbook, Mode.IMPORT_MODE_GOOD_ROWS).committed
    before = house.wait_level()
    watcher = Subscriber(partner(house))
    watcher.connect()
    for number in range(KILLED_AFTER):
        register(staff, number)
    assert watcher.wait(lambda: len(watcher.arrivals) > 0, SECONDS)
    house.kill("matcher")
    for number in range(KILLED_AFTER, PEOPLE):
        register(staff, number)
    watcher.cut()
    watcher.failure = None
    house.start("matcher")
    last = house.wait_level()
    watcher.connect()
    watcher.wait(lambda: bool(watcher.arrivals) and watcher.arrivals[-1].event.sequence >= last, SECONDS)
    watcher.cut()
    sequences = [arrival.event.sequence for arrival in watcher.arrivals]
    assert sequences == list(range(before + 1, last + 1))
    assert watcher.gaps() == 0
    assert watcher.duplicates() == 0
    created = {a.event.candidate for a in watcher.arrivals if a.event.kind == "person-position"}
    assert all(name.startswith("subjects/") for name in created)
    staff.close()
