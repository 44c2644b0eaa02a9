"""Histories: what is replayed, imported and shown of a deal."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from services.funding.domain.deal.actions import Action, Role
from services.funding.domain.deal.deal import Deal, open_deal, replay
from services.funding.domain.deal.edges import EDGES
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.deal.machine import ActionView, actions, perform
from services.funding.domain.deal.states import TERMINAL
from services.funding.domain.deal.step import Actor, Step
from services.kernel.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from tests.unit.funding.cases import AT, TERMS
from tests.unit.funding.deal_refusals import A, S, refused
from tests.unit.funding.deals import GOOD, PATH, advanced, new_deal, step, walk


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
