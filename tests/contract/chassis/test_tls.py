"""Mutual TLS on the port of a service: who gets in, who does not, and a certificate that is renewed while it runs."""

import logging
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.chassis.configuration import ConfigurationError
from services.chassis.rpc.channel import open_channel
from services.chassis.rpc.health import LIVENESS
from services.chassis.tls import channel_credentials, load_files, server_credentials
from tests.contract.chassis.conftest import House, code_of
from tests.contract.chassis.trial import contract
from tests.servers.authority import Authority, pem, replace
from tests.servers.ports import free_port

SECONDS = 60.0
DAY = timedelta(days=1)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def shown(authority: Authority, tmp_path: Path) -> Path:
    """The files of the server."""
    return authority.issue(tmp_path / "server", "server")


@pytest.fixture
def house(keys: Path, shown: Path) -> Iterator[House]:
    made = House(keys)
    made.start(credentials=server_credentials(shown, now), health_address="127.0.0.1:0")
    yield made
    made.stop()


def ask(house: House, directory: Path | None) -> str:
    """The answer that a caller with this certificate gets."""
    request = contract()[0].GetRecordRequest(name="records/1")
    with house.stub(house.officer(), credentials=channel_credentials(directory, now())) as stub:
        return str(stub.GetRecord(request, timeout=SECONDS).name)


def refused(house: House, credentials: grpc.ChannelCredentials | None) -> bool:
    """Whether the connection fails: the call is not retried, so that the first answer counts."""
    request = contract()[0].GetRecordRequest(name="records/1")
    with open_channel(house.address, token=house.officer, credentials=credentials) as channel:
        stub = contract()[1].TrialServiceStub(channel)
        return code_of(lambda: stub.GetRecord(request, timeout=SECONDS)) is grpc.StatusCode.UNAVAILABLE


def test_a_caller_with_a_certificate_of_the_authority_is_served(
    house: House, authority: Authority, tmp_path: Path
) -> None:
    assert ask(house, authority.issue(tmp_path / "client")) == "records/1"


def test_nobody_else_gets_in(house: House, authority: Authority, tmp_path: Path) -> None:
    other = Authority("somebody else")
    expired = authority.issue(tmp_path / "expired", begins=-2 * DAY, ends=-DAY)
    unknown = other.issue(tmp_path / "unknown", trusts=authority)
    trusting = grpc.ssl_channel_credentials(pem(authority.certificate))
    assert refused(house, None)
    assert refused(house, trusting)
    assert refused(house, channel_credentials(unknown, now()))
    assert refused(house, channel_credentials(expired, now() - 1.5 * DAY))


def test_a_client_refuses_a_server_that_is_not_the_one(
    keys: Path, authority: Authority, tmp_path: Path
) -> None:
    client = authority.issue(tmp_path / "client")
    wrong = {
        "another host": authority.issue(tmp_path / "host", "server", host="127.0.0.2"),
        "no host": authority.issue(tmp_path / "none", "server", host=None),
        "another authority": Authority("else").issue(tmp_path / "else", "server", trusts=authority),
    }
    for what, directory in wrong.items():
        house = House(keys)
        house.start(credentials=server_credentials(directory, now))
        assert refused(house, channel_credentials(client, now())), what
        house.stop()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.*deprecated")
def test_old_versions_of_the_protocol_are_refused(house: House, authority: Authority, tmp_path: Path) -> None:
    client = authority.issue(tmp_path / "client")
    host, _, port = house.address.rpartition(":")
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(client / "ca.crt")
        context.load_cert_chain(client / "tls.crt", client / "tls.key")
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        with (
            socket.create_connection((host, int(port)), SECONDS) as raw,
            pytest.raises((ssl.SSLError, OSError)),
        ):
            context.wrap_socket(raw, server_hostname=host)


def test_a_renewed_certificate_is_used_and_a_wrong_one_is_not(
    house: House, shown: Path, authority: Authority, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = authority.issue(tmp_path / "old"), Authority("its successor")
    assert ask(house, old) == "records/1"
    with caplog.at_level(logging.ERROR):
        replace(shown / "tls.key", b"nothing")
        assert ask(house, old) == "records/1"
    assert "certificate not renewed" in caplog.text
    new.issue(shown, "server")
    assert ask(house, new.issue(tmp_path / "new")) == "records/1"
    assert refused(house, channel_credentials(old, now()))


def test_probes_ask_on_a_plain_port_that_tells_nothing_else(keys: Path, shown: Path) -> None:
    house = House(keys)
    address = f"127.0.0.1:{free_port()}"
    house.start(credentials=server_credentials(shown, now), health_address=address)
    with grpc.insecure_channel(address) as channel:
        check = health_pb2_grpc.HealthStub(channel).Check
        answer = check(health_pb2.HealthCheckRequest(service=LIVENESS), timeout=SECONDS, wait_for_ready=True)
        stub = contract()[1].TrialServiceStub(channel)
        request = contract()[0].GetRecordRequest(name="records/1")
        assert code_of(lambda: stub.GetRecord(request)) is grpc.StatusCode.UNIMPLEMENTED
    house.stop()
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_wrong_files_are_named_before_anything_listens(authority: Authority, tmp_path: Path) -> None:
    good = authority.issue(tmp_path / "good")
    own, issuer = (good / "tls.crt").read_bytes().split(b"-----END CERTIFICATE-----\n")[:2]
    end = b"-----END CERTIFICATE-----\n"
    missing = tmp_path / "missing"
    weak = authority.issue(tmp_path / "weak", key=generate_private_key(65537, 1024))  # noqa: S505 (refused)
    cases = {
        "tls.crt": [
            missing,
            authority.issue(tmp_path / "expired", ends=-timedelta(hours=1)),
            authority.issue(tmp_path / "early", begins=timedelta(hours=1)),
            _changed(good, tmp_path / "order", "tls.crt", own + end + own + end + issuer + end),
            _changed(good, tmp_path / "text", "tls.crt", b"no certificate"),
        ],
        "tls.key": [
            weak,
            _changed(good, tmp_path / "pair", "tls.key", (weak / "tls.key").read_bytes()),
            _changed(good, tmp_path / "open", "tls.key", (good / "tls.key").read_bytes(), mode=0o644),
            _changed(good, tmp_path / "junk", "tls.key", b"no key"),
        ],
        "ca.crt": [_changed(good, tmp_path / "trust", "ca.crt", b"nobody")],
    }
    for name, directories in cases.items():
        for directory in directories:
            with pytest.raises(ConfigurationError) as caught:
                load_files(directory, now())
            assert caught.value.key == str(directory / name), directory


def _changed(good: Path, directory: Path, name: str, content: bytes, *, mode: int = 0o600) -> Path:
    directory.mkdir()
    for each in ("tls.crt", "tls.key", "ca.crt"):
        replace(directory / each, (good / each).read_bytes())
    replace(directory / name, content)
    (directory / name).chmod(mode)
    return directory
