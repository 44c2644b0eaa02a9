"""ProposalService: pairs put forward, their steps, and what stands in their way."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from google.type import money_pb2

from bole.funding.v1 import firm_pb2
from bole.matcher.v1 import anchor_pb2, matching_service_pb2_grpc, proposal_pb2, proposal_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as matching
from bole.matcher.v1 import proposal_service_pb2 as wire
from bole.talent.v1 import (
    library_service_pb2,
    library_service_pb2_grpc,
    person_pb2,
    position_service_pb2,
    position_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.installation import MANAGER, OFFICER, Installation, fields, refused

SECONDS = 300
Proposal = proposal_pb2.Proposal


@pytest.fixture
def stub(whole: Installation) -> Iterator[Any]:
    with whole.channel("matcher", OFFICER, MANAGER) as channel:
        yield proposal_service_pb2_grpc.ProposalServiceStub(channel)


@pytest.fixture(scope="module")
def pairs(whole: Installation) -> list[tuple[str, str]]:
    """A position of the sample and those who could be proposed for it, the last ones first."""
    whole.wait_level()
    with whole.channel("talent", OFFICER) as channel:
        listed = position_service_pb2_grpc.PositionServiceStub(channel).ListPositions(
            position_service_pb2.ListPositionsRequest(filter="state = OPEN", page_size=1), timeout=SECONDS
        )
    anchor = listed.positions[0].name
    with whole.channel("matcher", OFFICER) as channel:
        found = matching_service_pb2_grpc.MatchingServiceStub(channel).FindMatches(
            matching.FindMatchesRequest(
                kind="person-position", anchor=anchor_pb2.Anchor(name=anchor), limit=20
            ),
            timeout=SECONDS,
        )
    return [(anchor, each.name) for each in reversed(found.candidates)]


def create(pair: tuple[str, str], **given: Any) -> wire.CreateProposalRequest:
    made = Proposal(kind="person-position", anchor=pair[0], candidate=pair[1])
    return wire.CreateProposalRequest(proposal=made, **given)


def advance(of: proposal_pb2.Proposal, state: str, **given: Any) -> wire.AdvanceProposalRequest:
    asked = {"name": of.name, "etag": of.etag, "state": f"STATE_{state}", **given}
    return wire.AdvanceProposalRequest(**asked)


def test_a_pair_goes_its_way_from_proposal_to_done(stub: Any, pairs: list[tuple[str, str]]) -> None:
    request = create(pairs[0], note="技术对口", request_id=str(uuid4()))
    request.proposal.shown_rank, request.proposal.shown_page = 14, 2
    made = first = stub.CreateProposal(request, timeout=SECONDS)
    assert stub.CreateProposal(request, timeout=SECONDS) == made
    assert made.rank >= 1
    assert sum(part.value for part in made.contributions) == pytest.approx(made.log_odds)
    for state in ("VIEWED", "ACCEPTED", "CONTACTED", "DONE"):
        made = stub.AdvanceProposal(advance(made, state), timeout=SECONDS)
        assert Proposal.State.Name(made.state) == f"STATE_{state}"
    assert [each.actor for each in made.steps] == ["tester"] * 5
    got = stub.GetProposal(wire.GetProposalRequest(name=made.name), timeout=SECONDS)
    assert got.etag == made.etag
    total = 0.0
    for part in got.contributions:
        total += part.value
    assert total == got.log_odds
    assert list(got.contributions) == list(first.contributions)
    assert (got.shown_rank, got.shown_page) == (14, 2)
    asked = wire.ListProposalsRequest(filter=f'state = DONE AND candidate = "{pairs[0][1]}"')
    assert [each.name for each in stub.ListProposals(asked, timeout=SECONDS).proposals] == [made.name]
    failure = refused(stub.AdvanceProposal, advance(made, "VIEWED"))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "STEP_NOT_POSSIBLE")
    assert failure.text.en == "the proposal is done and cannot become viewed; it has ended"


def test_a_pair_is_live_once_and_may_come_again_after_its_end(
    stub: Any, pairs: list[tuple[str, str]]
) -> None:
    tried = stub.CreateProposal(create(pairs[1], validate_only=True), timeout=SECONDS)
    assert refused(stub.GetProposal, wire.GetProposalRequest(name=tried.name)).code == "NOT_FOUND"
    made = stub.CreateProposal(create(pairs[1]), timeout=SECONDS)
    seen = stub.AdvanceProposal(advance(made, "VIEWED", validate_only=True), timeout=SECONDS)
    assert Proposal.State.Name(seen.state) == "STATE_VIEWED"
    assert stub.GetProposal(wire.GetProposalRequest(name=made.name), timeout=SECONDS).etag == made.etag
    failure = refused(stub.CreateProposal, create(pairs[1]))
    assert (failure.code, failure.reason) == ("ALREADY_EXISTS", "PROPOSED_ALREADY")
    assert f" ({made.name});" in failure.text.en
    assert failure.metadata["resource"] == made.name
    assert "reason" in fields(refused(stub.AdvanceProposal, advance(made, "REJECTED")))
    other = {"reason": "REASON_OTHER"}
    assert "note" in fields(refused(stub.AdvanceProposal, advance(made, "REJECTED", **other)))
    ended = stub.AdvanceProposal(advance(made, "REJECTED", reason="REASON_CITY"), timeout=SECONDS)
    assert Proposal.Reason.Name(ended.reason) == "REASON_CITY"
    stale = advance(made, "VIEWED")
    assert refused(stub.AdvanceProposal, stale).code == "ABORTED"
    again = stub.CreateProposal(create(pairs[1]), timeout=SECONDS)
    assert again.name != made.name


def test_a_firm_that_asks_for_more_than_a_mandate_allows_is_not_proposed(
    whole: Installation, stub: Any, pairs: list[tuple[str, str]]
) -> None:
    firm = anchor_pb2.TextAnchor(
        text="碳化硅外延片", city_code="suzhou", direction_code="sic", stage=firm_pb2.FIRM_STAGE_SEED
    )
    limited = matching.FindMatchesRequest(
        kind="firm-fund", anchor=anchor_pb2.Anchor(text=firm), anchor_side="firm", filter="ticket_max:*"
    )
    with whole.channel("matcher", MANAGER) as channel:
        matcher = matching_service_pb2_grpc.MatchingServiceStub(channel)
        fund = matcher.FindMatches(limited, timeout=SECONDS).candidates[0].name
        firms = matching.FindMatchesRequest(kind="firm-fund", anchor=anchor_pb2.Anchor(name=fund))
        best = matcher.FindMatches(firms, timeout=SECONDS).candidates[0]
    made = Proposal(kind="firm-fund", anchor=fund, candidate=best.name)

    def asked(yuan: int, **given: Any) -> wire.CreateProposalRequest:
        ask = money_pb2.Money(currency_code="CNY", units=yuan)
        return wire.CreateProposalRequest(**{"proposal": made, "ask": ask, "validate_only": True, **given})

    assert stub.CreateProposal(asked(1), timeout=SECONDS).rank == 1
    failure = refused(stub.CreateProposal, asked(900_000_000_000))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "GATE_SHUT")
    assert "ask" in fields(refused(stub.CreateProposal, asked(-1)))
    person = create(pairs[2]).proposal
    failure = refused(stub.CreateProposal, asked(1, proposal=person))
    assert (failure.reason, "ask" in fields(failure)) == ("AMOUNT_WITHOUT_FUND", True)


def test_nobody_is_proposed_for_what_they_refused(
    whole: Installation, stub: Any, pairs: list[tuple[str, str]]
) -> None:
    with whole.channel("talent", OFFICER) as channel:
        listed = library_service_pb2_grpc.LibraryServiceStub(channel).ListPersons(
            library_service_pb2.ListPersonsRequest(filter="state = ACTIVE", page_size=500), timeout=SECONDS
        )
    allowed = person_pb2.CONSENT_PURPOSE_MATCH_POSITION
    silent = next(each.name for each in listed.persons if allowed not in each.purposes)
    failure = refused(stub.CreateProposal, create((pairs[0][0], silent)))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "GATE_SHUT")
    assert "未同意" in failure.text.zh


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"kind": "person-planet"}, "INVALID_ARGUMENT", "proposal.kind"),
        ({"kind": ""}, "INVALID_ARGUMENT", "proposal.kind"),
        ({"anchor": "positions"}, "INVALID_ARGUMENT", "proposal.anchor"),
        ({"candidate": "firms/x"}, "INVALID_ARGUMENT", "proposal.candidate"),
        ({"shown_rank": -1}, "INVALID_ARGUMENT", "proposal.shown_rank"),
        ({"shown_rank": 1_000_001}, "INVALID_ARGUMENT", "proposal.shown_rank"),
        ({"shown_rank": 3, "shown_page": -1}, "INVALID_ARGUMENT", "proposal.shown_page"),
        ({"shown_rank": 3, "shown_page": 4}, "INVALID_ARGUMENT", "proposal.shown_page"),
        ({"shown_page": 1}, "INVALID_ARGUMENT", "proposal.shown_page"),
        ({"candidate": "persons/nobody"}, "NOT_FOUND", None),
        ({"anchor": "positions/nothing"}, "NOT_FOUND", None),
    ],
)
def test_what_cannot_be_proposed(
    stub: Any, pairs: list[tuple[str, str]], given: dict[str, Any], code: str, field: str | None
) -> None:
    asked: dict[str, Any] = {
        "kind": "person-position",
        "anchor": pairs[0][0],
        "candidate": pairs[0][1],
        **given,
    }
    failure = refused(stub.CreateProposal, wire.CreateProposalRequest(proposal=Proposal(**asked)))
    assert failure.code == code
    assert field is None or field in fields(failure)


def test_what_is_not_there_and_what_is_no_name(stub: Any) -> None:
    assert refused(stub.GetProposal, wire.GetProposalRequest(name="proposals/none")).code == "NOT_FOUND"
    assert refused(stub.GetProposal, wire.GetProposalRequest(name="persons/x")).code == "INVALID_ARGUMENT"
    assert (
        refused(stub.ListProposals, wire.ListProposalsRequest(filter="colour = red")).code
        == "INVALID_ARGUMENT"
    )
    unknown = wire.AdvanceProposalRequest(name="proposals/none", state=Proposal.STATE_VIEWED, etag='"v1"')
    assert refused(stub.AdvanceProposal, unknown).code == "NOT_FOUND"


def test_people_are_an_officer_s_and_firms_a_manager_s(
    whole: Installation, pairs: list[tuple[str, str]]
) -> None:
    with whole.channel("matcher", MANAGER) as channel:
        manager = proposal_service_pb2_grpc.ProposalServiceStub(channel)
        assert refused(manager.CreateProposal, create(pairs[2])).code == "PERMISSION_DENIED"
    with whole.channel("matcher", Grant("talent_officer", city="outside")) as channel:
        elsewhere = proposal_service_pb2_grpc.ProposalServiceStub(channel)
        assert refused(elsewhere.CreateProposal, create(pairs[2])).reason == "CITY_NOT_GRANTED"
    with whole.channel("matcher", Grant("talent_viewer")) as channel:
        viewer = proposal_service_pb2_grpc.ProposalServiceStub(channel)
        assert refused(viewer.CreateProposal, create(pairs[2])).code == "PERMISSION_DENIED"
        shown = viewer.ListProposals(wire.ListProposalsRequest(), timeout=SECONDS).proposals
        assert not any(step.note for each in shown for step in each.steps)


def test_a_proposal_is_seen_by_whom_both_sides_are_shown(
    whole: Installation, stub: Any, pairs: list[tuple[str, str]]
) -> None:
    of_person = stub.CreateProposal(create(pairs[3]), timeout=SECONDS)
    of_firm, city = _of_a_firm(whole, stub)
    seers: dict[str, tuple[list[Grant], ...]] = {
        of_person.name: ([OFFICER], [Grant("talent_viewer")], [Grant("auditor")]),
        of_firm.name: ([MANAGER], [Grant("fund_manager", city=city)], [Grant("auditor")]),
    }
    blind: dict[str, tuple[list[Grant], ...]] = {
        of_person.name: ([MANAGER], [Grant("fund_analyst", city="suzhou")]),
        of_firm.name: ([OFFICER], [Grant("talent_viewer")], [Grant("fund_manager", city="outside")]),
    }
    for name, groups in seers.items():
        for grants in groups:
            with whole.channel("matcher", *grants) as channel:
                own = proposal_service_pb2_grpc.ProposalServiceStub(channel)
                assert own.GetProposal(wire.GetProposalRequest(name=name), timeout=SECONDS).name == name
                assert name in _listed(own)
    for name, groups in blind.items():
        for grants in groups:
            with whole.channel("matcher", *grants) as channel:
                own = proposal_service_pb2_grpc.ProposalServiceStub(channel)
                hidden = refused(own.GetProposal, wire.GetProposalRequest(name=name))
                absent = refused(own.GetProposal, wire.GetProposalRequest(name="proposals/none"))
                assert (hidden.code, hidden.reason) == (absent.code, absent.reason)
                assert hidden.code == "NOT_FOUND"
                assert name not in _listed(own)
    with whole.channel("matcher", Grant("fund_manager", city="outside")) as channel:
        own = proposal_service_pb2_grpc.ProposalServiceStub(channel)
        for fund in (of_firm.anchor, "funds/nobody"):
            asked = Proposal(kind="firm-fund", anchor=fund, candidate=of_firm.candidate)
            failure = refused(own.CreateProposal, wire.CreateProposalRequest(proposal=asked))
            assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "CITY_NOT_GRANTED")
        assert refused(own.AdvanceProposal, advance(of_firm, "VIEWED")).code == "NOT_FOUND"


def _of_a_firm(whole: Installation, stub: Any) -> tuple[proposal_pb2.Proposal, str]:
    """A proposal of a firm to a fund of one city, and the city."""
    with whole.channel("matcher", OFFICER, MANAGER) as channel:
        finding = matching_service_pb2_grpc.MatchingServiceStub(channel)

        def found(kind: str, anchor: str) -> Any:
            asked = matching.FindMatchesRequest(kind=kind, anchor=anchor_pb2.Anchor(name=anchor), limit=50)
            return finding.FindMatches(asked, timeout=SECONDS).candidates

        firm, fund = next(
            (firm, fund)
            for firm in found("firm-direction", "directions/sic")
            for fund in found("firm-fund", firm.name)
            if fund.city_code
        )
    asked = Proposal(kind="firm-fund", anchor=fund.name, candidate=firm.name)
    return stub.CreateProposal(wire.CreateProposalRequest(proposal=asked), timeout=SECONDS), fund.city_code


def _listed(own: Any) -> set[str]:
    return {
        each.name
        for each in own.ListProposals(wire.ListProposalsRequest(page_size=500), timeout=SECONDS).proposals
    }


def test_too_few_outcomes_teach_nothing(whole: Installation) -> None:
    made = whole.tool("matcher", "train", "person-position", "--dry-run")
    report = json.loads(made.stdout)
    assert (made.returncode, report["adopted"]) == (1, False)
    assert "at least 200" in report["objections"][0][1]
    for half in (
        ["--signed-by", "li.si"],
        ["--reason", "why"],
        ["--signed-by", "l" * 129, "--reason", "why"],
    ):
        wrong = whole.tool("matcher", "train", "person-position", "--dry-run", *half)
        assert (wrong.returncode, wrong.stdout) == (2, "")
        assert "belong together" in wrong.stderr


def test_weights_set_by_hand_are_not_put_back_where_they_stand(whole: Installation) -> None:
    listed = whole.tool("matcher", "weights", "person-position")
    assert (listed.returncode, json.loads(listed.stdout)["weights"]) == (0, [])
    asked = ("matcher", "restore-weights", "person-position", "by-hand")
    unsigned = whole.tool(*asked)
    assert (unsigned.returncode, unsigned.stdout) == (2, "")
    assert "somebody answers for it" in unsigned.stderr
    refused = whole.tool(*asked, "--signed-by", "li.si", "--reason", "why")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "weighed by hand already" in refused.stderr
    unknown = whole.tool("matcher", "weights", "person-place")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "no kind of pair" in unknown.stderr
