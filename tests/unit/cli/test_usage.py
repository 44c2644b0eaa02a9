"""A command that cannot be read is told of in the reader's language, with what looks like it."""

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.cli.nouns import FORMER


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        ("explan", "没有命令“explan”；相近的：explain", "there is no command explan; alike: explain"),
        ("shortage top --cty x", "没有选项 --cty", "there is no option --cty; alike: --category, --city"),
        ("talent add T-1 --check", "--check 写在最前：bole --check …", "--check comes first: bole --check …"),
        (
            "shortage top -o toml",
            "'toml' 不在可选的",
            "'toml' is not one of 'table', 'wide', 'json', 'yaml', 'csv', 'xlsx'",
        ),
        ("shortage top -n 9999", "不能大于 500", "it is at most 500"),
        ("shortage top -n x", "须是整数", "it has to be a whole number"),
        ("talent import", "缺少 'path'", "'path' is missing"),
        ("talent import /nowhere", "文件 /nowhere 不存在", "there is no file /nowhere"),
        ("shortage cell x y", "多出的参数：x y", "too many arguments: x y"),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(
    words: str, zh: str, en: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, expected in (("C", zh), ("en_US.UTF-8", en)):
        monkeypatch.setenv("LANG", language)
        refused = CliRunner().invoke(app, words.split())
        assert refused.exit_code == 2
        assert expected in refused.stderr


def test_a_question_that_is_not_answered_is_a_cancelled_command() -> None:
    asked = CliRunner().invoke(app, ["talent", "erase", "persons/x", "--reason", "a"], input="")
    assert asked.exit_code == 1
    assert "已取消" in asked.stderr


@pytest.mark.parametrize("former", FORMER)
def test_a_noun_is_singular_and_its_former_name_goes_on_unlisted(former: str) -> None:
    listed = CliRunner().invoke(app, ["--help"]).stdout
    assert f"\n  {FORMER[former]} " in listed
    assert f"\n  {former} " not in listed
    by_either = {CliRunner().invoke(app, [name, "--help"]).stdout for name in (former, FORMER[former])}
    assert len({each.split("\n", 1)[1] for each in by_either}) == 1


def test_the_language_may_stand_before_the_command_and_one_after_it_counts_more() -> None:
    def asked(*words: str) -> str:
        return CliRunner().invoke(app, words, env={"LANG": "C"}).stderr

    assert "alike" in asked("--lang", "en", "explain", "Match")
    assert "alike" in asked("explain", "Match", "--lang", "en")
    assert "alike" not in asked("--lang", "en", "explain", "Match", "--lang", "zh")
