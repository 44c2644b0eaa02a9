"""Nominations: whatever is tried in whatever order, an award comes the whole way and by impartial hands."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import AlreadyExists, BoleError, FailedPrecondition, InvalidArgument
from services.talent.domain.nomination import (
    Clause,
    Detail,
    FollowUp,
    Nomination,
    NominationFacts,
    Quota,
    Rules,
    State,
    Step,
    StepKind,
    check_award,
    check_nomination,
)
from tests.unit.talent.library import AXES, NOW, TODAY

FACTS = NominationFacts(
    programme="shuangchuang",
    year=2026,
    subject="p1",
    person_id="p1",
    city="nantong",
    industry="hydrogen",
    unit="人才办",
)
PEOPLE = ("office", "anna", "bo", "chen", "dora")
TRIED = st.lists(
    st.tuples(
        st.sampled_from([k for k in StepKind if k is not StepKind.NOMINATE]),
        st.sampled_from(PEOPLE),
        st.booleans(),
    ),
    max_size=14,
)


def detail(approves: bool) -> Detail:
    """Says enough for any step."""
    return Detail(
        note="意见",
        document="文号",
        unit="大学",
        clauses=(Clause("第二条", True),),
        approves=approves,
        amount_fen=100,
        day=TODAY,
        follow_up=FollowUp.IN_POST,
        another=True,
    )


def tried(attempts: list[tuple[StepKind, str, bool]]) -> tuple[Nomination, list[Step]]:
    """What comes of attempts, of which those that are refused change nothing."""
    nomination, first = Nomination.register(FACTS, id_="n1", actor="office", origin="REAL", now=NOW)
    steps = [first]
    for kind, actor, approves in attempts:
        before = (nomination.state, nomination.steps, nomination.funded_fen)
        try:
            steps.append(
                nomination.take(kind, detail(approves), taken=steps, employer="研究所", actor=actor, now=NOW)
            )
        except BoleError:
            assert (nomination.state, nomination.steps, nomination.funded_fen) == before
    return nomination, steps


@given(TRIED)
def test_an_award_comes_the_whole_way_and_by_impartial_hands(
    attempts: list[tuple[StepKind, str, bool]],
) -> None:
    nomination, steps = tried(attempts)
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert nomination.steps == len(steps)
    assert [step.before for step in steps[1:]] == [step.after for step in steps[:-1]]
    by_kind: dict[StepKind, list[Step]] = {kind: [s for s in steps if s.kind is kind] for kind in StepKind}
    judges = [s.actor for kind in (StepKind.CHECK, StepKind.REVIEW, StepKind.DECIDE) for s in by_kind[kind]]
    assert "office" not in judges
    if nomination.state.holds_award:
        assert by_kind[StepKind.CHECK]
        assert by_kind[StepKind.REVIEW]
        (decision,) = by_kind[StepKind.DECIDE]
        assert decision.actor not in {s.actor for s in by_kind[StepKind.REVIEW]}
        assert decision.actor not in {s.actor for s in by_kind[StepKind.DECLARE_CONFLICT]}
    assert nomination.funded_fen == 100 * len(by_kind[StepKind.FUND])
    assert nomination.funded_fen == 0 or nomination.state.holds_award


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"programme": "nobel"}, "UNKNOWN_PROGRAMME"),
        ({"city": "outside"}, "UNKNOWN_CITY"),
        ({"industry": "seawater-h2"}, "UNKNOWN_INDUSTRY"),
        ({"year": 2028}, "YEAR_OUT_OF_RANGE"),
        ({"unit": " "}, "REQUIRED"),
        ({"team_id": "t1"}, "ONE_NOMINEE"),
        ({"person_id": None}, "ONE_NOMINEE"),
    ],
)
def test_a_nomination_that_cannot_be(changes: dict[str, Any], reason: str) -> None:
    facts = NominationFacts(**{**vars(FACTS), **changes})
    with pytest.raises(InvalidArgument) as caught:
        check_nomination(facts, AXES, ("shuangchuang", "top-talent"), TODAY)
    assert reason in {violation.reason for violation in caught.value.violations}


def test_awards_beside_each_other_and_quotas() -> None:
    quota = Quota("shuangchuang", 2026, "hydrogen", places=2, taken=1)
    check_award("shuangchuang", 2026, [], quota, Rules())
    with pytest.raises(FailedPrecondition, match="awarded top-talent in 2026"):
        check_award("shuangchuang", 2026, ["top-talent"], quota, Rules())
    lenient = Rules({"shuangchuang": frozenset({"top-talent"})})
    check_award("shuangchuang", 2026, ["top-talent"], None, lenient)
    assert "shuangchuang+top-talent" in lenient.text.en
    with pytest.raises(FailedPrecondition, match="all 2 places"):
        check_award("shuangchuang", 2026, [], Quota("shuangchuang", 2026, "hydrogen", 2, 2), Rules())


def test_every_state_and_step_has_a_name_in_both_languages() -> None:
    assert all(each.label.zh and each.label.en for each in (*State, *StepKind))


@pytest.mark.parametrize(
    "changes",
    [{}, {"document": "苏财教[2026] １２号"}, {"another": True}, {"amount_fen": 101}, {"document": "13号"}],
)
def test_a_payment_is_recorded_once_unless_it_is_said_to_be_another(changes: dict[str, Any]) -> None:
    nomination, steps = tried(
        [(StepKind.CHECK, "anna", True), (StepKind.REVIEW, "bo", True), (StepKind.DECIDE, "chen", True)]
    )
    paid = Detail(amount_fen=100, day=TODAY, document="苏财教〔2026〕12号")
    common: Any = {"employer": "研究所", "actor": "dora", "now": NOW}
    steps.append(nomination.take(StepKind.FUND, paid, taken=steps, **common))
    again = replace(paid, **changes)
    if set(changes) <= {"document"} and "13" not in again.document:
        with pytest.raises(AlreadyExists, match=r"step 5 \(on .*, by dora\)") as caught:
            nomination.take(StepKind.FUND, again, taken=steps, **common)
        assert (caught.value.reason, nomination.funded_fen) == ("PAYMENT_RECORDED", 100)
    else:
        nomination.take(StepKind.FUND, again, taken=steps, **common)
        assert nomination.funded_fen == 100 + again.amount_fen
