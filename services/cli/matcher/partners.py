"""`bole partner …` and `bole partner-key …`: who follows match events, and with which keys."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from bole.matcher.v1 import partner_pb2 as wire
from bole.matcher.v1 import partner_service_pb2 as service
from bole.matcher.v1 import partner_service_pb2_grpc as service_grpc
from services.chassis.rpc.wire import instant_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.text import Text
from services.wording import delivery

_SECONDS: Final = 30
_COLUMNS = (
    Column("title", Text("名称", "name"), wraps=True),
    Column("live_keys", Text("有效密钥", "live keys"), right=True),
    Column("live_certificates", Text("有效证书", "certificates"), right=True),
    Column("webhooks", Text("回调", "webhooks"), right=True),
    Column("stopped_webhooks", Text("停推", "stopped"), right=True),
    Column("failing_webhooks", Text("失败中", "failing"), right=True),
    Column("open_erasures", Text("待确认删除", "open erasures"), right=True),
    Column("erasure_due", Text("应确认于", "due")),
    Column("last_use", Text("最近使用", "last used")),
    Column("create_time", Text("登记", "registered")),
    Column("name", Text("编号", "resource"), whole=True),
)
_KEYS = (
    Column("title", Text("用途", "for")),
    Column("scope", Text("范围", "scope"), show=lambda value, language: delivery.SCOPES[value].to(language)),
    Column(
        "state", Text("状态", "state"), show=lambda value, language: delivery.KEY_STATES[value].to(language)
    ),
    Column("expire_time", Text("到期", "expires")),
    Column("last_use", Text("最近使用", "last used")),
    Column("create_time", Text("创建", "made")),
    Column("name", Text("编号", "resource"), whole=True),
)


def stub(session: Session) -> service_grpc.PartnerServiceStub:
    """The service of partners."""
    return service_grpc.PartnerServiceStub(session.channel("matcher"))


def create(session: Session, title: str) -> wire.Partner:
    """Register a partner."""
    request = service.CreatePartnerRequest(partner=wire.Partner(title=title), request_id=str(uuid4()))
    return stub(session).CreatePartner(request, timeout=_SECONDS)


def get(session: Session, name: str) -> wire.Partner:
    """One partner."""
    return stub(session).GetPartner(service.GetPartnerRequest(name=name), timeout=_SECONDS)


def listed(session: Session, limit: int) -> Sequence[wire.Partner]:
    """All partners, the oldest first."""
    return stub(session).ListPartners(service.ListPartnersRequest(page_size=limit), timeout=_SECONDS).partners


def create_key(session: Session, partner: str, title: str, days: int | None, *, events_only: bool) -> None:
    """A new key, shown this once."""
    key = wire.PartnerKey(title=title, scope="SCOPE_EVENTS" if events_only else "SCOPE_FULL")
    if days is not None:
        key.expire_time.CopyFrom(instant_to_wire(datetime.now(UTC) + timedelta(days=days)))
    made = stub(session).CreatePartnerKey(
        service.CreatePartnerKeyRequest(parent=partner, key=key), timeout=_SECONDS
    )
    show_keys(session, [made.key])
    session.output.say(
        Text(f"密钥（只显示这一次）：{made.secret}", f"the key, shown this once: {made.secret}")
    )


def keys(session: Session, partner: str, limit: int) -> Sequence[wire.PartnerKey]:
    """The keys of a partner, the newest first."""
    request = service.ListPartnerKeysRequest(parent=partner, page_size=limit)
    return stub(session).ListPartnerKeys(request, timeout=_SECONDS).keys


def revoke(session: Session, name: str) -> wire.PartnerKey:
    """Let a key count no more."""
    request = service.RevokePartnerKeyRequest(name=name, request_id=str(uuid4()))
    return stub(session).RevokePartnerKey(request, timeout=_SECONDS)


def show(session: Session, found: Sequence[wire.Partner]) -> None:
    """Partners as a table."""
    rows = [
        {
            "title": each.title,
            "live_keys": each.live_key_count,
            "live_certificates": each.live_certificate_count,
            "webhooks": each.webhook_count,
            "stopped_webhooks": each.stopped_webhook_count,
            "failing_webhooks": each.failing_webhook_count,
            "open_erasures": each.open_erasure_count,
            "erasure_due": _moment(each, "erasure_due_time"),
            "last_use": _moment(each, "last_use_time"),
            "create_time": _moment(each, "create_time"),
            "name": each.name,
        }
        for each in found
    ]
    session.output.rows(Text("合作方", "partners"), _COLUMNS, rows)
    session.output.note(delivery.PEOPLE_SHOWN.to(session.output.language))


def show_keys(session: Session, found: Sequence[wire.PartnerKey]) -> None:
    """Keys as a table."""
    rows = [
        {
            "title": each.title,
            "scope": wire.PartnerKey.Scope.Name(each.scope).removeprefix("SCOPE_"),
            "state": wire.PartnerKey.State.Name(each.state).removeprefix("STATE_"),
            "expire_time": _moment(each, "expire_time"),
            "last_use": _moment(each, "last_use_time"),
            "create_time": _moment(each, "create_time"),
            "name": each.name,
        }
        for each in found
    ]
    session.output.rows(Text("密钥", "keys"), _KEYS, rows)


def _moment(of: Any, field: str) -> str:
    if not of.HasField(field):
        return ""
    return wording.minute(getattr(of, field))
