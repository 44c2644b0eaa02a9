import threading

import pytest
from sqlalchemy import text

from services.chassis.process.background import Background, Over, Rounds
from services.chassis.process.readiness import Readiness
from services.chassis.storage.db import Database


def fail(stop: threading.Event) -> None:
    raise RuntimeError("a fault nobody thought of")


def end(stop: threading.Event) -> None:
    raise Over


@pytest.mark.parametrize(
    ("schema", "service", "ready"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_ready_when_all_agree(database: Database, schema: bool, service: bool, ready: bool) -> None:
    assert Readiness(database, lambda: schema, [], lambda: service)() is ready


def test_a_process_whose_loop_has_ended_is_not_ready_and_one_whose_loop_fails_is(database: Database) -> None:
    failing, over = Background("failing", Rounds(fail, "a round failed")), Background("over", Rounds(end, ""))
    readiness = Readiness(database, lambda: True, [failing], lambda: True)
    assert not readiness()
    failing.start()
    assert readiness()
    over.start()
    over.stop()
    assert not Readiness(database, lambda: True, [failing, over], lambda: True)()
    failing.stop()
    assert not readiness()


def test_who_writes_keeps_nobody_from_asking_whether_the_database_answers(database: Database) -> None:
    with database.write() as session:
        session.execute(text("CREATE TEMPORARY TABLE trial (id integer)"))
        database.ask()
