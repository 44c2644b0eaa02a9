"""Copies of SQLite files that belong together: all of them as they stood at one instant, while others write; sealed."""

import errno
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from services.chassis.fail_points import reach
from services.chassis.files.sealed_files import open_file, seal_file
from services.chassis.files.whole_files import FULL, put_in_place, settle
from services.kernel.errors import FailedPrecondition, Unavailable
from services.kernel.text import Text

MANIFEST = "backup.json"
CLEAR, SEALED = 1, 2
"""Formats: files as they are, which is only read; files sealed under the key of backups."""
_STAGE = ".backing-up"
_BUSY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: when it was made, under which keys, and the SHA-256 of each file as it lies."""

    format: int
    made_at: str
    keys: str
    files: Mapping[str, str]


def take(files: Mapping[str, Path], target: Path) -> dict[str, str]:
    """Copy every file to its name in `target`, which must not exist; the SHA-256 of each copy.

    Writers wait only until every file has been opened for reading: none can commit in between, so that no copy is
    ahead of another. Raises Unavailable when a file cannot be read or stays locked.
    """
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.mkdir(parents=True)
        with ExitStack() as opened:
            readers = {name: opened.enter_context(closing(_open(path))) for name, path in files.items()}
            _begin_together(readers, [opened.enter_context(closing(_open(path))) for path in files.values()])
            for name, reader in readers.items():
                with closing(sqlite3.connect(partial / name)) as copy:
                    reader.backup(copy)
                    copy.execute("VACUUM")  # without what erasures have left in its pages
                settle(partial / name)
    except (sqlite3.Error, OSError) as error:
        raise _failed(error) from error
    digests = {name: digest_of(partial / name) for name in files}
    partial.rename(target)
    return digests


def take_sealed(
    files: Mapping[str, Path],
    target: Path,
    key: bytes,
    *,
    beside: Path,
    described: Callable[[Mapping[str, str]], Manifest],
) -> Manifest:
    """A backup: as `take`, each file sealed under `key`, with the manifest that `described` makes of their digests.

    `target` is there with all that belongs to it or not at all; copies in clear lie within the directory `beside`
    meanwhile. What one that was killed left of either is overwritten. Raises FailedPrecondition while another one runs
    there, Unavailable as `take`.
    """
    partial = target.with_name(f"{target.name}.partial")
    with _alone(beside / _STAGE) as stage:
        take(files, stage / "copies")
        reach("backup.after_copies")
        try:
            _empty(partial, {*files, MANIFEST})
            for name in files:
                seal_file(stage / "copies" / name, partial / name, key, name=name)
                settle(partial / name)
                (stage / "copies" / name).unlink()
                reach("backup.after_seal")
            manifest = described({name: digest_of(partial / name) for name in files})
            write_manifest(partial, manifest)
            reach("backup.after_manifest_before_place")
            put_in_place(partial, target)
            reach("backup.after_place")
        except OSError as error:
            raise _failed(error) from error
    return manifest


def _empty(partial: Path, names: set[str]) -> None:
    """An empty directory, in which one that was killed may have left files of these names and nobody else any."""
    partial.mkdir(parents=True, exist_ok=True)
    for name in names:
        (partial / name).unlink(missing_ok=True)
    if any(partial.iterdir()):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(partial))


def put_back(folder: Path, manifest: Manifest, stage: Path, key: Callable[[], bytes]) -> None:
    """The files of a backup in clear in the directory `stage`. `key` is asked for only if they are sealed.

    Raises SealBroken, FailedPrecondition (BACKUP_UNUSABLE) when they cannot be read; OSError for a full disk.
    """
    for name in manifest.files:
        try:
            if manifest.format == SEALED:
                open_file(folder / name, stage / name, key(), name=name)
            else:
                shutil.copy2(folder / name, stage / name)
        except OSError as error:
            if error.errno in FULL:  # where it goes, and no fault of the backup
                raise
            raise _unusable(folder, name) from error


@contextmanager
def _alone(stage: Path) -> Iterator[Path]:
    """An empty directory that one process has at a time; what one that was killed left in it is deleted."""
    stage.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(stage, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FailedPrecondition(
                Text("另一次备份正在进行，请等它结束", "another backup is being made; wait for its end"),
                reason="BACKUP_RUNNING",
            ) from None
        shutil.rmtree(stage / "copies", ignore_errors=True)
        shutil.rmtree(stage / "copies.partial", ignore_errors=True)
        try:
            yield stage
        finally:
            shutil.rmtree(stage / "copies", ignore_errors=True)
            shutil.rmtree(stage / "copies.partial", ignore_errors=True)
    finally:
        os.close(descriptor)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The last file of a backup. Raises OSError."""
    path = folder / MANIFEST
    path.write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    settle(path)


def read_manifest(folder: Path) -> Manifest:
    """What a backup says of itself, its files being as it says. Raises FailedPrecondition otherwise."""
    try:
        found = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(folder, MANIFEST) from error
    if found.format not in (CLEAR, SEALED):
        raise _unusable(folder, MANIFEST)
    for name, digest in found.files.items():
        path = folder / name
        if Path(name).name != name or not path.is_file() or digest_of(path) != digest:
            raise _unusable(folder, name)
    return found


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _begin_together(readers: Mapping[str, sqlite3.Connection], writers: list[sqlite3.Connection]) -> None:
    for writer in writers:
        writer.execute("BEGIN IMMEDIATE")
    for reader in readers.values():
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
    for writer in writers:
        writer.execute("ROLLBACK")


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
    )


def _failed(error: Exception) -> Unavailable:
    return Unavailable(
        Text(f"备份未能完成：{error}", f"the backup could not be made: {error}"), reason="BACKUP_FAILED"
    )


def _unusable(folder: Path, name: str) -> FailedPrecondition:
    return FailedPrecondition(
        Text(
            f"备份 {folder} 中的 {name} 缺失或与清单不符，不能用来恢复",
            f"{name} of the backup {folder} is missing or not as its manifest says; it cannot be restored",
        ),
        reason="BACKUP_UNUSABLE",
    )
