"""Puts into the audit trail what leaves the house: personal fields shown, and calls that were denied."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from google.protobuf import descriptor_pool
from sqlalchemy.orm import Session

from services.chassis.audit.audit import AuditEntry
from services.chassis.contract import access_of
from services.chassis.house import House
from services.chassis.rpc.call import Call
from services.chassis.rpc.exchange import Exchange
from services.chassis.rpc.interceptors.disclosure import BeforeChange, OnReveal
from services.chassis.rpc.interceptors.errors import OnRefusal
from services.kernel.errors import PermissionDenied, ResourceExhausted

_MOST_RESOURCES = 500


def entry_of(call: Call, action: str, resource: str, outcome: str, detail: dict[str, object]) -> AuditEntry:
    """An audit entry about what `call` did. `detail` holds no personal value."""
    return AuditEntry(
        at=call.arrived,
        actor=call.principal.subject,
        roles=tuple(sorted({grant.role for grant in call.principal.grants})),
        action=action,
        resource=resource,
        purpose=call.purpose or "",
        outcome=outcome,
        request_id=call.request_id,
        detail=detail,
    )


def audit_reveal(house: House) -> OnReveal:
    """Hears of every response that shows personal fields; without its entry in the trail none leaves."""

    def on_reveal(call: Call, fields: frozenset[str], resources: frozenset[str]) -> None:
        detail: dict[str, object] = {
            "fields": sorted(fields),
            "resources": sorted(resources)[:_MOST_RESOURCES],
            "count": len(resources),
        }
        with within_budget(house, call, house.tables.budget.ids(resources), done=_changes(call)) as session:
            house.audit.append(session, entry_of(call, "reveal", call.method, "shown", detail), resources)

    return on_reveal


@contextmanager
def within_budget(house: House, call: Call, ids: Collection[str], *, done: bool = False) -> Iterator[Session]:
    """A transaction in which these records count as shown to the caller. `done`: what the call does is committed.

    Raises ResourceExhausted (PEOPLE_BUDGET), which stands in the audit, too; not where it is `done`.
    """
    try:
        with house.database.write() as session:
            house.people_budget.spend(session, call, ids, done=done)
            yield session
    except ResourceExhausted as error:
        _note_refusal(house, call, error.reason)
        raise


def before_change(house: House) -> BeforeChange:
    """Hears of every change whose answer may show personal fields, before it is made."""

    def before(call: Call) -> None:
        try:
            with house.database.read() as session:
                house.people_budget.require(session, call)
        except ResourceExhausted as error:
            _note_refusal(house, call, error.reason)
            raise

    return before


def audit_refusal(house: House) -> OnRefusal:
    """Hears of every call that policy denied."""

    def on_refusal(exchange: Exchange, error: PermissionDenied) -> None:
        if exchange.principal is None or exchange.trace is None:
            return
        _note_refusal(house, exchange.call(), error.reason)

    return on_refusal


def _changes(call: Call) -> bool:
    """Whether the method of a call changes something."""
    return access_of(descriptor_pool.Default().FindMethodByName(call.method)).mutates


def _note_refusal(house: House, call: Call, reason: str) -> None:
    with house.database.write() as session:
        house.audit.append(session, entry_of(call, "deny", call.method, reason, {}))
