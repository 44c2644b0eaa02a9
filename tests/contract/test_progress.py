"""Every service says how far it is with what it hears and tells, to everybody who is known."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest

from bole.common.v1.progress_pb2 import ServiceProgress
from bole.funding.v1 import progress_service_pb2 as funding
from bole.funding.v1.progress_service_pb2_grpc import FundingProgressServiceStub
from bole.matcher.v1 import progress_service_pb2 as matcher
from bole.matcher.v1.progress_service_pb2_grpc import MatcherProgressServiceStub
from bole.talent.v1 import progress_service_pb2 as talent
from bole.talent.v1.progress_service_pb2_grpc import TalentProgressServiceStub
from services.chassis.identity.identity import Grant
from services.chassis.log.topics import DEALS, FUNDS, PERSONS
from services.chassis.outbox.journal import Topic
from tests.contract.coverage import CALLS
from tests.contract.installation import Installation, refused

Method = Callable[[Any], Any]
ASKED: dict[str, tuple[Callable[[grpc.Channel], Method], Any, set[Topic]]] = {
    "talent": (
        lambda channel: TalentProgressServiceStub(channel).GetTalentProgress,
        talent.GetTalentProgressRequest(),
        {DEALS, PERSONS},
    ),
    "funding": (
        lambda channel: FundingProgressServiceStub(channel).GetFundingProgress,
        funding.GetFundingProgressRequest(),
        set(),
    ),
    "matcher": (
        lambda channel: MatcherProgressServiceStub(channel).GetMatcherProgress,
        matcher.GetMatcherProgressRequest(),
        {PERSONS, FUNDS},
    ),
}


@pytest.mark.parametrize("service", ASKED)
def test_a_service_says_what_it_reads_and_that_nothing_waits(whole: Installation, service: str) -> None:
    method, request, topics = ASKED[service]
    begun = datetime.now(UTC)
    with whole.channel(service, Grant("partner_reader")) as channel:
        ask = method(channel)

        def level() -> ServiceProgress | None:
            found: ServiceProgress = ask(request)
            new = found.observe_time.ToDatetime(UTC) > begun
            waiting = found.untold_count + sum(each.waiting_count for each in found.readings)
            return found if new and not waiting else None

        found = whole.until(level)
    assert found is not None
    read = {each.topic: each.next_offset for each in found.readings}
    assert {each.name for each in topics} <= set(read)
    assert all(read[each.name] > 0 for each in topics)
    assert bool(found.readings) is bool(topics)
    assert (found.dead_letter_count, list(found.stopped)) == (0, [])
    assert not found.HasField("untold_time")


@pytest.mark.parametrize("service", ASKED)
def test_a_stranger_learns_nothing_of_it(whole: Installation, service: str) -> None:
    method, request, _ = ASKED[service]
    with grpc.insecure_channel(getattr(whole.settings, f"{service}_address")) as bare:
        ask = method(grpc.intercept_channel(bare, CALLS))
        assert refused(ask, request).code == "UNAUTHENTICATED"
