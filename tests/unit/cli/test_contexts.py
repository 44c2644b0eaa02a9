"""`bole context`: installations by name, their secrets in one file for its owner alone, and what is sent to whom."""

import json
import stat
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest
import typer
from typer.testing import CliRunner, Result

from services.chassis.rpc.failures import Failure
from services.cli.answers.errors import failure_lines
from services.cli.main import app
from services.kernel.text import Text

TOKEN, KEY = "a.staff.token", "bole_pk_of_a_partner"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty configuration, and an installation of this machine that is signed in."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("BOLE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "300")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "token").write_text("the.local.token")
    return tmp_path


class Listener(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # the class of grpc takes none when it runs
    """Answers no method, and remembers with which metadata it was asked."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []

    def service(self, handler_call_details: Any) -> None:
        """What was said of the caller."""
        self.heard.append(dict(handler_call_details.invocation_metadata))


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, Listener]]:
    """Another installation's services, all at one address."""
    listener = Listener()
    server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[listener])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}", listener
    server.stop(None)


def bole(*arguments: str, given: str | None = None) -> Result:
    """Run the command line."""
    return CliRunner().invoke(app, [*arguments, "--lang", "en"], input=given)


def add(address: str, *more: str, given: str | None = TOKEN + "\n", by: str = "--token-file") -> Result:
    places = [each for name in ("talent", "funding", "matcher") for each in (f"--{name}-address", address)]
    return bole("context", "add", "there", *places, by, "-", *more, given=given)


def rows() -> dict[str, dict[str, Any]]:
    result = CliRunner().invoke(app, ["context", "list", "-o", "json", "--lang", "en"])
    return {each["name"]: each for each in json.loads(result.stdout)}


def test_without_any_there_is_this_machines_installation(home: Path) -> None:
    assert list(rows()) == ["local"]
    assert rows()["local"]["in_use"]
    assert not (home / "config").exists()


def test_secrets_lie_in_one_file_of_its_owner_and_are_never_shown(home: Path) -> None:
    assert add("127.0.0.1:1", "--use").exit_code == 0
    assert bole("context", "add", "there", "--key-file", "-", given=KEY).exit_code == 0
    (file,) = (home / "config" / "bole").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    said = json.loads(file.read_text())["contexts"]["there"]
    assert (said["token"], said["key"], said["talent_address"]) == (TOKEN, KEY, "127.0.0.1:1")
    shown = bole("context", "list").output + json.dumps(rows()) + bole("doctor").output
    assert TOKEN not in shown
    assert KEY not in shown
    assert rows()["there"]["secrets"] == "staff token, partner key"
    assert rows()["there"]["in_use"]
    assert not rows()["local"]["in_use"]


def test_its_token_is_sent_to_it_and_that_of_this_machine_never(elsewhere: tuple[str, Listener]) -> None:
    address, listener = elsewhere
    add(address)
    assert bole("context", "use", "there").exit_code == 0
    assert bole("fund", "list").exit_code != 0  # it answers nothing
    assert [each["authorization"] for each in listener.heard] == [f"Bearer {TOKEN}"]
    listener.heard.clear()
    bole("context", "add", "bare", "--funding-address", address, "--use")
    refused = bole("fund", "list")
    assert refused.exit_code != 0
    assert "bole context add bare --token-file" in refused.output
    assert not listener.heard


def test_a_service_that_it_does_not_know_is_not_asked_of_this_machine(
    elsewhere: tuple[str, Listener],
) -> None:
    address, listener = elsewhere
    bole("context", "add", "there", "--matcher-address", address, "--token-file", "-", "--use", given=TOKEN)
    refused = bole("fund", "list")
    assert refused.exit_code == 1
    assert "bole context add there --funding-address" in refused.output
    assert not listener.heard
    assert "(there) matcher" in (told := bole("doctor").output)
    assert "(there) funding" not in told


def test_a_page_is_one_of_its_console_or_none() -> None:
    add("127.0.0.1:1", "--use")
    nowhere = bole("--web", "fund", "list")
    assert nowhere.exit_code == 2
    assert "bole context add there --console-url" in nowhere.stderr
    bole("context", "add", "there", "--console-url", "https://console.example")
    assert bole("--web", "fund", "list").stdout == "https://console.example/funds\n"


