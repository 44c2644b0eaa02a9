"""Training places and moves of the sample: of its catalogue and its people, some on each side of today."""

from datetime import date, timedelta

from services.catalogue import OUTSIDE, load
from services.sample import generate
from services.sample.flows import moves, training

TODAY = date(2026, 12, 1)
HORIZON = timedelta(days=730)


def test_most_places_complete_within_the_horizon_and_one_course_does_not_take_place() -> None:
    found = list(training(TODAY))
    assert len({each.ref for each in found}) == len(found) == 12
    assert sum(bool(each.cancelled) for each in found) == 1
    assert len({load().industry_of(each.leaf) for each in found}) > 8
    for each in found:
        assert each.starts < each.completes > TODAY
        assert "演示" in each.provider
        assert load().city(each.city).id == each.city
    assert sum(each.completes <= TODAY + HORIZON for each in found) == 11


def test_courses_complete_after_the_day_on_whichever_the_sample_is_made() -> None:
    for day in (date(2026, 6, 29), date(2026, 6, 30), date(2027, 1, 1)):
        assert all(each.completes > day for each in training(day))


def test_people_of_the_library_moved_to_where_they_are() -> None:
    rows = generate("small")["persons"][:300]
    people = {each["ref"]: each for each in rows}
    found = list(moves(rows, TODAY))
    assert len({each.ref for each in found}) == len(found) == 13
    named = [each for each in found if each.person]
    assert len({each.person for each in named}) == len(named) == 5
    for each in named:
        assert load().resolve_place(str(people[each.person]["city"])) == each.to_city != each.from_city
        assert "数据统计" in str(people[each.person]["purposes"])
    assert {each.from_city == OUTSIDE for each in found} == {each.to_city == OUTSIDE for each in found}
    assert [each.reason for each in found if each.day > TODAY] == ["RETIRED"]
    assert all(TODAY - each.day < timedelta(days=365) for each in found)
    assert sum(bool(each.voided) for each in found) == 1


def test_without_people_only_those_move_who_are_not_named() -> None:
    assert not any(each.person for each in moves([], TODAY))
