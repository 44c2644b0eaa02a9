"""The whole way of a change: a person is registered or withdrawn, the relay tells the log, the matcher reads it and
writes its lists, and a subscriber gets the match events. Three services as processes, with the small sample in them.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from bench.harness import Row, Run
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc
from services.chassis.rpc.wire import instant_from_wire
from services.cli.formats import Format
from services.cli.output import Output
from services.cli.processes import SERVICES
from services.cli.session import Session
from services.cli.stream import Arrival, Subscriber
from tests.contract.installation import Installation, installation, load_sample, staff_token
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.storm.clients import person

NAMES = ("events.way", "events.way.full")
_CHANGES, _PER_SECOND = 300, 5.0
_DIRECTION = "seawater-h2"
_PATIENCE_SECONDS = 300.0


def measure(run: Run) -> Iterator[Row]:
    """The 99th percentile of seconds from the commit of a change to its first match event at the subscriber."""
    for name in NAMES:
        if run.wants(name):
            count = run.size(_CHANGES)
            with ExitStack() as stack:
                lags = sorted(_lags(_begun(run, stack, full=name == "events.way.full"), count))
            engines = "PostgreSQL and Kafka" if name == "events.way.full" else "SQLite and the embedded log"
            yield run.row(
                name,
                _at(lags, 99),
                "s",
                n=count,
                note=f"p99 from the commit to the subscriber; p50 {_at(lags, 50):.3f} s; {engines}, "
                f"{_PER_SECOND:g} people a second registered or withdrawn",
            )


def _begun(run: Run, stack: ExitStack, *, full: bool) -> Installation:
    """An installation that runs, is level, and is stopped at the end of the stack."""
    folder: Path = stack.enter_context(run.folder())
    given = {}
    if full:
        database, broker = (
            stack.enter_context(PostgresServer(durable=True)),
            stack.enter_context(KafkaServer()),
        )
        given = {
            f"{name}_database_url": database.database_url(database.create_database(name)) for name in SERVICES
        }
        given["log_url"] = broker.url
    made = installation(folder, **given)
    stack.callback(made.stop)
    made.start()
    load_sample(made)
    made.wait_level()
    return made


def _lags(of: Installation, count: int) -> list[float]:
    """Seconds for each change, at an even pace."""
    began = datetime.now(UTC)
    session = Session(of.settings, Output(Format.TABLE, "zh"), token=staff_token(of))
    subscriber = Subscriber(session)
    subscriber.connect()
    try:
        with of.channel("talent") as channel:
            _change(library_service_pb2_grpc.LibraryServiceStub(channel), count)
        if not subscriber.wait(lambda: len(_first(subscriber.arrivals, began)) >= count, _PATIENCE_SECONDS):
            raise RuntimeError(f"{len(_first(subscriber.arrivals, began))} of {count} changes were told of")
        return list(_first(subscriber.arrivals, began).values())
    finally:
        subscriber.cut()
        session.close()


def _change(stub: library_service_pb2_grpc.LibraryServiceStub, count: int) -> None:
    """Somebody who belongs into lists is registered, and withdrawn before the next one: each change is told of."""
    due = time.monotonic()
    for number in range(0, count, 2):
        for step in range(2):
            time.sleep(max(0.0, due - time.monotonic()))
            due += 1 / _PER_SECOND
            if step == 0:
                made = stub.CreatePerson(
                    library_service_pb2.CreatePersonRequest(
                        person=person(f"way-{number}", _DIRECTION), request_id=str(uuid4())
                    )
                )
            else:
                stub.WithdrawPerson(
                    library_service_pb2.WithdrawPersonRequest(
                        name=made.name, etag=made.etag, reason="测量", request_id=str(uuid4())
                    )
                )


def _first(arrivals: list[Arrival], began: datetime) -> dict[datetime, float]:
    """By the instant of the change that caused them, how long the first event of each took."""
    found: dict[datetime, float] = {}
    for each in list(arrivals):
        changed = instant_from_wire(each.event.change_time)
        if changed >= began:
            found.setdefault(changed, each.latency_ms / 1000)
    return found


def _at(ordered: list[float], percentile: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percentile // 100)]
