"""The past deals of the sample: the same every time, over before today, and enough of them for every stage."""

from services.funding.domain.pipeline.forecast import FEWEST
from services.sample.histories import WAY, past_deals


def test_they_are_the_same_every_time_and_over_before_today() -> None:
    made = past_deals()
    assert made == past_deals()
    assert len({each.ref for each in made}) == len(made)
    for each in made:
        days = sum(days for _, days in each.steps) + (0 if each.paid else each.ended)
        assert 0 < days < each.began
        assert all(heads > 0 for _, heads in each.hires)


def test_every_stage_is_left_by_enough_of_them() -> None:
    made = past_deals()
    for place in range(len(WAY)):
        assert sum(len(each.steps) > place for each in made) >= FEWEST
    assert {each.paid for each in made} == {each.withdrawn for each in made} == {False, True}
