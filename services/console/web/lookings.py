"""When a visitor last looked: kept in a cookie of their browser, for one account, and read as nothing if it is odd.

A visit lasts as long as its looks follow one another within half an hour; `since` is when the visit before ended. While
nothing is known of a visit before, the first one goes on, and the last week is told of.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from starlette.responses import Response

from services.console.web.visits import Visit

COOKIE = "bole_looked"
APART = timedelta(minutes=30)
_YEAR = 365 * 24 * 3600
_LONGEST = timedelta(days=90)
_FIRST = timedelta(days=7)
_NEVER = datetime.fromtimestamp(0, UTC)
"""Stands in the cookie for the end of a visit before that is not known."""


@dataclass(frozen=True, slots=True)
class Looked:
    """`since`: the end of the visit before; `last`: the look before this one; `first`: no visit before is known."""

    since: datetime
    last: datetime
    first: bool = False


def looked(visit: Visit) -> Looked:
    """What the cookie says; the last week for who has none."""
    now = visit.now
    account, _, rest = visit.request.cookies.get(COOKIE, "").partition(".")
    parts = rest.split(".")
    try:
        since, last = (datetime.fromtimestamp(int(each), UTC) for each in parts)
    except (ValueError, OverflowError, OSError):
        return Looked(now - _FIRST, now, first=True)
    first = since == _NEVER
    if account != _account(visit) or not (first or now - _LONGEST <= since) or not since <= last <= now:
        return Looked(now - _FIRST, now, first=True)
    if now - last > APART:
        return Looked(last, last)
    return Looked(now - _FIRST, last, first=True) if first else Looked(since, last)


def remember(response: Response, visit: Visit, before: Looked, *, secure: bool) -> None:
    """Keep that the visitor looked now."""
    since = _NEVER if before.first else before.since
    value = f"{_account(visit)}.{int(since.timestamp())}.{int(visit.now.timestamp())}"
    response.set_cookie(COOKIE, value, max_age=_YEAR, secure=secure, httponly=True, samesite="lax", path="/")


def _account(visit: Visit) -> str:
    subject = visit.principal.subject if visit.principal else ""
    return sha256(f"looked:{subject}".encode()).hexdigest()[:16]
