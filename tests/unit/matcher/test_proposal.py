"""The steps of a proposal."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import BoleError, FailedPrecondition, InvalidArgument
from services.matcher.domain.proposal import LIVE, NEXT, Proposal, ProposalState, Refusal, Step
from services.matcher.service.proposals import proposal_event

AT = datetime(2026, 5, 1, tzinfo=UTC)


def proposal(state: ProposalState = ProposalState.PROPOSED) -> Proposal:
    return Proposal(
        "p",
        "person-position",
        "positions/a",
        "persons/b",
        state,
        None,
        "officer",
        0.5,
        0.6,
        1,
        {},
        {},
        "m",
        False,
        "f",
        "REAL",
        1,
        AT,
        AT,
    )


@given(st.sampled_from(ProposalState), st.sampled_from(ProposalState))
def test_only_what_follows_is_possible_and_every_step_counts(
    now: ProposalState, wanted: ProposalState
) -> None:
    one = proposal(now)
    step = Step(wanted, "officer", AT, Refusal.CITY if wanted is ProposalState.REJECTED else None)
    if wanted in NEXT[now]:
        one.step(step)
        assert (one.state, one.version) == (wanted, 2)
    else:
        with pytest.raises(FailedPrecondition):
            one.step(step)
        assert (one.state, one.version) == (now, 1)


def test_the_event_of_a_proposal_says_what_spoke_for_it_most() -> None:
    one = proposal(ProposalState.DONE)
    for parts, foremost in (
        ({"constant": -4.0, "text": 0.9, "city": 0.6}, "text"),
        ({"constant": -4.0}, "none"),
    ):
        one.parts = parts
        assert proposal_event(one, "officer").foremost == foremost


def test_a_refusal_says_why() -> None:
    for step, reason in (
        (Step(ProposalState.REJECTED, "officer", AT), "REASON_MISSING"),
        (Step(ProposalState.REJECTED, "officer", AT, Refusal.OTHER, " "), "NOTE_MISSING"),
    ):
        one = proposal()
        with pytest.raises(InvalidArgument) as refusal:
            one.step(step)
        assert refusal.value.reason == reason
        assert one.state is ProposalState.PROPOSED
    one.step(Step(ProposalState.REJECTED, "officer", AT, Refusal.OTHER, "不合适"))
    assert one.state not in LIVE


def test_what_nobody_looked_at_was_not_viewed() -> None:
    taken_back, refused = proposal(), proposal()
    taken_back.step(Step(ProposalState.WITHDRAWN, "officer", AT))
    refused.step(Step(ProposalState.REJECTED, "officer", AT, Refusal.CITY))
    assert (taken_back.viewed, refused.viewed) == (False, True)


def test_the_refusal_names_what_would_be_possible() -> None:
    with pytest.raises(BoleError) as refused:
        proposal(ProposalState.ACCEPTED).step(Step(ProposalState.VIEWED, "officer", AT))
    assert "“已接受”，不能改为“已查看”；可以改为：已联系" in refused.value.text.zh
    assert "may become contacted" in refused.value.text.en
    assert "CONTACTED" in refused.value.metadata["possibleStates"].split(",")
