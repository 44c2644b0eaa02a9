from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.talent.domain.flows.training import Arrival, TrainingFacts, TrainingPlace
from tests.unit.talent.library import AXES, NOW, TODAY


def facts(**changes: Any) -> TrainingFacts:
    stated: dict[str, Any] = {
        "ref": "T-1",
        "provider": "南通大学",
        "city": "nantong",
        "leaf": "seawater-h2",
        "category": "outstanding-engineer",
        "places": 40,
        "starts": date(2025, 9, 1),
        "completes": date(2027, 6, 30),
        "completion": 900,
        "retention": 500,
    }
    return TrainingFacts(**{**stated, **changes})


def register(**changes: Any) -> TrainingPlace:
    return TrainingPlace.register(facts(**changes), id_="t1", origin="REAL", actor="ann", axes=AXES, now=NOW)


def test_every_broken_rule_is_named_at_once() -> None:
    with pytest.raises(InvalidArgument) as caught:
        register(
            provider="",
            provider_code="12345",
            city="outside",
            leaf="hydrogen",
            category="king",
            places=0,
            completes=date(2025, 9, 1),
            completion=1001,
            retention=-1,
        )
    assert {each.field for each in caught.value.violations} == {
        "provider",
        "provider_code",
        "city",
        "leaf",
        "category",
        "places",
        "completes",
        "completion",
        "retention",
    }


def test_expected_people_are_places_times_completion_times_retention() -> None:
    assert register().expected_micro == 18_000_000


def test_a_cancelled_record_cannot_be_changed() -> None:
    place = register()
    with pytest.raises(InvalidArgument):
        place.cancel(" ", "officer", NOW)
    place.cancel("停止招生", "officer", NOW)
    with pytest.raises(FailedPrecondition):
        place.revise(replace(place.facts, places=2), axes=AXES, now=NOW)


@given(st.integers(-900, 900), st.integers(0, 900))
def test_people_arrive_exactly_once(offset: int, length: int) -> None:
    arrival = Arrival("seawater-h2", "nantong", "outstanding-engineer", TODAY + timedelta(days=offset), 7)
    until = TODAY + timedelta(days=length)
    parts = [
        arrival.arriving(date.min, TODAY),
        arrival.arriving(TODAY, until),
        arrival.arriving(until, date.max),
    ]
    assert sum(parts) == 7
