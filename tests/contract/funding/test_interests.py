"""Conflicts of interest over the wire: declared, contradicted, resolved; who has an interest in a firm."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from bole.funding.v1 import (
    deal_action_pb2,
    deal_pb2,
    deal_service_pb2,
    interest_pb2,
    interest_service_pb2,
)
from services.chassis.identity.identity import Grant
from tests.contract.funding.board import MEMBERS, SECRETARY, TEAM, Board, Tier, seated
from tests.contract.installation import MANAGER, Installation, refused

wire = interest_service_pb2
Kind = interest_pb2.InterestKind
Standing = interest_pb2.InterestDeclaration.State
NOBODY = "deals/01j00000000000000000000000"


@pytest.fixture
def board(whole: Installation) -> Iterator[Board]:
    with seated(whole) as made:
        yield made


@pytest.fixture
def deal(board: Board) -> deal_pb2.Deal:
    """A deal that stands before the internal committee."""
    request = deal_service_pb2.ListDealsRequest(filter="state = IC_INTERNAL", page_size=5)
    found: deal_pb2.Deal = board.deals("manager").ListDeals(request).deals[-1]
    return found


def link(board: Board, firm: str, member: str, source: str = "工商登记：股东") -> interest_pb2.KnownLink:
    tie = interest_pb2.KnownLink(firm=firm, member=member, kind=Kind.INTEREST_KIND_EQUITY, source=source)
    request = wire.CreateKnownLinkRequest(known_link=tie)
    found: interest_pb2.KnownLink = board.interests(SECRETARY).CreateKnownLink(request)
    return found


def test_no_interest_against_known_facts_is_for_the_secretary_to_resolve(
    whole: Installation, board: Board, deal: deal_pb2.Deal
) -> None:
    who = f"tied-{uuid4().hex[:8]}"
    with whole.channel("funding", Grant("committee_member"), subject=who) as channel:
        board.channels[who] = channel
        assert board.declare(who, deal).state == Standing.STATE_CLEAR
        known = link(board, deal.firm, who)
        assert known.name.startswith(f"{deal.firm}/links/")
        found = board.interests(who).ListInterests(wire.ListInterestsRequest(parent=deal.name))
        [own] = found.interests
        assert (own.state, own.contradictions[0].source) == (Standing.STATE_CONTRADICTED, "工商登记：股东")
        assert list(found.undeclared_members) == []
        get = deal_service_pb2.GetDealRequest(name=deal.name)
        assert not board.deals(who).GetDeal(get).HasField("ticket")
        resolve = wire.ResolveInterestRequest(name=own.name, reason="已于2024年退股，见工商变更")
        settled = board.interests(SECRETARY).ResolveInterest(resolve)
        assert (settled.state, settled.resolution) == (Standing.STATE_CLEAR, resolve.reason)
        assert refused(board.interests(SECRETARY).ResolveInterest, resolve).reason == "NOT_CONTRADICTED"
        assert board.deals(who).GetDeal(get).ticket == deal.ticket
        link(board, deal.firm, who, "专利登记：发明人")
        resolve.recused = True
        settled = board.interests(SECRETARY).ResolveInterest(resolve)
        assert settled.state == Standing.STATE_RECUSED
        assert not board.deals(who).GetDeal(get).HasField("ticket")


def test_declarations_that_are_refused(board: Board, deal: deal_pb2.Deal) -> None:
    call = board.interests(MEMBERS[0]).DeclareInterest
    none, equity = Kind.INTEREST_KIND_NONE, Kind.INTEREST_KIND_EQUITY
    for kinds, text, reason in (
        ([none, equity], "持股", "NONE_AND_OTHERS"),
        ([equity], "", "REQUIRED"),
        ([], "", "REQUIRED"),
        ([Kind.INTEREST_KIND_UNSPECIFIED], "", "REQUIRED"),
        ([none], "\u202e", "CHARACTER_NOT_ALLOWED"),
    ):
        failure = refused(call, wire.DeclareInterestRequest(parent=deal.name, kinds=kinds, text=text))
        assert (failure.code, failure.reason in (reason, "UNKNOWN_VALUE")) == ("INVALID_ARGUMENT", True), (
            failure
        )
    assert refused(call, wire.DeclareInterestRequest(parent=NOBODY, kinds=[none])).code == "NOT_FOUND"
    ended = (
        board.deals("manager")
        .ListDeals(deal_service_pb2.ListDealsRequest(filter="state = DECLINED"))
        .deals[0]
    )
    failure = refused(call, wire.DeclareInterestRequest(parent=ended.name, kinds=[none]))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "DEAL_ENDED")
    listed = [
        board.interests("manager").ListInterests(wire.ListInterestsRequest(parent=each.name))
        for each in (deal, ended)
    ]
    assert [each.open for each in listed] == [True, False]


def test_what_cannot_be_resolved_or_recorded(board: Board, deal: deal_pb2.Deal) -> None:
    secretary = board.interests(SECRETARY)
    for name, code in (
        (f"{deal.name}/interests/999999", "NOT_FOUND"),
        (f"{deal.name}/interests/x", "INVALID_ARGUMENT"),
        (NOBODY + "/interests/1", "NOT_FOUND"),
    ):
        request = wire.ResolveInterestRequest(name=name, reason="理由")
        assert refused(secretary.ResolveInterest, request).code == code
    own = board.declare(SECRETARY, deal)
    link(board, deal.firm, SECRETARY)
    request = wire.ResolveInterestRequest(name=own.name, reason="自查无碍")
    failure = refused(secretary.ResolveInterest, request)
    assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "FOUR_EYES")
    none = interest_pb2.KnownLink(firm=deal.firm, member="x", kind=Kind.INTEREST_KIND_NONE, source="x")
    failure = refused(secretary.CreateKnownLink, wire.CreateKnownLinkRequest(known_link=none))
    assert (failure.code, failure.reason) == ("INVALID_ARGUMENT", "NO_TIE")
    none.firm, none.kind = "firms/none", Kind.INTEREST_KIND_EQUITY
    request_ = wire.CreateKnownLinkRequest(known_link=none)
    assert refused(secretary.CreateKnownLink, request_).code == "NOT_FOUND"


def test_what_is_said_of_people_is_seen_for_a_purpose_alone(
    whole: Installation, board: Board, deal: deal_pb2.Deal
) -> None:
    board.declare(MEMBERS[4], deal, Kind.INTEREST_KIND_KINSHIP, text="妹夫任董事")
    listing = wire.ListInterestsRequest(parent=deal.name)
    found = board.interests(SECRETARY).ListInterests(listing)
    assert "妹夫任董事" in {each.text for each in found.interests}
    with_none = board.interests("auditor").ListInterests(listing)
    assert {each.text for each in with_none.interests} == {""}
    others = board.interests(MEMBERS[3]).ListInterests(listing).interests
    assert {each.member for each in others} <= {MEMBERS[3]}
    assert (
        refused(board.interests(SECRETARY).ListInterests, wire.ListInterestsRequest(parent=NOBODY)).code
        == "NOT_FOUND"
    )


def test_who_has_an_interest_in_this_firm(board: Board, deal: deal_pb2.Deal) -> None:
    """谁和这家公司有利益关系: declared and suspected, with sources, and what it does to the quorum."""
    committee = board.committee(deal.fund, Tier.TIER_INTERNAL)
    for member in MEMBERS:
        board.declare(member, deal)
    board.declare(MEMBERS[0], deal, Kind.INTEREST_KIND_EQUITY, Kind.INTEREST_KIND_ADVISER, text="早期投资人")
    link(board, deal.firm, MEMBERS[1], "人才库：现任雇主")
    found = board.interests("auditor").ListFirmInterests(wire.ListFirmInterestsRequest(parent=deal.firm))
    declared = [each for each in found.interests if each.member == MEMBERS[0] and each.declared]
    assert {each.kind for each in declared} == {Kind.INTEREST_KIND_EQUITY, Kind.INTEREST_KIND_ADVISER}
    assert declared[0].source.startswith(f"{deal.name}/interests/")
    known = [each for each in found.interests if each.member == MEMBERS[1]]
    assert [(each.declared, each.source) for each in known] == [(False, "人才库：现任雇主")]
    [effect] = [
        each for each in known[0].effects if (each.deal, each.committee) == (deal.name, committee.name)
    ]
    assert (effect.member_count, effect.eligible_count, effect.quorum_needed) == (5, 3, 3)
    assert effect.quorum_possible
    said = board.interests(SECRETARY).ListInterests(wire.ListInterestsRequest(parent=deal.name)).interests
    last = [each for each in said if each.member == MEMBERS[1]][-1]
    settle = wire.ResolveInterestRequest(name=last.name, reason="同名，非本人")
    assert board.interests(SECRETARY).ResolveInterest(settle).state == Standing.STATE_CLEAR
    found = board.interests("auditor").ListFirmInterests(wire.ListFirmInterestsRequest(parent=deal.firm))
    [effect] = [
        each
        for tie in found.interests
        if tie.member == MEMBERS[1]
        for each in tie.effects
        if (each.deal, each.committee) == (deal.name, committee.name)
    ]
    assert effect.eligible_count == 4
    failure = refused(
        board.interests("auditor").ListFirmInterests, wire.ListFirmInterestsRequest(parent="firms/none")
    )
    assert failure.code == "NOT_FOUND"


def test_parties_are_set_with_the_version_that_was_read(board: Board) -> None:
    listed = board.deals("manager").ListDeals(
        deal_service_pb2.ListDealsRequest(filter="state = LEAD", page_size=1)
    )
    deal, stub = listed.deals[0], board.deals("manager")

    def parties(**given: list[str]) -> deal_service_pb2.SetDealPartiesRequest:
        made = deal_pb2.DealParties(**given)
        return deal_service_pb2.SetDealPartiesRequest(name=deal.name, etag=deal.etag, parties=made)

    failure = refused(stub.SetDealParties, parties(team=[*TEAM], scouts=[TEAM[0]]))
    assert (failure.code, failure.reason) == ("INVALID_ARGUMENT", "BOTH_SIDES")
    changed = stub.SetDealParties(parties(team=[*TEAM], representatives=["founder"]))
    assert (sorted(changed.parties.team), changed.parties.representatives[:]) == (sorted(TEAM), ["founder"])
    assert refused(stub.SetDealParties, parties()).reason == "STALE_ETAG"
    missing = deal_service_pb2.SetDealPartiesRequest(name=deal.name, parties=deal_pb2.DealParties())
    assert refused(stub.SetDealParties, missing).code == "INVALID_ARGUMENT"


def test_a_firm_sees_and_moves_its_own_deals_alone(whole: Installation, board: Board) -> None:
    stub = board.deals("manager")
    listed = stub.ListDeals(deal_service_pb2.ListDealsRequest(filter="state = LEAD", page_size=2)).deals
    own, other = listed
    request = deal_service_pb2.SetDealPartiesRequest(
        name=own.name, etag=own.etag, parties=deal_pb2.DealParties(representatives=["a-founder"])
    )
    stub.SetDealParties(request)
    with whole.channel("funding", Grant("firm_representative"), subject="a-founder") as channel:
        board.channels["founder"] = channel
        firm = board.deals("founder")
        card = firm.GetDeal(deal_service_pb2.GetDealRequest(name=own.name))
        assert (card.public_status.zh, card.HasField("ticket"), card.state) == ("已登记，待申报", False, 0)
        listed = firm.ListDeals(deal_service_pb2.ListDealsRequest()).deals
        assert [each.name for each in listed] == [own.name]
        peek = deal_service_pb2.ListDealsRequest(filter="state = LEAD")
        assert refused(firm.ListDeals, peek).reason == "INVALID_FILTER"
        texts = set()
        for name in (other.name, NOBODY):
            failure = refused(firm.GetDeal, deal_service_pb2.GetDealRequest(name=name))
            assert failure.code == "PERMISSION_DENIED"
            texts.add((failure.reason, failure.text))
            withdraw = deal_service_pb2.WithdrawDealRequest(name=name)
            withdraw.command.etag, withdraw.command.reason = other.etag, "不融了"
            assert refused(firm.WithdrawDeal, withdraw).text == failure.text
        assert len(texts) == 1
        withdraw = deal_service_pb2.WithdrawDealRequest(name=own.name)
        withdraw.command.etag, withdraw.command.reason = card.etag, "不再融资"
        withdraw.command.validate_only = True
        assert firm.WithdrawDeal(withdraw).public_status.zh == "已撤回"


def test_a_city_grant_is_told_the_same_of_what_it_may_not_see_and_what_is_not_there(
    whole: Installation, board: Board
) -> None:
    elsewhere = board.deals("manager").ListDeals(deal_service_pb2.ListDealsRequest(page_size=100)).deals
    with whole.channel("funding", Grant("fund_analyst", city="lianyungang"), subject="narrow") as channel:
        board.channels["narrow"] = channel
        narrow = board.deals("narrow")
        assert not narrow.ListDeals(deal_service_pb2.ListDealsRequest()).deals
        failures = [
            refused(narrow.GetDeal, deal_service_pb2.GetDealRequest(name=name))
            for name in (elsewhere[0].name, NOBODY)
        ]
        assert {each.code for each in failures} == {"PERMISSION_DENIED"}
        assert failures[0].text == failures[1].text


def test_a_manager_who_is_recused_is_told_so_and_takes_no_step(whole: Installation, board: Board) -> None:
    who = f"manager-{uuid4().hex[:8]}"
    request = deal_service_pb2.ListDealsRequest(filter="state = SCREENING", page_size=1)
    [deal] = board.deals("manager").ListDeals(request).deals
    with whole.channel("funding", MANAGER, subject=who) as channel:
        board.channels[who] = channel
        asked = deal_service_pb2.ListDealActionsRequest(name=deal.name)
        before = board.deals(who).ListDealActions(asked).actions
        assert not any("RECUSED" in each.reason_codes for each in before)
        board.declare(who, deal, Kind.INTEREST_KIND_EQUITY, text="持有其股东的份额")
        closed = refused(board.deals(who).ListDealActions, asked)
        assert (closed.code, closed.reason) == ("PERMISSION_DENIED", "RECUSED")
        assert "再次声明" in closed.text.zh
        hand = deal_action_pb2.DealCommand(etag=deal.etag, reason="与企业协商一致")
        withdraw = deal_service_pb2.WithdrawDealRequest(name=deal.name, command=hand)
        failure = refused(board.deals(who).WithdrawDeal, withdraw)
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "RECUSED")
        board.declare(who, deal)
        assert not any(
            "RECUSED" in each.reason_codes for each in board.deals(who).ListDealActions(asked).actions
        )
