from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.funding.domain.checks.run import run_checks
from services.funding.domain.deal.actions import Action, DeclineCode, Role
from services.funding.domain.deal.deal import replay
from services.funding.domain.deal.machine import actions, perform
from services.funding.domain.deal.step import Actor
from services.funding.domain.screening.rulesets import WAN
from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from tests.unit.funding.cases import AT, TERMS, case
from tests.unit.funding.deal_refusals import SECRETARY, A, S, refused
from tests.unit.funding.deals import GOOD, PATH, advanced, new_deal, papers, step, walk


def test_the_whole_way_from_lead_to_investment() -> None:
    deal = new_deal()
    for action in PATH:
        walk(deal, action)
    assert deal.state is S.INVESTED
    assert [t.sequence for t in deal.transitions] == list(range(1, len(PATH) + 1))
    assert replay(deal.transitions) is S.INVESTED
    assert (deal.approved_fen, deal.signed_fen, deal.paid_fen) == (TERMS.ask_fen,) * 3
    assert deal.version == len(PATH) + 1
    assert deal.submitted_at == deal.transitions[0].at


def test_an_illegal_edge_tells_what_is_allowed() -> None:
    error = refused(FailedPrecondition, new_deal(), step(A.SIGN))
    assert error.reason == "ILLEGAL_TRANSITION"
    assert error.metadata["allowedActions"] == "SUBMIT,DECLINE,WITHDRAW,HOLD,IMPORT"


def test_missing_evidence_is_listed_by_type_with_its_name() -> None:
    error = refused(FailedPrecondition, new_deal(), replace(step(A.SUBMIT), evidence=()))
    assert error.reason == "MISSING_EVIDENCE"
    assert [v.field for v in error.violations] == ["evidence.BUSINESS_LICENCE", "evidence.BUSINESS_PLAN"]
    assert "营业执照" in error.text.zh


def test_late_evidence_does_not_open_the_way() -> None:
    wanted = step(A.SUBMIT)
    late = tuple(replace(e, received_at=wanted.at + timedelta(seconds=1)) for e in wanted.evidence)
    assert (
        refused(FailedPrecondition, new_deal(), replace(wanted, evidence=late)).reason == "MISSING_EVIDENCE"
    )


def test_a_role_that_may_not_is_denied() -> None:
    wanted = replace(step(A.SUBMIT), actor=Actor("x", frozenset({Role.FINANCE})))
    assert refused(PermissionDenied, new_deal(), wanted).reason == "ROLE_NOT_ALLOWED"


@pytest.mark.parametrize("action", [each for each in PATH if each is not A.SUBMIT])
def test_who_is_recused_takes_no_step_and_is_told_so_before(action: Action) -> None:
    deal, wanted = advanced(action), step(action)
    context = replace(GOOD, recused=frozenset({wanted.actor.subject}))
    views = {each.action: each for each in actions(deal, wanted, context)}
    assert "RECUSED" in [each.reason for each in views[action].reasons]
    assert not any(each.permitted for each in views.values())
    assert refused(PermissionDenied, deal, wanted, context).reason == "RECUSED"
    perform(deal, wanted, replace(GOOD, recused=frozenset({"somebody else"})))


def test_the_firm_speaks_for_itself_whatever_it_declared() -> None:
    wanted = step(A.SUBMIT)
    perform(new_deal(), wanted, replace(GOOD, recused=frozenset({wanted.actor.subject})))


@pytest.mark.parametrize("action", [A.PASS_INTERNAL, A.APPROVE, A.PREPARE_CLOSING])
def test_who_proposed_decides_nothing(action: Action) -> None:
    deal = advanced(action)
    wanted = step(action)
    proposer = Actor("person-INVESTMENT_MANAGER", wanted.actor.roles)
    assert refused(PermissionDenied, deal, replace(wanted, actor=proposer)).reason == "FOUR_EYES"


@pytest.mark.parametrize(("first", "second"), [(A.PREPARE_SIGNING, A.SIGN), (A.PREPARE_CLOSING, A.CLOSE)])
def test_two_hands_sign_and_pay(first: Action, second: Action) -> None:
    deal = advanced(first)
    assert refused(FailedPrecondition, deal, step(second)).reason == "FIRST_SIGNATURE_MISSING"
    done = walk(deal, first)
    same = Actor(done.actor, step(second).actor.roles)
    assert refused(PermissionDenied, deal, replace(step(second), actor=same)).reason == "FOUR_EYES"


def test_compliance_fail_stops_initiation_and_unknown_only_the_committee() -> None:
    failing = replace(GOOD, checks=run_checks(case(terms={"fixed_return": True})))
    unknown = replace(GOOD, checks=run_checks(case(terms={"fixed_return": None})))
    error = refused(FailedPrecondition, advanced(A.INITIATE), step(A.INITIATE), failing)
    assert error.reason == "FIXED_RETURN_TERMS"
    perform(advanced(A.INITIATE), step(A.INITIATE), unknown)
    for action in (A.SUBMIT_TO_COMMITTEE, A.PASS_INTERNAL, A.APPROVE):
        assert (
            refused(FailedPrecondition, advanced(action), step(action), unknown).reason
            == "FIXED_RETURN_TERMS"
        )


