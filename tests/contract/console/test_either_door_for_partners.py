"""What a partner changes with its own key goes the same way by gRPC and by HTTP: the same answers, the same refusals,
whatever secrets each makes up.
"""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.json_format import ParseDict

from bole.matcher.v1 import partner_certificate_pb2, partner_pb2, webhook_pb2, webhook_service_pb2_grpc
from bole.matcher.v1 import partner_certificate_service_pb2 as certificates
from bole.matcher.v1 import partner_erasure_service_pb2 as erasures
from bole.matcher.v1 import partner_service_pb2 as partners
from bole.matcher.v1 import webhook_service_pb2 as webhooks
from bole.matcher.v1.partner_certificate_service_pb2_grpc import PartnerCertificateServiceStub
from bole.matcher.v1.partner_service_pb2_grpc import PartnerServiceStub
from services.chassis.contract import access_of
from services.chassis.rpc.channel import Caller
from services.chassis.rpc.failures import Failure
from services.console.gateway.bindings import Binding
from tests.contract.console.door import Door
from tests.contract.console.test_either_door import (
    Channels,
    as_json,
    by_grpc,
    by_http,
    channels,
    unary,
)
from tests.contract.coverage import PATIENCE
from tests.contract.installation import Installation
from tests.contract.matcher.test_partner_certificates import ADMIN, leaf
from tests.contract.matcher.test_partner_erasures import erase_somebody
from tests.contract.rehearsals import plain
from tests.servers.authority import Authority
from tests.servers.receiver import Receiver, receiving

Ask = Callable[[Any], Any]
"""Sends the request of a method; the answer, or None if it was refused."""
_ANEW = {"secret", "etag", "latency_ms", "behind_count", "open_count", "fingerprint", "pem"}
"""What each answer makes up, or counts of a moment."""
_CHANGED = {binding.request_class: binding for binding in unary(mutates=True) if binding.service == "matcher"}
_OURS = "partners/me"
_IDS = re.compile(r"(?<![0-9a-z])(?:[0-9a-f]{16}|[0-9a-z]{26})(?![0-9a-z])")
"""Of keys, and of messages to endpoints."""


def told(value: Any) -> Any:
    """An answer without what is made anew for each."""
    if isinstance(value, dict):
        kept = {name: each for name, each in value.items() if name not in _ANEW and not name.endswith("time")}
        return {name: told(each) for name, each in kept.items()}
    if isinstance(value, list | tuple):
        return [told(each) for each in value]
    return _IDS.sub("#", plain(value)) if isinstance(value, str) else value


class Way:
    """One door: what it answered, and the secrets that it gave."""

    def __init__(self, send: Callable[[Binding, Any], tuple[str, Any]]) -> None:
        self._send = send
        self.told: list[tuple[str, str, Any]] = []
        self.secrets: list[str] = []

    def __call__(self, request: Any) -> Any:
        """Ask, and again while the partner's quota is used up, which fills within milliseconds."""
        binding, deadline = _CHANGED[type(request)], time.monotonic() + PATIENCE
        while True:
            status, answer = self._send(binding, request)
            if status != "RESOURCE_EXHAUSTED" or time.monotonic() > deadline:
                break
        refused = status != "OK"
        self.told.append((binding.method.name, status, told(answer)))
        if not refused and answer.get("secret"):
            self.secrets.append(answer["secret"])
        return None if refused else ParseDict(answer, binding.response_class())


@pytest.fixture(scope="module")
def partner(whole: Installation) -> Caller:
    """A partner with a key."""
    made = whole.tool("matcher", "add-partner", "以密钥变更的合作方")
    assert made.returncode == 0
    key = made.stdout.strip()
    return Caller(partner_key=lambda: key)


@pytest.fixture
def through(whole: Installation, partner: Caller) -> Iterator[Channels]:
    """Its channels."""
    with channels(whole, partner) as made:
        yield made


def test_a_partner_changes_the_same_by_either_door(
    whole: Installation, through: Channels, door: Door, partner: Caller, tmp_path: Path
) -> None:
    def native(binding: Binding, request: Any) -> tuple[str, Any]:
        answer = by_grpc(through, binding, request)
        if isinstance(answer, Failure):
            return answer.code, (answer.reason, answer.text.zh, answer.text.en)
        return "OK", as_json(answer)

    def web(binding: Binding, request: Any) -> tuple[str, Any]:
        found = by_http(door, binding, request, partner)
        if found.status == 200:
            return "OK", found.json
        messages = found.json["messages"]
        return found.json["code"], (found.json["reason"], messages["zh-CN"], messages["en"])

    ways = Way(native), Way(web)
    with whole.channel("matcher", key=_key(partner)) as channel:
        erased = [erase_somebody(whole, channel, _OURS).sequence for _ in ways]
    with receiving() as receiver:
        for way, sequence in zip(ways, erased, strict=True):
            _walk(way)
            _walk_webhook(way, receiver.url)
            way(erasures.AcknowledgeErasuresRequest(parent=_OURS, sequences=[sequence]))
            _walk_told(way, whole, partner, receiver)
            _walk_certificate(way, whole, partner, Authority().issue(tmp_path / uuid4().hex))
    assert ways[0].told == ways[1].told
    assert {name for name, status, _ in ways[0].told if status == "OK"} == _of_partners()
    assert {status for _, status, _ in ways[0].told} > {"OK", "NOT_FOUND", "ABORTED"}
    secrets = [each for way in ways for each in way.secrets]
    assert len(secrets) == len(set(secrets)) == 2 * 4


