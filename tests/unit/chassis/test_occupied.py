"""Whoever serves from an embedded database and whoever moves it keep each other out."""

from pathlib import Path

import pytest

from services.chassis.configuration import ConfigurationError
from services.chassis.process.occupied import occupying, vacated
from services.kernel.errors import FailedPrecondition
from tests.storm.house import until

KEY = "BOLE_TALENT_DATABASE_URL"


def test_it_is_not_moved_while_anybody_serves_from_it(tmp_path: Path) -> None:
    served, other = tmp_path / "talent.db", tmp_path / "funding.db"
    with occupying(KEY, f"sqlite:///{served}"):
        with (
            occupying(KEY, f"sqlite:///{served}"),
            pytest.raises(FailedPrecondition) as refused,
            vacated([served, other]),
        ):
            pass
        with pytest.raises(FailedPrecondition), vacated([served]):
            pass
        with vacated([other]):
            pass
    assert refused.value.reason == "SERVICES_RUNNING"
    assert str(served) in refused.value.text.zh
    assert str(other) not in refused.value.text.en
    with vacated([served, other]):
        pass


def test_nobody_serves_from_it_while_it_is_moved(tmp_path: Path) -> None:
    path = tmp_path / "talent.db"
    with (
        vacated([path]),
        pytest.raises(ConfigurationError, match=KEY),
        occupying(KEY, f"sqlite:///{path}"),
    ):
        pass
    with occupying(KEY, f"sqlite:///{path}"):
        pass


def test_a_refusal_holds_nothing(tmp_path: Path) -> None:
    served, other = tmp_path / "talent.db", tmp_path / "funding.db"
    with occupying(KEY, f"sqlite:///{served}"):
        with pytest.raises(FailedPrecondition), vacated([other, served]):
            pass
        with occupying("BOLE_FUNDING_DATABASE_URL", f"sqlite:///{other}"):
            pass


def test_a_directory_that_is_not_there_has_nobody_who_serves(tmp_path: Path) -> None:
    with vacated([tmp_path / "nowhere" / "talent.db"]):
        pass
    assert not (tmp_path / "nowhere").exists()


def test_a_server_of_databases_has_its_own_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with occupying(KEY, "postgresql://talent"):
        assert list(tmp_path.iterdir()) == []


def test_who_serves_has_the_lock_again_after_its_file_was_deleted(tmp_path: Path) -> None:
    served = tmp_path / "talent.db"

    def is_kept() -> bool:
        try:
            with vacated([served]):
                return False
        except FailedPrecondition:
            return True

    with occupying(KEY, f"sqlite:///{served}"):
        for lock in list(tmp_path.glob("*.lock")):
            lock.unlink()
        assert until(is_kept, 60.0)
    assert not is_kept()
