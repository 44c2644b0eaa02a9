"""Puts into the audit trail what leaves the house: personal fields shown, and calls that were denied."""

from services.chassis.audit import AuditEntry
from services.chassis.house import House
from services.chassis.rpc.call import Call
from services.chassis.rpc.exchange import Exchange
from services.chassis.rpc.interceptors.disclosure import OnReveal
from services.chassis.rpc.interceptors.errors import OnRefusal
from services.kernel.errors import PermissionDenied

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
        with house.database.write() as session:
            house.audit.append(session, entry_of(call, "reveal", call.method, "shown", detail), resources)

    return on_reveal


def audit_refusal(house: House) -> OnRefusal:
    """Hears of every call that policy denied."""

    def on_refusal(exchange: Exchange, error: PermissionDenied) -> None:
        if exchange.principal is None or exchange.trace is None:
            return
        call = exchange.call()
        with house.database.write() as session:
            house.audit.append(session, entry_of(call, "deny", call.method, error.reason, {}))

    return on_refusal
