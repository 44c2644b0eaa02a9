from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.chassis.identity import sign_in
from services.kernel.errors import Unauthenticated

_NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_a_link_signs_in_once(tmp_path: Path) -> None:
    code = sign_in.leave(tmp_path, "the token", _NOW)
    assert sign_in.take(tmp_path, code, _NOW) == "the token"
    with pytest.raises(Unauthenticated):
        sign_in.take(tmp_path, code, _NOW)
    assert list((tmp_path / "sign-in").iterdir()) == []


def test_a_link_is_over_after_ten_minutes_and_swept_by_the_next(tmp_path: Path) -> None:
    code = sign_in.leave(tmp_path, "the token", _NOW)
    later = _NOW + sign_in.VALID_FOR + timedelta(seconds=1)
    sign_in.leave(tmp_path, "another", later)
    assert len(list((tmp_path / "sign-in").iterdir())) == 1
    with pytest.raises(Unauthenticated):
        sign_in.take(tmp_path, code, later)


@pytest.mark.parametrize("code", ["", "../token", "\udc80", "x" * 5000])
def test_whatever_code_is_given_is_only_refused(tmp_path: Path, code: str) -> None:
    sign_in.leave(tmp_path, "the token", _NOW)
    with pytest.raises(Unauthenticated):
        sign_in.take(tmp_path, code, _NOW)


def test_nobody_else_can_read_what_is_left(tmp_path: Path) -> None:
    sign_in.leave(tmp_path, "the token", _NOW)
    assert [each.stat().st_mode & 0o077 for each in (tmp_path / "sign-in").iterdir()] == [0]
