"""Starts of a year ago in the sample: by people of its library, whose records say what became of each."""

from datetime import date, timedelta
from itertools import islice

from services.sample import generate, stream
from services.sample.draws import AS_OF
from services.sample.hires import HIRES, hires

TODAY = date(2026, 12, 1)
YEAR = timedelta(days=365)


def test_some_are_still_there_some_are_not_and_of_some_nothing_is_known() -> None:
    found = hires(generate("small")["persons"][:300], TODAY)
    people = {each["ref"]: each for each in generate("small")["persons"][:300]}
    assert len(found) == HIRES
    assert len({each.person for each in found}) == len({each.ref for each in found}) == HIRES
    told = []
    for each in found:
        person = people[each.person]
        assert each.opened < each.day <= TODAY - YEAR
        assert person["city"] == each.city != "省外"
        observed = date.fromisoformat(str(person["observed"])) + (TODAY - AS_OF)
        same = person["employer"] == each.employer
        told.append("unknown" if observed < each.day + YEAR else "there" if same else "elsewhere")
    assert (told.count("there"), told.count("elsewhere"), told.count("unknown")) == (16, 4, 4)
    assert {(each.day + YEAR).month for each in found} == set(range(1, 13))


def test_the_same_starts_are_drawn_from_a_stream_and_none_without_people() -> None:
    streamed = hires(islice(stream("small", 1, "persons"), 300), TODAY)
    assert streamed == hires(generate("small")["persons"][:300], TODAY)
    assert hires([], TODAY) == []
