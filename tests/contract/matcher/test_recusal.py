"""A firm in which somebody has an interest is closed to them among matches, on every way to it, and to nobody else."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import grpc
import pytest
from pyarrow import parquet

from bole.funding.v1 import (
    deal_pb2,
    deal_service_pb2,
    firm_identity_service_pb2,
    firm_identity_service_pb2_grpc,
    interest_service_pb2,
)
from bole.matcher.v1 import (
    anchor_pb2,
    match_run_service_pb2,
    match_run_service_pb2_grpc,
    matching_service_pb2_grpc,
    proposal_pb2,
    proposal_service_pb2,
    proposal_service_pb2_grpc,
)
from bole.matcher.v1 import matching_service_pb2 as wire
from services.chassis.identity.identity import Grant
from tests.contract.funding.board import SECRETARY, Board, seated
from tests.contract.funding.test_firm_identity import create, get
from tests.contract.funding.test_interests import link
from tests.contract.funding.test_recusal import EQUITY, ROLES, first
from tests.contract.funding.test_recusal_of_firms import another
from tests.contract.installation import OFFICER, Installation, refused
from tests.contract.matcher.asking import SECONDS

CLOSED = ("PERMISSION_DENIED", "RECUSED")
SIMILAR, LIMIT = "similar-firms", 1_000


@dataclass(frozen=True)
class Caller:
    """Somebody at the matcher and at the funding service."""

    subject: str
    channel: grpc.Channel
    funding: grpc.Channel

    @property
    def matching(self) -> Any:
        return matching_service_pb2_grpc.MatchingServiceStub(self.channel)

    @property
    def proposals(self) -> Any:
        return proposal_service_pb2_grpc.ProposalServiceStub(self.channel)

    @property
    def runs(self) -> Any:
        return match_run_service_pb2_grpc.MatchRunServiceStub(self.channel)

    def found(self, anchor: str) -> wire.FindMatchesResponse:
        """Firms that are like one, all of them."""
        answer: wire.FindMatchesResponse = self.matching.FindMatches(asked(anchor), timeout=SECONDS)
        return answer


def asked(anchor: str, kind: str = SIMILAR) -> wire.FindMatchesRequest:
    named = anchor_pb2.Anchor(name=anchor)
    return wire.FindMatchesRequest(kind=kind, anchor=named, limit=LIMIT, facets=["city_code"])


def names(answer: wire.FindMatchesResponse) -> list[str]:
    return [each.name for each in answer.candidates]


def counted_by_city(answer: wire.FindMatchesResponse) -> int:
    return sum(each.count for facet in answer.facets for each in facet.values)


@pytest.fixture
def board(whole: Installation) -> Iterator[Board]:
    with seated(whole) as made:
        yield made


@pytest.fixture
def callers(whole: Installation, board: Board) -> Iterator[tuple[Caller, Caller]]:
    """Who has yet to declare, and somebody else, both of both sides."""
    tied, free = f"tied-{uuid4().hex[:8]}", f"free-{uuid4().hex[:8]}"
    grants = (OFFICER, *map(Grant, ROLES))
    with (
        whole.channel("matcher", *grants, subject=tied) as own,
        whole.channel("funding", *grants, subject=tied) as beside,
        whole.channel("matcher", *grants, subject=free) as other,
        whole.channel("funding", *grants, subject=free) as further,
    ):
        board.channels |= {tied: beside, free: further}
        yield Caller(tied, own, beside), Caller(free, other, further)


def declare(
    whole: Installation, board: Board, who: Caller, deal: deal_pb2.Deal, *kinds: Any, text: str = ""
) -> None:
    board.declare(who.subject, deal, *kinds, text=text)
    whole.wait_level()


def said(call: Callable[[Any], Any], request: Any) -> tuple[str, str]:
    failure = refused(call, request)
    return failure.code, failure.reason


def ways_to(caller: Caller, firm: str, other: str) -> dict[str, tuple[str, str]]:
    """What is answered to every question that names the firm."""
    matching = caller.matching
    explain = wire.ExplainMatchRequest

    def watched(request: wire.WatchMatchesRequest) -> Any:
        return next(matching.WatchMatches(request))

    def proposed(anchor: str, candidate: str) -> proposal_service_pb2.CreateProposalRequest:
        pair = proposal_pb2.Proposal(kind=SIMILAR, anchor=anchor, candidate=candidate)
        return proposal_service_pb2.CreateProposalRequest(proposal=pair, validate_only=True)

    search = asked(other)
    return {
        "find": said(matching.FindMatches, asked(firm)),
        "find people": said(matching.FindMatches, asked(firm, "person-firm")),
        "batch": said(
            matching.BatchFindMatches, wire.BatchFindMatchesRequest(requests=[asked(other), asked(firm)])
        ),
        "explain": said(matching.ExplainMatch, explain(kind=SIMILAR, anchor=firm, candidate=other)),
        "explain back": said(matching.ExplainMatch, explain(kind=SIMILAR, anchor=other, candidate=firm)),
        "explain search": said(matching.ExplainMatch, explain(search=search, candidate=firm)),
        "place": said(matching.PlaceAnchor, wire.PlaceAnchorRequest(anchor=anchor_pb2.Anchor(name=firm))),
        "watch": said(watched, wire.WatchMatchesRequest(kinds=["person-firm"], anchor=firm)),
        "propose": said(caller.proposals.CreateProposal, proposed(firm, other)),
        "propose back": said(caller.proposals.CreateProposal, proposed(other, firm)),
    }


def test_a_firm_is_closed_on_every_way_to_it_until_a_new_word(
    whole: Installation, board: Board, callers: tuple[Caller, Caller]
) -> None:
    tied, free = callers
    deal = first(board, "SCREENING")
    other = names(free.found(deal.firm))[0]
    whole.wait_level()
    before = tied.found(other)
    assert deal.firm in names(before)
    declare(whole, board, tied, deal, EQUITY, text="持有其股东的份额")
    answers = ways_to(tied, deal.firm, other)
    assert {way: answer for way, answer in answers.items() if answer != CLOSED} == {}
    after, theirs = tied.found(other), free.found(other)
    assert names(after) == [name for name in names(theirs) if name != deal.firm]
    assert after.admitted_count == theirs.admitted_count - 1
    assert counted_by_city(after) == after.admitted_count
    assert [each.rank for each in after.candidates] == list(range(1, after.admitted_count + 1))
    last = after.candidates[-1]
    pair = wire.ExplainMatchRequest(kind=SIMILAR, anchor=other, candidate=last.name)
    told, counted = (each.matching.ExplainMatch(pair, timeout=SECONDS) for each in (tied, free))
    assert (told.candidate.rank, counted.candidate.rank) == (last.rank, last.rank + 1)
    declare(whole, board, tied, deal)
    assert names(tied.found(other)) == names(free.found(other))
    assert tied.found(deal.firm).candidates


def test_whom_the_secretary_finds_to_have_an_interest_is_recused_from_then_on(
    whole: Installation, board: Board, callers: tuple[Caller, Caller]
) -> None:
    tied, _ = callers
    deal = first(board, "SCREENING")
    declare(whole, board, tied, deal)
    link(board, deal.firm, tied.subject)
    whole.wait_level()
    assert tied.found(deal.firm).candidates, "what is known recuses nobody before it is looked into"
    listed = interest_service_pb2.ListInterestsRequest(parent=deal.name)
    words = board.interests(tied.subject).ListInterests(listed).interests
    [own] = [each for each in words if each.member == tied.subject]
    board.interests(SECRETARY).ResolveInterest(
        interest_service_pb2.ResolveInterestRequest(name=own.name, recused=True, reason="仍持有股份")
    )
    whole.wait_level()
    failure = refused(tied.matching.FindMatches, asked(deal.firm))
    assert (failure.code, failure.reason) == CLOSED
    assert failure.metadata["resource"] == deal.firm


def test_proposals_of_the_firm_are_not_there_for_who_is_recused(
    whole: Installation, board: Board, callers: tuple[Caller, Caller]
) -> None:
    tied, free = callers
    deal = first(board, "SCREENING")
    candidate = next(each for each in free.found(deal.firm).candidates if each.name != deal.firm)
    made = free.proposals.CreateProposal(
        proposal_service_pb2.CreateProposalRequest(
            proposal=proposal_pb2.Proposal(kind=SIMILAR, anchor=candidate.name, candidate=deal.firm)
        ),
        timeout=SECONDS,
    )
    get_it = proposal_service_pb2.GetProposalRequest(name=made.name)
    list_it = proposal_service_pb2.ListProposalsRequest(filter=f'candidate = "{deal.firm}"')
    step = proposal_service_pb2.AdvanceProposalRequest(name=made.name, etag=made.etag, state="STATE_VIEWED")
    assert tied.proposals.GetProposal(get_it) == made
    declare(whole, board, tied, deal, EQUITY, text="持有其股东的份额")
    for call, request in ((tied.proposals.GetProposal, get_it), (tied.proposals.AdvanceProposal, step)):
        assert refused(call, request).code == "NOT_FOUND"
    assert tied.proposals.ListProposals(list_it).total_size == 0
    assert free.proposals.ListProposals(list_it).total_size >= 1
    assert free.proposals.AdvanceProposal(step, timeout=SECONDS).name == made.name


def taken(whole: Installation, caller: Caller, kind: str, name: str = "") -> tuple[str, list[dict[str, Any]]]:
    """The name of a run, worked out now unless one is named, and its file."""
    service = match_run_service_pb2
    if not name:
        name = caller.runs.MatchAll(service.MatchAllRequest(kind=kind, limit=100), timeout=SECONDS).name

        def is_done() -> bool:
            run = caller.runs.GetMatchRun(service.GetMatchRunRequest(name=name))
            return bool(run.state == service.MatchRun.STATE_DONE)

        assert whole.until(is_done)
    form = service.MATCH_FILE_FORMAT_PARQUET
    request = service.DownloadMatchRunRequest(name=name, format=form)
    _, *pieces = caller.runs.DownloadMatchRun(request, timeout=SECONDS)
    return name, parquet.read_table(io.BytesIO(b"".join(each.data for each in pieces))).to_pylist()


@pytest.mark.parametrize("kind", [SIMILAR, "firm-fund"])
def test_runs_and_their_files_leave_out_the_firm(
    whole: Installation, board: Board, callers: tuple[Caller, Caller], kind: str
) -> None:
    tied, free = callers
    deal = first(board, "SCREENING")

    def sides(rows: list[dict[str, Any]]) -> set[str]:
        return {row[side] for row in rows for side in ("anchor", "candidate")}

    early, rows = taken(whole, tied, kind)
    assert deal.firm in sides(rows)
    declare(whole, board, tied, deal, EQUITY, text="持有其股东的份额")
    _, again = taken(whole, tied, kind, early)
    late, anew = taken(whole, tied, kind)
    _, theirs = taken(whole, free, kind)
    assert deal.firm not in sides(again) | sides(anew)
    assert deal.firm in sides(theirs)
    for file in (again, anew):
        ranks = dict[str, list[int]]()
        for row in file:
            ranks.setdefault(row["anchor"], []).append(row["rank"])
        assert all(each == list(range(1, len(each) + 1)) for each in ranks.values()), "no place is empty"
    asked_again = match_run_service_pb2.GetMatchRunRequest(name=late)
    assert tied.runs.GetMatchRun(asked_again).pair_count == len(anew)


def test_a_stream_tells_nothing_of_the_firm_once_it_is_closed(
    whole: Installation, board: Board, callers: tuple[Caller, Caller]
) -> None:
    tied, free = callers
    deal = first(board, "SCREENING")
    request = wire.WatchMatchesRequest(kinds=["firm-direction"], from_start=True)

    def told(caller: Caller) -> set[str]:
        """The firms of all events up to the first word that nothing more waits."""
        found, stream = set[str](), caller.matching.WatchMatches(request, timeout=SECONDS)
        started = next(stream)
        assert started.HasField("checkpoint")
        for message in stream:
            if message.HasField("checkpoint"):
                stream.cancel()
                return found
            found.add(message.event.candidate)
        raise AssertionError("the stream ended")

    assert deal.firm in told(tied)
    declare(whole, board, tied, deal, EQUITY, text="持有其股东的份额")
    assert told(free) - told(tied) == {deal.firm}
    declare(whole, board, tied, deal)
    assert deal.firm in told(tied)


def test_a_stream_of_the_firm_ends_when_it_closes(
    whole: Installation, board: Board, callers: tuple[Caller, Caller]
) -> None:
    tied, _ = callers
    deal = first(board, "SCREENING")
    stream = tied.matching.WatchMatches(
        wire.WatchMatchesRequest(kinds=["person-firm"], anchor=deal.firm), timeout=SECONDS
    )
    assert next(stream).HasField("checkpoint")
    declare(whole, board, tied, deal, EQUITY, text="持有其股东的份额")
    create(board.channels["manager"], 870)
    failure = refused(lambda _request: list(stream), None)
    assert (failure.code, failure.reason) == CLOSED


def test_firms_that_are_merged_are_closed_together_and_parted_again(
    whole: Installation, board: Board, callers: tuple[Caller, Caller]
) -> None:
    tied, free = callers
    duplicate, survivor = (create(board.channels["manager"], number) for number in (871, 872))
    deal = deal_pb2.Deal()
    deal.CopyFrom(another(first(board, "SCREENING")))
    deal.firm = duplicate.name
    made = board.deals("manager").CreateDeal(deal_service_pb2.CreateDealRequest(deal=deal))
    declare(whole, board, tied, made, EQUITY, text="持有其股东的份额")
    assert said(tied.matching.FindMatches, asked(duplicate.name)) == CLOSED
    assert tied.found(survivor.name).admitted_count
    identity = firm_identity_service_pb2_grpc.FirmIdentityServiceStub(board.channels["manager"])
    merged = identity.MergeFirms(
        firm_identity_service_pb2.MergeFirmsRequest(
            duplicate=duplicate.name, duplicate_etag=duplicate.etag, survivor=survivor.name, reason="同一企业"
        )
    )
    whole.wait_level()
    assert said(tied.matching.FindMatches, asked(survivor.name)) == CLOSED
    assert free.found(survivor.name).admitted_count
    identity.SplitFirm(
        firm_identity_service_pb2.SplitFirmRequest(
            name=duplicate.name, etag=merged.etag, reason="并非同一企业"
        )
    )
    whole.wait_level()
    assert tied.found(survivor.name).admitted_count
    assert said(tied.matching.FindMatches, asked(duplicate.name)) == CLOSED
    assert get(board.channels["manager"], duplicate.name).display_name
