"""Somebody who was erased is answered like somebody who never was: the same error by the same steps, on every way."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from bole.matcher.v1 import anchor_pb2, match_run_service_pb2, proposal_pb2, proposal_service_pb2
from bole.matcher.v1 import matching_service_pb2 as wire
from bole.talent.v1 import person_pb2
from services.catalogue import load
from services.chassis.house import House
from services.chassis.rpc.call import serving
from services.kernel.errors import BoleError, InvalidArgument
from services.matcher.rpc.finding import Searches
from services.matcher.rpc.match_runs import MatchRunRoom
from services.matcher.rpc.matching import MatchingRoom
from services.matcher.rpc.proposals import ProposalRoom
from services.matcher.rpc.watching import Watching
from services.matcher.service.proposals import Proposals
from services.matcher.service.reencoding import Reencoding
from services.matcher.service.runs.running import Runs
from tests.integration.matcher.calling import call
from tests.integration.matcher.installed import Matcher, load_some
from tests.integration.matcher.producing import Producer

pytestmark = pytest.mark.parametrize("urls", ["embedded"], indirect=True)
Outcome = tuple[str, str, str, str, list[str]]


def find(name: str, kind: str = "person-position") -> wire.FindMatchesRequest:
    return wire.FindMatchesRequest(kind=kind, anchor=anchor_pb2.Anchor(name=name))


def explain(anchor: str, candidate: str, kind: str = "person-position") -> wire.ExplainMatchRequest:
    return wire.ExplainMatchRequest(kind=kind, anchor=anchor, candidate=candidate)


def put_forward(anchor: str, candidate: str) -> proposal_service_pb2.CreateProposalRequest:
    made = proposal_pb2.Proposal(kind="person-position", anchor=anchor, candidate=candidate)
    return proposal_service_pb2.CreateProposalRequest(proposal=made, note="对口")


@pytest.fixture
def room(house: House, matcher: Matcher) -> MatchingRoom:
    catalogue = load()
    return MatchingRoom(
        house,
        matcher.engine,
        matcher.feed,
        Watching(house, matcher.hub, catalogue),
        Searches(house, matcher.engine, catalogue),
        Reencoding(matcher.engine, matcher.settler.leading),
    )


@pytest.fixture
def proposals(house: House, matcher: Matcher) -> ProposalRoom:
    used = Proposals(matcher.engine, house.journal, house.requests, house.ids, house.clock)
    return ProposalRoom(house, used)


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """What the database is told meanwhile."""
    told: list[str] = []

    def note(*given: Any) -> None:
        told.append(given[2])

    event.listen(house.database.engine, "before_cursor_execute", note)
    yield told
    event.remove(house.database.engine, "before_cursor_execute", note)


def outcome(house: House, ask: Callable[[str], object], id_: str) -> Outcome:
    """The error and the steps on the way to it, the name of the person aside."""
    with serving(call()), statements(house) as told, pytest.raises(BoleError) as caught:
        ask(id_)
    error = caught.value
    zh, en = error.text.zh.replace(id_, "…"), error.text.en.replace(id_, "…")
    return type(error).__name__, error.reason, zh, en, told


def test_erased_people_are_answered_as_absent_ones(
    house: House, matcher: Matcher, producer: Producer, room: MatchingRoom, proposals: ProposalRoom
) -> None:
    load_some(producer)
    matcher.follow()
    with serving(call()):
        known = room.FindMatches(find("positions/o0"), None).candidates[0].name
        made = proposals.CreateProposal(put_forward("positions/o0", known), None)
        room.ExplainMatch(explain("positions/o0", known), None)
    gone = known.removeprefix("persons/")
    producer.erase(gone)
    matcher.follow()
    ways: list[Callable[[str], object]] = [
        lambda id_: room.FindMatches(find(f"persons/{id_}"), None),
        lambda id_: room.FindMatches(find(f"persons/{id_}", "similar-persons"), None),
        lambda id_: room.BatchFindMatches(
            wire.BatchFindMatchesRequest(requests=[find("positions/o0"), find(f"persons/{id_}")]), None
        ),
        lambda id_: room.ExplainMatch(explain("positions/o0", f"persons/{id_}"), None),
        lambda id_: room.ExplainMatch(explain(f"persons/{id_}", "persons/p5", "similar-persons"), None),
        lambda id_: room.PlaceAnchor(
            wire.PlaceAnchorRequest(anchor=anchor_pb2.Anchor(name=f"persons/{id_}")), None
        ),
        lambda id_: proposals.CreateProposal(put_forward("positions/o0", f"persons/{id_}"), None),
    ]
    for number, ask in enumerate(ways):
        erased, never = outcome(house, ask, gone), outcome(house, ask, "nobody")
        assert erased == never, number
        assert erased[:2] == ("NotFound", "NOT_FOUND"), number

    ways = [
        lambda id_: proposals.GetProposal(
            proposal_service_pb2.GetProposalRequest(name=f"proposals/{id_}"), None
        ),
        lambda id_: proposals.AdvanceProposal(
            proposal_service_pb2.AdvanceProposalRequest(
                name=f"proposals/{id_}", state=proposal_pb2.Proposal.STATE_VIEWED, etag=made.etag
            ),
            None,
        ),
    ]
    for number, ask in enumerate(ways):
        erased = outcome(house, ask, made.name.removeprefix("proposals/"))
        assert erased == outcome(house, ask, "none"), number
        assert erased[0] == "NotFound", number


@pytest.mark.parametrize("state", [person_pb2.Person.STATE_WITHDRAWN, person_pb2.Person.STATE_MERGED])
def test_people_whose_record_is_used_for_nothing_are_answered_as_absent_ones(
    house: House, matcher: Matcher, producer: Producer, room: MatchingRoom, state: person_pb2.Person.State
) -> None:
    load_some(producer)
    matcher.follow()
    with serving(call()):
        known = room.FindMatches(find("positions/o0"), None).candidates[0].name
    gone = known.removeprefix("persons/")
    producer.person(gone, "不再使用", state=state)
    matcher.follow()
    ways: list[Callable[[str], object]] = [
        lambda id_: room.FindMatches(find(f"persons/{id_}"), None),
        lambda id_: room.FindMatches(find(f"persons/{id_}", "similar-persons"), None),
        lambda id_: room.ExplainMatch(explain("positions/o0", f"persons/{id_}"), None),
        lambda id_: room.PlaceAnchor(
            wire.PlaceAnchorRequest(anchor=anchor_pb2.Anchor(name=f"persons/{id_}")), None
        ),
    ]
    for number, ask in enumerate(ways):
        found = outcome(house, ask, gone)
        assert found == outcome(house, ask, "nobody"), number
        assert found[:2] == ("NotFound", "NOT_FOUND"), number
    with serving(call()):
        assert known not in [each.name for each in room.FindMatches(find("positions/o0"), None).candidates]


def test_a_run_that_had_found_somebody_erased_answers_like_one_that_never_did(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    runs = Runs(house, matcher.engine, load(), threading.Event())
    room = MatchRunRoom(house, matcher.engine, runs)
    before = worked_out(room, runs)
    with serving(call()):
        assert "persons/p0" in asyncio.run(taken(room, before))
    producer.erase("p0")
    matcher.follow()
    after = worked_out(room, runs)
    ways: list[Callable[[str], object]] = [
        lambda name: room.CancelMatchRun(match_run_service_pb2.CancelMatchRunRequest(name=name), None),
        lambda name: room.ResumeMatchRun(match_run_service_pb2.ResumeMatchRunRequest(name=name), None),
    ]
    for ask in ways:
        assert outcome(house, ask, before) == outcome(house, ask, after)
    answers = []
    for name in (before, after):
        with serving(call()), statements(house) as told:
            run = room.GetMatchRun(match_run_service_pb2.GetMatchRunRequest(name=name), None)
            listed = room.ListMatchRuns(match_run_service_pb2.ListMatchRunsRequest(), None)
            file = asyncio.run(taken(room, name))
        assert "persons/p0" not in f"{run}{listed}{file}"
        answers.append((run.state, run.done_count, file, told))
    assert answers[0] == answers[1]


def worked_out(room: MatchRunRoom, runs: Runs) -> str:
    """The name of a run that has come to its end."""
    with serving(call()):
        started = room.MatchAll(match_run_service_pb2.MatchAllRequest(kind="person-position", limit=50), None)
    while runs.step():
        pass
    return started.name


async def taken(room: MatchRunRoom, name: str) -> str:
    """The file of a run."""
    request = match_run_service_pb2.DownloadMatchRunRequest(
        name=name, format=match_run_service_pb2.MATCH_FILE_FORMAT_CSV
    )
    return "".join([part.data.decode() async for part in room.DownloadMatchRun(request, None)])


def test_a_stream_about_somebody_erased_is_answered_like_one_about_nobody(
    house: House, matcher: Matcher, producer: Producer, room: MatchingRoom
) -> None:
    load_some(producer)
    matcher.follow()
    producer.erase("p0")
    matcher.follow()

    async def first(name: str) -> tuple[str, list[str]]:
        with statements(house) as told, pytest.raises(InvalidArgument) as refused:
            async with aclosing(room.watching.stream(wire.WatchMatchesRequest(anchor=name))) as stream:
                await anext(stream)
        return refused.value.text.en, told

    with serving(call()):
        found = [asyncio.run(first(f"persons/{id_}")) for id_ in ("p0", "nobody")]
    assert found[0] == found[1]
