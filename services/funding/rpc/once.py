"""One changing call: a transaction that answers each request id once."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call
from services.kernel.errors import BoleError

M = TypeVar("M", bound=Message)


def once(
    house: House,
    call: Call,
    request: Message,
    request_id: str,
    answer_type: type[M],
    act: Callable[[Session], M],
    *,
    fields: Mapping[str, str],
) -> M:
    """The answer of `act`, which runs in one transaction.

    Errors name the fields of the request by `fields`. Raises what `act` does.
    """
    try:
        with house.database.write() as session:
            caller = (call.principal.subject, call.method)
            return house.requests.once(
                session, caller, request_id, request, answer_type, lambda: act(session)
            )
    except BoleError as error:
        if any(violation.field in fields for violation in error.violations):
            raise error.renamed(fields) from None
        raise


def audit(house: House, session: Session, call: Call, action: str, resource: str) -> None:
    """Put into the trail that `call` did this."""
    house.audit.append(session, entry_of(call, action, resource, "done", {}))
