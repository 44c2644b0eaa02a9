"""Financing rounds: the parts add up, our tickets are those of the deals, outside money is claimed once."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.capital.commitment import PartyKind
from services.funding.domain.firm.round import (
    Participant,
    RoundFacts,
    RoundRevision,
    examine_round,
    require_our_tickets,
)
from services.funding.domain.screening.rulesets import WAN
from services.kernel.errors import FailedPrecondition, InvalidArgument
from tests.unit.funding.cases import AS_OF, AT

OURS = Participant(PartyKind.FUND, "", "fund-1", 300 * WAN, lead=True)
OTHERS = Participant(PartyKind.SOCIAL_PRIVATE, "某创投（演示）", None, 700 * WAN)
FACTS = RoundFacts("天使轮", date(2026, 6, 1), 8000 * WAN, 1000 * WAN, (OURS, OTHERS), "投资协议")


def revision(facts: RoundFacts) -> RoundRevision:
    return RoundRevision("round-1", "firm-1", 1, facts, "manager", AT, AT)


def test_a_round_that_adds_up_stands() -> None:
    assert examine_round(FACTS, AS_OF) == FACTS
    require_our_tickets(FACTS, {"fund-1": 300 * WAN})
    assert revision(FACTS).claims_fen == {"fund-1": 700 * WAN}


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"total_fen": 999 * WAN}, ["PARTS_DO_NOT_ADD_UP"]),
        ({"participants": ()}, ["OUT_OF_BOUNDS", "PARTS_DO_NOT_ADD_UP"]),
        ({"closed": date(2026, 7, 1)}, ["DATE_IN_FUTURE"]),
        ({"document": " ", "round_name": ""}, ["REQUIRED", "REQUIRED"]),
        ({"participants": (OURS, OURS, replace(OTHERS, fen=400 * WAN))}, ["FUND_REPEATED", "SEVERAL_LEADS"]),
        ({"participants": (replace(OURS, fund_id=None), OTHERS)}, ["REQUIRED"]),
        ({"participants": (OURS, replace(OTHERS, fund_id="fund-2"))}, ["NOT_A_FUND"]),
        ({"participants": (OURS, replace(OTHERS, party=""))}, ["REQUIRED"]),
        ({"participants": (OURS, OTHERS, replace(OTHERS, fen=0))}, ["AMOUNT_TOO_SMALL"]),
    ],
)
def test_what_cannot_be_true_of_a_round(changes: dict[str, object], reasons: list[str]) -> None:
    with pytest.raises(InvalidArgument) as caught:
        examine_round(replace(FACTS, **changes), AS_OF)  # type: ignore[arg-type]
    assert [each.reason for each in caught.value.violations] == reasons


@pytest.mark.parametrize(
    ("signed", "reasons"),
    [
        ({}, ["FUND_WITHOUT_DEAL"]),
        ({"fund-1": 299 * WAN}, ["FUND_AMOUNT_DIFFERS"]),
        ({"fund-1": 300 * WAN, "fund-2": 1}, ["FUND_MISSING"]),
    ],
)
def test_our_funds_stand_with_what_they_signed(signed: dict[str, int], reasons: list[str]) -> None:
    with pytest.raises(FailedPrecondition) as caught:
        require_our_tickets(FACTS, signed)
    assert [each.reason for each in caught.value.violations] == reasons
    assert caught.value.text.zh != caught.value.text.en


@given(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(1, 10**13), min_size=1),
    st.lists(st.integers(1, 10**13), max_size=5),
)
def test_no_outside_fen_is_claimed_twice(ours: dict[str, int], others: list[int]) -> None:
    """I9: the parts sum to the total, and what our funds claim sums to what others put in."""
    parts = (
        *(Participant(PartyKind.FUND, "", fund, fen) for fund, fen in ours.items()),
        *(Participant(PartyKind.SOCIAL_PRIVATE, "其他", None, fen) for fen in others),
    )
    made = revision(replace(FACTS, participants=parts, total_fen=sum(each.fen for each in parts)))
    assert examine_round(made.facts, AS_OF) == made.facts
    assert sum(made.claims_fen.values()) == made.outside_fen == sum(others)
    assert set(made.claims_fen) == set(ours)
    assert all(fen >= 0 for fen in made.claims_fen.values())
