"""P19: database, broker and the three services are started in any order, and all are ready soon after the last of what
they need. A seed is one of the 120 orders.
"""

import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import permutations
from pathlib import Path

from services.cli.running import processes
from tests.contract.coverage import PATIENCE
from tests.contract.installation import installation
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.servers.schemas import give_schema

ORDERS = tuple(permutations(("database", "broker", *processes.SERVICES)))
READY_SECONDS = 30.0
APART_SECONDS = 1.0


def violations(seed: int, apart_seconds: float = APART_SECONDS) -> list[str]:
    """Everything that does not hold when all is started in the order of this seed."""
    order = ORDERS[(seed - 1) % len(ORDERS)]
    with ExitStack() as stack:
        database = stack.enter_context(PostgresServer(durable=True))
        broker = stack.enter_context(KafkaServer())
        given = {
            f"{name}_database_url": database.database_url(database.create_database(name))
            for name in processes.SERVICES
        }
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        house = installation(directory, **given, log_url=broker.url)
        for name in processes.SERVICES:
            give_schema(name, house.settings.database_url(name))
        database.stop()
        broker.stop()
        stack.callback(house.stop)
        starts: dict[str, Callable[[], object]] = {"database": database.start, "broker": broker.start}
        for what in order:
            starts.get(
                what, lambda name=what: house.running.extend(processes.start(house.settings, [name]))
            )()
            threading.Event().wait(apart_seconds)
        return _judged(order, house.running)


def _judged(order: tuple[str, ...], running: list[processes.Running]) -> list[str]:
    """What ended, and what is ready too late, counted from the last start."""
    began, found = time.monotonic(), []
    processes.wait_ready(running, PATIENCE)
    if (took := time.monotonic() - began) > READY_SECONDS:
        found.append(f"{' '.join(order)}: ready after {took:.0f} s")
    return found + [f"{each.name} ended" for each in running if each.process.poll() is not None]
