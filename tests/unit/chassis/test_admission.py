"""Who is taken into a queue: a rush is, a queue that stands is added to only as fast as it moves."""

from services.chassis.rpc.admission import Admission


def working(seconds: float, *, works: int = 400) -> Admission:
    """A queue for turns each of which keeps the others waiting for so long."""
    admission = Admission(standing=3.0, wait=0.25)
    for _ in range(works):
        admission.worked(seconds)
    return admission


def test_a_rush_that_is_worked_off_soon_is_taken_in_whole() -> None:
    admission = working(0.001)
    assert all(admission.takes(number / 1000, number, 0.0) for number in range(250))
    assert admission.takes(1.0, 1000, 0.9)


def test_a_rush_that_would_stand_is_not() -> None:
    assert not working(0.02).takes(0.1, 1000, 0.0)


def test_a_queue_that_stands_takes_those_who_wait_no_longer_than_they_should() -> None:
    admission = working(0.02)
    assert [admission.takes(at, 40, at - 0.8) for at in (1.0, 3.9, 4.1, 9.0)] == [True, True, False, False]
    assert admission.takes(9.1, 10, 9.0)
    assert not admission.takes(9.2, 20, 9.1)
    assert not admission.takes(9.3, 10, 9.0)


def test_it_is_over_when_nobody_has_waited_so_long_for_a_while() -> None:
    admission = working(0.02)
    assert not admission.takes(1.0, 400, 0.0)
    assert admission.takes(2.0, 0, 0.0)
    assert not admission.takes(3.0, 40, 2.9)
    assert admission.takes(6.1, 0, 0.0)
    assert admission.takes(6.2, 40, 6.1)


def test_a_queue_that_nobody_leaves_counts_by_its_first() -> None:
    admission = Admission(standing=3.0, wait=0.25)
    assert admission.takes(2.9, 1, 0.0)
    assert not admission.takes(3.1, 1, 0.0)


def test_some_works_that_were_held_up_turn_no_rush_away() -> None:
    admission = working(0.0001)
    for _ in range(16):
        admission.worked(0.5 / 16)
    assert admission.takes(1.0, 300, 0.9)


def test_a_service_that_has_answered_nobody_yet_takes_in_what_it_may_be_able_to_do() -> None:
    admission = Admission(standing=3.0, wait=0.25)
    took = [admission.takes(0.001, waiting, 0.0) for waiting in range(1_000)]
    assert took.index(False) == 301
    assert not any(took[301:])


def test_its_first_answers_say_soon_how_long_its_work_takes() -> None:
    slow, quick, warming = (Admission(standing=3.0, wait=0.25) for _ in range(3))
    for _ in range(20):
        slow.worked(0.1)
        quick.worked(0.0005)
    warming.worked(0.3)
    assert not slow.takes(0.1, 60, 0.0)
    assert quick.takes(0.1, 600, 0.0)
    assert warming.takes(0.1, 60, 0.0)
