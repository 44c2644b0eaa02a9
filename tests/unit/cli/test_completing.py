"""Values that the shells offer."""

import os
import pty
import select
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from services.catalogue import load
from services.cli import completing
from services.cli.main import app

_PATIENCE = 60


def test_codes_and_names_are_offered_as_far_as_they_were_typed() -> None:
    values = [("suzhou", "苏州市"), ("suqian", "宿迁市"), ("nanjing", "南京市")]
    assert list(completing.offered(values, "su")) == [("suzhou", "苏州市"), ("suqian", "宿迁市")]
    assert list(completing.offered(values, "苏")) == [("苏州市", "suzhou")]
    assert list(completing.offered(values, "x")) == []


def test_the_file_for_zsh_answers_the_question_that_it_is_loaded_for() -> None:
    asked = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    run = "import sys; from services.cli.main import app; sys.argv[1:] = ['--show-completion', 'zsh']; "
    command = [sys.executable, "-c", f"{run}app(prog_name='bole')"]
    script = subprocess.run(command, env=asked, capture_output=True, text=True, check=True).stdout
    defined, _, answers = script.partition("compdef _bole_completion bole")
    assert "_bole_completion() {" in defined
    assert answers.split('"loadautofunc"')[1].split() == ["]];", "then", "_bole_completion", '"$@"', "fi"]


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of somebody whose bash knows what `bole --install-completion` has taught it."""
    home = tmp_path_factory.mktemp("home")
    found = {
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "PS1": "",
    }
    alone = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    subprocess.run(
        ["bole", "--install-completion", "bash"], env=found | alone, capture_output=True, check=True
    )
    return found


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("bole shor", "bole shortage "),
        ("bole shortage cell --city suzh", "bole shortage cell --city suzhou "),
        ("bole shortage cell --city 苏", "bole shortage cell --city 苏州市 "),
        ("bole deal screen --he", "bole deal screen --help "),
    ],
)
def test_tab_in_bash_completes_what_was_typed(taught: dict[str, str], typed: str, becomes: str) -> None:
    own, of_bash = pty.openpty()
    with subprocess.Popen(
        ["bash", "-i"], env=taught, stdin=of_bash, stdout=of_bash, stderr=of_bash, start_new_session=True
    ) as bash:
        try:
            os.write(own, f"{typed}\t".encode())
            seen = b""
            while becomes.encode() not in seen:
                assert select.select([own], [], [], _PATIENCE)[0], seen.decode()
                seen += os.read(own, 1024)
        finally:
            bash.kill()
            os.close(own)
            os.close(of_bash)


def test_zsh_is_told_apostrophes_so_that_it_shows_them() -> None:
    asked = {**os.environ, "_BOLE_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "bole "}
    run = "from services.cli.main import app; app(prog_name='bole')"
    told = subprocess.run([sys.executable, "-c", run], env=asked, capture_output=True, text=True, check=True)
    read = shlex.split(told.stdout)
    assert read[0] == "_arguments"
    assert len(read) == 2, "one argument, whatever is quoted in it"
    root = typer.main.get_command(app)
    summaries = [each.get_short_help_str(200) for each in root.commands.values()]  # type: ignore[attr-defined]  # groups have commands
    with_apostrophe = [each for each in summaries if "'" in each]
    assert with_apostrophe
    assert read[1].count("'") >= len(with_apostrophe)


def test_options_of_closed_sets_offer_what_they_take() -> None:
    root = typer.main.get_command(app)
    offered = {
        ("shortage", "top", "city"): "nantong",
        ("match", "find", "kind"): "person-position",
        ("match", "find", "role"): "TECHNICAL_LEAD",
        ("nomination", "nominate", "programme"): "project-333",
        ("evidence", "add", "kind"): "scenario",
        ("talent", "search", "output"): "xlsx",
    }
    for (noun, verb, name), value in offered.items():
        command = root.commands[noun].commands[verb]  # type: ignore[attr-defined]  # groups have commands
        option = next(each for each in command.params if each.name == name)
        found = [each.value for each in option.shell_complete(None, value[:3])]
        assert value in found, (noun, verb, name)


def test_no_name_that_is_offered_has_a_bracket_that_a_shell_reads() -> None:
    root = typer.main.get_command(app)
    command = root.commands["shortage"].commands["cell"]  # type: ignore[attr-defined]  # groups have commands
    option = next(each for each in command.params if each.name == "industry")
    (found,) = [each.value for each in option.shell_complete(None, "零碳")]
    assert found == "零碳负碳（碳捕集利用及封存）"
    catalogue = load()
    assert catalogue.resolve_industry(found, "industry") == catalogue.resolve_industry("零碳负碳", "industry")


def test_every_command_with_an_answer_takes_fields_and_offers_those_it_has() -> None:
    root = typer.main.get_command(app)
    groups: list[Any] = list(root.commands.values())  # type: ignore[attr-defined]  # groups have commands
    while groups:
        command = groups.pop()
        groups += getattr(command, "commands", {}).values()
        names = [each.name for each in command.params]
        assert ("fields" in names) is ("output" in names), command.name
    command = root.commands["explain"]  # type: ignore[attr-defined]  # groups have commands
    option = next(each for each in command.params if each.name == "fields")
    context = command.make_context("explain", ["Text", "--fields"], resilient_parsing=True)
    found = [each.value for each in option.shell_complete(context, "name,t")]
    assert found
    assert all(each.startswith("name,t") for each in found)
