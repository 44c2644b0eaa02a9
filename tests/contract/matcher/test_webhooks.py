"""WebhookService: registered, told, tried, rotated, replayed and removed; and what is refused."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from standardwebhooks import Webhook as Verifier

from bole.common.v1 import text_pb2
from bole.matcher.v1 import (
    matching_service_pb2,
    matching_service_pb2_grpc,
    webhook_pb2,
    webhook_service_pb2_grpc,
)
from bole.matcher.v1 import webhook_service_pb2 as wire
from services.chassis.identity.identity import Grant
from services.cli.answers.output import Format, Output
from services.cli.matcher import webhooks
from services.cli.session import Session
from tests.contract.coverage import PATIENCE
from tests.contract.installation import Installation, fields, refused
from tests.servers.receiver import Receiver, receiving

ADMIN = Grant("admin")
DISABLED, BY_HAND = webhook_pb2.Webhook.STATE_DISABLED, webhook_pb2.Webhook.DISABLE_REASON_OWNER


@pytest.fixture(scope="module")
def keys(whole: Installation) -> list[str]:
    """Keys of two partners."""
    found = [whole.tool("matcher", "add-partner", name) for name in ("甲", "乙")]
    return [each.stdout.strip() for each in found]


@pytest.fixture
def stub(whole: Installation, keys: list[str]) -> Iterator[Any]:
    with whole.channel("matcher", key=keys[0]) as channel:
        yield webhook_service_pb2_grpc.WebhookServiceStub(channel)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def hook(stub: Any, receiver: Receiver) -> Iterator[wire.CreateWebhookResponse]:
    """A webhook that is told nothing until it is enabled, and removed in the end."""
    stated = webhook_pb2.Webhook(url=receiver.url, title="试用", city_codes=["苏州"], state=DISABLED)
    made = stub.CreateWebhook(wire.CreateWebhookRequest(parent="partners/me", webhook=stated))
    yield made
    left = stub.ListWebhooks(wire.ListWebhooksRequest(parent="partners/me")).webhooks
    for each in left:
        stub.DeleteWebhook(wire.DeleteWebhookRequest(name=each.name, etag=each.etag, request_id=str(uuid4())))


def enable(stub: Any, name: str) -> webhook_pb2.Webhook:
    etag = stub.GetWebhook(wire.GetWebhookRequest(name=name)).etag
    given = webhook_pb2.Webhook(name=name, etag=etag, state=webhook_pb2.Webhook.STATE_ENABLED)
    mask = FieldMask(paths=["state"])
    return stub.UpdateWebhook(wire.UpdateWebhookRequest(webhook=given, update_mask=mask))


def test_a_partner_registers_tries_and_is_told_what_the_stream_tells(
    whole: Installation, keys: list[str], stub: Any, receiver: Receiver, hook: wire.CreateWebhookResponse
) -> None:
    name = hook.webhook.name
    assert list(hook.webhook.city_codes) == ["suzhou"]
    tried = stub.TestWebhook(wire.TestWebhookRequest(name=name))
    assert (tried.outcome, tried.status_code) == (webhook_pb2.WebhookAttempt.OUTCOME_DELIVERED, 204)
    (test,) = receiver.wait_for(1, PATIENCE)
    assert Verifier(hook.secret).verify(test.body, test.headers)["type"] == "webhook.test"
    assert test.said["timestamp"].endswith("Z"), "as the instants of events"
    streamed = _streamed(whole, keys[0], 3)
    after = int(streamed[0].sequence) - 1
    stub.ReplayWebhook(wire.ReplayWebhookRequest(name=name, after_sequence=after, request_id=str(uuid4())))
    enable(stub, name)
    told = [each.said["data"] for each in receiver.wait_for(4, PATIENCE)[1:4]]
    assert [
        (
            int(each["sequence"]),
            int(each["previous_sequence"]),
            each["anchor"],
            each["candidate"],
            each["probability"],
        )
        for each in told
    ] == [
        (each.sequence, each.previous_sequence, each.anchor, each.candidate, each.probability)
        for each in streamed
    ]


def test_the_log_says_how_it_went_and_sends_again(
    whole: Installation, stub: Any, receiver: Receiver, hook: wire.CreateWebhookResponse
) -> None:
    name = hook.webhook.name
    receiver.answer(500, b"no")
    stub.ReplayWebhook(wire.ReplayWebhookRequest(name=name, request_id=str(uuid4())))
    assert enable(stub, name).disable_reason == 0
    asked = wire.ListWebhookAttemptsRequest(parent=name, filter="outcome = REFUSED AND cause = EVENT")
    (failed,) = whole.until(lambda: list(stub.ListWebhookAttempts(asked).attempts))
    assert (failed.status_code, failed.answer_excerpt, failed.attempt_number) == (500, "no", 1)
    assert failed.HasField("next_attempt_time")
    again = stub.RedeliverWebhookAttempt(wire.RedeliverWebhookAttemptRequest(name=failed.name))
    assert (again.message_id, again.sequence) == (failed.message_id, failed.sequence)
    assert again.cause == webhook_pb2.WebhookAttempt.CAUSE_REDELIVERY
    once_more = stub.RedeliverWebhookAttempt(wire.RedeliverWebhookAttemptRequest(name=failed.name))
    assert (again.attempt_number, once_more.attempt_number) == (1, 2), "counted apart"
    bodies = {each.body for each in receiver.came if each.id == failed.message_id}
    assert len(bodies) == 1
    failure = refused(stub.ListWebhookAttempts, wire.ListWebhookAttemptsRequest(parent=name, filter="x = 1"))
    assert fields(failure) == ["filter"]


def test_it_is_changed_and_its_secret_replaced(
    stub: Any, receiver: Receiver, hook: wire.CreateWebhookResponse
) -> None:
    assert (hook.webhook.state, hook.webhook.disable_reason) == (DISABLED, BY_HAND)
    given = webhook_pb2.Webhook(name=hook.webhook.name, etag=hook.webhook.etag, kinds=["person-position"])
    request = wire.UpdateWebhookRequest(
        webhook=given, update_mask=FieldMask(paths=["kinds"]), request_id=str(uuid4())
    )
    changed = stub.UpdateWebhook(request)
    assert stub.UpdateWebhook(request) == changed
    assert (changed.state, list(changed.kinds), changed.title) == (DISABLED, ["person-position"], "试用")
    stale = wire.RotateWebhookSecretRequest(name=changed.name, etag=hook.webhook.etag)
    assert refused(stub.RotateWebhookSecret, stale).code == "ABORTED"
    rotated = stub.RotateWebhookSecret(
        wire.RotateWebhookSecretRequest(name=changed.name, etag=changed.etag, overlap_hours=1)
    )
    assert rotated.webhook.HasField("former_secret_expire_time")
    stub.TestWebhook(wire.TestWebhookRequest(name=changed.name))
    (came,) = receiver.came
    for secret in (hook.secret, rotated.secret):
        assert Verifier(secret).verify(came.body, came.headers)
    assert stub.GetWebhook(wire.GetWebhookRequest(name=changed.name)).sequence == changed.sequence


@pytest.mark.parametrize(
    ("stated", "field", "reason"),
    [
        ({"url": "https://10.0.0.1/"}, "webhook.url", "ADDRESS_FORBIDDEN"),
        ({"url": "http://example.com/"}, "webhook.url", "URL_NOT_HTTPS"),
        ({"url": "https://me:secret@example.com/"}, "webhook.url", "URL_INVALID"),
        ({}, "webhook.url", "REQUIRED"),
        ({"url": "https://example.com/", "kinds": ["person-positon"]}, "webhook.kinds", "UNKNOWN_PAIR_KIND"),
        ({"url": "https://example.com/", "city_codes": ["atlantis"]}, "webhook.city_codes", "UNKNOWN_CITY"),
        ({"url": "https://example.com/", "anchor": "x"}, "webhook.anchor", "INVALID_NAME"),
        ({"url": "https://example.com/", "anchor": "teams/x"}, "webhook.anchor", "NO_SUCH_LIST"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    stub: Any, stated: dict[str, Any], field: str, reason: str
) -> None:
    request = wire.CreateWebhookRequest(parent="partners/me", webhook=webhook_pb2.Webhook(**stated))
    failure = refused(stub.CreateWebhook, request)
    assert [(each.field, each.reason) for each in failure.violations] == [(field, reason)]


def test_one_address_once_no_person_and_ten_at_most(stub: Any, hook: wire.CreateWebhookResponse) -> None:
    def create(url: str, **given: Any) -> wire.CreateWebhookRequest:
        stated = webhook_pb2.Webhook(url=url, state=DISABLED, **given)
        return wire.CreateWebhookRequest(parent="partners/me", webhook=stated)

    failure = refused(stub.CreateWebhook, create(hook.webhook.url))
    assert (failure.code, failure.metadata["webhook"]) == ("ALREADY_EXISTS", hook.webhook.name)
    person = create("https://example.com/p", anchor="persons/x")
    assert refused(stub.CreateWebhook, person).code == "PERMISSION_DENIED"
    for number in range(9):
        stub.CreateWebhook(create(f"https://example.com/{number}"))
    failure = refused(stub.CreateWebhook, create("https://example.com/one-more"))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "TOO_MANY_WEBHOOKS")
    page = stub.ListWebhooks(wire.ListWebhooksRequest(parent="partners/me", page_size=4))
    assert (page.total_size, len(page.webhooks), bool(page.next_page_token)) == (10, 4, True)
    assert refused(stub.ListWebhooks, wire.ListWebhooksRequest(parent="x")).code == "INVALID_ARGUMENT"


def test_a_partner_does_not_see_another_and_the_administrator_sees_all(
    whole: Installation, keys: list[str], hook: wire.CreateWebhookResponse
) -> None:
    name, etag = hook.webhook.name, hook.webhook.etag
    with whole.channel("matcher", key=keys[1]) as channel:
        other = webhook_service_pb2_grpc.WebhookServiceStub(channel)
        update = wire.UpdateWebhookRequest(webhook=webhook_pb2.Webhook(name=name, etag=etag, title="x"))
        for call, request in (
            (other.GetWebhook, wire.GetWebhookRequest(name=name)),
            (other.UpdateWebhook, update),
            (other.DeleteWebhook, wire.DeleteWebhookRequest(name=name, etag=etag)),
            (other.RotateWebhookSecret, wire.RotateWebhookSecretRequest(name=name, etag=etag)),
            (other.TestWebhook, wire.TestWebhookRequest(name=name)),
            (other.ReplayWebhook, wire.ReplayWebhookRequest(name=name)),
            (other.ListWebhookAttempts, wire.ListWebhookAttemptsRequest(parent=name)),
            (other.RedeliverWebhookAttempt, wire.RedeliverWebhookAttemptRequest(name=f"{name}/attempts/x")),
        ):
            assert refused(call, request).code == "NOT_FOUND"
        assert other.ListWebhooks(wire.ListWebhooksRequest(parent="partners/-")).total_size == 0
    with whole.channel("matcher", ADMIN, subject="admin") as channel:
        admin = webhook_service_pb2_grpc.WebhookServiceStub(channel)
        found = admin.ListWebhooks(wire.ListWebhooksRequest(parent="partners/-")).webhooks
        assert name in [each.name for each in found]
        beyond = wire.ReplayWebhookRequest(name=name, after_sequence=10**12)
        assert refused(admin.ReplayWebhook, beyond).code == "OUT_OF_RANGE"
    with whole.channel("matcher") as channel:
        staff = webhook_service_pb2_grpc.WebhookServiceStub(channel)
        assert refused(staff.GetWebhook, wire.GetWebhookRequest(name=name)).code == "PERMISSION_DENIED"


def test_the_command_line_does_the_same(
    whole: Installation,
    keys: list[str],
    receiver: Receiver,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    silent = text_pb2.Text(zh="收不到任何事件", en="would be told nothing")
    for language, said in (
        ("zh", ("已送达", "满了", "whsec_", silent.zh)),
        ("en", ("delivered", "满了", "whsec_", silent.en)),
    ):
        with Session(whole.settings, Output(Format.TABLE, language), partner_key=keys[1]) as opened:  # type: ignore[arg-type]
            webhooks.create(opened, "partners/me", webhook_pb2.Webhook(url=receiver.url))
            (made,) = webhooks.listed(opened, "partners/-", 10)
            changed = webhooks.update(opened, made.name, {"title": "x", "state": "STATE_DISABLED"})
            assert not changed.HasField("silent_reason")
            changed.silent_reason.CopyFrom(silent)
            webhooks.show(opened, [changed])
            assert webhooks.test(opened, made.name) == 0
            receiver.answer(503, "满了".encode())
            assert webhooks.test(opened, made.name) == 1
            webhooks.rotate(opened, made.name, 2)
            webhooks.delete(opened, made.name)
        printed = "".join(capsys.readouterr())
        assert all(each in printed for each in said)


def _streamed(whole: Installation, key: str, count: int) -> list[Any]:
    with whole.channel("matcher", key=key) as channel:
        stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
        request = matching_service_pb2.WatchMatchesRequest(from_start=True, city_codes=["suzhou"])
        call, found = stub.WatchMatches(request), []
        for message in call:
            found += [message.event] if message.HasField("event") else []
            if len(found) == count:
                break
        call.cancel()
    return found
