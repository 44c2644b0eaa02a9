"""PartnerCertificateService through an installation: what is taken, and what is refused with its reason."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from bole.matcher.v1 import partner_certificate_pb2, partner_pb2, partner_service_pb2
from bole.matcher.v1 import partner_certificate_service_pb2 as wire
from bole.matcher.v1 import partner_certificate_service_pb2_grpc as service_grpc
from bole.matcher.v1.partner_service_pb2_grpc import PartnerServiceStub
from services.chassis.identity.identity import Grant
from services.cli.answers.output import Format, Output
from services.cli.matcher import partner_certificates
from services.cli.session import Session
from tests.contract.installation import Installation, refused, staff_token
from tests.servers.authority import Authority, pem

ADMIN = Grant("admin")


@pytest.fixture
def stub(whole: Installation) -> Iterator[Any]:
    with whole.channel("matcher", ADMIN, subject="admin") as channel:
        yield service_grpc.PartnerCertificateServiceStub(channel)


@pytest.fixture
def parent(whole: Installation) -> str:
    """A partner of this test's own."""
    partner = partner_pb2.Partner(title=f"合作方 {uuid4()}")
    with whole.channel("matcher", ADMIN, subject="admin") as channel:
        made = PartnerServiceStub(channel).CreatePartner(
            partner_service_pb2.CreatePartnerRequest(partner=partner)
        )
    return str(made.name)


def leaf(directory: Path) -> str:
    return pem(x509.load_pem_x509_certificates((directory / "tls.crt").read_bytes())[0]).decode()


def request(parent: str, text: str, **given: Any) -> wire.CreatePartnerCertificateRequest:
    certificate = partner_certificate_pb2.PartnerCertificate(pem=text)
    return wire.CreatePartnerCertificateRequest(parent=parent, certificate=certificate, **given)


def test_one_attempt_registers_once(stub: Any, parent: str, tmp_path: Path) -> None:
    attempt = request(parent, leaf(Authority().issue(tmp_path / "c")), request_id=str(uuid4()))
    made = stub.CreatePartnerCertificate(attempt)
    assert stub.CreatePartnerCertificate(attempt) == made
    listed = stub.ListPartnerCertificates(wire.ListPartnerCertificatesRequest(parent=parent))
    assert (list(listed.certificates), listed.total_size) == ([made], 1)
    revoke = wire.RevokePartnerCertificateRequest(name=made.name, request_id=str(uuid4()))
    first, again = stub.RevokePartnerCertificate(revoke), stub.RevokePartnerCertificate(revoke)
    assert first == again
    assert first.HasField("revoke_time")


def test_what_is_no_clients_certificate_is_refused(stub: Any, parent: str, tmp_path: Path) -> None:
    authority = Authority()
    good = authority.issue(tmp_path / "good")
    key, chain = (good / "tls.key").read_text(), (good / "tls.crt").read_text()
    over = authority.issue(tmp_path / "over", begins=-timedelta(days=3), ends=-timedelta(days=2))
    weak = authority.issue(tmp_path / "weak", key=generate_private_key(65537, 1024))  # noqa: S505 (refused)
    cases = {
        "no PEM": ("证书", "NOT_A_CERTIFICATE"),
        "a key": (key, "NOT_A_CERTIFICATE"),
        "a key beside it": (leaf(good) + key, "NOT_A_CERTIFICATE"),
        "a chain": (chain, "NOT_A_CERTIFICATE"),
        "cut": (leaf(good)[:200], "NOT_A_CERTIFICATE"),
        "an authority": (pem(authority.certificate).decode(), "NOT_FOR_CLIENTS"),
        "over": (leaf(over), "EXPIRED_ALREADY"),
        "weak": (leaf(weak), "WEAK_KEY"),
    }
    for what, (text, rule) in cases.items():
        failure = refused(stub.CreatePartnerCertificate, request(parent, text))
        assert failure.code == "INVALID_ARGUMENT", what
        assert [(each.field, each.reason) for each in failure.violations] == [("certificate.pem", rule)], what
    assert not stub.ListPartnerCertificates(wire.ListPartnerCertificatesRequest(parent=parent)).certificates


def test_who_is_not_there_is_not_found(stub: Any, parent: str, tmp_path: Path) -> None:
    text = leaf(Authority().issue(tmp_path / "c"))
    nobody = "partners/none"
    calls = [
        (stub.CreatePartnerCertificate, request(nobody, text), "NOT_FOUND"),
        (stub.CreatePartnerCertificate, request("persons/1", text), "INVALID_ARGUMENT"),
        (stub.ListPartnerCertificates, wire.ListPartnerCertificatesRequest(parent=nobody), "NOT_FOUND"),
        (
            stub.RevokePartnerCertificate,
            wire.RevokePartnerCertificateRequest(name=f"{parent}/certificates/1"),
            "NOT_FOUND",
        ),
    ]
    for call, asked, code in calls:
        assert refused(call, asked).code == code


def test_the_command_line_registers_lists_and_revokes(
    whole: Installation, parent: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "c.pem"
    path.write_text(leaf(Authority().issue(tmp_path / "c", "某公司")))
    token = staff_token(whole, ADMIN, subject="admin")
    with Session(whole.settings, Output(Format.TABLE, "zh"), token=token) as session:
        made = partner_certificates.add(session, parent, path, "生产", events_only=True)
        partner_certificates.show(session, [made])
        assert made.name in capsys.readouterr().out
        revoked = partner_certificates.revoke(session, made.name)
        partner_certificates.show(session, partner_certificates.listed(session, parent, 10))
    out = capsys.readouterr().out
    assert revoked.fingerprint in out
    assert all(word in out for word in ("生产", "CN=某公司", "只读事件", "已停用"))