def test_a_refusal_there_does_not_advise_to_sign_in_here(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Failure("PERMISSION_DENIED", "ROLE_MISSING", Text("无", "no"), metadata={"roles": "supervisor"})
    expired = Failure("UNAUTHENTICATED", "TOKEN_EXPIRED", Text("无", "no"))
    assert all("bole login" in "".join(failure_lines(each, "en")) for each in (refused, expired))
    add("127.0.0.1:1", "--use")
    for failure in (refused, expired):
        said = "".join(failure_lines(failure, "en"))
        assert "bole context add there --token-file" in said
        assert "bole login" not in said


def test_a_partners_key_is_that_of_the_context_unless_one_is_given(
    elsewhere: tuple[str, Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, listener = elsewhere
    add(address, "--use", given=KEY, by="--key-file")
    bole("webhook", "list")
    monkeypatch.setenv("BOLE_KEY", "another_key")
    bole("webhook", "list")
    assert [each["x-bole-key"] for each in listener.heard] == [KEY, "another_key"]
    assert not any("authorization" in each for each in listener.heard)


def test_the_environment_goes_first(elsewhere: tuple[str, Listener], monkeypatch: pytest.MonkeyPatch) -> None:
    address, listener = elsewhere
    add("127.0.0.1:1", "--use")
    monkeypatch.setenv("BOLE_FUNDING_ADDRESS", address)
    bole("fund", "list")
    assert [each["authorization"] for each in listener.heard] == [f"Bearer {TOKEN}"]
    told = bole("doctor").output
    lines = {each.split("│")[1].strip(): each for each in told.splitlines() if "│ BOLE_" in each}
    assert "the environment" in lines["BOLE_FUNDING_ADDRESS"]
    assert "the context (there)" in lines["BOLE_TALENT_ADDRESS"]
    assert "the default" in lines["BOLE_TLS_DIR"]
    assert "(there), in" in told


def test_one_command_may_choose_another(
    elsewhere: tuple[str, Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, listener = elsewhere
    add(address)
    monkeypatch.setenv("BOLE_CONTEXT", "there")
    bole("fund", "list")
    assert len(listener.heard) == 1
    assert rows()["there"]["in_use"]
    monkeypatch.setenv("BOLE_CONTEXT", "local")
    monkeypatch.setenv("BOLE_FUNDING_ADDRESS", address)
    bole("fund", "list")
    assert listener.heard[-1]["authorization"] == "Bearer the.local.token"
    monkeypatch.setenv("BOLE_CONTEXT", "nowhere")
    unknown = bole("fund", "list")
    assert unknown.exit_code == 78
    assert "local, there" in unknown.output


def test_what_this_machine_is_asked_does_not_go_elsewhere(elsewhere: tuple[str, Listener]) -> None:
    address, listener = elsewhere
    add(address, "--use")
    told = bole("status")
    assert address not in told.output
    assert "`bole context use local` comes back" in told.output
    assert "`bole context use local` comes back" in bole("login").output
    assert not listener.heard
    bole("context", "use", "local")
    assert "comes back" not in bole("status").output


def test_removing_one_forgets_its_secrets_and_comes_home(home: Path) -> None:
    add("127.0.0.1:1", "--use")
    gone = bole("context", "remove", "there")
    assert gone.exit_code == 0
    assert "this machine" in gone.output
    assert TOKEN not in (home / "config" / "bole" / "contexts.json").read_text()
    assert rows()["local"]["in_use"]
    again = bole("context", "remove", "there")
    assert again.exit_code == 1
    assert 'no context "there"' in again.output


def test_a_change_keeps_what_it_does_not_speak_of(home: Path) -> None:
    add("127.0.0.1:1")
    assert "changed" in bole("context", "add", "there", "--matcher-address", "127.0.0.1:2").output
    said = json.loads((home / "config" / "bole" / "contexts.json").read_text())["contexts"]["there"]
    assert (said["talent_address"], said["matcher_address"]) == ("127.0.0.1:1", "127.0.0.1:2")
    assert said["token"] == TOKEN


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (("Upper", "--token-file", "-"), TOKEN, "lower-case letters"),
        (("local", "--token-file", "-"), TOKEN, "is not local"),
        (("there", "--token-file", "-"), "", "one line of ASCII"),
        (("there", "--token-file", "-"), "two words", "one line of ASCII"),
        (("there", "--token-file", "-", "--key-file", "-"), TOKEN, "one secret, not two"),
        (("there", "--key-file", "/nowhere/at/all"), "", "cannot read the file"),
        (("there", "--talent-address", "no port"), "", "BOLE_TALENT_ADDRESS"),
    ],
)
def test_what_cannot_be_is_refused_and_not_kept(
    home: Path, arguments: tuple[str, ...], given: str, says: str
) -> None:
    refused = bole("context", "add", *arguments, given=given)
    assert refused.exit_code not in (0, None)
    assert says in refused.output
    assert not (home / "config" / "bole" / "contexts.json").exists()


def test_a_file_that_others_may_read_or_that_is_broken_is_refused(home: Path) -> None:
    add("127.0.0.1:1", "--use")
    file = home / "config" / "bole" / "contexts.json"
    file.chmod(0o640)
    exposed = bole("fund", "list")
    assert exposed.exit_code == 78
    assert f"chmod 600 {file}" in exposed.output
    file.chmod(0o600)
    file.write_text("[")
    assert "cannot be read" in bole("fund", "list").output
    told = bole("doctor")
    assert told.exit_code == 1
    assert "cannot be read" in told.output


def test_another_machine_without_certificates_is_warned_of() -> None:
    assert "in clear" in add("talent.example:50051").output
    assert "in clear" not in add("127.0.0.1:1").output


def test_names_are_offered() -> None:
    add("127.0.0.1:1")
    root = typer.main.get_command(app)
    for verb in ("use", "remove"):
        command = root.commands["context"].commands[verb]  # type: ignore[attr-defined]  # groups have commands
        name = next(each for each in command.params if each.name == "name")
        assert [each.value for each in name.shell_complete(None, "th")] == ["there"]


def test_cities_are_offered_to_who_has_set_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOLE_KEY", KEY)
    monkeypatch.setenv("BOLE_CONTEXT", "local")
    root = typer.main.get_command(app)
    command = root.commands["shortage"].commands["top"]  # type: ignore[attr-defined]  # groups have commands
    city = next(each for each in command.params if each.name == "city")
    assert [each.value for each in city.shell_complete(None, "nant")] == ["nantong"]
