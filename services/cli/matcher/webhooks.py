"""`bole webhook …`: endpoints that partners are told at, and the delivery log."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from google.protobuf.field_mask_pb2 import FieldMask

from bole.matcher.v1 import webhook_pb2 as wire
from bole.matcher.v1 import webhook_service_pb2 as service
from bole.matcher.v1 import webhook_service_pb2_grpc as service_grpc
from services.chassis.rpc.wire import instant_from_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.clock import CIVIL_ZONE
from services.kernel.text import Text
from services.wording import delivery

_SECONDS: Final = 60
_COLUMNS = (
    Column("url", Text("地址", "address"), wraps=True),
    Column("title", Text("用途", "title")),
    Column("state", Text("状态", "state"), show=lambda value, language: delivery.STATES[value].to(language)),
    Column(
        "reason",
        Text("停用原因", "disabled for"),
        show=lambda value, language: delivery.REASONS[value].to(language),
    ),
    Column("silent", Text("为何收不到匹配", "why it is told of no match"), wraps=True),
    Column("sequence", Text("已处理到", "done up to"), right=True),
    Column("behind", Text("落后", "behind"), right=True),
    Column("failures", Text("连续失败", "failures"), right=True),
    Column("next_attempt", Text("下次尝试", "next attempt")),
    Column("name", Text("编号", "resource"), whole=True),
)
_ATTEMPTS = (
    Column("time", Text("时间", "time")),
    Column("cause", Text("缘由", "cause"), show=lambda value, language: delivery.CAUSES[value].to(language)),
    Column("sequence", Text("事件", "event"), right=True),
    Column("number", Text("第几次", "attempt"), right=True),
    Column(
        "outcome", Text("结果", "outcome"), show=lambda value, language: delivery.OUTCOMES[value].to(language)
    ),
    Column("status", Text("答复", "status"), right=True),
    Column("latency_ms", Text("毫秒", "ms"), right=True),
    Column("reason", Text("说明", "reason"), wraps=True),
    Column("answer", Text("对方答复", "its answer"), wraps=True),
    Column("next_attempt", Text("下次尝试", "next attempt")),
    Column("name", Text("编号", "resource"), below=True),
)


def stub(session: Session) -> service_grpc.WebhookServiceStub:
    """The service of webhooks."""
    return service_grpc.WebhookServiceStub(session.channel("matcher"))


def create(session: Session, partner: str, stated: wire.Webhook) -> None:
    """Register an endpoint, and show its secret this once."""
    made = stub(session).CreateWebhook(
        service.CreateWebhookRequest(parent=partner, webhook=stated), timeout=_SECONDS
    )
    show(session, [made.webhook])
    _show_secret(session, made.secret)


def get(session: Session, name: str) -> wire.Webhook:
    """One webhook."""
    return stub(session).GetWebhook(service.GetWebhookRequest(name=name), timeout=_SECONDS)


def listed(session: Session, partner: str, limit: int) -> Sequence[wire.Webhook]:
    """Webhooks of a partner, or of all that are seen."""
    request = service.ListWebhooksRequest(parent=partner, page_size=limit)
    return stub(session).ListWebhooks(request, timeout=_SECONDS).webhooks


def update(session: Session, name: str, stated: Mapping[str, Any]) -> wire.Webhook:
    """Change what is named."""
    request = service.UpdateWebhookRequest(
        webhook=wire.Webhook(name=name, etag=get(session, name).etag, **stated),
        update_mask=FieldMask(paths=sorted(stated)),
        request_id=str(uuid4()),
    )
    return stub(session).UpdateWebhook(request, timeout=_SECONDS)


def delete(session: Session, name: str) -> None:
    """Send nothing there any more."""
    request = service.DeleteWebhookRequest(name=name, etag=get(session, name).etag, request_id=str(uuid4()))
    stub(session).DeleteWebhook(request, timeout=_SECONDS)
    session.output.say(Text(f"已删除 {name}", f"{name} is deleted"))


def rotate(session: Session, name: str, overlap_hours: int) -> None:
    """A new secret, shown this once."""
    request = service.RotateWebhookSecretRequest(
        name=name, etag=get(session, name).etag, overlap_hours=overlap_hours
    )
    made = stub(session).RotateWebhookSecret(request, timeout=_SECONDS)
    show(session, [made.webhook])
    _show_secret(session, made.secret)


def replay(session: Session, name: str, after: int) -> wire.Webhook:
    """Go on after another event."""
    request = service.ReplayWebhookRequest(name=name, after_sequence=after, request_id=str(uuid4()))
    return stub(session).ReplayWebhook(request, timeout=_SECONDS)


def test(session: Session, name: str) -> int:
    """Send a test now and show what came of it; the exit status: 1 unless it was delivered."""
    return _tried(session, stub(session).TestWebhook(service.TestWebhookRequest(name=name), timeout=_SECONDS))


def redeliver(session: Session, name: str) -> int:
    """Send the event of an attempt again now, as `test`."""
    request = service.RedeliverWebhookAttemptRequest(name=name)
    return _tried(session, stub(session).RedeliverWebhookAttempt(request, timeout=_SECONDS))


def attempts(session: Session, name: str, filter_: str, limit: int) -> Sequence[wire.WebhookAttempt]:
    """The delivery log, newest first."""
    request = service.ListWebhookAttemptsRequest(parent=name, filter=filter_, page_size=limit)
    return stub(session).ListWebhookAttempts(request, timeout=_SECONDS).attempts


def show(session: Session, found: Sequence[wire.Webhook]) -> None:
    """Webhooks as a table."""
    session.output.rows(Text("回调", "webhooks"), _COLUMNS, [_row(each, session) for each in found])


def show_attempts(session: Session, found: Sequence[wire.WebhookAttempt]) -> None:
    """Lines of the delivery log as a table."""
    rows = [_attempt(each, session) for each in found]
    session.output.rows(Text("投递记录", "delivery log"), _ATTEMPTS, rows)


def _tried(session: Session, attempt: wire.WebhookAttempt) -> int:
    show_attempts(session, [attempt])
    return int(attempt.outcome != wire.WebhookAttempt.OUTCOME_DELIVERED)


def _show_secret(session: Session, secret: str) -> None:
    session.output.say(Text(f"签名密钥（只显示这一次）：{secret}", f"the secret, shown this once: {secret}"))


def _row(of: wire.Webhook, session: Session) -> dict[str, Any]:
    return {
        "url": of.url,
        "title": of.title,
        "state": wire.Webhook.State.Name(of.state).removeprefix("STATE_"),
        "reason": wire.Webhook.DisableReason.Name(of.disable_reason).removeprefix("DISABLE_REASON_")
        if of.disable_reason
        else "",
        "silent": wording.say(of.silent_reason, session.language) if of.HasField("silent_reason") else "",
        "sequence": of.sequence,
        "behind": of.behind_count,
        "failures": of.failure_count,
        "next_attempt": _moment(of, "next_attempt_time"),
        "name": of.name,
    }


def _attempt(of: wire.WebhookAttempt, session: Session) -> dict[str, Any]:
    return {
        "time": _moment(of, "attempt_time"),
        "cause": wire.WebhookAttempt.Cause.Name(of.cause).removeprefix("CAUSE_"),
        "sequence": of.sequence or "",
        "number": of.attempt_number,
        "outcome": wire.WebhookAttempt.Outcome.Name(of.outcome).removeprefix("OUTCOME_"),
        "status": of.status_code or "",
        "latency_ms": of.latency_ms,
        "reason": wording.say(of.reason, session.language),
        "answer": of.answer_excerpt,
        "next_attempt": _moment(of, "next_attempt_time"),
        "name": of.name,
    }


def _moment(of: Any, field: str) -> str:
    if not of.HasField(field):
        return ""
    return instant_from_wire(getattr(of, field)).astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M:%S")
