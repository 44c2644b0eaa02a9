"""Capital: no circles, what is counted twice, exact leverage, calls that add up."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.capital.call import CapitalCall, require_due, split
from services.funding.domain.capital.commitment import Commitment, PartyKind, examine_commitment
from services.funding.domain.capital.graph import look_through, require_acyclic, ultimate_shares
from services.funding.domain.capital.leverage import (
    Leverage,
    Stated,
    Ticket,
    claimed,
    government_fen,
    of_deals,
    of_fund,
    of_social,
)
from services.kernel.errors import FailedPrecondition, InvalidArgument
from tests.unit.funding.cases import AT

YI = 10_000_000_000


def commitment(number: int, fund: str, fen: int, investor: str | None = None, **changes: Any) -> Commitment:
    values: dict[str, Any] = {
        "id": f"c-{number}",
        "fund_id": fund,
        "kind": PartyKind.FUND if investor else PartyKind.SOCIAL_PRIVATE,
        "party": "" if investor else f"出资人{number}（演示）",
        "investor_fund": investor,
        "fen": fen,
        "signed": date(2026, 1, 1),
        "document": "认缴协议",
        "new_capital": False,
        "at": AT,
        "actor": "test",
    }
    return Commitment(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fen": 0}, "amount"),
        ({"party": ""}, "party"),
        ({"document": " "}, "document"),
        ({"signed": date(2026, 7, 2)}, "signed_date"),
        ({"investor_fund": "f"}, "investor_fund"),
        ({"kind": PartyKind.FUND}, "investor_fund"),
        ({"party": "出资人\u202e"}, "party"),
    ],
)
def test_a_commitment_that_cannot_be_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        examine_commitment(commitment(1, "a", **{"fen": 1, **changes}))
    assert [each.field for each in caught.value.violations] == [field]


def test_funds_do_not_subscribe_in_a_circle() -> None:
    known = [commitment(1, "b", 1, "a"), commitment(2, "c", 1, "b")]
    require_acyclic(known, commitment(3, "c", 1, "a"))
    for fund, investor in (("a", "c"), ("a", "b"), ("a", "a")):
        with pytest.raises(FailedPrecondition) as caught:
            require_acyclic(known, commitment(4, fund, 1, investor))
        assert caught.value.reason == "FUND_CYCLE"
        assert caught.value.metadata["path"].startswith(f"{investor} → {fund}")


def test_the_published_headline_counts_three_tiers() -> None:
    """名义 2756亿 = 500 + 1760 + 496: each tier's money is in the next one's size."""
    sizes = {"mother": 500 * YI, "special": 1760 * YI, "sub": 496 * YI}
    lines = [
        commitment(1, "special", 440 * YI, "mother"),
        commitment(2, "sub", 150 * YI, "special"),
        commitment(3, "special", 1320 * YI, kind=PartyKind.CITY),
        commitment(4, "mother", 500 * YI, kind=PartyKind.PROVINCE),
    ]
    seen = look_through(sizes, lines)
    assert seen.gross_fen == 2756 * YI
    assert seen.net_fen == (2756 - 440 - 150) * YI
    assert [each.commitment for each in seen.eliminations] == ["c-1", "c-2"]
    assert seen.parties_fen == {PartyKind.CITY: 1320 * YI, PartyKind.PROVINCE: 500 * YI}
    assert seen.unattributed_fen == 346 * YI
    assert ultimate_shares("sub", sizes, lines)[PartyKind.PROVINCE, lines[3].party] == (
        Fraction(150, 496) * Fraction(440, 1760)
    )


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, int], list[Commitment]]:
    """Funds in tiers, each subscribing to later ones within their size and its own."""
    names = [f"f{n}" for n in range(draw(st.integers(1, 6)))]
    sizes = {name: draw(st.integers(1, 10**12)) for name in names}
    has = dict(sizes)
    lines: list[Commitment] = []
    for place, fund in enumerate(names):
        left = sizes[fund]
        for investor in (*names[:place], None):
            fen = draw(st.integers(0, left if investor is None else min(left, has[investor])))
            left -= fen
            if investor is not None:
                has[investor] -= fen
            if fen:
                lines.append(commitment(len(lines), fund, fen, investor))
    return sizes, lines


@given(graphs())
def test_net_is_between_the_largest_fund_and_gross(graph: tuple[dict[str, int], list[Commitment]]) -> None:
    sizes, lines = graph
    seen = look_through(sizes, lines)
    assert max(sizes.values()) <= seen.net_fen <= seen.gross_fen
    assert seen.unattributed_fen >= 0
    for fund in sizes:
        shares = ultimate_shares(fund, sizes, lines)
        assert 0 <= sum(shares.values()) <= 1
    without = look_through(sizes, [each for each in lines if each.investor_fund is None])
    assert without.parties_fen == seen.parties_fen


def test_leverage_is_an_exact_fraction() -> None:
    assert of_fund(5 * YI, 2 * YI) == Leverage(5 * YI, 2 * YI)
    assert of_social(5 * YI, 2 * YI) == Leverage(3 * YI, 2 * YI)


def test_what_a_fund_subscribes_is_the_governments_as_far_as_the_fund_is() -> None:
    funds = {"mother": Stated(20 * YI, 0), "angel": Stated(6 * YI, 0), "sub": Stated(3 * YI, 0)}
    lines = [
        commitment(1, "mother", 15 * YI, kind=PartyKind.PROVINCE),
        commitment(2, "mother", 5 * YI),
        commitment(3, "angel", 2 * YI, "mother"),
        commitment(4, "angel", 1 * YI, kind=PartyKind.CITY),
        commitment(5, "angel", 3 * YI),
        commitment(6, "sub", 1 * YI, "angel"),
        commitment(7, "sub", 2 * YI, kind=PartyKind.SOE),
    ]
    assert government_fen("mother", funds, lines) == 15 * YI
    assert government_fen("angel", funds, lines) == 1 * YI + 2 * YI * 15 // 20
    assert government_fen("sub", funds, lines) == 1 * YI * 25 // 60


def test_a_fund_whose_size_no_commitments_explain_is_taken_at_its_word() -> None:
    funds = {"mother": Stated(20 * YI, 10 * YI), "angel": Stated(6 * YI, 0)}
    lines = [commitment(1, "angel", 2 * YI, "mother"), commitment(2, "angel", 4 * YI)]
    assert government_fen("mother", funds, lines) == 10 * YI
    assert government_fen("angel", funds, lines) == 1 * YI
    assert government_fen("angel", funds, lines[:1]) == 0


TICKETS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 10**9)), min_size=1, max_size=5)


@given(TICKETS, st.integers(0, 10**12))
def test_outside_money_is_claimed_once(put: list[tuple[str, int]], total: int) -> None:
    tickets = [Ticket(fund, "round", fen, total) for fund, fen in put]
    claims = claimed(tickets)
    assert sum(claims.values()) == max(0, total - sum(fen for _, fen in put))
    assert all(fen >= 0 for fen in claims.values())
    assert sum(of_deals(tickets, fund).numerator_fen for fund in "abc") == sum(claims.values())


def test_a_round_of_unknown_total_claims_nothing() -> None:
    assert of_deals([Ticket("a", "r", 5, None)], "a") == Leverage(0, 0)


@given(st.integers(1, 10**6), st.lists(st.integers(10**6, 10**7), min_size=1, max_size=6))
def test_a_call_is_split_to_the_fen(fen: int, amounts: list[int]) -> None:
    lines = [commitment(number, "a", amount) for number, amount in enumerate(amounts)]
    parts = split(fen, lines, {})
    assert sum(parts.values()) == fen
    for each in lines:
        assert abs(parts.get(each.id, 0) - Fraction(fen * each.fen, sum(amounts))) < 1


def test_no_more_is_called_or_received_than_is_due() -> None:
    lines = [commitment(1, "a", 100)]
    with pytest.raises(FailedPrecondition) as caught:
        split(51, lines, {"c-1": 50})
    assert caught.value.reason == "CALL_EXCEEDS_COMMITMENT"
    with pytest.raises(InvalidArgument):
        split(0, lines, {})
    call = CapitalCall("k", "a", 1, date(2026, 7, 1), {"c-1": 50}, "通知", AT, "test")
    require_due(call, "c-1", 20, 30)
    with pytest.raises(FailedPrecondition) as caught:
        require_due(call, "c-1", 21, 30)
    assert caught.value.metadata["leftFen"] == "20"
