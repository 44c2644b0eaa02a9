"""Who looked at a person, told in as many lines as there are different looks in a day."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bole.talent.v1 import consent_service_pb2
from services.chassis.rpc.wire import instant_to_wire
from services.console.pages.people.looks import folded
from tests.unit.console.pages.visiting import NOW


def look(minutes: int, actor: str = "ann") -> consent_service_pb2.Lookup:
    return consent_service_pb2.Lookup(
        time=instant_to_wire(NOW - timedelta(minutes=minutes)),
        actor=actor,
        action="GET",
        fields=["persons.phone" if minutes % 2 else "phone"],
    )


def test_the_same_look_on_one_day_is_one_line_and_another_ones_or_day_parts_them() -> None:
    found = folded([look(0), look(1), look(2, "bo"), look(3), look(4), look(24 * 60)])
    assert [(each.last.actor, each.times) for each in found] == [
        ("ann", 2),
        ("bo", 1),
        ("ann", 2),
        ("ann", 1),
    ]
    assert found[0].last.time == look(0).time


@given(st.lists(st.sampled_from(["ann", "bo"]), max_size=30))
def test_no_look_is_lost(actors: list[str]) -> None:
    found = folded([look(at, actor) for at, actor in enumerate(actors)])
    assert sum(each.times for each in found) == len(actors)
    assert all(one.last.actor != other.last.actor for one, other in pairwise(found))
