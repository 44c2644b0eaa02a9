"""The whole way of a change: a person is registered or withdrawn, the relay tells the log, the matcher reads it and
writes its lists, and a subscriber gets the match events. Three services as processes, with the small sample in them.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import grpc

from bench.harness import Row, Run
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc
from services.chassis.rpc.wire import instant_from_wire
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.matcher.stream import Arrival, Subscriber
from services.cli.running.processes import SERVICES
from services.cli.session import Session
from tests.contract.installation import Installation, installation, load_sample, staff_token
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.storm.clients import person

NAMES = ("events.way.embedded", "events.way.full")
_CHANGES, _PAUSE_SECONDS = 300, 0.1
"""After each change, so that what it leaves to be done is not in the way of the next."""
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
                f"people registered and withdrawn one after the other",
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
    """Seconds for each change; the next is made when the one before has been told of."""
    last, lags = datetime.now(UTC), []
    session = Session(of.settings, Output(Format.TABLE, "zh"), token=staff_token(of))
    subscriber = Subscriber(session)
    subscriber.connect()
    try:
        with of.channel("talent") as channel:
            for number, _ in enumerate(_changed(channel, count), 1):
                if not subscriber.wait(partial(_told_after, last, subscriber.arrivals), _PATIENCE_SECONDS):
                    raise RuntimeError(f"change {number} of {count} was not told of")
                first = next(each for each in subscriber.arrivals if _changed_at(each) > last)
                lags.append(first.latency_ms / 1000)
                last = _changed_at(first)
                time.sleep(_PAUSE_SECONDS)
                subscriber.arrivals.clear()
        return lags
    finally:
        subscriber.cut()
        session.close()


def _changed(channel: grpc.Channel, count: int) -> Iterator[None]:
    """Somebody who belongs into lists has been registered, or the one before withdrawn: each alone moves a list."""
    stub = library_service_pb2_grpc.LibraryServiceStub(channel)
    for number in range(0, count, 2):
        given = person(f"way-{number}", _DIRECTION)
        made = stub.CreatePerson(
            library_service_pb2.CreatePersonRequest(person=given, request_id=str(uuid4()))
        )
        yield
        stub.WithdrawPerson(
            library_service_pb2.WithdrawPersonRequest(
                name=made.name, etag=made.etag, reason="测量", request_id=str(uuid4())
            )
        )
        yield


def _told_after(last: datetime, arrivals: list[Arrival]) -> bool:
    return bool(arrivals) and _changed_at(arrivals[-1]) > last


def _changed_at(arrival: Arrival) -> datetime:
    return instant_from_wire(arrival.event.change_time)


def _at(ordered: list[float], percentile: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percentile // 100)]
