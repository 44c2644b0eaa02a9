"""How far every service is: what it has read of what others tell, and what it has yet to tell them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bole.common.v1.progress_pb2 import ServiceProgress
from bole.funding.v1 import progress_service_pb2 as funding
from bole.funding.v1.progress_service_pb2_grpc import FundingProgressServiceStub
from bole.matcher.v1 import progress_service_pb2 as matcher
from bole.matcher.v1.progress_service_pb2_grpc import MatcherProgressServiceStub
from bole.talent.v1 import progress_service_pb2 as talent
from bole.talent.v1.progress_service_pb2_grpc import TalentProgressServiceStub
from services.console.backend import SECONDS, SERVICES
from services.console.pages import start
from services.console.pages.beside import Beside, beside, for_each
from services.console.web.visits import Visit


@dataclass(frozen=True, slots=True)
class Standing:
    """A service by its name, whether it is ready, and what it says of its progress."""

    service: str
    ready: bool
    progress: Beside[ServiceProgress]


def standings(visit: Visit) -> list[Standing]:
    """Of every service."""
    told = for_each(lambda name: beside(lambda: _ASK[name](visit)), SERVICES)
    ready = start.readiness(visit)
    return [Standing(name, ready[name], each) for name, each in zip(SERVICES, told, strict=True)]


def _talent(visit: Visit) -> ServiceProgress:
    stub = visit.stub(TalentProgressServiceStub)
    return stub.GetTalentProgress(talent.GetTalentProgressRequest(), timeout=SECONDS)


def _funding(visit: Visit) -> ServiceProgress:
    stub = visit.stub(FundingProgressServiceStub)
    return stub.GetFundingProgress(funding.GetFundingProgressRequest(), timeout=SECONDS)


def _matcher(visit: Visit) -> ServiceProgress:
    stub = visit.stub(MatcherProgressServiceStub)
    return stub.GetMatcherProgress(matcher.GetMatcherProgressRequest(), timeout=SECONDS)


_ASK: Mapping[str, Callable[[Visit], ServiceProgress]] = {
    "talent": _talent,
    "funding": _funding,
    "matcher": _matcher,
}
