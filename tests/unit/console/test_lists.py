"""Filters of a list: whatever is typed stays a value."""

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.filtering import parse
from services.chassis.filtering.schema import Field, Schema
from services.console.pages.lists import condition
from services.console.web.paths import inside

_SCHEMA = Schema.of(Field.text("title"), Field.text("employer"))


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20
    )
)
def test_any_value_is_one_value_of_a_filter(value: str) -> None:
    parse(condition({"title": value, "employer": ""}), _SCHEMA)


def test_fields_without_a_value_are_left_out() -> None:
    assert condition({"city_code": "suzhou", "state": ""}) == 'city_code = "suzhou"'
    assert condition({"industry_code": "hydrogen"}, ("industry_code",)) == 'industry_code:"hydrogen"'
    assert condition({}) == ""


def test_one_is_sent_on_to_pages_of_ours_only() -> None:
    assert inside("/people?q=zs") == "/people?q=zs"
    for other in ("https://evil.example", "//evil.example", "/\\evil.example", "people", "/a\nb"):
        assert inside(other) == "/"
