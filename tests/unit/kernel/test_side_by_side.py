"""Work in parts: results in order, and what the first that fails raises."""

import threading

import pytest

from services.kernel import side_by_side as module
from services.kernel.side_by_side import side_by_side


@pytest.fixture(params=[1, 3])
def cores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(module, "_cores", lambda: request.param)
    return int(request.param)


@pytest.mark.usefixtures("cores")
def test_results_come_in_the_order_of_the_parts() -> None:
    assert side_by_side(lambda part: part * part, range(20)) == [part * part for part in range(20)]
    assert side_by_side(lambda part: part, []) == []


@pytest.mark.usefixtures("cores")
def test_what_a_part_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda part: 1 // part, [1, 0, 2])


def test_parts_are_taken_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_cores", lambda: 2)
    both = threading.Barrier(2)
    assert sorted(side_by_side(lambda _: both.wait(60), [1, 2])) == [0, 1]


def test_parts_may_have_parts_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_cores", lambda: 8)

    def total(depth: int) -> int:
        return sum(side_by_side(total, [depth - 1] * 4)) if depth else 1

    assert total(4) == 4**4


def test_nobody_waits_for_helpers_that_are_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_cores", lambda: 2)
    ended = threading.Event()
    busy = [module.beside(lambda: ended.wait(60)) for _ in range(8)]
    assert side_by_side(lambda part: -part, range(20)) == [-part for part in range(20)]
    assert not any(each.done() for each in busy)
    ended.set()
    assert all(each.result() for each in busy)
