from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.funding.domain.checks.run import run_checks
from services.funding.domain.deal.actions import Action, DeclineCode, Role
from services.funding.domain.deal.deal import Deal, open_deal, replay
from services.funding.domain.deal.edges import EDGES
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.deal.machine import ActionView, actions, perform
from services.funding.domain.deal.states import TERMINAL, DealState
from services.funding.domain.deal.step import Actor, DealContext, Step
from services.funding.domain.rulesets import WAN
from services.kernel.clock import civil_date
from services.kernel.errors import BoleError, FailedPrecondition, InvalidArgument, PermissionDenied
from tests.unit.funding.cases import AT, TERMS, case
from tests.unit.funding.deals import GOOD, PATH, advanced, new_deal, papers, step, walk

S, A = DealState, Action


def refused(error: type[BoleError], deal: Deal, wanted: Step, context: DealContext = GOOD) -> BoleError:
    before = (deal.state, deal.version, len(deal.transitions), deal.approved_fen)
    with pytest.raises(error) as caught:
        perform(deal, wanted, context)
    assert (deal.state, deal.version, len(deal.transitions), deal.approved_fen) == before
    return caught.value


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


def test_a_hold_asks_for_a_new_first_signature() -> None:
    deal = advanced(A.SIGN)
    walk(deal, A.HOLD)
    walk(deal, A.RESUME)
    assert refused(FailedPrecondition, deal, step(A.SIGN)).reason == "FIRST_SIGNATURE_MISSING"


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


@pytest.mark.parametrize(
    ("action", "changes", "reason"),
    [
        (A.SUBMIT, {"open_deal": "deals/other"}, "DUPLICATE_OPEN_DEAL"),
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


SECRETARY = Actor("s", frozenset({Role.COMMITTEE_SECRETARY, Role.EXTERNAL_COMMITTEE}))


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


def test_a_hold_does_not_spare_a_committee_its_vote() -> None:
    deal = advanced(A.PASS_INTERNAL)
    walk(deal, A.HOLD)
    wanted = step(A.DECLINE, actor=SECRETARY, evidence=papers(A.PASS_INTERNAL))
    assert refused(FailedPrecondition, deal, wanted).reason == "VOTE_CARRIED"


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


def test_a_historic_deal_comes_in_by_one_transition_with_its_source() -> None:
    deal = new_deal()
    bare = replace(step(A.IMPORT, import_state=S.SIGNED, amount_fen=7), evidence=())
    assert refused(FailedPrecondition, deal, bare).reason == "MISSING_EVIDENCE"
    walk(deal, A.IMPORT, import_state=S.SIGNED, amount_fen=7)
    assert (deal.state, deal.approved_fen, deal.signed_fen, deal.paid_fen) == (S.SIGNED, 7, 7, None)
    assert len(deal.transitions) == 1
    assert deal.transitions[0].evidence[0].kind is EvidenceKind.SOURCE_DOCUMENT
    walk(deal, A.PREPARE_CLOSING)
    walk(deal, A.CLOSE)
    assert (deal.state, deal.paid_fen) == (S.INVESTED, 7)


def test_a_deal_imported_on_hold_returns_to_its_stated_origin() -> None:
    deal = new_deal()
    walk(deal, A.IMPORT, import_state=S.ON_HOLD, import_origin=S.SIGNED, amount_fen=7)
    assert (deal.state, deal.approved_fen, deal.signed_fen, deal.paid_fen) == (S.ON_HOLD, 7, 7, None)
    assert refused(FailedPrecondition, deal, step(A.WITHDRAW)).reason == "ILLEGAL_TRANSITION"
    walk(deal, A.RESUME)
    assert deal.state is S.SIGNED
    assert replay(deal.transitions) is S.SIGNED


def test_an_early_state_is_imported_without_an_approval() -> None:
    deal = new_deal()
    walk(deal, A.IMPORT, import_state=S.SCREENING, amount_fen=7)
    assert (deal.state, deal.approved_fen) == (S.SCREENING, None)


def test_nothing_leaves_a_terminal_state() -> None:
    assert not [edge for edge in EDGES.values() if edge.source in TERMINAL]


def test_replay_refuses_histories_that_no_deal_can_have() -> None:
    steps = advanced(A.INITIATE).transitions
    with pytest.raises(ValueError, match="cannot follow"):
        replay(steps[1:])
    with pytest.raises(ValueError, match="cannot follow"):
        replay([steps[0], replace(steps[1], sequence=3)])
    held = advanced(A.INITIATE)
    walk(held, A.HOLD)
    walk(held, A.RESUME)
    with pytest.raises(ValueError, match="did not come from"):
        replay([*held.transitions[:-1], replace(held.transitions[-1], target=S.APPROVED)])


def views(deal: Deal, wanted: Step) -> dict[Action, ActionView]:
    return {view.action: view for view in actions(deal, wanted, GOOD)}


def test_every_action_is_shown_with_what_stands_in_its_way() -> None:
    manager = Actor("m", frozenset({Role.INVESTMENT_MANAGER}))
    shown = views(new_deal(), replace(step(A.SUBMIT), actor=manager, evidence=()))
    assert list(shown) == list(Action)
    submit, sign = shown[A.SUBMIT], shown[A.SIGN]
    assert not submit.permitted
    assert submit.missing == (EvidenceKind.BUSINESS_LICENCE, EvidenceKind.BUSINESS_PLAN)
    assert submit.roles == (Role.FIRM, Role.INVESTMENT_MANAGER, Role.SCOUT)
    assert [v.reason for v in sign.reasons] == ["ILLEGAL_TRANSITION"]
    assert shown[A.HOLD].permitted
    assert shown[A.HOLD].target is S.ON_HOLD


def test_what_is_shown_as_permitted_can_be_done_and_nothing_else() -> None:
    for at in PATH:
        for view in actions(advanced(at), step(at), GOOD):
            wanted = replace(step(view.action), actor=step(at).actor, evidence=step(at).evidence)
            if view.action is A.IMPORT:
                wanted = replace(wanted, import_state=S.SUBMITTED)
            assert view.permitted == _succeeds(advanced(at), wanted), (at, view)


def _succeeds(deal: Deal, wanted: Step) -> bool:
    try:
        perform(deal, wanted, GOOD)
    except (FailedPrecondition, PermissionDenied):
        return False
    return True


def test_a_deal_that_cannot_be_is_refused() -> None:
    def violations(**changes: Any) -> Iterable[str]:
        with pytest.raises(InvalidArgument) as caught:
            open_deal(
                id="d",
                fund_id="f",
                firm_id="c",
                channel="",
                origin="REAL",
                at=AT,
                **({"terms": TERMS} | changes),
            )
        return [v.field for v in caught.value.violations]

    terms = replace(TERMS, ask_fen=0, pre_money_fen=-1, has_redemption=False, redemption_months=3)
    assert violations(round_name="", terms=terms, expert_rating=6) == [
        "round_name",
        "expert_rating",
        "terms.ask_fen",
        "terms.pre_money_fen",
        "terms.redemption_months",
    ]
    assert violations(round_name="A", terms=replace(TERMS, round_total_fen=1)) == ["terms.ask_fen"]
