"""Quotas: what a caller gets in the long run, and that others do not feel it."""

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.quotas import Quota, Quotas


def granted(quotas: Quotas, caller: str, times: list[float]) -> int:
    return sum(quotas.take(caller, at).wait == 0 for at in times)


def test_a_noisy_caller_gets_its_rate_and_the_others_all_they_ask() -> None:
    quotas = Quotas(Quota(20, 100))
    noisy = quiet = 0
    for tick in range(60_000):
        noisy += quotas.take("noisy", tick / 1000).wait == 0
        if tick % 100 == 0:
            quiet += granted(quotas, f"quiet-{tick // 100 % 9}", [tick / 1000])
    assert abs(noisy - (100 + 20 * 60)) <= 1
    assert quiet == 600


@given(
    st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=200),
    st.floats(0.1, 50),
    st.integers(1, 20),
)
def test_never_more_than_the_reserve_and_the_rate_and_a_wait_that_is_enough(
    gaps: list[float], per_second: float, at_once: int
) -> None:
    quotas, now, total, first = Quotas(Quota(per_second, at_once)), 0.0, 0, None
    for gap in gaps:
        now += gap
        first = now if first is None else first
        wait = quotas.take("one", now).wait
        total += wait == 0
        assert total <= at_once + (now - first) * per_second + 1e-6
        if wait:
            now += wait + 1e-6
            assert quotas.take("one", now).wait == 0
            total += 1


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    quotas = Quotas(Quota(1, 1))
    assert quotas.take("one", 100.0).wait == 0
    assert quotas.take("one", 50.0).wait > 0
    assert quotas.take("one", 100.5).wait > 0
    assert quotas.take("one", 101.0).wait == 0


def test_who_asked_nothing_for_longest_is_forgotten() -> None:
    quotas = Quotas(Quota(0.001, 1))
    for number in range(10_001):
        assert quotas.take(f"caller-{number}", 0.0).wait == 0
    assert quotas.take("caller-10000", 0.0).wait > 0
    assert quotas.take("caller-0", 0.0).wait == 0
