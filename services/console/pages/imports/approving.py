"""What stands between a visitor and the undo of an import that brought people."""

from datetime import UTC
from enum import StrEnum
from typing import Any

from bole.talent.v1.act_application_service_pb2 import ActApplication
from bole.talent.v1.act_approval_service_pb2 import ActApproval
from services.console.pages import approvals
from services.console.pages.beside import beside
from services.console.web.visits import Visit


class Way(StrEnum):
    """How an undo is come by."""

    OPEN = "OPEN"
    """No second person is needed."""
    ALONE = "ALONE"
    """Whoever looks at it made it a short while ago, and takes it back without anybody."""
    ASK = "ASK"
    """Somebody else has to approve it first."""
    WAITING = "WAITING"
    """The visitor has asked for that, and somebody else answers."""
    APPROVED = "APPROVED"
    """Somebody else has approved it, and it can still be done."""


def way_of(visit: Visit, found: Any) -> tuple[Way, Any]:
    """The way for the visitor to undo an import that is written, and until when it stands open or is answered."""
    if "alone_expire_time" not in found.DESCRIPTOR.fields_by_name or not found.HasField("alone_expire_time"):
        return Way.OPEN, None
    until = found.alone_expire_time
    own = visit.principal is not None and found.creator == visit.principal.subject
    if own and visit.now < until.ToDatetime(UTC):
        return Way.ALONE, until
    asked = beside(lambda: approvals.asked_for(visit, found.name)).answer
    if asked and asked.state == ActApplication.STATE_OPEN:
        return Way.WAITING, asked.expire_time
    if asked and asked.approval_state == ActApproval.STATE_STANDING:
        return Way.APPROVED, asked.approval_expire_time
    return Way.ASK, None
