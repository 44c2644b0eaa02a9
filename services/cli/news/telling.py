"""`bole news`: what is new for whoever asks, as rows, each with what to look at next."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime

import grpc

from services.chassis.identity.identity import ROLES
from services.cli.answers.columns import Column
from services.cli.answers.dates import instant
from services.cli.news import cells, deals, papers, seats
from services.cli.news.looked import Looks
from services.cli.news.told import KINDS, Told
from services.cli.session import Session
from services.kernel.clock import CIVIL_ZONE
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

_REFUSED = (grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.FAILED_PRECONDITION)
"""What somebody may not ask for, and a map of which nothing was kept, have nothing new."""
_COLUMNS = (
    Column("kind", Text("事项", "what"), show=lambda value, language: KINDS[value].to(language)),
    Column("about", Text("对象", "about"), wraps=True),
    Column("told", Text("内容", "news"), wraps=True),
    Column("time", Text("时间", "when"), whole=True),
    Column("resource", Text("编号", "resource"), whole=True),
)


def tell(session: Session, since: str) -> None:
    """Show it, and keep that it was shown unless a moment was named.

    Raises InvalidArgument (BAD_TIME, TIME_IN_FUTURE), OSError, and grpc.RpcError where a service does not answer.
    """
    now = datetime.now(UTC)
    caller = session.caller
    account = caller.subject if caller else ""
    looks = Looks(session.settings.talent_address, account, now)
    then = _stated(since, now) if since else looks.since
    cities = (caller.cities(ROLES, now) if caller else None) or frozenset()
    asks: list[Callable[[], Iterable[Told]]] = [
        lambda: deals.waiting(session, account),
        lambda: papers.releases(session),
        lambda: papers.reports(session),
        lambda: papers.undecided(session),
        lambda: seats.ballots(session, account, now),
        lambda: seats.sittings(session, account, now),
        lambda: deals.reminders(session, now),
        lambda: cells.approvals(session, account),
        lambda: deals.moved(session, then),
        lambda: deals.alerts(session),
        lambda: deals.shrunk(session, then),
        lambda: cells.watched(session, then),
        lambda: cells.starred(session, then, now, cities),
        lambda: cells.accepted(session, then),
    ]
    rows = [asdict(each) for ask in asks for each in _answered(ask)]
    told = f"{then.astimezone(CIVIL_ZONE):%Y-%m-%d %H:%M}"
    session.output.rows(Text(f"{told} 以来", f"since {told}"), _COLUMNS, rows)
    if looks.first and not since:
        first = Text("此前没有查看过，列出最近一周", "you had not looked before: this is the last week")
        session.output.note(first.to(session.language))
    if not since:
        looks.remember()


def _stated(since: str, now: datetime) -> datetime:
    then = instant(since, "--since")
    if then > now:
        raise InvalidArgument.field(
            "--since", "TIME_IN_FUTURE", f"{since} 还没有到", f"{since} has not come yet"
        )
    return then


def _answered(ask: Callable[[], Iterable[Told]]) -> Iterator[Told]:
    """What is told; nothing of what is refused."""
    try:
        yield from ask()
    except grpc.RpcError as error:
        if error.code() not in _REFUSED:
            raise
