"""Local reinvestment: one city per fund, never more than was invested; cities' figures add up, nothing twice."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.capital.call import CapitalCall
from services.funding.domain.capital.cities import Placed, by_city, total
from services.funding.domain.capital.commitment import Commitment, PartyKind, examine_commitment
from services.funding.domain.capital.reinvestment import (
    CreditBasis,
    ReinvestmentCredit,
    examine_credit,
    in_force,
    investors_of,
    require_creditable,
)
from services.kernel.errors import FailedPrecondition, InvalidArgument
from tests.unit.funding.cases import AT

CREDIT = ReinvestmentCredit(
    "inv-1", 1, "fund-1", "suzhou", 100, CreditBasis.REGISTERED, "营业执照", "finance", AT
)


def commitment(id_: str, kind: PartyKind, fen: int, **changes: object) -> Commitment:
    made = Commitment(id_, "fund-1", kind, "某方", None, fen, date(2026, 1, 1), "协议", False, AT, "finance")
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_later_credit_of_the_same_fund_takes_the_place_of_the_earlier() -> None:
    moved = replace(CREDIT, sequence=2, city="nantong", fen=60)
    other = replace(CREDIT, sequence=3, fund_id="mother", fen=40)
    assert in_force([moved, CREDIT, other]) == [moved, other]
    assert in_force([CREDIT, replace(CREDIT, sequence=2, fen=0)]) == []


def test_no_more_counts_than_was_invested() -> None:
    known = [replace(CREDIT, fund_id="mother", fen=40)]
    require_creditable(replace(CREDIT, fen=60), known, "fund-1", 100, {"mother"})
    with pytest.raises(FailedPrecondition) as caught:
        require_creditable(replace(CREDIT, fen=61), known, "fund-1", 100, {"mother"})
    assert (caught.value.reason, caught.value.metadata["leftFen"]) == ("CREDIT_EXCEEDS_INVESTED", "60")
    require_creditable(replace(CREDIT, fen=100, fund_id="mother"), known, "fund-1", 100, {"mother"})
    with pytest.raises(FailedPrecondition) as caught:
        require_creditable(replace(CREDIT, fund_id="stranger"), [], "fund-1", 100, {"mother"})
    assert caught.value.reason == "FUND_NOT_INVESTED"
    with pytest.raises(InvalidArgument):
        examine_credit(replace(CREDIT, document="", fen=-1))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["fund-1", "mother"]), st.sampled_from(["suzhou", "wuxi"]), st.integers(0, 150)
        ),
        max_size=12,
    )
)
def test_whatever_is_claimed_an_investment_counts_once(claims: list[tuple[str, str, int]]) -> None:
    """I13: to at most one city per fund, and in all for no more than was invested."""
    known: list[ReinvestmentCredit] = []
    for fund, city, fen in claims:
        new = replace(CREDIT, sequence=len(known) + 1, fund_id=fund, city=city, fen=fen)
        try:
            require_creditable(new, known, "fund-1", 100, {"mother"})
        except FailedPrecondition:
            continue
        known.append(new)
    standing = in_force(known)
    assert len({each.fund_id for each in standing}) == len(standing)
    assert sum(each.fen for each in standing) <= 100


def test_who_has_subscribed_through_others_may_claim() -> None:
    chain = [
        commitment("a", PartyKind.FUND, 5, investor_fund="special"),
        commitment("b", PartyKind.FUND, 5, fund_id="special", investor_fund="mother"),
        commitment("c", PartyKind.FUND, 5, fund_id="elsewhere", investor_fund="stranger"),
        commitment("d", PartyKind.CITY, 5),
    ]
    assert investors_of("fund-1", chain) == {"special", "mother"}


def test_only_money_of_a_city_names_one() -> None:
    examine_commitment(commitment("a", PartyKind.DISTRICT, 5, city="wuxi"))
    with pytest.raises(InvalidArgument) as caught:
        examine_commitment(commitment("a", PartyKind.PROVINCE, 5, city="wuxi"))
    assert caught.value.violations[0].reason == "NOT_OF_A_CITY"


def test_the_figures_of_the_cities_add_up() -> None:
    commitments = [
        commitment("a", PartyKind.CITY, 500),
        commitment("b", PartyKind.DISTRICT, 300, city="nantong"),
        commitment("c", PartyKind.PROVINCE, 900),
        commitment("d", PartyKind.FUND, 700, investor_fund="mother"),
    ]
    call = CapitalCall(
        "call-1", "fund-1", 1, date(2026, 2, 1), {"a": 50, "b": 30, "c": 90}, "通知", AT, "finance"
    )
    received = {("call-1", "a"): 20, ("call-1", "c"): 90}
    placed = [Placed("firm-1", "suzhou", 40), Placed("firm-1", "suzhou", 5), Placed("firm-2", "outside", 7)]
    found = by_city(commitments, [call], received, {"fund-1": "suzhou"}, placed, [CREDIT])
    suzhou, nantong = found["suzhou"], found["nantong"]
    assert (suzhou.subscribed_fen, suzhou.called_fen, suzhou.received_fen) == (500, 50, 20)
    assert (suzhou.invested_fen, len(suzhou.firms), suzhou.credited_fen) == (45, 1, 100)
    assert (nantong.subscribed_fen, nantong.called_fen, nantong.received_fen) == (300, 30, 0)
    everything = total(found)
    assert (everything.subscribed_fen, everything.invested_fen, len(everything.firms)) == (800, 52, 2)
    assert total({}).credited_fen == 0
