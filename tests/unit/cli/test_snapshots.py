import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from services.chassis.fail_points import EXIT_KILLED
from services.cli.running.snapshots import (
    CLEAR,
    MANIFEST,
    SEALED,
    Manifest,
    put_back,
    read_manifest,
    take,
    take_sealed,
    write_manifest,
)
from services.kernel.errors import FailedPrecondition, Unavailable
from tests.servers.dying import dies_at

NAMES = ("a.db", "b.db", "c.db")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Three files with a counter each."""
    made = {name: tmp_path / name for name in NAMES}
    for path in made.values():
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE counter (value INTEGER)")
            connection.execute("INSERT INTO counter VALUES (0)")
            connection.commit()
    return made


@pytest.fixture
def busy(files: dict[str, Path]) -> Iterator[None]:
    """A writer that raises the counters one after the other, from the first to the last, without a pause."""
    stop, begun = threading.Event(), threading.Event()

    def write() -> None:
        connections = [sqlite3.connect(path, timeout=60, isolation_level=None) for path in files.values()]
        while not stop.is_set():
            for connection in connections:
                connection.execute("UPDATE counter SET value = value + 1")
            begun.set()
        for connection in connections:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait(60)
    yield
    stop.set()
    writer.join()


def value(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT value FROM counter").fetchone()[0])


@pytest.mark.usefixtures("busy")
def test_copies_taken_among_writes_are_of_one_instant(files: dict[str, Path], tmp_path: Path) -> None:
    for turn in range(5):
        take(files, tmp_path / f"backup-{turn}")
        first, second, third = (value(tmp_path / f"backup-{turn}" / name) for name in NAMES)
        assert first >= second >= third >= first - 1


def made(files: dict[str, Path], folder: Path) -> Manifest:
    manifest = Manifest(CLEAR, "2026-11-26T08:00:00+00:00", "key", take(files, folder))
    write_manifest(folder, manifest)
    return manifest


def test_a_backup_is_as_its_manifest_says(files: dict[str, Path], tmp_path: Path) -> None:
    manifest = made(files, tmp_path / "kept")
    assert read_manifest(tmp_path / "kept") == manifest


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "no manifest", "other format", "climbs"])
def test_a_damaged_backup_is_refused(files: dict[str, Path], tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "kept"
    manifest = made(files, folder)
    one, content = folder / "b.db", (folder / "b.db").read_bytes()
    if damage == "flip":
        one.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    elif damage == "cut":
        one.write_bytes(content[:-1])
    elif damage == "gone":
        one.unlink()
    elif damage == "no manifest":
        (folder / MANIFEST).unlink()
    elif damage == "other format":
        write_manifest(folder, Manifest(3, manifest.made_at, manifest.keys, manifest.files))
    else:
        write_manifest(folder, Manifest(CLEAR, "", "", {"../a.db": manifest.files["a.db"]}))
    with pytest.raises(FailedPrecondition) as caught:
        read_manifest(folder)
    assert caught.value.reason == "BACKUP_UNUSABLE"


def test_a_file_that_is_not_there_makes_no_backup(files: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        take(files | {"d.db": tmp_path / "none.db"}, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


KEY = bytes(range(32))


def sealed(files: dict[str, Path], folder: Path) -> Manifest:
    def described(digests: Mapping[str, str]) -> Manifest:
        return Manifest(SEALED, "2026-11-26T08:00:00+00:00", "key", digests)

    return take_sealed(files, folder, KEY, beside=folder.parent / "data", described=described)


def test_a_sealed_backup_is_put_back_and_says_nothing_in_clear(
    files: dict[str, Path], tmp_path: Path
) -> None:
    manifest = sealed(files, tmp_path / "kept")
    assert read_manifest(tmp_path / "kept") == manifest
    for path in (tmp_path / "kept").glob("*.db"):
        assert b"SQLite" not in path.read_bytes()
        assert b"counter" not in path.read_bytes()
    assert not [each for each in (tmp_path / "data").rglob("*") if each.is_file()]
    (tmp_path / "stage").mkdir()
    put_back(tmp_path / "kept", manifest, tmp_path / "stage", lambda: KEY)
    assert [value(tmp_path / "stage" / name) for name in NAMES] == [0, 0, 0]


def test_a_backup_from_before_they_were_sealed_is_put_back(files: dict[str, Path], tmp_path: Path) -> None:
    manifest = made(files, tmp_path / "kept")
    (tmp_path / "stage").mkdir()

    def no_key() -> bytes:
        raise AssertionError("a key was asked for")

    put_back(tmp_path / "kept", manifest, tmp_path / "stage", no_key)
    assert [value(tmp_path / "stage" / name) for name in NAMES] == [0, 0, 0]


def test_a_full_disk_is_no_fault_of_the_backup(files: dict[str, Path], tmp_path: Path) -> None:
    manifest = made(files, tmp_path / "kept")
    (tmp_path / "stage").mkdir()
    (tmp_path / "stage" / "b.db").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space"):
        put_back(tmp_path / "kept", manifest, tmp_path / "stage", lambda: KEY)


def test_copies_in_clear_that_a_killed_backup_left_go_with_the_next(
    files: dict[str, Path], tmp_path: Path
) -> None:
    left = tmp_path / "data" / ".backing-up" / "copies"
    left.mkdir(parents=True)
    (left / "a.db").write_bytes(b"left")
    sealed(files, tmp_path / "kept")
    assert not left.exists()


@pytest.mark.parametrize(
    "point",
    [
        "backup.after_copies:1",
        "backup.after_seal:1",
        "backup.after_seal:3",
        "backup.after_manifest_before_place:1",
        "backup.after_place:1",
    ],
)
def test_a_backup_that_died_is_whole_or_not_there_and_is_made_again(
    files: dict[str, Path], tmp_path: Path, point: str
) -> None:
    kept = tmp_path / "kept"
    assert dies_at(point, lambda: sealed(files, kept)) == EXIT_KILLED
    assert kept.exists() == (point == "backup.after_place:1")
    if kept.exists():
        assert set(read_manifest(kept).files) == set(NAMES)
        kept = tmp_path / "another"
    manifest = sealed(files, kept)
    assert read_manifest(kept) == manifest
    assert not list(tmp_path.glob("*.partial"))
    assert not [each for each in (tmp_path / "data").rglob("*") if each.is_file()]


def test_what_somebody_else_has_put_there_stays(files: dict[str, Path], tmp_path: Path) -> None:
    others = tmp_path / "kept.partial" / "letters.txt"
    others.parent.mkdir()
    others.write_text("mine")
    with pytest.raises(Unavailable):
        sealed(files, tmp_path / "kept")
    assert others.read_text() == "mine"
    assert not (tmp_path / "kept").exists()


def test_a_copy_holds_nothing_of_what_was_deleted(files: dict[str, Path], tmp_path: Path) -> None:
    with closing(sqlite3.connect(files["a.db"])) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("CREATE TABLE letter (text TEXT)")
        connection.executemany("INSERT INTO letter VALUES (?)", [("canary" * 20,)] * 200)
        connection.commit()
        connection.execute("DELETE FROM letter")
        connection.commit()
    assert b"canarycanary" in files["a.db"].read_bytes()
    take(files, tmp_path / "backup")
    assert b"canarycanary" not in (tmp_path / "backup" / "a.db").read_bytes()
