"""Learning from outcomes: monotone, drawn to the prior, judged before it is adopted."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from bench.quality.simulator import prior_of, world
from services.matcher.domain.kinds import KINDS, Weighing
from services.matcher.learn.adopting import compare, too_few
from services.matcher.learn.fairness import Shift, exposures, told
from services.matcher.learn.fitting import fit
from services.matcher.learn.judging import calibration_error, judge, propensities, ranking
from services.matcher.learn.outcomes import Outcomes, Weights, held_back, log_odds

UNMOVED = Shift([], 0.1)
PRIOR = Weights(-1.0, (1.0, 1.0))
TRUTH = np.array([1.6, 0.2])


def outcomes(
    count: int, seed: int = 1, *, place: float = -0.5, page: float = 0.0, truth: np.ndarray = TRUTH
) -> Outcomes:
    """Shown on three pages of ten."""
    chance = np.random.default_rng(seed)
    features = chance.normal(size=(count, 2))
    rank = chance.integers(1, 31 if page else 11, count).astype(float)
    pages = np.ceil(rank / 10)
    score = -0.4 + features @ truth + place * np.log(rank) + page * np.log(pages)
    accepted = (chance.random(count) < 1 / (1 + np.exp(-score))).astype(float)
    return Outcomes(("text", "city"), features, accepted, rank, pages, {})


def apart(made: Outcomes) -> tuple[Outcomes, Outcomes]:
    return made.split(held_back([str(number) for number in range(len(made))], 0.3))


@given(st.lists(st.text(), unique=True), st.lists(st.text(), unique=True))
@settings(deadline=None)
def test_what_judges_is_never_fitted_on_however_many_there_are_by_then(
    names: list[str], later: list[str]
) -> None:
    added = [name for name in later if name not in names]
    before, after = held_back(names, 0.3), held_back([*added, *names], 0.3)
    assert after[len(added) :].tolist() == before.tolist()


def test_about_the_share_asked_for_is_held_back_and_nothing_is_on_both_sides() -> None:
    made = outcomes(6000)
    fitting, judging = apart(made)
    assert 0.27 < len(judging) / len(made) < 0.33
    rows = [tuple(row) for part in (fitting, judging) for row in part.features.tolist()]
    assert sorted(rows) == sorted(tuple(row) for row in made.features.tolist())


def test_the_truth_is_found_and_the_place_is_not_mistaken_for_fit() -> None:
    learnt = fit(outcomes(6000), PRIOR)
    assert learnt.factors == pytest.approx(TRUTH, abs=0.15)
    assert learnt.constant == pytest.approx(-0.4, abs=0.2)
    assert learnt.place == pytest.approx(-0.5, abs=0.12)


def test_a_step_at_the_end_of_a_page_is_found_too() -> None:
    learnt = fit(outcomes(20_000, place=-0.2, page=-1.0), PRIOR)
    assert learnt.page == pytest.approx(-1.0, abs=0.25)
    assert learnt.constant == pytest.approx(-0.4, abs=0.2)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.5, 1.0]))
@settings(max_examples=12, deadline=None)
def test_lists_that_are_looked_at_kindly_at_the_top_teach_the_truth(seed: int, otherwise: float) -> None:
    kind = KINDS["person-position"]
    made = world(kind, 20_000, seed, otherwise=otherwise)
    fitting, judging = apart(made.outcomes)
    learnt = fit(fitting, prior_of(kind))
    blind = fit(replace(fitting, rank=np.ones(len(fitting))), prior_of(kind))

    def away(weights: Weights) -> float:
        return float(np.abs(expit(log_odds(made.outcomes, weights)) - made.truth).mean())

    assert away(learnt) < 0.85 * away(blind)
    assert judge(judging, learnt).calibration_error <= 0.05
    assert calibration_error(expit(log_odds(made.outcomes, learnt)), made.truth) <= 0.05


@pytest.mark.parametrize("place", [0.0, -0.45, -0.9])
def test_few_outcomes_do_not_mistake_the_place_for_much(place: float) -> None:
    kind = KINDS["person-position"]
    apart_from_truth = []
    for seed in range(20):
        made = world(kind, 350, seed, otherwise=0.2, place=place)
        chances = expit(log_odds(made.outcomes, fit(made.outcomes, prior_of(kind))))
        apart_from_truth.append(float(np.abs(chances - made.truth).mean()))
    assert max(apart_from_truth) < 0.12
    assert np.mean(apart_from_truth) < 0.082


def test_the_place_where_a_pair_was_shown_tells_more_than_its_place_by_score() -> None:
    kind = KINDS["person-position"]
    made = world(kind, 20_000, 1, otherwise=1.0)

    def truth_missed(seen: Outcomes) -> float:
        learnt = fit(seen, prior_of(kind))
        return calibration_error(expit(log_odds(made.outcomes, learnt)), made.truth)

    assert truth_missed(made.outcomes) < 0.03
    assert truth_missed(replace(made.outcomes, rank=made.by_score)) > 0.06


def test_calibration_is_that_of_the_probability_which_is_shown() -> None:
    seen = outcomes(20_000, place=-1.0)
    right = Weights(-0.4, (1.6, 0.2), -1.0)
    too_kind = replace(right, constant=0.6)
    as_they_stood = replace(right, constant=-2.0, place=0.0)
    assert judge(seen, right).calibration_error < 0.03
    assert judge(seen, too_kind).calibration_error > 0.1
    assert judge(seen, replace(as_they_stood, place=-1.0)).calibration_error > 0.1
    assert propensities(seen, right).max() == 1.0
    assert (propensities(seen, right)[seen.rank == 10] < 0.6).any()


def test_few_outcomes_leave_the_prior_and_no_factor_falls_below_zero() -> None:
    few = fit(outcomes(4), PRIOR)
    assert few.factors == pytest.approx(PRIOR.factors, abs=0.4)
    assert fit(outcomes(0), PRIOR) == PRIOR
    harmful = fit(outcomes(2000, truth=np.array([1.0, -2.0])), PRIOR)
    assert harmful.factors[1] == 0.0


def test_calibration_is_held_on_outcomes_that_were_not_fitted_on() -> None:
    fitting, judging = apart(outcomes(6000))
    assert len(fitting) + len(judging) == 6000
    learnt = fit(fitting, PRIOR)
    assert judge(judging, learnt).calibration_error < 0.05


def test_figures_of_certain_cases() -> None:
    seen = np.array([0.0, 0.0, 1.0, 1.0])
    assert ranking(np.array([0.1, 0.2, 0.8, 0.9]), seen) == 1.0
    assert ranking(np.zeros(4), seen) == 0.5
    assert calibration_error(seen, seen) == 0.0
    assert calibration_error(np.full(4, 0.5), seen, bins=1) == 0.0
    assert calibration_error(np.full(4, 0.9), seen, bins=1) == pytest.approx(0.4)


def test_what_is_better_is_adopted_and_what_is_not_is_not() -> None:
    fitting, judging = apart(outcomes(6000))
    learnt = fit(fitting, PRIOR)
    assert compare(judging, PRIOR, learnt, UNMOVED, len(fitting), 1).adopted
    again = compare(judging, learnt, learnt, UNMOVED, len(fitting), 1)
    assert [each.en for each in again.objections] == ["not surely better on held-back outcomes"]


def test_a_large_shift_of_exposure_blocks_adoption() -> None:
    city = {"a": "suzhou", "b": "xuzhou"}
    shifted = exposures([["a", "b"]] * 3, [["b", "a"]] * 3, "city", city)
    assert shifted[0].shift == pytest.approx(-shifted[1].shift)
    fitting, judging = apart(outcomes(6000))
    compared = compare(judging, PRIOR, fit(fitting, PRIOR), Shift(shifted, 0.1), len(fitting), 1)
    assert not compared.adopted
    assert "xuzhou" in compared.objections[-1].en
    assert "by more than 10.0 points" in compared.objections[-1].en
    wide = Shift(shifted, 1.0)
    assert compare(judging, PRIOR, fit(fitting, PRIOR), wide, len(fitting), 1).adopted
    assert exposures([["a"]], [["a"]], "city", city)[0].shift == 0.0


def test_exposure_stands_beside_the_share_of_candidates_also_of_those_whom_no_list_names() -> None:
    city = {"a": "suzhou", "b": "suzhou", "c": "xuzhou", "d": ""}
    told = {each.group: each for each in exposures([["a", "b"]], [["b", "a"]], "city", city)}
    assert {name: each.candidates for name, each in told.items()} == {
        "suzhou": 0.5,
        "xuzhou": 0.25,
        "unknown": 0.25,
    }
    assert {name: each.standing for name, each in told.items()} == {
        "suzhou": 1.0,
        "xuzhou": 0.0,
        "unknown": 0.0,
    }


def test_small_groups_are_told_together_and_guarded_one_by_one() -> None:
    city = {"a": "suzhou", "b": "xuzhou", "c": "wuxi", "d": "wuxi"}
    found = exposures([["a", "b", "c"]], [["b", "a", "c"]], "city", city, {"suzhou", "xuzhou"})
    rest, wuxi = sorted(told(found), key=lambda each: each.group)
    assert (rest.group, rest.candidates, wuxi.group, wuxi.candidates) == ("few", 0.5, "wuxi", 0.5)
    assert rest.standing + wuxi.standing == pytest.approx(1.0)
    assert rest.shift == pytest.approx(0.0)
    fitting, judging = apart(outcomes(6000))
    learnt, moved = fit(fitting, PRIOR), Shift(found, 0.1)
    (objection,) = compare(judging, PRIOR, learnt, moved, len(fitting), 1).objections
    (drift,) = compare(judging, PRIOR, learnt, UNMOVED, len(fitting), 1, since=moved).drift
    for said in (objection, drift):
        assert "few" in said.en
        assert not any(word in text for word in ("suzhou", "xuzhou", "%") for text in (said.zh, said.en))


def test_what_adoptions_move_in_all_is_adopted_with_a_signature_alone() -> None:
    city = {"a": "suzhou", "b": "xuzhou"}
    moved = Shift(exposures([["a", "b"]] * 3, [["b", "a"]] * 3, "city", city), 0.1)
    fitting, judging = apart(outcomes(6000))
    learnt = fit(fitting, PRIOR)
    for signed in (False, True):
        compared = compare(judging, PRIOR, learnt, UNMOVED, len(fitting), 1, since=moved, signed=signed)
        assert compared.adopted == signed
        assert not compared.objections
        assert {word for each in compared.drift for word in ("suzhou", "xuzhou") if word in each.en} == set(
            city.values()
        )
        assert not compare(judging, PRIOR, learnt, moved, len(fitting), 1, since=moved, signed=signed).adopted
        assert not compare(
            judging, learnt, learnt, UNMOVED, len(fitting), 1, since=moved, signed=signed
        ).adopted


def test_nothing_is_learnt_from_too_little() -> None:
    assert too_few(outcomes(2000)) is None
    short = too_few(outcomes(50))
    assert short is not None
    assert "50" in short.zh


def test_learnt_weights_make_another_kind_of_the_same_parts() -> None:
    kind = KINDS["person-position"]
    by_hand = {use.name: use.factor for use in kind.features}
    learnt = kind.weighed(
        Weighing(kind.key, "w1", -2.0, {**by_hand, "text": 1.7, "city": 0.0}, "lexical"), "lexical"
    )
    factors = {use.name: use.factor for use in learnt.features}
    assert (learnt.constant, factors["text"], factors["city"]) == (-2.0, 1.7, 0.0)
    assert factors["placed"] == next(use.factor for use in kind.features if use.name == "placed")
    assert learnt.calibrated
    assert not kind.calibrated
    assert (learnt.gates, learnt.purposes) == (kind.gates, kind.purposes)


def test_what_was_learnt_of_other_features_leaves_a_kind_as_it_is_and_uncalibrated() -> None:
    kind = KINDS["firm-fund"]
    by_hand = {use.name: use.factor for use in kind.features}
    for factors in ({"text": 1.0, "directions": 1.0}, {**by_hand, "text": 1.0}, {}):
        assert kind.weighed(Weighing(kind.key, "w1", -2.0, factors, "lexical"), "lexical") == kind


@pytest.mark.parametrize("encoder", ["", "e5-0a1b2c3d"])
def test_what_was_learnt_with_another_or_an_unknown_encoder_leaves_a_kind_as_it_is(encoder: str) -> None:
    kind = KINDS["person-position"]
    by_hand = {use.name: use.factor for use in kind.features}
    assert kind.weighed(Weighing(kind.key, "w1", -2.0, by_hand, encoder), "lexical") == kind
