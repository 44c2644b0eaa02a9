"""Signing in on this machine: in whose name, and as what."""

from pathlib import Path
from typing import Any

import jwt
import pytest

from services.chassis.settings import load_settings
from services.cli.answers.output import Format, Output
from services.cli.running.signing_in import login
from services.cli.session import Session, token_path
from services.kernel.errors import InvalidArgument

_ANYWHERE = ("", "", "")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(load_settings({"BOLE_DATA_DIR": str(tmp_path)}), Output(Format.TABLE, "zh"))


def _claims(session: Session) -> dict[str, Any]:
    token = token_path(session.settings).read_text()
    return dict(jwt.decode(token, options={"verify_signature": False}))


def test_somebody_else_signs_in_where_it_takes_several(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "zhang+san")
    login(session, [], _ANYWHERE, 12)
    assert _claims(session)["sub"] == "zhang+san"
    for account in ("wangli", "王丽", "wang.li@example.cn"):
        login(session, ["talent_officer"], _ANYWHERE, 12, account)
        assert _claims(session)["sub"] == account


@pytest.mark.parametrize("account", ["wang li", "王、丽", "a/b", "x" * 65])
def test_a_name_that_no_account_can_have_is_refused(session: Session, account: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        login(session, [], _ANYWHERE, 12, account)
    assert [each.reason for each in refused.value.violations] == ["BAD_ACCOUNT"]


def test_a_role_is_taken_by_its_code_or_by_what_it_is_called(session: Session) -> None:
    login(session, ["主管部门", "auditor"], _ANYWHERE, 12)
    assert [each["role"] for each in _claims(session)["grants"]] == ["supervisor", "auditor"]
    with pytest.raises(InvalidArgument, match="supervisor（主管部门）"):
        login(session, ["领导"], _ANYWHERE, 12)
