import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaln

from services.talent.domain.shortage.indices import estimate

COUNTS = st.integers(0, 30)
PHI = st.floats(0.2, 1.0)


def array(*values: float) -> estimate.Floats:
    return np.asarray(values, float)


def mean(v: float, s: float, prior: float = 0.5, kappa: float = 8.0, phi: float = 1.0) -> float:
    weight = estimate.evidence_share(array(v), array(s), array(phi))
    return float(estimate.tightness(array(v), array(s), array(prior), array(kappa), weight)[0][0])


def test_the_worked_cell() -> None:
    """14 positions of five employers against 3.4 people, 4 fills in 1,120 position-days: computed by hand."""
    kish = estimate.kish_share(array(14), array(36 + 9 + 4 + 4 + 1))
    weight = estimate.evidence_share(array(14), array(3.4), kish)
    assert weight[0] == pytest.approx(0.6228239845261121, rel=1e-12)
    tight, sd = estimate.tightness(array(14), array(3.4), array(0.52), array(8.0), weight)
    assert (tight[0], sd[0]) == (pytest.approx(0.8179161088942406), pytest.approx(0.5132821358982276))
    assert estimate.still_open(90, array(6), array(1290))[0] == pytest.approx(0.6672118383443154)
    hard, sd = estimate.difficulty(90, array(6), array(1290), 0.36)
    assert (hard[0], sd[0]) == (pytest.approx(1.27096560274621), pytest.approx(0.51352377550691))


def test_twenty_positions_of_one_employer_are_one_signal() -> None:
    assert estimate.kish_share(array(20), array(400))[0] == pytest.approx(1 / 20)
    assert estimate.kish_share(array(20), array(20))[0] == 1
    assert estimate.kish_share(array(0), array(0))[0] == 1


@given(COUNTS, COUNTS, st.floats(0.05, 0.95), st.floats(0.5, 50))
def test_rises_with_demand_falls_with_supply_and_swaps_sign(
    v: int, s: int, prior: float, kappa: float
) -> None:
    here = mean(v, s, prior, kappa)
    assert mean(v + 1, s, prior, kappa) > here > mean(v, s + 1, prior, kappa)
    assert mean(s, v, 1 - prior, kappa) == pytest.approx(-here, abs=1e-9)


@given(COUNTS, COUNTS, PHI)
def test_clumped_demand_keeps_the_order(v: int, s: int, phi: float) -> None:
    here = mean(v, s, phi=phi)
    assert mean(v + 1, s, phi=phi) >= here - 1e-12
    assert mean(v, s + 1, phi=phi) <= here + 1e-12


def test_strength_of_the_prior_by_marginal_likelihood_and_what_is_believed_beforehand() -> None:
    v, s = array(3, 0, 5, 2, 9, 1, 4, 0, 7, 2), array(1, 2, 0, 2.5, 3, 1, 6, 1, 2, 0)
    assert estimate.fit_kappa(v, s, 0.55, np.ones(10)) == pytest.approx(7.610366, rel=1e-4)

    def unlikely(kappa: float) -> float:
        a, b = kappa * 0.55, kappa * 0.45
        return -float(np.sum(betaln(a + v, b + s) - betaln(a, b))) - np.log(kappa / (8 + kappa) ** 2)

    strengths = np.geomspace(0.5, 200, 2000)
    assert min(strengths, key=unlikely) == pytest.approx(7.61, rel=0.01)


def test_strength_is_bounded_on_both_sides() -> None:
    apart = array(30, 0, 30, 0, 30, 0, 30, 0)
    assert estimate.fit_kappa(apart, 30 - apart, 0.5, np.ones(8)) == pytest.approx(0.5, rel=1e-3)
    same = np.full(78, 20.0)
    assert estimate.fit_kappa(same, same, 0.5, np.ones(78)) == pytest.approx(200, rel=1e-3)


def test_a_few_siblings_alike_by_chance_do_not_outweigh_what_a_cell_has_of_its_own() -> None:
    v, s = array(2, 1, 3, 2, 1, 2, 3, 2, 60), array(1, 2, 2, 1, 2, 2, 1, 2, 2)
    weight = np.append(np.ones(8), 0.1)  # the last is one employer's
    strength = estimate.fit_kappa(v, s, 0.6, weight)
    assert strength < 50
    mean, _ = estimate.tightness(v[-1:], s[-1:], array(0.6), array(strength), np.ones(1))
    assert mean[0] > 1


def test_with_few_siblings_the_strength_is_fixed() -> None:
    v = array(3, 0, 5, 2, 9, 1, 4, 0)
    assert estimate.fit_kappa(v, array(1, 2, 0, 2, 3, 1, 6, 0), 0.5, np.ones(8)) == 8.0


@given(st.integers(0, 40), st.integers(1, 20_000))
def test_more_fills_make_filling_easier_and_longer_exposure_harder(fills: int, days: int) -> None:
    def hard(f: float, e: float) -> float:
        return float(estimate.difficulty(90, array(2 + f), array(170 + e), 0.5)[0][0])

    assert hard(fills + 1, days) < hard(fills, days) < hard(fills, days + 30)
