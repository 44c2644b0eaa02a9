"""Partners by the certificate of their connection, over a TLS port: who is recognised, who is not, and until when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509

from services.chassis.identity.certificates import RegisteredCertificate, fingerprint_of
from services.chassis.quotas import Quota, Quotas
from services.chassis.rpc.failures import read_failure
from services.chassis.tls import channel_credentials, server_credentials
from tests.contract.chassis.conftest import House, code_of
from tests.contract.chassis.trial import contract
from tests.servers.authority import Authority, pem, replace

DAY = timedelta(days=1)
UNAUTHENTICATED = grpc.StatusCode.UNAUTHENTICATED


def now() -> datetime:
    return datetime.now(UTC)


def ask(name: str = "records/1") -> Any:
    return contract()[0].GetRecordRequest(name=name)


@pytest.fixture(scope="module")
def ours() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def theirs() -> Authority:
    """The authority of the partner."""
    return Authority("a partner's own")


@pytest.fixture
def house(keys: Path, ours: Authority, theirs: Authority, tmp_path: Path) -> Iterator[House]:
    """A service that takes partners' certificates of their own authority."""
    replace(tmp_path / "partners.crt", pem(theirs.certificate))
    server = ours.issue(tmp_path / "server", "server")
    made = House(keys, quotas=Quotas(Quota(0.01, 3)))
    credentials = server_credentials(server, now, beside=tmp_path / "partners.crt")
    made.start(credentials=credentials, look_again_seconds=0.0)
    yield made
    made.stop()


def register(house: House, directory: Path, partner: str, *, until: timedelta = DAY) -> str:
    """Register the certificate of a directory; its fingerprint."""
    (found, *_) = x509.load_pem_x509_certificates((directory / "tls.crt").read_bytes())
    shown = fingerprint_of(pem(found))
    house.certificates[shown] = RegisteredCertificate(f"of-{partner}", partner, now() + until, "partner")
    return shown


@contextmanager
def stub(house: House, directory: Path, **options: Any) -> Iterator[Any]:
    with house.stub(credentials=channel_credentials(directory, now()), **options) as opened:
        yield opened


def test_a_certificate_is_the_same_partner_as_a_key(
    house: House, ours: Authority, theirs: Authority, tmp_path: Path
) -> None:
    client = theirs.issue(tmp_path / "client", "partner", trusts=ours)
    register(house, client, "partner-a")
    with stub(house, client) as by_certificate:
        by_certificate.GetRecord(ask())
    with stub(house, client, partner_key=lambda: house.partner_key) as by_key:
        by_key.GetRecord(ask())
    first, second = house.trial.calls
    assert (first.principal, first.clearance) == (second.principal, second.clearance)
    assert (first.principal.subject, first.principal.kind) == ("partner-a", "partner")


def test_quotas_are_of_the_partner_and_turn_nobody_else_away(
    house: House, ours: Authority, theirs: Authority, tmp_path: Path
) -> None:
    noisy, other = (theirs.issue(tmp_path / each, each, trusts=ours) for each in ("noisy", "other"))
    register(house, noisy, "partner-a")
    register(house, other, "partner-b")
    with stub(house, noisy) as asked:
        for _ in range(2):
            asked.GetRecord(ask())
    with stub(house, noisy, partner_key=lambda: house.partner_key) as asked:
        asked.GetRecord(ask())
    with stub(house, noisy) as asked:
        for _ in range(2):  # the second is turned away before it is looked at
            with pytest.raises(grpc.RpcError) as caught:
                asked.GetRecord(ask())
            assert read_failure(caught.value).reason == "QUOTA"
    with stub(house, other) as asked:
        asked.GetRecord(ask())
    with stub(house, noisy, token=house.officer()) as asked:
        asked.GetRecord(ask())


def test_nobody_is_recognised_by_what_is_not_registered(
    house: House, ours: Authority, theirs: Authority, tmp_path: Path
) -> None:
    strangers = {
        "of the house": ours.issue(tmp_path / "house"),
        "of the same authority": theirs.issue(tmp_path / "same", "partner", trusts=ours),
        "over": theirs.issue(tmp_path / "over", trusts=ours),
    }
    register(house, strangers["over"], "partner-a", until=-timedelta(seconds=1))
    for what, directory in strangers.items():
        with stub(house, directory) as asked, pytest.raises(grpc.RpcError) as caught:
            asked.GetRecord(ask())
        failure = read_failure(caught.value)
        assert (failure.code, failure.reason) == ("UNAUTHENTICATED", "CERTIFICATE_UNKNOWN"), what
    forged = Authority(theirs.name).issue(tmp_path / "forged", "partner", trusts=ours)
    register(house, forged, "partner-a")
    with stub(house, forged) as asked:
        assert code_of(lambda: asked.GetRecord(ask())) is grpc.StatusCode.UNAVAILABLE
    assert house.trial.calls == []


def test_a_wrong_credential_is_not_made_good_by_a_certificate(
    house: House, ours: Authority, theirs: Authority, tmp_path: Path
) -> None:
    client = theirs.issue(tmp_path / "client", "partner", trusts=ours)
    register(house, client, "partner-a")
    for wrong in ([("x-bole-key", "blk_key1_wrong")], [("authorization", "Basic x")], [("x-bole-key", "")]):
        with stub(house, client) as asked:
            assert code_of(partial(asked.GetRecord, ask(), metadata=wrong)) is UNAUTHENTICATED


def test_what_is_revoked_ends_at_once_and_its_open_streams_too(
    house: House, ours: Authority, theirs: Authority, tmp_path: Path
) -> None:
    old, new = (theirs.issue(tmp_path / each, "partner", trusts=ours) for each in ("old", "new"))
    shown = register(house, old, "partner-a")
    register(house, new, "partner-a")
    with stub(house, old) as before, stub(house, new) as after:
        stream = before.WatchRecords(ask("records/later"))
        next(stream)
        del house.certificates[shown]
        house.trial.release.set()
        assert code_of(lambda: next(stream)) is UNAUTHENTICATED
        assert code_of(lambda: before.GetRecord(ask())) is UNAUTHENTICATED
        after.GetRecord(ask())
