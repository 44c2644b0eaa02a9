"""What is new where one has a seat: votes that wait for one's ballot, and sittings from yesterday on."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import grpc

from bole.funding.v1 import committee_pb2
from bole.funding.v1 import committee_service_pb2 as service
from services.chassis.rpc.wire import instant_from_wire
from services.cli.answers import wording
from services.cli.funding import committees
from services.cli.news.deals import called
from services.cli.news.told import Told
from services.cli.session import Session
from services.kernel.text import Text
from services.wording import deals as said

SECONDS = 30.0
MOST = 8
_SITTINGS = 100
_LOOKED = 40
"""Deals of agendas of which votes are asked for."""
_KEPT = timedelta(days=1)
_OPEN = timedelta(days=60)
"""How long after its sitting a vote is looked for that may still be open."""


def ballots(session: Session, account: str, now: datetime) -> Iterator[Told]:
    """Votes that are open and in which one may vote and has not yet, of the newest sittings first."""
    found = 0
    for sitting, deal in _agendas(session, account, now)[:_LOOKED]:
        name = f"{sitting.name}/votes/{deal.removeprefix('deals/')}"
        if not _waits(session, name, sitting, account):
            continue
        found += 1
        title, origin = called(session, deal)
        yield Told("ballot", title, _tier(session, sitting), wording.minute(sitting.sit_time), name, origin)
        if found == MOST:
            return


def sittings(session: Session, account: str, now: datetime) -> Iterator[Told]:
    """Sittings at which one has a seat, the next one first, with the deals on the agenda."""
    for sitting in list(reversed(_seated(session, account, now - _KEPT)))[:MOST]:
        titles = [called(session, deal) for deal in sitting.deals]
        agenda = Text("、", ", ").to(session.language).join(title for title, _ in titles)
        yield Told(
            "sitting",
            _tier(session, sitting),
            agenda or Text("议程未定", "no agenda yet").to(session.language),
            wording.minute(sitting.sit_time),
            sitting.name,
            next((origin for _, origin in titles if origin), ""),
        )


def _agendas(session: Session, account: str, now: datetime) -> list[tuple[committee_pb2.Sitting, str]]:
    seated = _seated(session, account, now - _OPEN)
    return [(each, deal) for each in seated for deal in each.deals]


def _waits(session: Session, vote: str, sitting: committee_pb2.Sitting, account: str) -> bool:
    """Whether a vote is open and waits for this member's ballot."""
    member = committee_pb2.CommitteeSeat.KIND_MEMBER
    if not any((each.member, each.kind) == (account, member) for each in sitting.seats):
        return False
    stub = committees.stub(session)
    try:
        found = stub.GetVote(service.GetVoteRequest(name=vote), timeout=SECONDS)
    except grpc.RpcError as error:
        if error.code() is grpc.StatusCode.NOT_FOUND:  # on the agenda, and not opened
            return False
        raise
    if found.state != committee_pb2.Vote.STATE_OPEN or account in found.recused_members:
        return False
    cast = stub.ListBallots(service.ListBallotsRequest(parent=vote), timeout=SECONDS).ballots
    return all(each.member != account for each in cast)


def _seated(session: Session, account: str, since: datetime) -> Sequence[committee_pb2.Sitting]:
    """Sittings with a seat of the account's that are later than an instant, the latest first."""
    request = service.ListSittingsRequest(page_size=_SITTINGS)
    found = committees.stub(session).ListSittings(request, timeout=SECONDS).sittings
    return [
        each
        for each in found
        if any(seat.member == account for seat in each.seats) and instant_from_wire(each.sit_time) > since
    ]


def _tier(session: Session, sitting: committee_pb2.Sitting) -> str:
    code = committee_pb2.Committee.Tier.Name(sitting.tier)
    return committees.word(said.TIERS, code, session.language)
