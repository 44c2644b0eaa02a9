"""`bole partner add` says in one language why the service registers nobody."""

import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.commands.partner import app
from services.cli.running import processes


@pytest.mark.parametrize(("language", "said"), [("zh", "不再显示"), ("en", "not shown again")])
def test_the_key_alone_is_the_answer_and_what_to_do_with_it_is_said_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str, said: str
) -> None:
    """A script takes the key from standard output."""
    monkeypatch.setenv("BOLE_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(
        processes, "run_tool", lambda *_: subprocess.CompletedProcess("", 0, stdout="blk_1\n", stderr="")
    )
    ran = CliRunner().invoke(app, ["add", "甲", "--lang", language])
    assert ran.stdout == "blk_1\n"
    assert said in ran.stderr
    assert "BOLE_KEY" in ran.stderr


@pytest.mark.parametrize(
    ("language", "said", "unsaid"), [("zh", "已登记为", "registered"), ("en", "registered already", "登记")]
)
def test_a_name_that_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str, said: str, unsaid: str
) -> None:
    refused = "“甲”已登记为 partners/1 / '甲' is registered already as partners/1\n"
    monkeypatch.setenv("BOLE_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(
        processes, "run_tool", lambda *_: subprocess.CompletedProcess("", 2, stdout="", stderr=refused)
    )
    ran = CliRunner().invoke(app, ["add", "甲", "--lang", language])
    assert ran.exit_code == 1
    assert said in ran.output
    assert unsaid not in ran.output
    assert "[NOT_REGISTERED]" in ran.output
