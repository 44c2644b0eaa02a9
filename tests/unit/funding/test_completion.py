"""What stages ask for, and who has it."""

from datetime import timedelta
from typing import Any

from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Deal, Transition
from services.funding.domain.deal.evidence import EvidenceKind as E
from services.funding.domain.deal.states import PIPELINE
from services.funding.domain.deal.states import DealState as S
from services.funding.domain.pipeline.completion import Fact, Standing, asked_of, completion
from tests.unit.funding.cases import AT
from tests.unit.funding.deals import PATH, new_deal, paper, walk


def standing(state: S, **more: Any) -> Standing:
    given: dict[str, Any] = {
        "deal_id": "deal-1",
        "firm_name": "甲公司",
        "transitions": (),
        "documents": (),
        "team": frozenset(),
        "undeclared": frozenset(),
        "voted": False,
    }
    return Standing(state=state, **(given | more))


def brought_to(state: S) -> Deal:
    """A deal that walked its way until it stands in a state."""
    deal = new_deal()
    for action in PATH:
        if deal.state is state:
            break
        walk(deal, action)
    return deal


def have(found: Standing, at: Any = AT) -> dict[str, bool]:
    stage = next(each for each in completion([found], at) if each.state is found.state)
    return {each.asked.name: each.have == 1 for each in stage.items}


def test_every_stage_asks_for_something() -> None:
    assert all(asked_of(state) for state in PIPELINE)
    assert asked_of(S.INITIATED) == (Fact.TEAM, Fact.INTERESTS)
    assert asked_of(S.APPROVED) == (E.TERM_SHEET, E.PURCHASE_AGREEMENT)


def test_documents_of_the_register_count_once_received() -> None:
    memo = paper(E.SCREENING_MEMO, "")
    assert have(standing(S.SCREENING)) == {"SCREENING_MEMO": False}
    assert have(standing(S.SCREENING, documents=(memo,))) == {"SCREENING_MEMO": True}
    assert have(standing(S.SCREENING, documents=(memo,)), AT - timedelta(days=1)) == {"SCREENING_MEMO": False}


def test_what_a_step_brought_counts_and_minutes_serve_once() -> None:
    deal = brought_to(S.IC_EXTERNAL)
    walk(deal, Action.RETURN_TO_INTERNAL)
    again = have(standing(deal.state, transitions=deal.transitions))
    assert again == {"INTERESTS": False, "VOTE": False, "INTERNAL_MINUTES": False}
    signing = brought_to(S.APPROVED)
    walk(signing, Action.PREPARE_SIGNING)
    found = have(standing(S.APPROVED, transitions=signing.transitions))
    assert found == {"TERM_SHEET": True, "PURCHASE_AGREEMENT": False}


def test_parked_deals_count_in_their_stage_and_apart() -> None:
    board = [standing(S.SCREENING), standing(S.SCREENING, parked=True), standing(S.INITIATED)]
    counted = {each.state: (each.deals, each.parked) for each in completion(board, AT) if each.deals}
    assert counted == {S.SCREENING: (2, 1), S.INITIATED: (1, 0)}


def test_a_team_is_two_and_declares_as_a_whole() -> None:
    assert have(standing(S.INITIATED)) == {"TEAM": False, "INTERESTS": False}
    two = frozenset({"a", "b"})
    assert have(standing(S.INITIATED, team=two, undeclared=frozenset({"b"}))) == {
        "TEAM": True,
        "INTERESTS": False,
    }
    assert have(standing(S.INITIATED, team=two)) == {"TEAM": True, "INTERESTS": True}
    assert have(standing(S.INITIATED, team=frozenset({"a"}))) == {"TEAM": False, "INTERESTS": True}


def test_counts_and_those_that_lack_by_firm() -> None:
    memo = paper(E.SCREENING_MEMO, "")
    board = [
        standing(S.SCREENING, deal_id="2", firm_name="乙"),
        standing(S.SCREENING, deal_id="1", firm_name="丁", documents=(memo,)),
        standing(S.SCREENING, deal_id="3", firm_name="丙"),
        standing(S.INVESTED, deal_id="4"),
    ]
    stages = completion(board, AT)
    assert [each.state for each in stages] == list(PIPELINE)
    assert sum(each.deals for each in stages) == 3
    stage = next(each for each in stages if each.state is S.SCREENING)
    assert (stage.deals, stage.complete) == (3, 1)
    assert [each.deal_id for each in stage.items[0].lacking] == ["3", "2"]


def test_a_deal_that_has_all_may_take_the_step() -> None:
    """What is asked is what the machine asks: with these documents the step is taken."""
    deal = brought_to(S.DUE_DILIGENCE)
    kinds = [each for each in asked_of(S.DUE_DILIGENCE) if isinstance(each, E)]
    taken: Transition = walk(deal, Action.SUBMIT_TO_COMMITTEE, evidence=tuple(paper(k, "x") for k in kinds))
    assert taken.target is S.IC_INTERNAL
