"""Who looked at a person, told in as many lines as there are different looks in a day."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bole.talent.v1 import consent_service_pb2
from services.chassis.rpc.wire import instant_to_wire
from services.console.pages.people.looks import folded, opened
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


def test_what_one_page_showed_is_one_look_with_the_fields_of_all_its_answers() -> None:
    def shown(field: str, request: str, **more: Any) -> consent_service_pb2.Lookup:
        given = {
            "actor": "ann",
            "action": "reveal",
            "fields": [field],
            "record_count": 1,
            "request": request,
        }
        return consent_service_pb2.Lookup(**{**given, **more})

    found = opened(
        [
            shown("assertions.value", "r2"),
            shown("display_name", "r1", actor="bo"),
            shown("display_name", "r2", record_count=3, bulk=True),
            shown("display_name", "r2", purpose="contact"),
            shown("display_name", ""),
            shown("phone", "", audit_number=1),
            shown("", "r3", action="update", audit_number=2),
            shown("", "r3", action="update", audit_number=3),
        ]
    )
    assert [list(each.fields) for each in found] == [
        ["assertions.value", "display_name"],
        ["display_name"],
        ["display_name"],
        ["display_name"],
        ["phone"],
        [""],
        [""],
    ]
    assert (found[0].record_count, found[0].bulk) == (3, True)
