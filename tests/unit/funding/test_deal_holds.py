"""Holds, requests and lapses: where a deal returns to, and what a pause does not spare."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.funding.domain.deal.actions import Action, Role
from services.funding.domain.deal.deal import replay
from services.funding.domain.deal.step import Actor
from services.kernel.errors import FailedPrecondition, PermissionDenied
from tests.unit.funding.cases import AT
from tests.unit.funding.deal_refusals import SECRETARY, A, S, refused
from tests.unit.funding.deals import advanced, new_deal, papers, step, walk


def test_a_hold_asks_for_a_new_first_signature() -> None:
    deal = advanced(A.SIGN)
    walk(deal, A.HOLD)
    walk(deal, A.RESUME)
    assert refused(FailedPrecondition, deal, step(A.SIGN)).reason == "FIRST_SIGNATURE_MISSING"


def test_a_hold_does_not_spare_a_committee_its_vote() -> None:
    deal = advanced(A.PASS_INTERNAL)
    walk(deal, A.HOLD)
    wanted = step(A.DECLINE, actor=SECRETARY, evidence=papers(A.PASS_INTERNAL))
    assert refused(FailedPrecondition, deal, wanted).reason == "VOTE_CARRIED"


def test_an_approval_holds_180_days_and_then_lapses() -> None:
    deal = advanced(A.SIGN)
    last = AT + timedelta(days=180)
    assert refused(FailedPrecondition, deal, step(A.LAPSE, at=last)).reason == "APPROVAL_IN_FORCE"
    expired = last + timedelta(days=1)
    assert refused(FailedPrecondition, deal, step(A.SIGN, at=expired)).reason == "APPROVAL_EXPIRED"
    walk(deal, A.LAPSE, at=expired)
    assert deal.state is S.LAPSED


@pytest.mark.parametrize("action", [A.START_SCREENING, A.INITIATE, A.SUBMIT_TO_COMMITTEE, A.APPROVE, A.SIGN])
def test_a_hold_returns_to_where_it_came_from(action: Action) -> None:
    deal = advanced(action)
    before = deal.state
    walk(deal, A.HOLD)
    walk(deal, A.RESUME)
    assert deal.state is before


def test_a_hold_within_a_request_returns_to_the_request_first() -> None:
    deal = advanced(A.SUBMIT_TO_COMMITTEE)
    for action in (A.REQUEST_INFORMATION, A.HOLD, A.RESUME):
        walk(deal, action)
    assert deal.state is S.INFO_REQUESTED
    walk(deal, A.ANSWER_INFORMATION)
    assert deal.state is S.DUE_DILIGENCE


def test_a_hold_is_no_way_round_the_committee_or_a_contract() -> None:
    deal = advanced(A.PASS_INTERNAL)
    walk(deal, A.HOLD)
    wanted = replace(step(A.DECLINE), actor=Actor("m", frozenset({Role.INVESTMENT_MANAGER})))
    assert refused(PermissionDenied, deal, wanted).reason == "ROLE_NOT_ALLOWED"
    signed = advanced(A.CLOSE)
    assert refused(FailedPrecondition, signed, step(A.WITHDRAW)).reason == "ILLEGAL_TRANSITION"
    walk(signed, A.HOLD)
    assert refused(FailedPrecondition, signed, step(A.WITHDRAW)).reason == "ILLEGAL_TRANSITION"


def test_a_second_vote_needs_its_own_papers() -> None:
    deal = advanced(A.PASS_INTERNAL)
    walk(deal, A.RETURN_TO_DUE_DILIGENCE, evidence=papers(A.PASS_INTERNAL))
    walk(deal, A.SUBMIT_TO_COMMITTEE)
    error = refused(FailedPrecondition, deal, step(A.PASS_INTERNAL))
    assert {v.field for v in error.violations} == {"evidence.INTERNAL_MINUTES"}
    assert "上一轮" in error.text.zh
    walk(deal, A.PASS_INTERNAL, evidence=papers(A.PASS_INTERNAL, "second"))
    assert deal.state is S.IC_EXTERNAL


def test_a_deal_imported_on_hold_returns_to_its_stated_origin() -> None:
    deal = new_deal()
    walk(deal, A.IMPORT, import_state=S.ON_HOLD, import_origin=S.SIGNED, amount_fen=7)
    assert (deal.state, deal.approved_fen, deal.signed_fen, deal.paid_fen) == (S.ON_HOLD, 7, 7, None)
    assert refused(FailedPrecondition, deal, step(A.WITHDRAW)).reason == "ILLEGAL_TRANSITION"
    walk(deal, A.RESUME)
    assert deal.state is S.SIGNED
    assert replay(deal.transitions) is S.SIGNED
