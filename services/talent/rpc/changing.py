"""What every change of a record shares: one transaction, one answer per request id, an audit entry, plain words."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call
from services.kernel.errors import BoleError

A = TypeVar("A")
M = TypeVar("M", bound=Message)


def changed_once(
    house: House,
    call: Call,
    action: str,
    request: Any,
    answer_type: type[M],
    act: Callable[[Session], A],
    to_wire: Callable[[A], M],
    fields: Mapping[str, str],
) -> M:
    """Run `act` and answer with what it made; `fields` names the domain's fields as the request does."""
    with in_words_of_the_request(fields), house.database.write() as session:

        def answer() -> M:
            made = act(session)
            session.flush()
            message = to_wire(made)
            name = str(getattr(message, "name", ""))
            house.audit.append(session, entry_of(call, action, name, "done", {}))
            return message

        caller = (call.principal.subject, call.method)
        return house.requests.once(session, caller, request.request_id, request, answer_type, answer)


@contextmanager
def in_words_of_the_request(fields: Mapping[str, str]) -> Iterator[None]:
    """Errors that name fields of the domain name those of the request instead."""
    try:
        yield
    except BoleError as error:
        if any(violation.field in fields for violation in error.violations):
            raise error.renamed(dict(fields)) from None
        raise
