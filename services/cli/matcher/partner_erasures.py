"""`bole partner-erasure …`: erasures that partners were told, and their acknowledgements."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import uuid4

from bole.matcher.v1 import partner_erasure_pb2 as wire
from bole.matcher.v1 import partner_erasure_service_pb2 as service
from bole.matcher.v1 import partner_erasure_service_pb2_grpc as service_grpc
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.text import Text
from services.wording import delivery

_SECONDS: Final = 30
_MOST: Final = 500
_COLUMNS = (
    Column("sequence", Text("事件", "event"), right=True),
    Column("subject", Text("化名", "under the name"), whole=True),
    Column(
        "state",
        Text("状态", "state"),
        show=lambda value, language: delivery.ERASURE_STATES[value].to(language),
    ),
    Column("event_time", Text("告知", "told")),
    Column("due_time", Text("应确认于", "due")),
    Column("acknowledge_time", Text("已确认", "acknowledged")),
)


def stub(session: Session) -> service_grpc.PartnerErasureServiceStub:
    """The service of erasures as partners are told them."""
    return service_grpc.PartnerErasureServiceStub(session.channel("matcher"))


def listed(session: Session, partner: str, limit: int, *, open_only: bool) -> Sequence[wire.PartnerErasure]:
    """What a partner was told, the oldest first."""
    request = service.ListPartnerErasuresRequest(parent=partner, open_only=open_only, page_size=limit)
    return stub(session).ListPartnerErasures(request, timeout=_SECONDS).erasures


def open_ones(session: Session) -> Iterator[wire.PartnerErasure]:
    """Everything that the partner of the session has not acknowledged."""
    request = service.ListPartnerErasuresRequest(parent="partners/me", open_only=True, page_size=_MOST)
    while True:
        page = stub(session).ListPartnerErasures(request, timeout=_SECONDS)
        yield from page.erasures
        request.page_token = page.next_page_token
        if not request.page_token:
            return


def acknowledge(session: Session, sequences: Sequence[int], subjects: Sequence[str] = ()) -> None:
    """Say that nothing is kept any more of those whom these events name, and how many are left.

    `subjects`: under which names they did, so that no event that was given the number of another counts for it.
    """
    left = 0
    for start in range(0, len(sequences), _MOST):
        request = service.AcknowledgeErasuresRequest(
            parent="partners/me",
            sequences=sequences[start : start + _MOST],
            subjects=subjects[start : start + _MOST],
            request_id=str(uuid4()),
        )
        left = stub(session).AcknowledgeErasures(request, timeout=_SECONDS).open_count
    session.output.say(
        Text(
            f"已确认删除 {len(sequences)} 人，尚有 {left} 人待确认",
            f"{len(sequences)} erasures acknowledged, {left} not yet",
        )
    )


def show(session: Session, found: Sequence[wire.PartnerErasure]) -> None:
    """Erasures as a table."""
    rows = [
        {
            "sequence": each.sequence,
            "subject": each.subject,
            "state": wire.PartnerErasure.State.Name(each.state).removeprefix("STATE_"),
            "event_time": wording.minute(each.event_time),
            "due_time": wording.minute(each.due_time),
            "acknowledge_time": wording.minute(each.acknowledge_time)
            if each.HasField("acknowledge_time")
            else "",
        }
        for each in found
    ]
    session.output.rows(Text("删除告知", "erasures that were told"), _COLUMNS, rows)
