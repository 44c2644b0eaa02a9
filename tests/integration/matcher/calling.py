"""A call without a connection, for what is tested within the process."""

from datetime import UTC, datetime
from math import inf

from services.chassis.identity.identity import Grant, Principal
from services.chassis.policy import clearance
from services.chassis.rpc.call import Call
from services.chassis.telemetry.trace import start


def call() -> Call:
    """A call of somebody who sees all there is."""
    grants = (Grant("talent_officer"), Grant("fund_manager"))
    principal = Principal("tester", "staff", grants)
    now = datetime.now(UTC)
    trace = start()
    return Call(principal, clearance(principal, None, now), None, "r", trace, "WatchMatches", "", now, inf)