def _of_partners() -> set[str]:
    """Names of the methods that change something of a partner's own."""
    return {each.method.name for each in _CHANGED.values() if "partner" in access_of(each.method).roles}


def _walk(ask: Ask) -> None:
    """Keys, made and taken back, and erasures of which none is open."""
    key = partner_pb2.PartnerKey(title="换用", scope=partner_pb2.PartnerKey.SCOPE_EVENTS)
    made = ask(partners.CreatePartnerKeyRequest(parent=_OURS, key=key))
    ask(partners.CreatePartnerKeyRequest(parent=_OURS, key=key))  # a third one at a time
    ask(partners.RevokePartnerKeyRequest(name=made.key.name))
    ask(partners.RevokePartnerKeyRequest(name=f"{_OURS}/keys/none"))
    ask(erasures.AcknowledgeErasuresRequest(parent=_OURS, sequences=[999_999_999]))


def _walk_webhook(ask: Ask, url: str) -> None:
    """An endpoint, from registering it to its end."""
    stated = webhook_pb2.Webhook(
        url=url, title="试用", city_codes=["suzhou"], state=webhook_pb2.Webhook.STATE_DISABLED
    )
    ask(webhooks.CreateWebhookRequest(parent=_OURS, webhook=webhook_pb2.Webhook(url="ftp://x")))
    hook = ask(webhooks.CreateWebhookRequest(parent=_OURS, webhook=stated)).webhook
    first = hook.etag
    hook.title = "改名"
    changed = webhooks.UpdateWebhookRequest(webhook=hook, update_mask=FieldMask(paths=["title"]))
    hook = ask(changed)
    changed.webhook.etag = first
    ask(changed)
    hook = ask(webhooks.RotateWebhookSecretRequest(name=hook.name, etag=hook.etag, overlap_hours=1)).webhook
    tried = ask(webhooks.TestWebhookRequest(name=hook.name))
    ask(webhooks.RedeliverWebhookAttemptRequest(name=tried.name))
    hook = ask(webhooks.ReplayWebhookRequest(name=hook.name, after_sequence=0))
    ask(webhooks.DeleteWebhookRequest(name=hook.name, etag=hook.etag))
    ask(webhooks.DeleteWebhookRequest(name=hook.name, etag=hook.etag))


def _walk_told(ask: Ask, whole: Installation, partner: Caller, receiver: Receiver) -> None:
    """An event that the partner's endpoint did not take at first."""
    with whole.channel("matcher", key=_key(partner)) as channel:
        receiver.answer(500, b"no")
        stated = webhook_pb2.Webhook(url=receiver.url, title="补发", city_codes=["suzhou"])
        hook = ask(webhooks.CreateWebhookRequest(parent=_OURS, webhook=stated)).webhook
        ask(webhooks.ReplayWebhookRequest(name=hook.name, after_sequence=0))
        stub = webhook_service_pb2_grpc.WebhookServiceStub(channel)
        failed = webhooks.ListWebhookAttemptsRequest(parent=hook.name, filter="outcome = REFUSED")
        attempt = whole.until(lambda: list(stub.ListWebhookAttempts(failed).attempts))[-1]
        receiver.answer(200, b"")
        ask(webhooks.RedeliverWebhookAttemptRequest(name=attempt.name))
        hook = stub.GetWebhook(webhooks.GetWebhookRequest(name=hook.name))
        stub.DeleteWebhook(webhooks.DeleteWebhookRequest(name=hook.name, etag=hook.etag))


def _walk_certificate(ask: Ask, whole: Installation, partner: Caller, issued: Path) -> None:
    """A certificate that staff registered, given up by whom it stands for."""
    with whole.channel("matcher", key=_key(partner)) as channel:
        name = PartnerServiceStub(channel).GetPartner(partners.GetPartnerRequest(name=_OURS)).name
    stated = partner_certificate_pb2.PartnerCertificate(pem=leaf(issued))
    with whole.channel("matcher", ADMIN, subject="admin") as channel:
        made = PartnerCertificateServiceStub(channel).CreatePartnerCertificate(
            certificates.CreatePartnerCertificateRequest(parent=name, certificate=stated)
        )
    ask(certificates.RevokePartnerCertificateRequest(name=made.name))


def _key(partner: Caller) -> str:
    assert partner.partner_key is not None
    return partner.partner_key()
