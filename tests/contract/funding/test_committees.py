"""Committees over the wire: agenda with readiness, blind ballots, recusals, vetoes, decisions and their corrections."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from bole.funding.v1 import (
    committee_pb2,
    committee_service_pb2,
    deal_action_pb2,
    deal_pb2,
    deal_service_pb2,
    dossier_service_pb2,
    dossier_service_pb2_grpc,
    interest_pb2,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.funding.board import MEMBERS, OBSERVER, SECRETARY, Ballot, Board, Tier, seated
from tests.contract.funding.papers import papers_for
from tests.contract.installation import Installation, fields, refused

wire = committee_service_pb2
State = deal_pb2.Deal.State
Result = committee_pb2.Vote.Result
INTERNAL, EXTERNAL = Tier.TIER_INTERNAL, Tier.TIER_EXTERNAL


@pytest.fixture
def board(whole: Installation) -> Iterator[Board]:
    with seated(whole) as made:
        yield made


def before_committee(board: Board, state: str = "IC_INTERNAL") -> deal_pb2.Deal:
    """A deal of the sample that stands before a committee."""
    request = deal_service_pb2.ListDealsRequest(filter=f"state = {state}", page_size=1)
    found: deal_pb2.Deal = board.deals("manager").ListDeals(request).deals[0]
    return found


@pytest.fixture
def deal(board: Board) -> deal_pb2.Deal:
    return before_committee(board)


def agenda(board: Board, sitting: committee_pb2.Sitting, who: str = SECRETARY) -> committee_pb2.AgendaItem:
    answer = board.committees(who).GetSittingAgenda(wire.GetSittingAgendaRequest(name=sitting.name))
    return answer.items[0]


def test_the_agenda_says_what_is_missing_who_has_not_declared_and_whether_a_quorum_is_left(
    board: Board, deal: deal_pb2.Deal
) -> None:
    """本周外投会上会清单."""
    members = board.newcomers(5)
    sitting = board.sitting(deal, INTERNAL, members)
    board.declare(members[0], deal, interest_pb2.INTEREST_KIND_EQUITY, text="持有其股东的份额")
    for member in members[1:3]:
        board.declare(member, deal)
    item = agenda(board, sitting)
    assert not item.ready
    assert set(item.undeclared_members) == set(members[3:])
    assert list(item.recused_members) == [members[0]]
    assert (item.eligible_count, item.quorum_needed, item.majority_needed) == (4, 3, 3)
    assert item.quorum_possible
    assert list(item.missing_evidence) == ["INTERNAL_MINUTES"]
    [minutes] = item.missing_evidence_titles
    assert (minutes.zh, minutes.en) == ("内部投决会议纪要", "minutes of the internal committee")
    assert len(item.blocking_check_titles) == len(item.blocking_checks)
    assert all(each.zh and each.en for each in item.blocking_check_titles)
    assert item.brief.zh.startswith(item.firm_title)
    assert "。；" not in item.brief.zh
    assert "。。" not in item.brief.zh
    assert any(members[4] in each.zh for each in item.problems)
    failure = refused(
        board.committees(SECRETARY).OpenVote, wire.OpenVoteRequest(parent=sitting.name, deal=deal.name)
    )
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "COI_UNDECLARED")
    for member in members[1:3]:
        board.declare(member, deal, interest_pb2.INTEREST_KIND_ADVISER, text="顾问")
    for member in members[3:]:
        board.declare(member, deal)
    item = agenda(board, sitting)
    assert (item.eligible_count, item.quorum_possible, item.ready) == (2, False, False)
    assert not item.undeclared_members
    for member in members:
        board.declare(member, deal)
    assert agenda(board, sitting).ready


def test_a_member_sees_the_public_card_until_no_interest_is_declared(
    whole: Installation, board: Board, deal: deal_pb2.Deal
) -> None:
    who = f"new-{uuid4().hex[:8]}"
    with whole.channel("funding", Grant("committee_member"), subject=who) as channel:
        board.channels[who] = channel
        stub, get = board.deals(who), deal_service_pb2.GetDealRequest(name=deal.name)
        card = stub.GetDeal(get)
        assert (card.name, card.firm, card.round) == (deal.name, deal.firm, deal.round)
        assert card.public_status.zh == "审核中"
        assert not card.HasField("ticket")
        assert (card.state, card.owner) == (0, "")
        listed = deal_service_pb2.ListDealsRequest()
        assert not stub.ListDeals(listed).deals
        screening = screening_service_pb2_grpc.ScreeningServiceStub(channel)
        screened = screening.ScreenDeals(screening_service_pb2.ScreenDealsRequest(fund=deal.fund))
        assert (len(screened.deals), screened.total_size, screened.total_ticket.units) == (0, 0, 0)
        for call, request in (
            (stub.ListDealActions, deal_service_pb2.ListDealActionsRequest(name=deal.name)),
            (stub.ListDealTransitions, deal_service_pb2.ListDealTransitionsRequest(name=deal.name)),
            (screening.ScreenDeal, screening_service_pb2.ScreenDealRequest(name=deal.name)),
            (board.committees(who).ListDecisions, wire.ListDecisionsRequest(parent=deal.name)),
        ):
            failure = refused(call, request)
            assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "COI_UNDECLARED")
        sitting = board.sitting(deal, INTERNAL)
        shown = agenda(board, sitting, who)
        assert (shown.deal, shown.brief.zh, shown.problems[:]) == (deal.name, "", [])
        board.declare(who, deal)
        assert stub.GetDeal(get).ticket == deal.ticket
        assert [each.name for each in stub.ListDeals(listed).deals] == [deal.name]
        screened = screening.ScreenDeals(screening_service_pb2.ScreenDealsRequest(fund=deal.fund))
        assert [each.deal.name for each in screened.deals] == [deal.name]
        board.declare(who, deal, interest_pb2.INTEREST_KIND_SUPPLIER, text="供货")
        assert not stub.GetDeal(get).HasField("ticket")


def test_ballots_are_hidden_until_the_vote_is_closed_and_never_change(
    board: Board, deal: deal_pb2.Deal
) -> None:
    for member in MEMBERS:
        board.declare(member, deal)
    sitting = board.sitting(deal, INTERNAL)
    vote = board.open(sitting, deal)
    assert [each.zh for each in agenda(board, sitting).problems] == ["表决中，尚未计票"]
    assert not agenda(board, sitting).ready
    first = board.cast(MEMBERS[0], vote, Ballot.CHOICE_NO, "技术路线未经验证")
    assert board.cast(MEMBERS[0], vote, Ballot.CHOICE_NO, "技术路线未经验证") == first
    assert refused(board.committees(MEMBERS[0]).CastBallot, ballot(vote.name)).reason == "BALLOT_CAST"
    for member in MEMBERS[1:]:
        board.cast(member, vote)
    listing = wire.ListBallotsRequest(parent=vote.name)
    for who, seen in ((MEMBERS[0], 1), (SECRETARY, 0), ("auditor", 0)):
        answer = board.committees(who).ListBallots(listing)
        assert (len(answer.ballots), answer.hidden) == (seen, True)
    shown = board.committees("auditor").GetVote(wire.GetVoteRequest(name=vote.name))
    assert shown.cast_count == len(MEMBERS)
    assert not shown.HasField("yes_count")
    assert shown.result == 0
    closed = board.close(vote)
    assert (closed.yes_count, closed.no_count, closed.result) == (4, 1, Result.RESULT_CARRIED)
    assert [each.zh for each in agenda(board, sitting).problems] == ["已表决：通过（同意4、反对1、弃权0）"]
    ballots = board.committees("auditor").ListBallots(listing).ballots
    assert [each.text for each in ballots if each.choice == Ballot.CHOICE_NO] == ["技术路线未经验证"]
    dossiers = dossier_service_pb2_grpc.DossierServiceStub(board.channels["auditor"])
    asked = dossier_service_pb2.GetDutyDossierRequest(name=deal.name.replace("deals/", "dutyDossiers/"))
    said = {each.code: each.text.zh for each in dossiers.GetDutyDossier(asked).items}
    assert said["INTERNAL_VOTE"] == "最近一次表决通过（同意4、反对1、弃权0），没有在案的批准决定"
    assert said["EXTERNAL_VOTE"] == "没有在案的表决"
    assert said["DISSENT_ANSWERED"] == "表决后尚未作出决定"
    close = wire.CloseVoteRequest(name=vote.name, etag=closed.etag)
    assert refused(board.committees(SECRETARY).CloseVote, close).reason == "VOTE_CLOSED"
    stale = wire.CloseVoteRequest(name=vote.name, etag=vote.etag)
    assert refused(board.committees(SECRETARY).CloseVote, stale).reason == "STALE_ETAG"


def ballot(parent: str, choice: Any = Ballot.CHOICE_YES, text: str = "") -> wire.CastBallotRequest:
    return wire.CastBallotRequest(parent=parent, choice=choice, text=text)


def test_who_may_not_vote(whole: Installation, board: Board, deal: deal_pb2.Deal) -> None:
    board.declare(MEMBERS[0], deal, interest_pb2.INTEREST_KIND_KINSHIP, text="配偶任职")
    for member in MEMBERS[1:]:
        board.declare(member, deal)
    vote = board.open(board.sitting(deal, INTERNAL), deal)
    for who, reason in ((MEMBERS[0], "RECUSED"), (OBSERVER, "NOT_A_MEMBER")):
        failure = refused(board.committees(who).CastBallot, ballot(vote.name))
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", reason)
    call = board.committees(MEMBERS[1]).CastBallot
    bare = refused(call, ballot(vote.name, Ballot.CHOICE_NO))
    assert (bare.code, bare.reason, fields(bare)) == ("INVALID_ARGUMENT", "DISSENT_NEEDS_TEXT", ["text"])
    assert refused(call, ballot(vote.name, 0)).code == "INVALID_ARGUMENT"
    assert refused(call, ballot(deal.name)).reason == "INVALID_NAME"
    assert refused(call, ballot("sittings/none/votes/none")).code == "NOT_FOUND"
    board.declare(MEMBERS[1], deal, interest_pb2.INTEREST_KIND_OTHER, text="与其创始人合办企业")
    assert refused(call, ballot(vote.name)).reason == "RECUSED"
    board.declare(MEMBERS[1], deal)
    board.cast(MEMBERS[1], vote)
    closed = board.close(vote)
    assert closed.result == Result.RESULT_NO_QUORUM
    assert refused(board.committees(MEMBERS[2]).CastBallot, ballot(vote.name)).reason == "VOTE_CLOSED"


def decide(board: Board, deal: deal_pb2.Deal, tier: Any, decision: int, **more: Any) -> Any:
    """The stub's method and request of the secretary's decision."""
    internal = tier == INTERNAL
    method = "DecideInternal" if internal else "DecideExternal"
    kinds = ["internal-minutes"] if internal else ["external-minutes", "public-interest"]
    command = deal_action_pb2.DealCommand(etag=deal.etag, reason="见会议纪要", evidence=papers_for(*kinds))
    request = getattr(deal_service_pb2, f"{method}Request")(
        name=deal.name, command=command, decision=decision, **more
    )
    return getattr(board.deals(SECRETARY), method), request


def test_no_decision_without_a_vote_and_none_against_it(board: Board, deal: deal_pb2.Deal) -> None:
    """A deal that other checks may block as well: here it is about the vote alone, so it is declined."""
    approve = deal_service_pb2.DecideInternalRequest.DECISION_APPROVE
    decline = deal_service_pb2.DecideInternalRequest.DECISION_DECLINE
    for decision in (approve, decline):
        failure = refused(*decide(board, deal, INTERNAL, decision))
        assert failure.code == "FAILED_PRECONDITION"
        # A vote without a quorum, of another test, decides nothing either.
        assert {"VOTE_NOT_CLOSED", "NO_QUORUM"} & set(failure.metadata["reasons"].split(","))
    vote = board.vote(deal, INTERNAL, against=3)
    assert vote.result == Result.RESULT_NOT_CARRIED
    failure = refused(*decide(board, deal, INTERNAL, approve))
    assert "VOTE_NOT_CARRIED" in failure.metadata["reasons"].split(",")
    call, request = decide(board, deal, INTERNAL, decline)
    request.command.validate_only = True
    assert call(request).state == State.STATE_DECLINED
    listing = wire.ListDecisionsRequest(parent=deal.name)
    assert not board.committees("auditor").ListDecisions(listing).decisions


def test_an_observer_vetoes_on_compliance_alone(board: Board) -> None:
    deal = before_committee(board, "IC_EXTERNAL")
    for member in MEMBERS:
        board.declare(member, deal)
    vote = board.open(board.sitting(deal, EXTERNAL), deal)
    call = board.committees(OBSERVER).CastVeto

    def veto(**changes: str) -> wire.CastVetoRequest:
        given: dict[str, Any] = {"parent": vote.name, "check_code": "NEGATIVE_LIST", "text": "属于限制类"}
        given |= changes
        return wire.CastVetoRequest(**given)

    assert refused(call, veto(check_code="TASTE")).reason == "NOT_A_COMPLIANCE_CHECK"
    assert refused(call, veto(text="")).code == "INVALID_ARGUMENT"
    assert refused(board.committees(MEMBERS[0]).CastVeto, veto()).reason == "NOT_AN_OBSERVER"
    made = call(veto())
    assert call(veto()) == made
    assert refused(call, veto(text="另有理由")).reason == "VETO_CAST"
    for member in MEMBERS:
        board.cast(member, vote)
    open_ = board.committees(SECRETARY).GetVote(wire.GetVoteRequest(name=vote.name))
    assert not open_.vetoes
    closed = board.close(vote)
    assert (closed.result, closed.yes_count) == (Result.RESULT_VETOED, len(MEMBERS))
    assert closed.vetoes[0].check_code == "NEGATIVE_LIST"
    approve = deal_service_pb2.DecideExternalRequest.DECISION_APPROVE
    assert "VETOED" in refused(*decide(board, deal, EXTERNAL, approve)).metadata["reasons"].split(",")


def test_an_approval_is_corrected_by_a_decision_that_supersedes_it(board: Board) -> None:
    deal = before_committee(board, "APPROVED")
    correction = committee_pb2.Vote.PURPOSE_CORRECTION
    stub = board.committees(SECRETARY)
    for member in MEMBERS:
        board.declare(member, deal)
    sitting = board.sitting(deal, EXTERNAL)
    request = wire.OpenVoteRequest(parent=sitting.name, deal=deal.name, purpose=correction)
    failure = refused(stub.OpenVote, request)
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "NOTHING_TO_CORRECT")
    request.ClearField("purpose")
    assert refused(stub.OpenVote, request).reason == "NOT_BEFORE_COMMITTEE"
    wrong = wire.CorrectDecisionRequest(parent=deal.name, vote="sittings/a/votes/b", reason="更正条件")
    assert refused(stub.CorrectDecision, wrong).code == "NOT_FOUND"
    wrong.reason = ""
    assert refused(stub.CorrectDecision, wrong).code == "INVALID_ARGUMENT"
    assert not stub.ListDecisions(wire.ListDecisionsRequest(parent=deal.name)).decisions


def test_committees_and_sittings_are_kept(board: Board, deal: deal_pb2.Deal) -> None:
    stub, other = board.committees(SECRETARY), before_committee(board, "LEAD")
    kept = board.committee(deal.fund, INTERNAL)
    again = refused(
        stub.CreateCommittee,
        wire.CreateCommitteeRequest(
            committee=committee_pb2.Committee(fund=kept.fund, tier=kept.tier, seats=kept.seats)
        ),
    )
    assert (again.code, again.metadata["resource"]) == ("ALREADY_EXISTS", kept.name)
    assert (kept.rule.quorum, kept.rule.majority, kept.rule.least_ballots) == ("2/3", "2/3", 3)
    update = wire.UpdateCommitteeRequest(committee=kept, update_mask=FieldMask(paths=["seats"]))
    update.committee.seats.append(update.committee.seats[0])
    failure = refused(stub.UpdateCommittee, update)
    assert (failure.reason, fields(failure)) == ("SEAT_TWICE", [f"committee.seats[{len(MEMBERS)}].member"])
    update.committee.seats[-1].member = "ic-new"
    changed = stub.UpdateCommittee(update)
    assert changed.seats[-1].member == "ic-new"
    assert refused(stub.UpdateCommittee, update).reason == "STALE_ETAG"
    update.committee.etag = changed.etag
    del update.committee.seats[-1]
    assert stub.UpdateCommittee(update).seats == kept.seats
    assert stub.GetCommittee(wire.GetCommitteeRequest(name=kept.name)).seats == kept.seats
    named = stub.GetCommittee(wire.GetCommitteeRequest(name=kept.name))
    seated = wire.UpdateCommitteeRequest(committee=named, update_mask=FieldMask(paths=["seats"]))
    before = named.seats[0].display_name
    for given, stands in (("欧阳修", "欧阳修"), ("", "欧阳修"), (before, before)):
        seated.committee.etag = stub.GetCommittee(wire.GetCommitteeRequest(name=kept.name)).etag
        seated.committee.seats[0].display_name = given
        assert stub.UpdateCommittee(seated).seats[0].display_name == stands
    assert refused(stub.GetCommittee, wire.GetCommitteeRequest(name="committees/none")).code == "NOT_FOUND"
    assert refused(stub.ListCommittees, wire.ListCommitteesRequest(page_size=-1)).code == "INVALID_ARGUMENT"
    sitting = board.sitting(deal, INTERNAL)
    got = stub.GetSitting(wire.GetSittingRequest(name=sitting.name))
    assert (got.seats, got.deals[:]) == (kept.seats, [deal.name])
    listed = stub.ListSittings(wire.ListSittingsRequest(committee=kept.name))
    assert sitting in listed.sittings
    with_it = stub.ListSittings(wire.ListSittingsRequest(deals=[other.name, deal.name]))
    assert sitting in with_it.sittings
    assert all(deal.name in each.deals or other.name in each.deals for each in with_it.sittings)
    assert not stub.ListSittings(wire.ListSittingsRequest(deals=["deals/none"])).sittings
    wrong = refused(stub.ListSittings, wire.ListSittingsRequest(deals=[deal.name, "x"]))
    assert (wrong.reason, fields(wrong)) == ("INVALID_NAME", ["deals[1]"])
    assert refused(stub.ListSittings, wire.ListSittingsRequest(committee="x")).reason == "INVALID_NAME"
    foreign = committee_pb2.Sitting(
        committee=kept.name, sit_time=sitting.sit_time, deals=[other.name, "deals/no"]
    )
    if other.fund == deal.fund:
        del foreign.deals[0]
    failure = refused(stub.CreateSitting, wire.CreateSittingRequest(sitting=foreign))
    assert (failure.code, failure.reason) == ("INVALID_ARGUMENT", "DEAL_OF_ANOTHER_FUND")
    later = committee_pb2.Sitting()
    later.CopyFrom(sitting)
    later.sit_time.CopyFrom(Timestamp(seconds=sitting.sit_time.seconds + 60))
    moved = stub.UpdateSitting(wire.UpdateSittingRequest(sitting=later))
    assert moved.sit_time == later.sit_time
    assert refused(stub.UpdateSitting, wire.UpdateSittingRequest(sitting=later)).reason == "STALE_ETAG"
    for member in MEMBERS:
        board.declare(member, deal)
    board.open(moved, deal)
    empty = wire.UpdateSittingRequest(sitting=moved, update_mask=FieldMask(paths=["deals"]))
    del empty.sitting.deals[:]
    assert refused(stub.UpdateSitting, empty).reason == "FIXED_BY_VOTE"
    for call, request in (
        (stub.GetSitting, wire.GetSittingRequest(name="sittings/none")),
        (stub.GetSittingAgenda, wire.GetSittingAgendaRequest(name="sittings/none")),
        (stub.GetVote, wire.GetVoteRequest(name="sittings/none/votes/none")),
        (stub.ListBallots, wire.ListBallotsRequest(parent="sittings/none/votes/none")),
        (stub.ListDecisions, wire.ListDecisionsRequest(parent="deals/none")),
    ):
        assert refused(call, request).code == "NOT_FOUND"
