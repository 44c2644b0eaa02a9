"""A library restored from before a withdrawal: what people took back is not allowed before anybody can ask for it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from services.chassis.audit.audit import Audit
from services.chassis.storage.db import Database, open_engine
from services.cli.running.snapshots import take
from services.talent.domain.people.person import PersonStatus, Purpose
from services.talent.domain.privacy.consent import Consent, ConsentKind
from services.talent.service.privacy.consenting import Consenting
from services.talent.service.privacy.erasing_again import LIST, tell_erased
from services.talent.service.privacy.withdrawing import Withdrawing
from services.talent.service.privacy.withdrawing_again import Withdrawal, WithdrawingAgain, withdrawn
from services.talent.store.schema import shared
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library

ALLOWED = frozenset({Purpose.STATISTICS, Purpose.MATCH_POSITION})


@pytest.fixture
def people(library: Library) -> list[str]:
    """Who leaves, who takes one use back, and who does neither."""
    return [
        library.register(ref=name, name=name, phone=f"1390000000{at}") for at, name in enumerate("甲乙丙")
    ]


@pytest.fixture
def restored(library: Library, people: list[str], tmp_path: Path) -> Iterator[Library]:
    """The library as a backup has it that was made before anybody took anything back."""
    take({"talent.db": tmp_path / "talent.db"}, tmp_path / "backup")
    database = Database(open_engine(f"sqlite:///{tmp_path}/backup/talent.db"))
    yield Library(Talent.over(database, library.clock))
    database.close()


def take_back(library: Library, leaves: str, partly: str) -> None:
    library.clock.advance(timedelta(hours=1))
    with library.database.write() as session:
        person = library.people.get(session, leaves)
        Withdrawing(library.people).withdraw(session, person, "本人电话要求", "tester")
        person = library.people.get(session, partly)
        said = Consent(
            record_id=partly,
            kind=ConsentKind.WITHDRAWN,
            purposes=frozenset({Purpose.MATCH_POSITION}),
            effective_at=library.clock.now() - timedelta(minutes=1),
            document="本人来信",
        )
        Consenting(library.people).record(session, person, said, "tester")


def again(library: Library) -> WithdrawingAgain:
    return WithdrawingAgain(library.database, library.people, Audit(shared.audit), library.clock)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_was_taken_back_since_a_backup_is_taken_back_again_once(
    library: Library, people: list[str], restored: Library, tmp_path: Path
) -> None:
    leaves, partly, stays = people
    take_back(library, leaves, partly)
    kept = tmp_path / "kept.txt"
    for known in (library, restored):  # a restored library takes nothing off the list
        assert tell_erased(known.database, [str(kept)]) == 0
    lines = kept.read_text().split()
    assert {each.partition("@")[0] for each in lines} == {leaves, partly}
    assert all(LIST.is_entry(each) for each in lines)
    assert "来信" not in kept.read_text()

    listed = [Withdrawal.read(each) for each in lines]
    library.clock.advance(timedelta(days=1))
    assert [again(restored).run(listed) for _ in range(2)] == [2, 0]
    assert restored.get(leaves).status is PersonStatus.WITHDRAWN
    assert restored.get(partly).purposes == frozenset({Purpose.STATISTICS})
    assert (restored.get(stays).status, restored.get(stays).purposes) == (PersonStatus.ACTIVE, ALLOWED)
    assert sorted(each.line() for each in withdrawn(restored.database)) == sorted(lines)
    entries = shared.audit.entries.c
    with restored.database.read() as session:
        said = session.execute(select(entries.action, entries.resource).where(entries.actor == "restore"))
        assert {tuple(row) for row in said} == {
            ("withdraw", f"persons/{leaves}"),
            ("consent", f"persons/{partly}"),
        }
    assert again(library).run(listed) == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_has_allowed_it_again_since_is_left_alone(library: Library, people: list[str]) -> None:
    leaves, partly, _ = people
    take_back(library, leaves, partly)
    listed = withdrawn(library.database)
    library.clock.advance(timedelta(hours=1))
    with library.database.write() as session:
        person = library.people.get(session, partly)
        said = Consent(
            record_id=partly,
            kind=ConsentKind.GIVEN,
            purposes=frozenset({Purpose.MATCH_POSITION}),
            effective_at=library.clock.now(),
            document="本人来函",
        )
        Consenting(library.people).record(session, person, said, "tester")
    assert again(library).run(listed) == 0
    assert library.get(partly).purposes == ALLOWED


@pytest.mark.parametrize(
    "line",
    [
        "",
        "@",
        "a@2026-07-01T00:00:00+00:00",
        "a@2026-07-01T00:00:00:person",
        "a@2026-07-01T00:00:00+00:00:everything",
        "a@yesterday:person",
        "A B@2026-07-01T00:00:00+00:00:person",
    ],
)
def test_what_is_no_line_of_a_list_is_refused(line: str) -> None:
    assert not LIST.is_entry(line)