def test_an_open_deal_of_the_same_round_is_named_as_a_record() -> None:
    failure = refused(
        FailedPrecondition, advanced(A.SUBMIT), step(A.SUBMIT), replace(GOOD, open_deal="other")
    )
    assert "（deals/other）" in failure.text.zh
    assert " (deals/other)" in failure.text.en


@pytest.mark.parametrize(
    ("action", "changes", "reason"),
    [
        (A.SUBMIT, {"open_deal": "other"}, "DUPLICATE_OPEN_DEAL"),
        (A.INITIATE, {"checks": None}, "COMPLIANCE_NOT_RUN"),
        (A.INITIATE, {"scored": False}, "SCORES_MISSING"),
        (A.START_DUE_DILIGENCE, {"team": frozenset({"one"})}, "TEAM_TOO_SMALL"),
        (A.START_DUE_DILIGENCE, {"undeclared": frozenset({"one"})}, "COI_UNDECLARED"),
        (A.SUBMIT_TO_COMMITTEE, {"rests_on_unverified_rights": True}, "MISSING_EVIDENCE"),
        (A.PASS_INTERNAL, {"undeclared": frozenset({"one"})}, "COI_UNDECLARED"),
        (A.START_DUE_DILIGENCE, {"conflicted": frozenset({"one"})}, "TEAM_CONFLICTED"),
        (A.PASS_INTERNAL, {"quorate": None, "carried": None}, "VOTE_NOT_CLOSED"),
        (A.PASS_INTERNAL, {"quorate": False, "carried": False}, "NO_QUORUM"),
        (A.PASS_INTERNAL, {"carried": False}, "VOTE_NOT_CARRIED"),
        (A.APPROVE, {"carried": False, "vetoed": True}, "VETOED"),
        (A.APPROVE, {"headroom_fen": None}, "HEADROOM_UNKNOWN"),
        (A.APPROVE, {"headroom_fen": TERMS.ask_fen - 1}, "INSUFFICIENT_FUND_CAPITAL"),
    ],
)
def test_guards(action: Action, changes: dict[str, Any], reason: str) -> None:
    assert (
        refused(FailedPrecondition, advanced(action), step(action), replace(GOOD, **changes)).reason == reason
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quorate": None, "carried": None}, "VOTE_NOT_CLOSED"),
        ({"quorate": False, "carried": False}, "NO_QUORUM"),
        ({}, "VOTE_CARRIED"),
        ({"carried": False}, None),
        ({"quorate": None, "carried": None, "vetoed": True}, None),
    ],
)
def test_a_committee_declines_what_it_voted_on_and_did_not_carry(
    changes: dict[str, Any], reason: str | None
) -> None:
    for action in (A.PASS_INTERNAL, A.APPROVE):
        deal = advanced(action)
        wanted = step(A.DECLINE, actor=SECRETARY, evidence=papers(action))
        if reason:
            assert refused(FailedPrecondition, deal, wanted, replace(GOOD, **changes)).reason == reason
        else:
            perform(deal, wanted, replace(GOOD, **changes))
            assert deal.state is S.DECLINED


def test_capital_to_the_last_fen_is_enough() -> None:
    perform(advanced(A.APPROVE), step(A.APPROVE), replace(GOOD, headroom_fen=TERMS.ask_fen))


def test_amounts_only_shrink_on_the_way() -> None:
    deal = advanced(A.APPROVE)
    walk(deal, A.APPROVE, amount_fen=400 * WAN)
    walk(deal, A.PREPARE_SIGNING)
    too_much = step(A.SIGN, amount_fen=400 * WAN + 1)
    assert refused(FailedPrecondition, deal, too_much).reason == "AMOUNT_EXCEEDS_APPROVED"
    walk(deal, A.SIGN, amount_fen=300 * WAN)
    walk(deal, A.PREPARE_CLOSING)
    too_much = step(A.CLOSE, amount_fen=300 * WAN + 1)
    assert refused(FailedPrecondition, deal, too_much).reason == "AMOUNT_EXCEEDS_SIGNED"
    walk(deal, A.CLOSE)
    assert (deal.approved_fen, deal.signed_fen, deal.paid_fen) == (400 * WAN, 300 * WAN, 300 * WAN)


def test_steps_wrong_by_themselves() -> None:
    deal = new_deal()
    for wanted, field in (
        (step(A.DECLINE, decline_codes=()), "decline_codes"),
        (step(A.DECLINE, reason=" "), "reason"),
        (step(A.HOLD, review_on=civil_date(AT) + timedelta(days=91)), "review_on"),
        (step(A.HOLD, review_on=civil_date(AT)), "review_on"),
        (step(A.IMPORT, import_state=S.LEAD), "import_state"),
        (step(A.IMPORT, import_state=S.ON_HOLD), "import_origin"),
        (
            step(A.IMPORT, import_state=S.INFO_REQUESTED, import_origin=S.APPROVED, amount_fen=1),
            "import_origin",
        ),
        (step(A.IMPORT, import_state=S.ON_HOLD, import_origin=S.SIGNED), "amount_fen"),
        (step(A.IMPORT, import_state=S.SIGNED), "amount_fen"),
    ):
        assert [v.field for v in refused(InvalidArgument, deal, wanted).violations] == [field]


def test_a_refusal_keeps_its_codes() -> None:
    deal = new_deal()
    walk(deal, A.DECLINE)
    assert (deal.state, deal.transitions[0].codes) == (S.DECLINED, (DeclineCode.TECHNOLOGY,))
