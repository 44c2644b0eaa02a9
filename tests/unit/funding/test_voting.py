"""Committees: seats, quorum and majority, blind ballots, vetoes, decisions."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from functools import partial
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.committee.committee import Seat, SeatKind, Tier, set_up
from services.funding.domain.committee.decision import (
    Decision,
    Outcome,
    next_decision,
    require_carried,
    require_correctable,
    standing,
)
from services.funding.domain.committee.rule import VotingRule
from services.funding.domain.committee.sitting import Sitting, call_sitting
from services.funding.domain.committee.vote import (
    Ballot,
    Bar,
    Choice,
    Purpose,
    Recusal,
    Result,
    Tally,
    Veto,
    Vote,
)
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.states import DealState
from services.funding.domain.ratio import Ratio
from services.kernel.errors import (
    AlreadyExists,
    BoleError,
    FailedPrecondition,
    InvalidArgument,
    PermissionDenied,
)
from tests.unit.funding.cases import AT
from tests.unit.funding.deals import PATH, advanced, new_deal, walk

MEMBERS = tuple(f"m{number}" for number in range(7))


def seats(members: Iterable[str] = MEMBERS, observers: Iterable[str] = ()) -> tuple[Seat, ...]:
    return (
        *(Seat(member=each) for each in members),
        *(Seat(member=each, kind=SeatKind.OBSERVER) for each in observers),
    )


def opened(recused: Iterable[str] = (), rule: VotingRule | None = None, **changes: object) -> Vote:
    facts: dict[str, Any] = {
        "sitting_id": "s",
        "deal_id": "d",
        "tier": Tier.EXTERNAL,
        "purpose": Purpose.DECISION,
        "rule": rule or VotingRule(),
        "seats": seats(observers=("observer",)),
        "recusals": tuple(Recusal(each, Bar.INTEREST) for each in recused),
        "opened_at": AT,
        "opened_by": "secretary",
        "closed_at": None,
        "closed_by": None,
        "tally": None,
        "version": 1,
    }
    return Vote(**(facts | changes))


def ballot(member: str, choice: Choice = Choice.YES, text: str = "") -> Ballot:
    return Ballot(
        member=member, choice=choice, text=text or ("不同意" if choice is Choice.NO else ""), at=AT, salt=""
    )


def refusal(error: type[BoleError], act: object) -> str:
    with pytest.raises(error) as caught:
        act()  # type: ignore[operator]
    assert caught.value.text.zh
    assert caught.value.text.en
    return caught.value.reason


@given(
    choices=st.lists(st.sampled_from([*Choice, None]), min_size=7, max_size=7),
    recused=st.sets(st.sampled_from(MEMBERS)),
    quorum=st.tuples(st.integers(1, 9), st.just(9)),
    least=st.integers(1, 7),
)
def test_quorum_and_majority_are_shares_of_the_eligible_rounded_up(
    choices: list[Choice | None], recused: set[str], quorum: tuple[int, int], least: int
) -> None:
    rule = VotingRule(quorum=Ratio(*quorum), least_ballots=least)
    vote, cast = opened(recused, rule), []
    for member, choice in zip(MEMBERS, choices, strict=True):
        if choice is not None and member not in recused:
            assert vote.admit(ballot(member, choice), None)
            cast.append(ballot(member, choice))
    tally = vote.close(cast, vetoed=False, by="secretary", at=AT)
    eligible = len(MEMBERS) - len(recused)
    yes = sum(each.choice is Choice.YES for each in cast)
    enough = len(cast) >= max(least, ceil(Fraction(*quorum) * eligible))
    carried = yes >= max(1, ceil(Fraction(2, 3) * eligible))
    assert (tally.yes, tally.yes + tally.no + tally.abstain) == (yes, len(cast))
    wanted = Result.NO_QUORUM if not enough else Result.CARRIED if carried else Result.NOT_CARRIED
    assert tally.result is wanted
    assert rule.quorum_possible(eligible) == (eligible >= max(least, ceil(Fraction(*quorum) * eligible)))


def test_an_abstention_is_present_and_not_in_favour() -> None:
    cast = [ballot(each) for each in MEMBERS[:4]] + [ballot(each, Choice.ABSTAIN) for each in MEMBERS[4:]]
    assert opened().close(cast, vetoed=False, by="s", at=AT).result is Result.NOT_CARRIED
    assert opened(["m5", "m6"]).close(cast, vetoed=False, by="s", at=AT).result is Result.CARRIED


def test_two_of_two_are_no_quorum() -> None:
    vote = opened(MEMBERS[2:])
    cast = [ballot(each) for each in MEMBERS[:2]]
    assert vote.close(cast, vetoed=False, by="s", at=AT).result is Result.NO_QUORUM


def test_a_veto_decides_alone() -> None:
    vote = opened()
    veto = Veto(member="observer", check="NEGATIVE_LIST", text="属于禁止类", at=AT)
    vote.admit_veto(veto, ["NEGATIVE_LIST"])
    assert (
        refusal(PermissionDenied, lambda: vote.admit_veto(replace(veto, member="m0"), []))
        == "NOT_AN_OBSERVER"
    )
    taste = replace(veto, check="TASTE")
    assert refusal(InvalidArgument, lambda: vote.admit_veto(taste, ["A"])) == "NOT_A_COMPLIANCE_CHECK"
    cast = [ballot(each) for each in MEMBERS]
    assert vote.close(cast, vetoed=True, by="s", at=AT).result is Result.VETOED
    assert refusal(FailedPrecondition, lambda: vote.admit_veto(veto, ["NEGATIVE_LIST"])) == "VOTE_CLOSED"


def test_who_may_not_vote_has_no_ballot() -> None:
    vote = opened(["m1"], seats=seats(observers=("observer",)))
    vote.recusals += (Recusal("m2", Bar.PROPOSER),)
    for member, reason in (
        ("stranger", "NOT_A_MEMBER"),
        ("observer", "NOT_A_MEMBER"),
        ("m1", "RECUSED"),
        ("m2", "FOUR_EYES"),
    ):
        assert refusal(PermissionDenied, lambda member=member: vote.admit(ballot(member), None)) == reason


PEOPLE = (*MEMBERS[:4], "observer", "stranger")


@given(
    bars=st.dictionaries(st.sampled_from(MEMBERS[:4]), st.sampled_from([*Bar])),
    tries=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from([*Choice])), max_size=9),
    closing=st.integers(0, 9),
)
def test_whoever_tries_only_the_eligible_have_a_ballot_and_one_each(
    bars: dict[str, Bar], tries: list[tuple[str, Choice]], closing: int
) -> None:
    vote = opened(seats=seats(MEMBERS[:4], ("observer",)))
    vote.recusals = tuple(Recusal(member, bar) for member, bar in sorted(bars.items()))
    cast: dict[str, Ballot] = {}
    for number, (who, choice) in enumerate(tries):
        if number == closing:
            vote.close(list(cast.values()), vetoed=False, by="secretary", at=AT)
        made = ballot(who, choice)
        try:
            if vote.admit(made, cast.get(who)):
                assert number < closing
                cast[who] = made
            else:
                assert cast[who].choice is choice
        except PermissionDenied:
            assert who in bars or who not in MEMBERS
        except AlreadyExists:
            assert cast[who].choice is not choice
        except FailedPrecondition:
            assert number >= closing
    assert set(cast) <= set(MEMBERS[:4]) - set(bars)
    if vote.tally is None:
        vote.close(list(cast.values()), vetoed=False, by="secretary", at=AT)
    assert vote.tally is not None
    assert vote.tally.yes + vote.tally.no + vote.tally.abstain == len(cast)


def test_a_ballot_is_cast_once_and_repeated_harmlessly() -> None:
    vote, first = opened(), ballot("m0")
    assert not vote.admit(replace(first, at=AT + timedelta(hours=1), salt="x"), first)
    other = ballot("m0", Choice.NO)
    assert refusal(AlreadyExists, lambda: vote.admit(other, first)) == "BALLOT_CAST"
    bare = replace(other, text="")
    assert refusal(InvalidArgument, lambda: vote.admit(bare, None)) == "DISSENT_NEEDS_TEXT"
    vote.close([first], vetoed=False, by="s", at=AT)
    assert not vote.admit(first, first)
    assert refusal(FailedPrecondition, lambda: vote.admit(ballot("m1"), None)) == "VOTE_CLOSED"
    assert refusal(FailedPrecondition, lambda: vote.close([], vetoed=False, by="s", at=AT)) == "VOTE_CLOSED"


@pytest.mark.parametrize(
    ("given_seats", "tier", "reason"),
    [
        ((), Tier.INTERNAL, "NO_MEMBERS"),
        (seats((), ("o",)), Tier.EXTERNAL, "NO_MEMBERS"),
        (seats(("a", "a")), Tier.INTERNAL, "SEAT_TWICE"),
        (seats(("a",), ("o",)), Tier.INTERNAL, "OBSERVER_IS_EXTERNAL"),
        (seats(("",)), Tier.INTERNAL, "REQUIRED"),
        (seats(("a\u202e",)), Tier.INTERNAL, "CONTROL_CHARACTER"),
    ],
)
def test_seats_that_are_none(given_seats: tuple[Seat, ...], tier: Tier, reason: str) -> None:
    act = lambda: set_up(id="c", fund_id="f", tier=tier, seats=given_seats, at=AT)  # noqa: E731
    assert refusal(InvalidArgument, act) == reason


def planned() -> tuple[Sitting, dict[str, Any]]:
    committee = set_up(id="c", fund_id="f", tier=Tier.EXTERNAL, seats=seats(), at=AT)
    sitting = call_sitting(id="s", committee=committee, sits_at=AT, deals=["d"], seats=(), at=AT)
    same = {"committee": committee, "sits_at": AT, "deals": ["d"], "seats": seats(), "voted": {"d"}, "at": AT}
    return sitting, same


def test_a_sitting_takes_the_committees_seats_and_a_vote_fixes_them() -> None:
    sitting, same = planned()
    assert sitting.seats == seats()
    sitting.replan(**same)
    for changes in ({"deals": list[str]()}, {"seats": seats(MEMBERS[:3])}):
        assert refusal(FailedPrecondition, partial(sitting.replan, **same | changes)) == "FIXED_BY_VOTE"
    sitting.replan(**(same | {"voted": (), "seats": seats(MEMBERS[:3]), "deals": ["d", "e"]}))
    assert (sitting.deals, len(sitting.seats), sitting.version) == (("d", "e"), 3, 3)
    act = lambda: sitting.replan(**(same | {"deals": ["d", "d"]}))  # noqa: E731
    assert refusal(InvalidArgument, act) == "DEAL_TWICE"


def decided(before: list[Decision], outcome: Outcome, tier: Tier = Tier.EXTERNAL) -> Decision:
    return next_decision(
        before, tier=tier, outcome=outcome, sitting="", conditions="", reason="", actor="s", at=AT
    )


@given(st.lists(st.tuples(st.sampled_from(Tier), st.sampled_from(Outcome)), max_size=9))
def test_one_decision_of_each_tier_stands_and_numbers_have_no_gap(taken: list[tuple[Tier, Outcome]]) -> None:
    found: list[Decision] = []
    for tier, outcome in taken:
        found.append(decided(found, outcome, tier))
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    superseded = [each.supersedes for each in found if each.supersedes]
    assert len(superseded) == len(set(superseded))
    for tier in Tier:
        left = [each for each in found if each.tier is tier and each.number not in superseded]
        last = standing(found, tier)
        assert left == ([last] if last else [])


@pytest.mark.parametrize("last", [Action.PREPARE_SIGNING, Action.SIGN, Action.PREPARE_CLOSING])
def test_a_decision_is_corrected_until_the_deal_is_paid(last: Action) -> None:
    approval = [decided([], Outcome.APPROVED)]
    assert require_correctable(advanced(last), approval, Tier.EXTERNAL) is approval[0]


def test_nothing_is_corrected_once_the_deal_is_paid_or_where_there_is_no_approval() -> None:
    approval, paid = [decided([], Outcome.APPROVED)], new_deal()
    for action in PATH:
        walk(paid, action)
    assert paid.state is DealState.INVESTED
    assert (
        refusal(FailedPrecondition, lambda: require_correctable(paid, approval, Tier.EXTERNAL))
        == "DECISION_FINAL"
    )
    deal = advanced(Action.SIGN)
    returned = [decided([], Outcome.RETURNED)]
    for found in ([], returned):
        act = lambda found=found: require_correctable(deal, found, Tier.EXTERNAL)  # noqa: E731
        assert refusal(FailedPrecondition, act) == "NOTHING_TO_CORRECT"


def test_only_a_carried_vote_on_the_matter_is_taken_up() -> None:
    tally = Tally(yes=7, no=0, abstain=0, result=Result.CARRIED)
    for vote, reason in (
        (opened(purpose=Purpose.CORRECTION), "VOTE_OPEN"),
        (opened(tally=tally), "OTHER_PURPOSE"),
        (
            opened(purpose=Purpose.CORRECTION, tally=replace(tally, result=Result.NO_QUORUM)),
            "VOTE_NOT_CARRIED",
        ),
    ):
        act = lambda vote=vote: require_carried(vote, Purpose.CORRECTION)  # noqa: E731
        assert refusal(FailedPrecondition, act) == reason
    require_carried(opened(purpose=Purpose.CORRECTION, tally=tally), Purpose.CORRECTION)
