"""`bole partner-topic …`: topics of partners' own on the log."""

from typing import Final
from uuid import uuid4

from bole.matcher.v1 import partner_topic_pb2 as wire
from bole.matcher.v1 import partner_topic_service_pb2 as service
from bole.matcher.v1 import partner_topic_service_pb2_grpc as service_grpc
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.text import Text

_SECONDS: Final = 30
_COLUMNS = (
    Column("topic", Text("主题", "topic"), whole=True),
    Column("position", Text("已处理至", "looked at up to"), right=True),
    Column("last_sequence", Text("末条编号", "last on it"), right=True),
    Column("create_time", Text("开通", "opened")),
    Column("name", Text("编号", "resource"), whole=True),
)


def stub(session: Session) -> service_grpc.PartnerTopicServiceStub:
    """The service of topics."""
    return service_grpc.PartnerTopicServiceStub(session.channel("matcher"))


def open_(session: Session, partner: str, *, from_start: bool) -> wire.PartnerTopic:
    """Begin to tell a partner's topic."""
    request = service.CreatePartnerTopicRequest(
        parent=partner, from_start=from_start, request_id=str(uuid4())
    )
    return stub(session).CreatePartnerTopic(request, timeout=_SECONDS)


def get(session: Session, partner: str) -> wire.PartnerTopic:
    """A partner's topic."""
    request = service.GetPartnerTopicRequest(name=f"{partner}/topic")
    return stub(session).GetPartnerTopic(request, timeout=_SECONDS)


def close(session: Session, partner: str) -> None:
    """Tell it no more."""
    request = service.DeletePartnerTopicRequest(name=f"{partner}/topic", request_id=str(uuid4()))
    stub(session).DeletePartnerTopic(request, timeout=_SECONDS)
    session.output.say(
        Text(
            "已停止写入；已有记录保留至 30 日期满",
            "nothing more is written; what is there stays until its 30 days are over",
        )
    )


def show(session: Session, found: wire.PartnerTopic) -> None:
    """A topic as a table."""
    row = {
        "topic": found.topic,
        "position": found.position,
        "last_sequence": found.last_sequence,
        "create_time": wording.minute(found.create_time),
        "name": found.name,
    }
    session.output.rows(Text("合作方主题", "the partner's topic"), _COLUMNS, [row])
