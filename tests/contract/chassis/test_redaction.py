"""No response holds a field above the caller's level, whatever the message."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.contract import level_of
from services.chassis.policy import Clearance, Level
from services.chassis.redaction import Redactor
from tests.contract.chassis.trial import contract, record

REDACTOR = Redactor()
LEVELS = st.sampled_from(list(Level))


def seen(message: Any) -> list[tuple[str, int, Any]]:
    """Name, level and value of every set field of ours, however deep."""
    found = []
    for field, value in message.ListFields():
        found.append((field.name, level_of(field), value))
        if field.name in {"inner"}:
            found += seen(value)
        elif field.name == "shares":
            found += [entry for each in value for entry in seen(each)]
        elif field.name == "by_key":
            found += [entry for each in value.values() for entry in seen(each)]
    return found


@given(LEVELS, LEVELS, st.booleans(), st.sampled_from(["nantong", "suzhou", ""]))
def test_nothing_above_the_level_is_left(everywhere: Level, local: Level, nested: bool, city: str) -> None:
    inner = record(city_code=city, profile="经历", by_key={"k": {"code": "a"}}, count=0)
    whole = record(inner=inner, city_code="suzhou") if nested else inner
    before = whole.SerializeToString()
    cleared = Clearance(min(everywhere, Level.INTERNAL), {"nantong": local})
    shown = REDACTOR.redact(whole, cleared)
    assert whole.SerializeToString() == before
    for name, level, value in seen(shown.message):
        assert level > 0
        assert level <= max(cleared.everywhere, local) or (name == "display_name" and value == "张**")
    revealed_any = any(level >= Level.PERSONAL and value != "张**" for _, level, value in seen(shown.message))
    assert revealed_any == bool(shown.revealed)


def test_each_part_is_judged_by_its_own_city() -> None:
    whole = record(city_code="suzhou", inner=record(city_code="nantong", name="records/2"))
    shown = REDACTOR.redact(whole, Clearance(Level.INTERNAL, {"nantong": Level.PERSONAL}))
    assert (shown.message.display_name, shown.message.inner.display_name) == ("张**", "张三丰")
    assert (shown.revealed, shown.resources) == ({"inner.display_name"}, {"records/2"})


def test_a_zero_that_was_set_is_hidden_as_well() -> None:
    shown = REDACTOR.redact(record(count=0), Clearance(Level.PUBLIC)).message
    assert not shown.HasField("count")


def test_an_empty_name_stays_empty() -> None:
    shown = REDACTOR.redact(record(display_name=""), Clearance(Level.INTERNAL))
    assert (shown.message.display_name, shown.revealed) == ("", frozenset())


def test_what_needs_no_redaction_is_not_copied() -> None:
    share = contract()[0].Share(code="a")
    assert REDACTOR.redact(share, Clearance(Level.PUBLIC)).message is share


def test_the_level_of_a_path_is_the_highest_on_the_way() -> None:
    descriptor = contract()[0].Record.DESCRIPTOR
    paths = {"name": 1, "shares.code": 2, "inner.phone": 4, "unlevelled": 0, "no.such": 0, "name.x": 0, "": 0}
    assert {path: int(REDACTOR.level_of(descriptor, path)) for path in paths} == paths
