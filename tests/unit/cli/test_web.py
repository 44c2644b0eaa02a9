"""`--web`: the page of the console that a command stands for."""

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.cli.web import _PAGES
from services.console.sections import SECTIONS

CONSOLE = "http://127.0.0.1:8080"
BESIDE = {"/", "/proposals", "/events/partners"}
"""Pages without a tab of their own."""


@pytest.mark.parametrize(
    ("command", "page"),
    [
        ("shortage map --city suzhou --industry hydrogen", "/map?industry=hydrogen&city=suzhou"),
        ("shortage", "/map"),
        ("shortage compare suzhou nanjing", "/map/compare?a=suzhou&b=nanjing"),
        ("talent search 张", "/people?q=%E5%BC%A0"),
        ("talent show persons/abc", "/people/abc"),
        ("position list --filter city_code=nantong", "/positions?city=nantong"),
        ("deal screen --filter eligible=true", "/deals?filter=eligible%3Dtrue&view=list"),
        ("deal list 氢 --fund funds/a", "/deals?q=%E6%B0%A2&fund=funds%2Fa&view=list"),
        ("deal board", "/deals"),
        ("deal board funds/a", "/deals?fund=funds%2Fa"),
        (
            "deal timeline 氢 --filter eligible=true",
            "/deals?q=%E6%B0%A2&filter=eligible%3Dtrue&view=timeline",
        ),
        ("deal forecast funds/a", "/deals?fund=funds%2Fa&view=outlook"),
        ("deal completion funds/a", "/deals?fund=funds%2Fa&view=outlook"),
        ("deal compare deals/a deals/b", "/deals/compare?deal=a&deal=b"),
        (
            "match find positions/x --kind person-position",
            "/matches?kind=person-position&anchor=positions%2Fx",
        ),
        ("proposal show proposals/x", "/proposals/x"),
        ("news", "/"),
        ("report show reports/2026Q1", "/reports/2026Q1"),
    ],
)
def test_the_address_of_the_same_thing_is_said_and_nothing_is_asked(
    command: str, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOLE_CONSOLE_URL", raising=False)
    monkeypatch.delenv("BOLE_CONSOLE_ADDRESS", raising=False)
    told = CliRunner().invoke(app, ["--web", *command.split()])
    assert (told.exit_code, told.stdout, told.stderr) == (0, f"{CONSOLE}{page}\n", "")


@pytest.mark.parametrize(
    ("command", "left"),
    [("position list --filter headcount>3", "headcount>3"), ("deal screen --fund 苏州基金", "苏州基金")],
)
def test_what_the_page_does_not_take_is_said(command: str, left: str) -> None:
    told = CliRunner().invoke(app, ["--web", *command.split()])
    assert told.exit_code == 0
    assert left in told.stderr
    assert left not in told.stdout


def test_a_command_without_a_page_says_so_and_a_wrong_one_is_refused() -> None:
    assert "没有" in CliRunner().invoke(app, ["--web", "status"]).stderr
    refused = CliRunner().invoke(app, ["--web", "shortage", "top", "--cty", "x"])
    assert (refused.exit_code, "--cty" in refused.stderr) == (2, True)


def test_every_list_is_a_page_of_the_console() -> None:
    known = {page.path for section in SECTIONS for page in section.pages} | BESIDE
    assert {path for path, _ in _PAGES.values()} <= known
