"""An embedded installation put back from a backup: its databases, its log, and whoever was erased since."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from services.chassis.fail_points import EXIT_KILLED
from services.chassis.keys import ensure_local_keys
from services.chassis.log.log import Record, TopicPolicy, open_log
from services.chassis.sealing import SealBroken
from services.chassis.settings import Settings, load_settings
from services.chassis.storage.db import Database, open_engine
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.running import backup, processes
from services.cli.session import Session
from services.kernel.clock import ManualClock
from services.kernel.errors import AlreadyExists, FailedPrecondition, NotFound, Unavailable
from services.kernel.ids import TimeOrderedIds
from services.matcher.domain.partners.partner import Scope
from services.matcher.service.partners.partners import Partners, find_key
from services.matcher.store.mapping import map_aggregates
from services.talent.domain.people.person import PersonStatus
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.withdrawing import Withdrawing
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library
from tests.servers.dying import dies_at
from tests.servers.schemas import give_schema

Found = TypeVar("Found")
TOPIC = "bole.persons.v1"
CLOCK = ManualClock(datetime(2026, 7, 1, 2, tzinfo=UTC))
KEK = bytes(range(32))
"""That of `Talent`."""
REASONS = {
    "damaged": "BACKUP_UNUSABLE",
    "other keys": "OTHER_KEYS",
    "sealed under another key": "SEAL_BROKEN",
}


@pytest.fixture
def session(tmp_path: Path, quick_tools: None) -> Iterator[Session]:
    """An installation with three empty databases and a log; nothing of it runs."""
    settings = processes.free_addresses(load_settings({"BOLE_DATA_DIR": str(tmp_path / "data")}))
    ensure_local_keys(settings.keys_dir)
    (settings.keys_dir / "kek").write_bytes(KEK)
    for name in processes.SERVICES:
        give_schema(name, settings.database_url(name))
    write(settings, b"before")
    with Session(settings, Output(Format.TABLE, "zh")) as made:
        yield made


def write(settings: Settings, value: bytes) -> None:
    with closing(open_log(settings.log_url)) as log:
        log.ensure_topics({TOPIC: TopicPolicy.RETAIN_30_DAYS})
        log.append([Record(TOPIC, "k", value)])


def values(settings: Settings) -> list[bytes | None]:
    with closing(open_log(settings.log_url)) as log:
        return [each.value for each in log.read(TOPIC, 0, 9)]


def in_library(settings: Settings, act: Callable[[Library], Found]) -> Found:
    with closing(Database(open_engine(settings.database_url("talent")))) as database:
        return act(Library(Talent.over(database, CLOCK)))


def changed(library: Library, erased: str) -> str:
    """Somebody is erased; the id of somebody new."""
    with library.database.write() as session:
        Erasing(library.people).erase(session, library.people.get(session, erased), "tester")
    return library.register(ref="丙三", name="丙三")


def there(library: Library, id_: str) -> bool:
    try:
        library.get(id_)
    except NotFound:
        return False
    return True


def test_a_backup_is_put_back_without_whom_was_erased_since(session: Session, tmp_path: Path) -> None:
    settings, kept = session.settings, tmp_path / "backup"
    erased, stays = in_library(
        settings, lambda library: [library.register(ref=ref, name=ref) for ref in ("甲一", "乙二")]
    )
    backup.back_up(session, kept)
    with pytest.raises(AlreadyExists):
        backup.back_up(session, kept)
    write(settings, b"after")
    late = in_library(settings, lambda library: changed(library, erased))

    backup.restore(session, kept, None)

    assert values(settings) == [b"before"]
    assert in_library(settings, lambda library: [there(library, id_) for id_ in (erased, stays, late)]) == [
        False,
        True,
        False,
    ]
    [aside] = settings.data_dir.glob("before-restore-*")
    assert {"talent.db", "funding.db", "matcher.db", backup.LOG} <= {each.name for each in aside.iterdir()}
    assert not list(settings.data_dir.glob(".restoring-*"))


def test_who_withdrew_since_the_backup_has_withdrawn_after_it(session: Session, tmp_path: Path) -> None:
    settings, kept = session.settings, tmp_path / "backup"
    [left] = in_library(settings, lambda library: [library.register(ref="甲一", name="甲一")])
    backup.back_up(session, kept)

    def withdraw(library: Library) -> None:
        with library.database.write() as opened:
            Withdrawing(library.people).withdraw(
                opened, library.people.get(opened, left), "本人要求", "tester"
            )

    in_library(settings, withdraw)
    backup.restore(session, kept)
    assert in_library(settings, lambda library: library.get(left).status) is PersonStatus.WITHDRAWN


@pytest.mark.parametrize("point", ["restore.after_aside:1", "restore.after_aside:3", "restore.after_place:1"])
def test_a_restore_that_died_twice_brings_nobody_back(session: Session, tmp_path: Path, point: str) -> None:
    settings, kept = session.settings, tmp_path / "backup"
    erased, stays = in_library(
        settings, lambda library: [library.register(ref=ref, name=ref) for ref in ("甲一", "乙二")]
    )
    backup.back_up(session, kept)
    late = in_library(settings, lambda library: changed(library, erased))
    for each in (point, f"{point.partition(':')[0]}:1"):
        assert dies_at(each, lambda: backup.restore(session, kept, None)) == EXIT_KILLED

    backup.restore(session, kept, None)

    assert in_library(settings, lambda library: [there(library, id_) for id_ in (erased, stays, late)]) == [
        False,
        True,
        False,
    ]
    assert values(settings) == [b"before"]
    assert not list(settings.data_dir.glob(".restoring-*"))


@pytest.mark.parametrize("wrong", ["other keys", "damaged", "sealed under another key"])
def test_what_cannot_be_put_back_changes_nothing(session: Session, tmp_path: Path, wrong: str) -> None:
    settings, kept = session.settings, tmp_path / "backup"
    backup.back_up(session, kept)
    write(settings, b"after")
    if wrong == "damaged":
        (kept / "funding.db").write_bytes(b"")
    else:
        key = "kek" if wrong == "other keys" else "backup"
        (settings.keys_dir / key).write_bytes(bytes(32))
    with pytest.raises((FailedPrecondition, SealBroken)) as caught:
        backup.restore(session, kept, None)
    assert caught.value.reason == REASONS[wrong]
    assert values(settings) == [b"before", b"after"]
    assert not list(settings.data_dir.glob("before-restore-*"))


def test_the_list_of_the_erased_only_grows(session: Session, tmp_path: Path) -> None:
    settings, kept = session.settings, tmp_path / "erased.txt"
    first, second = in_library(
        settings, lambda library: [library.register(ref=ref, name=ref) for ref in ("甲一", "乙二")]
    )
    in_library(settings, lambda library: changed(library, first))
    kept.write_text("somebody-of-another-list\n")
    backup.write_erasures(session, kept)
    assert kept.read_text().split() == sorted([first, "somebody-of-another-list"])
    assert second not in kept.read_text()


@pytest.mark.parametrize("point", ["kept_list.after_write_before_place:1", "kept_list.after_place:1"])
def test_a_list_of_the_erased_whose_writing_died_is_whole(
    session: Session, tmp_path: Path, point: str
) -> None:
    kept = tmp_path / "erased.txt"
    kept.write_text("somebody-of-another-list\n")
    [first] = in_library(session.settings, lambda library: [library.register(ref="甲一", name="甲一")])
    in_library(session.settings, lambda library: changed(library, first))
    dying = session.settings.model_copy(update={"failpoint": point})
    for _ in range(2):
        assert processes.run_tool("talent", ["erasures", str(kept)], dying).returncode == EXIT_KILLED
        assert kept.read_text().split() in (
            ["somebody-of-another-list"],
            sorted([first, "somebody-of-another-list"]),
        )
    backup.write_erasures(session, kept)
    assert kept.read_text().split() == sorted([first, "somebody-of-another-list"])
    assert [each.name for each in tmp_path.iterdir() if "erased" in each.name] == ["erased.txt"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", "姓名,单位\n".encode()], ids=["bytes", "a table"])
def test_a_file_that_is_no_list_is_neither_read_nor_overwritten(
    session: Session, tmp_path: Path, content: bytes
) -> None:
    kept = tmp_path / "other.csv"
    kept.write_bytes(content)
    with pytest.raises(Unavailable, match="erasures"):
        backup.write_erasures(session, kept)
    assert kept.read_bytes() == content
    done = processes.run_tool("talent", ["erase-again", str(kept)], session.settings)
    assert (done.returncode, "Traceback" in done.stderr) == (78, False)


@pytest.mark.parametrize(
    ("service", "arguments"),
    [
        ("talent", ["erase-again"]),
        ("talent", ["erase-again", "a", "b"]),
        ("talent", ["erasures", "a", "b"]),
        ("matcher", ["revoke-again"]),
        ("matcher", ["revocations", "a", "b"]),
    ],
)
def test_a_tool_that_is_used_wrongly_says_how(session: Session, service: str, arguments: list[str]) -> None:
    done = processes.run_tool(service, arguments, session.settings)
    assert done.returncode == 78
    assert f"用法：python -m services.{service} {arguments[0]}" in done.stderr
    assert f"usage: python -m services.{service} {arguments[0]}" in done.stderr


def keys(settings: Settings, act: Callable[[Partners, Any], Found]) -> Found:
    map_aggregates()
    with (
        closing(Database(open_engine(settings.database_url("matcher")))) as database,
        database.write() as opened,
    ):
        return act(Partners(b"pepper", TimeOrderedIds(CLOCK), CLOCK), opened)


@pytest.mark.parametrize("known", ["by what is replaced", "by the list beside the backup"])
def test_a_key_that_was_revoked_since_the_backup_does_not_count_after_it(
    session: Session, tmp_path: Path, known: str
) -> None:
    settings, kept, listed = session.settings, tmp_path / "backup", tmp_path / "revoked.txt"

    def make(partners: Partners, opened: Any) -> list[str]:
        made = partners.create(opened, "合作方")
        opened.flush()
        both = [partners.create_key(opened, made.id, "", Scope.FULL, None)[0] for _ in range(2)]
        return [made.id, *(each.key_id for each in both)]

    (partner, gone, stays) = keys(settings, make)
    backup.back_up(session, kept)
    keys(settings, lambda partners, opened: partners.revoke(opened, partner, gone))
    if known == "by the list beside the backup":
        backup.write_revocations(session, listed)
        assert listed.read_text() == f"partners/{partner}/keys/{gone}\n"
        for path in settings.data_dir.glob("matcher.db*"):
            path.unlink()  # the database is lost

    backup.restore(session, kept, revocations=listed if listed.exists() else None)

    map_aggregates()
    with closing(Database(open_engine(settings.database_url("matcher")))) as database:
        assert find_key(database, gone) is None
        assert find_key(database, stays) is not None


def test_a_list_of_erasures_is_none_of_revocations(session: Session, tmp_path: Path) -> None:
    kept = tmp_path / "erased.txt"
    kept.write_text("01jd0000000000000000000000\n")
    with pytest.raises(Unavailable, match="revocations"):
        backup.write_revocations(session, kept)
