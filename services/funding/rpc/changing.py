"""Changing methods: one transaction, one entry in the audit trail, one answer for each request id."""

from collections.abc import Callable
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.funding.rpc.once import audit, once

M = TypeVar("M", bound=Message)


def changed(house: House, action: str, request: Any, answer_type: type[M], act: Callable[[Session], M]) -> M:
    """What `act` answers; a repeated attempt under its request id gets the first answer.

    `act` judges permission itself, before it looks for anything. Raises Aborted when somebody else wrote the
    same at the same time.
    """
    call = current_call()

    def audited(session: Session) -> M:
        made = act(session)
        about = str(getattr(made, "name", "") or getattr(request, "name", "") or "")
        audit(house, session, call, action, about)
        return made

    return once(house, call, request, request.request_id, answer_type, audited, fields={})
