import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest

from services.chassis.identity.certificates import PartnerCertificates, RegisteredCertificate
from services.chassis.identity.identity import Grant
from services.chassis.identity.partner_keys import PartnerKey, PartnerKeys, new_partner_key
from services.chassis.identity.tokens import StaffTokens, issue_local_token, load_verification_key
from services.chassis.keys import ensure_local_keys
from services.chassis.quotas import Quotas
from services.chassis.rpc.channel import open_channel
from services.chassis.rpc.registration import Service
from services.chassis.rpc.server import Server, ServerOptions
from services.chassis.rpc.standard import standard_interceptors
from services.chassis.telemetry.metrics import Metrics
from services.kernel.errors import PermissionDenied
from tests.contract.chassis.trial import NAME, Trial, contract


@dataclass
class House:
    """A trial service on loopback and what its callers need."""

    keys: Path
    trial: Trial = field(default_factory=Trial)
    metrics: Metrics = field(default_factory=lambda: Metrics("trial"))
    revealed: list[tuple[Any, frozenset[str], frozenset[str]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    refusal_fails: Exception | None = None
    ready: bool = True
    address: str = ""
    server: Server | None = None
    thread: threading.Thread | None = None
    partner_key: str = ""
    quotas: Quotas | None = None
    partners: dict[str, PartnerKey] = field(default_factory=dict)
    certificates: dict[str, RegisteredCertificate] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def token(self, *grants: Grant, ttl: timedelta = timedelta(hours=1), now: datetime | None = None) -> str:
        return issue_local_token(self.keys, "li.si", grants, ttl, now or datetime.now(UTC))

    def officer(self, *purposes: str, city: str | None = None) -> str:
        return self.token(Grant("talent_officer", city, frozenset(purposes)))

    @contextmanager
    def stub(self, token: str | None = None, **options: Any) -> Iterator[Any]:
        provider: Callable[[], str] | None = (lambda: token) if token else None
        with open_channel(self.address, services=[NAME], token=provider, **options) as channel:
            yield contract()[1].TrialServiceStub(channel)

    @contextmanager
    def raw(self, method: str, token: str) -> Iterator[Any]:
        """A multi-callable that sends bytes as they are."""
        with open_channel(self.address, token=lambda: token) as channel:
            yield channel.unary_unary(f"/{NAME}/{method}")  # type: ignore[call-arg]

    def start(self, address: str = "127.0.0.1:0", **options: Any) -> None:
        started = threading.Event()

        def on_start(address: str) -> None:
            self.address = address
            started.set()

        key, kept = new_partner_key(b"pepper", "key1", "partner-a")
        self.partner_key, self.partners = key, {"key1": kept}
        self.server = Server(
            ServerOptions(address, **({"threads": 4, "grace_seconds": 0.2, "probe_seconds": 0.02} | options)),
            [Service(contract()[1].add_TrialServiceServicer_to_server, self.trial, NAME)],
            standard_interceptors(
                metrics=self.metrics,
                staff=StaffTokens(load_verification_key(self.keys)),
                partners=PartnerKeys(b"pepper", self.partners.get),
                certificates=PartnerCertificates(self.certificates.get),
                now=self.now,
                on_reveal=lambda *told: self.revealed.append(told),
                on_refusal=self._on_refusal,
                quotas=self.quotas,
            ),
            self.now,
            is_ready=lambda: self.ready,
            on_start=on_start,
        )
        self.thread = threading.Thread(target=self.server.run, kwargs={"signals": False})
        self.thread.start()
        assert started.wait(60)

    def _on_refusal(self, _exchange: object, error: PermissionDenied) -> None:
        if self.refusal_fails is not None:
            raise self.refusal_fails
        self.refused.append(error.reason)

    def stop(self) -> None:
        assert self.server is not None
        assert self.thread is not None
        self.server.stop()
        self.thread.join(120)
        assert not self.thread.is_alive()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    ensure_local_keys(folder)
    return folder


@pytest.fixture
def house(keys: Path) -> Iterator[House]:
    made = House(keys)
    made.start()
    yield made
    made.stop()


def code_of(call: Callable[[], Any]) -> grpc.StatusCode:
    """The status that a call fails with."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    code: grpc.StatusCode = caught.value.code()
    return code
