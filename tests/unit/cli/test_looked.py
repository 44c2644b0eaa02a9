"""Since when `bole news` tells: visits apart by half an hour, by account and installation."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.cli.news.looked import Looks

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where looks are kept."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "bole" / "looked.json"


def look(at: datetime, account: str = "li", address: str = "here:1") -> Looks:
    found = Looks(address, account, at)
    found.remember()
    return found


def test_the_first_visit_goes_on_until_half_an_hour_without_a_look() -> None:
    assert (look(NOW).first, look(NOW).since) == (True, NOW - timedelta(days=7))
    assert look(NOW + 29 * MINUTE).first
    after = look(NOW + 2 * HOUR)
    assert (after.first, after.since) == (False, NOW + 29 * MINUTE)
    assert look(NOW + 2 * HOUR + MINUTE).since == NOW + 29 * MINUTE


def test_accounts_and_installations_are_kept_apart() -> None:
    look(NOW)
    assert Looks("here:1", "li", NOW + HOUR).since == NOW
    assert Looks("here:1", "wang", NOW + HOUR).first
    assert Looks("there:1", "li", NOW + HOUR).first


def test_what_is_odd_or_long_ago_is_taken_for_nothing(place: Path) -> None:
    look(NOW)
    assert Looks("here:1", "li", NOW + timedelta(days=91)).first
    assert Looks("here:1", "li", NOW - HOUR).first
    for odd in ("{", "[]", place.read_text().replace("[", '["x", ')):
        place.write_text(odd)
        assert Looks("here:1", "li", NOW + HOUR).first
