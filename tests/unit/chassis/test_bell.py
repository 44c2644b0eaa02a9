import threading
from pathlib import Path

import pytest

from services.chassis.files.bell import Bell
from services.chassis.log.log import Record, TopicPolicy
from services.chassis.log.sql_log import SqlLog

LONG = 3600.0
"""Seconds: longer than a test may take, so that one which ends was woken."""


def test_whoever_waits_hears_it_and_so_does_who_comes_after(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    mine, theirs = Bell(path), Bell(path)
    heard = threading.Thread(target=mine.wait, args=[LONG])
    heard.start()
    theirs.ring()
    heard.join()
    theirs.wait(LONG)
    mine.close()
    theirs.close()
    theirs.ring()


def test_what_nobody_rang_for_is_seen_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is when the writer dies between the two, or is of a release that knew no bell."""
    log = SqlLog(tmp_path / "log.db")
    log.ensure_topics({"bole.test.v1": TopicPolicy.RETAIN_30_DAYS})
    writer = SqlLog(tmp_path / "log.db")
    monkeypatch.setattr(Bell, "ring", lambda _self: None)
    found: list[bool] = []
    waiting = threading.Thread(target=lambda: found.append(log.wait({"bole.test.v1": 0}, LONG)))
    waiting.start()
    writer.append([Record("bole.test.v1", "k", b"v")])
    waiting.join()
    assert found == [True]
    writer.close()
    log.close()
