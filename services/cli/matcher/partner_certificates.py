"""`bole partner-certificate …`: client certificates that name partners."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import uuid4

from bole.matcher.v1 import partner_certificate_pb2 as wire
from bole.matcher.v1 import partner_certificate_service_pb2 as service
from bole.matcher.v1 import partner_certificate_service_pb2_grpc as service_grpc
from bole.matcher.v1.partner_pb2 import PartnerKey
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.wording import delivery

_SECONDS: Final = 30
_COLUMNS = (
    Column("title", Text("用途", "for")),
    Column("subject", Text("主体", "subject"), wraps=True),
    Column("scope", Text("范围", "scope"), show=lambda value, language: delivery.SCOPES[value].to(language)),
    Column(
        "state", Text("状态", "state"), show=lambda value, language: delivery.KEY_STATES[value].to(language)
    ),
    Column("expire_time", Text("到期", "expires")),
    Column("last_use", Text("最近使用", "last used")),
    Column("fingerprint", Text("指纹", "fingerprint"), whole=True),
    Column("name", Text("编号", "resource"), whole=True),
)


def stub(session: Session) -> service_grpc.PartnerCertificateServiceStub:
    """The service of certificates."""
    return service_grpc.PartnerCertificateServiceStub(session.channel("matcher"))


def add(
    session: Session, partner: str, path: Path, title: str, *, events_only: bool
) -> wire.PartnerCertificate:
    """Register the certificate of a file. Raises InvalidArgument for a file that cannot be read."""
    try:
        pem = path.read_text("ascii")
    except (OSError, ValueError):
        raise InvalidArgument.field(
            "certificate", "UNREADABLE", "无法读取，应为 PEM 文件", "cannot be read; name a PEM file"
        ) from None
    scope = "SCOPE_EVENTS" if events_only else "SCOPE_FULL"
    certificate = wire.PartnerCertificate(pem=pem, title=title, scope=scope)
    request = service.CreatePartnerCertificateRequest(
        parent=partner, certificate=certificate, request_id=str(uuid4())
    )
    return stub(session).CreatePartnerCertificate(request, timeout=_SECONDS)


def listed(session: Session, partner: str, limit: int) -> Sequence[wire.PartnerCertificate]:
    """The certificates of a partner, the newest first."""
    request = service.ListPartnerCertificatesRequest(parent=partner, page_size=limit)
    return stub(session).ListPartnerCertificates(request, timeout=_SECONDS).certificates


def revoke(session: Session, name: str) -> wire.PartnerCertificate:
    """Let a certificate count no more."""
    request = service.RevokePartnerCertificateRequest(name=name, request_id=str(uuid4()))
    return stub(session).RevokePartnerCertificate(request, timeout=_SECONDS)


def show(session: Session, found: Sequence[wire.PartnerCertificate]) -> None:
    """Certificates as a table."""
    rows = [
        {
            "title": each.title,
            "subject": each.subject,
            "scope": PartnerKey.Scope.Name(each.scope).removeprefix("SCOPE_"),
            "state": PartnerKey.State.Name(each.state).removeprefix("STATE_"),
            "expire_time": wording.minute(each.expire_time),
            "last_use": wording.minute(each.last_use_time) if each.HasField("last_use_time") else "",
            "fingerprint": each.fingerprint,
            "name": each.name,
        }
        for each in found
    ]
    session.output.rows(Text("客户端证书", "client certificates"), _COLUMNS, rows)
