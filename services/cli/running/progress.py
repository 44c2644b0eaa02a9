"""How far a service is with what it hears and tells."""

from collections.abc import Callable, Mapping

from bole.common.v1.progress_pb2 import ServiceProgress
from bole.funding.v1 import progress_service_pb2 as funding
from bole.funding.v1.progress_service_pb2_grpc import FundingProgressServiceStub
from bole.matcher.v1 import progress_service_pb2 as matcher
from bole.matcher.v1.progress_service_pb2_grpc import MatcherProgressServiceStub
from bole.talent.v1 import progress_service_pb2 as talent
from bole.talent.v1.progress_service_pb2_grpc import TalentProgressServiceStub
from services.cli.session import Session

_SECONDS = 30.0


def fetch(session: Session, service: str) -> ServiceProgress:
    """What the service says of itself."""
    return _ASK[service](session)


def behind(progress: ServiceProgress) -> int:
    """How many records of others wait to be applied."""
    return sum(each.waiting_count for each in progress.readings)


def _talent(session: Session) -> ServiceProgress:
    stub = TalentProgressServiceStub(session.channel("talent"))
    return stub.GetTalentProgress(talent.GetTalentProgressRequest(), timeout=_SECONDS)


def _funding(session: Session) -> ServiceProgress:
    stub = FundingProgressServiceStub(session.channel("funding"))
    return stub.GetFundingProgress(funding.GetFundingProgressRequest(), timeout=_SECONDS)


def _matcher(session: Session) -> ServiceProgress:
    stub = MatcherProgressServiceStub(session.channel("matcher"))
    return stub.GetMatcherProgress(matcher.GetMatcherProgressRequest(), timeout=_SECONDS)


_ASK: Mapping[str, Callable[[Session], ServiceProgress]] = {
    "talent": _talent,
    "funding": _funding,
    "matcher": _matcher,
}
