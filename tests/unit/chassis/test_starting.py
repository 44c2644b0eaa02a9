"""What is away is waited for, what is wrong is named."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from services.chassis.configuration import ConfigurationError
from services.chassis.process.starting import refuses, wait_for_database, wait_for_log
from services.kernel.errors import FailedPrecondition, Unavailable
from services.kernel.text import Text

KEY = "BOLE_X"


class Away:
    """Raises each of these errors once, then works."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.asked = 0
        self.waited: list[float] = []

    def __call__(self, *_: Any, **__: Any) -> None:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)


def test_a_log_is_waited_for_however_long_it_takes() -> None:
    away = Unavailable(Text("不在", "away"))
    log = Away(*[away] * 50)
    wait_for_log(KEY, log, log.waited.append)
    assert (log.asked, len(log.waited)) == (51, 50)


def test_a_log_of_another_form_ends_the_start() -> None:
    log = Away(Unavailable(Text("不在", "away")), FailedPrecondition(Text("两个分区", "two partitions")))
    with pytest.raises(ConfigurationError) as caught:
        wait_for_log(KEY, log, log.waited.append)
    assert caught.value.key == KEY
    assert "two partitions" in caught.value.text.en


@pytest.mark.parametrize(
    ("said", "no"),
    [
        ("connection refused", False),
        ("could not translate host name", False),
        ("FATAL:  the database system is starting up", False),
        ("FATAL:  sorry, too many clients already", False),
        ('FATAL:  password authentication failed for user "bole"', True),
        ('FATAL:  database "x" does not exist', True),
        ("SSL SYSCALL error: EOF detected", False),
        ("SSL error: certificate verify failed", True),
        ('server certificate for "a" does not match host name "b"', True),
    ],
)
def test_what_a_server_says_is_for_good_or_for_a_moment(said: str, no: bool) -> None:
    assert refuses(f"connection failed: {said}") is no


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"no database at all" * 100)
    (tmp_path / "directory.db").mkdir()
    for name in ("x.db", "directory.db"):
        engine = create_engine(f"sqlite:///{tmp_path}/{name}")
        with pytest.raises(ConfigurationError) as caught:
            wait_for_database(KEY, engine, Away().waited.append)
        engine.dispose()
        assert caught.value.key == KEY
