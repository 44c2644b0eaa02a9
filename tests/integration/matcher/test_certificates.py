"""Partners' certificates over a TLS port and both databases: registered, recognised, two at a time, revoked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import grpc
import pytest
from cryptography import x509

from bole.matcher.v1 import partner_certificate_pb2, partner_pb2, partner_service_pb2
from bole.matcher.v1 import partner_certificate_service_pb2 as wire
from bole.matcher.v1 import partner_certificate_service_pb2_grpc as certificates_grpc
from bole.matcher.v1 import partner_service_pb2_grpc as partners_grpc
from services.chassis.house import House
from services.chassis.identity.identity import Grant
from services.chassis.identity.tokens import StaffTokens, issue_local_token, load_verification_key
from services.chassis.rpc.channel import open_channel
from services.chassis.rpc.failures import read_failure
from services.chassis.rpc.server import Server, ServerOptions
from services.chassis.rpc.standard import standard_interceptors
from services.chassis.tls import channel_credentials, server_credentials
from services.matcher.app import assemble
from tests.servers.authority import Authority, pem

ME = "partners/me"
LIVE, REVOKED = partner_pb2.PartnerKey.STATE_LIVE, partner_pb2.PartnerKey.STATE_REVOKED


@dataclass
class Port:
    """The services of partners on a TLS port."""

    house: House
    authority: Authority
    directory: Path
    address: str

    @contextmanager
    def channel(self, shown: Path, *, admin: bool = False) -> Iterator[grpc.Channel]:
        keys, now = self.house.settings.keys_dir, datetime.now(UTC)
        token = issue_local_token(keys, "admin", (Grant("admin"),), timedelta(hours=1), now)
        with open_channel(
            self.address,
            token=(lambda: token) if admin else None,
            credentials=channel_credentials(shown, now),
        ) as channel:
            yield channel

    @contextmanager
    def admin(self) -> Iterator[Any]:
        with self.channel(self.directory, admin=True) as channel:
            yield certificates_grpc.PartnerCertificateServiceStub(channel)

    def issue(self, name: str) -> tuple[Path, str]:
        """A certificate and its PEM."""
        made = self.authority.issue(self.directory.parent / name, name)
        return made, leaf(made)

    def me(self, shown: Path) -> partner_pb2.Partner:
        """Who is recognised by a certificate."""
        with self.channel(shown) as channel:
            stub = partners_grpc.PartnerServiceStub(channel)
            return stub.GetPartner(partner_service_pb2.GetPartnerRequest(name=ME), timeout=60)


def leaf(directory: Path) -> str:
    return pem(x509.load_pem_x509_certificates((directory / "tls.crt").read_bytes())[0]).decode()


@pytest.fixture
def port(house: House, tmp_path: Path) -> Iterator[Port]:
    authority, assembly = Authority(), assemble(house)
    shown = authority.issue(tmp_path / "server", "server")
    addresses: SimpleQueue[str] = SimpleQueue()
    now = house.clock.now
    server = Server(
        ServerOptions(
            "127.0.0.1:0", threads=4, grace_seconds=0.2, credentials=server_credentials(shown, now)
        ),
        [each for each in assembly.services if "Partner" in each.full_name],
        standard_interceptors(
            metrics=house.metrics,
            staff=StaffTokens(load_verification_key(house.settings.keys_dir)),
            partners=assembly.partners,
            certificates=assembly.certificates,
            now=now,
        ),
        now,
        on_start=addresses.put,
    )
    thread = threading.Thread(target=server.run, kwargs={"signals": False})
    thread.start()
    yield Port(house, authority, shown, addresses.get(timeout=60))
    server.stop()
    thread.join(120)


def partner(port: Port, title: str) -> str:
    request = partner_service_pb2.CreatePartnerRequest(partner=partner_pb2.Partner(title=title))
    with port.channel(port.directory, admin=True) as channel:
        return str(partners_grpc.PartnerServiceStub(channel).CreatePartner(request, timeout=60).name)


def create(stub: Any, parent: str, text: str, **given: Any) -> partner_certificate_pb2.PartnerCertificate:
    certificate = partner_certificate_pb2.PartnerCertificate(pem=text, **given)
    request = wire.CreatePartnerCertificateRequest(parent=parent, certificate=certificate)
    return stub.CreatePartnerCertificate(request, timeout=60)


def reason(act: Any) -> str:
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return str(read_failure(caught.value).reason)


def test_a_partner_changes_over_from_one_certificate_to_the_next(port: Port) -> None:
    first, second, third = (port.issue(name) for name in ("first", "second", "third"))
    ours, other = partner(port, "甲"), partner(port, "乙")
    with port.admin() as stub:
        made = create(stub, ours, first[1], title="一")
        assert (made.state, made.subject, made.pem) == (LIVE, "CN=first", "")
        assert reason(lambda: create(stub, other, first[1])) == "CERTIFICATE_REGISTERED"
        create(stub, ours, second[1], scope=partner_pb2.PartnerKey.SCOPE_EVENTS)
        assert reason(lambda: create(stub, ours, third[1])) == "TWO_LIVE_CERTIFICATES"
        me = port.me(first[0])
        assert (me.name, me.live_certificate_count, me.live_key_count) == (ours, 2, 0)
        assert me.HasField("last_use_time")
        assert reason(lambda: port.me(second[0])) == "ROLE_MISSING"
        assert reason(lambda: port.me(third[0])) == "CERTIFICATE_UNKNOWN"
        revoke = wire.RevokePartnerCertificateRequest(name=made.name)
        assert stub.RevokePartnerCertificate(revoke, timeout=60).state == REVOKED
        assert reason(lambda: port.me(first[0])) == "CERTIFICATE_UNKNOWN"
        assert reason(lambda: create(stub, ours, first[1])) == "CERTIFICATE_REVOKED"
        create(stub, ours, third[1])
    assert port.me(third[0]).name == ours


def test_a_partner_sees_and_revokes_its_own_alone(port: Port) -> None:
    mine, foreign = port.issue("mine"), port.issue("foreign")
    ours, other = partner(port, "甲"), partner(port, "乙")
    with port.admin() as stub:
        create(stub, ours, mine[1])
        theirs = create(stub, other, foreign[1])
    with port.channel(mine[0]) as channel:
        stub = certificates_grpc.PartnerCertificateServiceStub(channel)
        listed = stub.ListPartnerCertificates(wire.ListPartnerCertificatesRequest(parent=ME), timeout=60)
        assert [each.subject for each in listed.certificates] == ["CN=mine"]
        assert listed.certificates[0].HasField("last_use_time")
        wrong = wire.RevokePartnerCertificateRequest(name=theirs.name)
        assert reason(lambda: stub.RevokePartnerCertificate(wrong, timeout=60)) == "NOT_FOUND"
        assert reason(lambda: create(stub, ME, foreign[1])) == "ROLE_MISSING"
        own = wire.RevokePartnerCertificateRequest(name=listed.certificates[0].name)
        assert stub.RevokePartnerCertificate(own, timeout=60).state == REVOKED
    assert reason(lambda: port.me(mine[0])) == "CERTIFICATE_UNKNOWN"
