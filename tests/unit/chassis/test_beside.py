"""Work done beside this process: every job is answered once and in order, whatever becomes of the other process."""

import multiprocessing
import os
import signal
from collections.abc import Callable

import pytest

from services.chassis.process.beside import Beside

_SECONDS = 60.0


def squaring(terms: tuple[int, int]) -> Callable[[int], tuple[int, int]]:
    """Squares with the process that squared; refuses `terms[0]` and dies of `terms[1]`, but never here."""
    mine = os.getpid()

    def square(number: int) -> tuple[int, int]:
        if number == terms[0]:
            raise ValueError("refused")
        if number == terms[1]:
            os.kill(mine, signal.SIGKILL)
        return number * number, mine

    return square


def here(number: int) -> tuple[int, int]:
    if number == 5:
        raise ValueError("refused")
    return number * number, os.getpid()


def test_jobs_are_answered_in_order_here_until_the_process_is_ready() -> None:
    with Beside(here, squaring, (5, 7), after=2) as beside:
        beside.submit(1)
        assert beside.answer() == (1, os.getpid())
        beside.submit(2)
        assert beside.wait_ready(_SECONDS)
        beside.submit(3)
        while not beside.is_answered():
            pass
        answers = [beside.answer(), beside.answer()]
        assert [number for number, _ in answers] == [4, 9]
        assert beside.answered_beside >= 1


def test_an_error_over_there_is_raised_here_and_the_work_goes_on() -> None:
    with Beside(here, squaring, (5, 7), after=1) as beside:
        beside.submit(1)
        assert beside.wait_ready(_SECONDS)
        beside.answer()
        for job in (5, 6):
            beside.submit(job)
        with pytest.raises(ValueError, match="refused"):
            beside.answer()
        assert beside.answer()[0] == 36
        assert beside.answered_beside >= 1


def test_a_process_that_dies_leaves_its_job_to_this_one() -> None:
    with Beside(here, squaring, (5, 7), after=1) as beside:
        beside.submit(1)
        assert beside.wait_ready(_SECONDS)
        beside.answer()
        for job in (7, 8):
            beside.submit(job)
        assert [beside.answer(), beside.answer()] == [(49, os.getpid()), (64, os.getpid())]


def test_without_room_for_another_process_everything_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise OSError(11, "no room for another process")

    monkeypatch.setattr(multiprocessing.get_context("spawn").Process, "start", refuse)
    with Beside(here, squaring, (5, 7), after=1) as beside:
        for job in (1, 2):
            beside.submit(job)
        assert [beside.answer(), beside.answer()] == [(1, os.getpid()), (4, os.getpid())]
