"""A question that is asked again and again, where its seconds may stand, and when it ends."""

import pytest

from services.cli.rehearsing import OnlyReading
from services.cli.repeating import EVERY_SECONDS, again, asked
from services.kernel.errors import FailedPrecondition


@pytest.mark.parametrize(
    ("given", "seconds", "rest"),
    [
        ("shortage top --watch", EVERY_SECONDS, "shortage top"),
        ("shortage top --watch 30 --city 苏州", 30, "shortage top --city 苏州"),
        ("deal screen --watch=0 qnkj", 1, "deal screen qnkj"),
        ("deal screen --watch qnkj", EVERY_SECONDS, "deal screen qnkj"),
    ],
)
def test_the_seconds_stand_beside_the_option_or_are_left_out(given: str, seconds: int, rest: str) -> None:
    assert asked(given.split()) == (seconds, rest.split())


def test_it_goes_on_until_it_is_interrupted_and_survives_a_service_that_is_away() -> None:
    statuses, slept = [0, 1, 0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if not statuses:
            raise KeyboardInterrupt

    assert again(lambda _: statuses.pop(0), ["status"], 7, sleep=sleep) == 0
    assert slept == [7, 7, 7]


def test_what_is_refused_the_first_time_is_not_tried_again() -> None:
    assert again(lambda _: 2, ["shortage", "tops"], 5, sleep=lambda _: pytest.fail("slept")) == 2


def test_only_what_reads_is_sent() -> None:
    class Details:
        method = "/bole.talent.v1.ShortageService/RankShortageCells"

    class Changes:
        method = "/bole.funding.v1.DealService/AdvanceDeal"

    assert OnlyReading().intercept_unary_unary(lambda _, request: request, Details, "asked") == "asked"
    with pytest.raises(FailedPrecondition, match="AdvanceDeal"):
        OnlyReading().intercept_unary_unary(lambda *_: pytest.fail("sent"), Changes, "asked")
