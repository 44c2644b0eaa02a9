import threading

import pytest

from services.chassis.background import Background
from services.chassis.db import Database
from services.chassis.readiness import Readiness


def wait(stop: threading.Event) -> None:
    stop.wait()


def fail(stop: threading.Event) -> None:
    raise RuntimeError("a fault nobody thought of")


@pytest.mark.parametrize(
    ("schema", "service", "ready"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_ready_when_all_agree(database: Database, schema: bool, service: bool, ready: bool) -> None:
    assert Readiness(database, lambda: schema, [], lambda: service)() is ready


def test_a_process_whose_loop_has_died_is_not_ready(database: Database) -> None:
    loop, broken = Background("loop", wait), Background("broken", fail)
    readiness = Readiness(database, lambda: True, [loop], lambda: True)
    assert not readiness()
    loop.start()
    assert readiness()
    broken.start()
    broken.stop()
    assert not Readiness(database, lambda: True, [loop, broken], lambda: True)()
    loop.stop()
    assert not readiness()
