"""A change by a request: done once, audited, and its errors in the request's own words."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.kernel.errors import BoleError

M = TypeVar("M", bound=Message)


def once(
    house: House,
    action: str,
    request: Any,
    kind: type[M],
    act: Callable[[Session], tuple[str, M]],
    fields: Mapping[str, str] | None = None,
    detail: Mapping[str, object] | None = None,
) -> M:
    """What `act` answers, with the name of what it changed, in one transaction. An answer with a secret is kept
    nowhere: its request has no id. `fields`: what the domain's fields are called in the request; `detail`: what
    the audit says beside it.
    """
    call = current_call()
    try:
        with house.database.write() as session:

            def answer() -> M:
                name, made = act(session)
                house.audit.append(session, entry_of(call, action, name, "done", dict(detail or {})))
                return made

            caller, request_id = (call.principal.subject, call.method), getattr(request, "request_id", "")
            return house.requests.once(session, caller, request_id, request, kind, answer)
    except BoleError as error:
        raise error.renamed(fields or {}) from None
