"""The help page lists every noun and imports none of them, nor what they need to talk to a service."""

import subprocess
import sys

import pytest
from typer.main import get_command

from services.cli.main import app
from services.cli.nouns import NOUNS

_RUN = """
import sys
from services.cli.main import main
sys.argv = ["bole", *sys.argv[1:]]
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""
_HEAVY = ("grpc", "google.protobuf", "bole", "rich", "openpyxl", "numpy", "yaml", "pydantic", "sqlalchemy")
_OWN = ("house", "options")


def run(*arguments: str) -> tuple[str, set[str]]:
    """What is printed, and what was imported for it."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout, set(done.stderr.split())


def test_help_is_shown_without_importing_what_it_is_of() -> None:
    shown, modules = run("--help")
    assert all(name in shown and noun.help.split()[0] in shown for name, noun in NOUNS.items())
    nouns = {each.rpartition(".")[2] for each in modules if each.startswith("services.cli.commands.")}
    assert nouns <= set(_OWN)
    assert not modules & set(_HEAVY)


def test_the_help_of_no_command_imports_what_only_the_command_needs() -> None:
    named = sorted({noun.module for noun in NOUNS.values()})
    script = (
        "\n".join(f"import services.cli.commands.{each}" for each in named)
        + "\nimport sys; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert {f"services.cli.commands.{each}" for each in named} <= modules
    assert not modules & set(_HEAVY)


@pytest.mark.parametrize("name", NOUNS)
def test_every_noun_is_found_where_it_is_said_to_be(name: str) -> None:
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    assert command.name == name
    assert command.help


def test_the_help_of_a_noun_imports_nothing_that_talks_to_a_service() -> None:
    shown, modules = run("deal", "--help")
    assert "screen" in shown
    assert "services.cli.commands.deal" in modules
    assert not modules & set(_HEAVY)


@pytest.mark.parametrize("words", [("deal", "list"), ("talent", "duplicates", "list"), ("shortage", "map")])
def test_the_help_of_a_command_imports_no_more(words: tuple[str, ...]) -> None:
    shown, modules = run(*words, "--help")
    assert f"Usage: bole {' '.join(words)}" in shown
    assert not modules & set(_HEAVY)


def test_a_noun_takes_the_place_of_its_commands() -> None:
    shown, modules = run("webhook", "--help")
    assert "listen" in shown
    assert "services.cli.commands.webhook" in modules
    assert "services.cli.commands.match" not in modules
