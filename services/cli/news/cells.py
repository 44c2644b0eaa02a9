"""What is new of the shortage map, of acts that wait for a second person, and of proposals."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bole.matcher.v1 import proposal_service_pb2
from bole.talent.v1 import (
    act_application_service_pb2,
    act_application_service_pb2_grpc,
    shortage_pb2,
    shortage_service_pb2,
    shortage_service_pb2_grpc,
)
from services.chassis.filtering import quoted
from services.chassis.rpc.wire import date_from_wire, date_to_wire, instant_from_wire
from services.cli.answers import wording
from services.cli.matcher import proposals
from services.cli.news.told import Told
from services.cli.session import Session
from services.cli.talent import shortage, shortage_watches
from services.kernel.clock import civil_date
from services.wording import acts
from services.wording.codes import KINDS

SECONDS = 30.0
MOST = 8
_WATCHES = 500
_DAY = timedelta(days=1)


def watched(session: Session, then: datetime) -> Iterator[Told]:
    """One's watches whose cell reached what it is watched for, or fell below it."""
    for each in shortage_watches.fetch(session, _WATCHES):
        stamp = each.reach_time if each.reached else each.leave_time
        if stamp.ByteSize() and instant_from_wire(stamp) > then:
            told = f"{'≥' if each.reached else '<'} {_stars(each.stars)}"
            yield Told("watched", _cell(session, each.scope), told, wording.minute(stamp), each.name)


def starred(session: Session, then: datetime, now: datetime, cities: frozenset[str]) -> Iterator[Told]:
    """Cells of these cities (all, if empty) with another star than at the end of the day before, or of the last one
    that was kept; those that changed most first.
    """
    before, present = (_grid(session, day) for day in (civil_date(then) - _DAY, civil_date(now)))
    known = {_at(each): each.stars for each in before.cells if _shown(each)}
    changed = [
        (abs(each.stars - known[_at(each)]), each)
        for each in present.cells
        if _shown(each) and known.get(_at(each), each.stars) != each.stars
    ]
    own = [pair for pair in changed if not cities or pair[1].scope.city_code in cities]
    for _, each in sorted(own, key=lambda pair: (-pair[0], -pair[1].stars))[:MOST]:
        told = f"{_stars(known[_at(each)])} → {_stars(each.stars)}"
        since = str(date_from_wire(before.as_of_date))
        cell = f"shortageCells/{each.scope.industry_code}.{each.scope.city_code}.all"
        yield Told(
            "cell", _cell(session, each.scope), told, f"> {since}", cell, wording.origin(present.origin)
        )


def approvals(session: Session, account: str) -> Iterator[Told]:
    """Acts of others that wait for a second person's word."""
    stub = act_application_service_pb2_grpc.ActApplicationServiceStub(session.channel("talent"))
    request = act_application_service_pb2.ListActApplicationsRequest(open=True)
    for each in stub.ListActApplications(request, timeout=SECONDS).applications[:MOST]:
        if each.account != account:
            told = acts.said(each).to(session.language)
            yield Told("approval", each.account, told, wording.minute(each.ask_time), each.name)


def accepted(session: Session, then: datetime) -> Iterator[Told]:
    """Proposals that were accepted."""
    request = proposal_service_pb2.ListProposalsRequest(
        filter=f"state = ACCEPTED AND update_time > {quoted(then.isoformat())}",
        order_by="update_time desc",
        page_size=MOST,
    )
    for each in proposals.stub(session).ListProposals(request, timeout=SECONDS).proposals:
        pair = f"{each.anchor} ← {each.candidate}"
        kind, time = KINDS[each.kind].to(session.language), wording.minute(each.update_time)
        yield Told("accepted", kind, pair, time, each.name, wording.origin(each.origin))


def _grid(session: Session, day: date) -> shortage_service_pb2.GetShortageGridResponse:
    request = shortage_service_pb2.GetShortageGridRequest(
        rows=shortage_pb2.SHORTAGE_DIMENSION_INDUSTRY,
        columns=shortage_pb2.SHORTAGE_DIMENSION_CITY,
        as_of_date=date_to_wire(day),
        last_kept=True,
    )
    stub = shortage_service_pb2_grpc.ShortageServiceStub(session.channel("talent"))
    return stub.GetShortageGrid(request, timeout=SECONDS)


def _shown(cell: shortage_pb2.ShortageCell) -> bool:
    return cell.HasField("index") and not cell.hidden


def _at(cell: shortage_pb2.ShortageCell) -> tuple[str, str]:
    return cell.scope.industry_code, cell.scope.city_code


def _cell(session: Session, scope: shortage_pb2.ShortageScope) -> str:
    place = shortage.place(scope, session.language)
    return " · ".join(each for each in (place["city"], place["scope"]) if each)


def _stars(count: int) -> str:
    return "★" * count or "☆"
