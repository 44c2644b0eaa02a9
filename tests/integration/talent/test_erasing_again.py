"""A library restored from before an erasure: whoever was erased is erased again before anybody can ask for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from services.chassis.audit.audit import Audit, verify
from services.chassis.storage.db import Database, open_engine
from services.cli.running.snapshots import take
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.erasing_again import ErasingAgain, erased, tell_erased
from services.talent.store.schema import shared
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library

CANARY = "金丝雀canary"


@pytest.fixture
def restored(library: Library, tmp_path: Path) -> Iterator[Library]:
    """The library as a backup has it that was made before the erasure; two people are in it."""
    for name in (f"{CANARY}名", "另一人"):
        library.register(ref=name, name=name, phone=f"139{len(name):08d}")
    take({"talent.db": tmp_path / "talent.db"}, tmp_path / "backup")
    database = Database(open_engine(f"sqlite:///{tmp_path}/backup/talent.db"))
    yield Library(Talent.over(database, library.clock))
    database.close()


def again(library: Library) -> ErasingAgain:
    return ErasingAgain(library.database, Erasing(library.people), Audit(shared.audit), library.clock)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whoever_was_erased_stays_erased_after_an_older_backup(
    library: Library, restored: Library, tmp_path: Path
) -> None:
    with library.database.read() as session:
        ids = dict(session.execute(select(shared.history.c.id, shared.history.c.entity)).all())
    first, second = sorted(id_ for id_, entity in ids.items() if entity == "person")
    with library.database.write() as session:
        Erasing(library.people).erase(session, library.people.get(session, first), "tester")
    gone = erased(library.database)
    assert gone == [first]
    kept = tmp_path / "kept" / "erased.txt"
    for known in (library, restored):  # a restored library takes nobody off the list
        assert tell_erased(known.database, [str(kept)]) == 0
        assert kept.read_text() == f"{first}\n"
    assert erased(restored.database) == []
    assert CANARY.encode() in (tmp_path / "backup" / "talent.db").read_bytes()
    assert again(restored).run([*gone, "nobody"]) == 1
    assert again(restored).run(gone) == 0
    assert erased(restored.database) == [first]
    assert restored.get(second).id == second
    for file in (tmp_path / "backup").iterdir():
        assert CANARY.encode() not in file.read_bytes(), file.name
    with restored.database.read() as session:
        told = session.execute(select(shared.outbox.c.topic, shared.outbox.c.payload)).all()
    assert {topic for topic, payload in told if payload is None} == {"bole.keys.v1", "bole.persons.v1"}
    assert verify(restored.database, shared.audit).head.sequence == 1
    with restored.database.write() as session:
        assert restored.talent.counter.rebuild(session, check=True) == (0, 0)
