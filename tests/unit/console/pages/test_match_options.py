"""Options of a search on the page of matches: read from the address, told at their fields, and said in words."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.common.v1 import contribution_pb2
from bole.matcher.v1 import match_pb2
from bole.matcher.v1 import matching_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.console.pages.matches import options
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language
from tests.unit.console.pages.visiting import visit


@given(st.integers(0, 100), st.integers(0, 1000), st.integers(0, 1000))
def test_options_are_read_from_the_address_and_per_cent_become_a_probability(
    least: int, employer: int, below: int
) -> None:
    asked = {"least": str(least), "max_per_employer": str(employer), "broaden_below": str(below)}
    read = options.options_of(visit({**asked, "order": "change_time desc"}))
    assert read == options.Options(least / 100, employer, below, "change_time desc")


def test_an_address_without_options_asks_for_none() -> None:
    assert options.options_of(visit()) == options.Options(0.0, 0, 0, "", "FIRM_ROLE_UNSPECIFIED")


def test_a_role_is_one_of_a_few_and_told_at_its_field() -> None:
    assert options.options_of(visit({"role": "ADVISER"})).role == "FIRM_ROLE_ADVISER"
    wrong = visit({"role": "KING", "least": "101"})
    found = options.told_at_fields(lambda: options.options_of(wrong))
    assert isinstance(found, Failure)
    assert {each.field for each in found.violations} == {"role", "least"}


def test_all_that_is_wrong_is_told_at_once_each_at_its_field() -> None:
    asked = visit({"least": "101", "max_per_employer": "-1", "broaden_below": "many"})
    found = options.told_at_fields(lambda: options.options_of(asked))
    assert isinstance(found, Failure)
    assert found.code == "INVALID_ARGUMENT"
    assert [each.field for each in found.violations] == ["least", "max_per_employer", "broaden_below"]
    assert found.at("least")[0].text.en == "must be a whole number from 0 to 100"


def test_what_the_service_refuses_of_them_is_told_at_the_fields_of_the_form() -> None:
    found = options.told_at_fields(_refusing("order_by"))
    assert isinstance(found, Failure)
    assert found.at("order")
    found = options.told_at_fields(_refusing("max_per_employer"))
    assert isinstance(found, Failure)
    assert found.at("max_per_employer")


def test_what_is_refused_for_another_reason_stays_refused() -> None:
    with pytest.raises(InvalidArgument):
        options.told_at_fields(_refusing("filter"))


def test_orders_are_offered_by_the_parts_of_what_is_shown_and_the_one_asked_for_stays() -> None:
    parts = [contribution_pb2.Contribution(name=name, value=1.0) for name in ("constant", "city", "text")]
    shown = [match_pb2.Candidate(contributions=parts)]
    offered = options.orders(visit({"order": "stars desc, score"}, language="en"), shown)
    assert offered[""] == "best score first"
    assert offered["contributions.city desc"] == "best city first"
    assert "contributions.constant desc" not in offered
    assert offered["stars desc, score"] == "stars desc, score"
    assert list(options.orders(visit({"order": "policy"}), ())) == list(options.orders(visit(), ()))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ["城市放宽到愿意前往者", "方向放宽到所属产业"]),
        ("en", ["from the city to who would go there", "from the direction to its industry"]),
    ],
)
def test_widening_is_said_in_words(language: Language, said: list[str]) -> None:
    found = service.FindMatchesResponse(
        broadened=[match_pb2.BROADENING_CITY_TO_MOBILITY, match_pb2.BROADENING_DIRECTION_TO_INDUSTRY],
        left_out_count=3,
        unordered_count=7,
    )
    assert options.beyond(visit(language=language), found) == options.Beyond(said, 3, 7)
    assert options.step(visit(language=language), match_pb2.BROADENING_UNSPECIFIED) == ""


def _refusing(field: str) -> Callable[[], None]:
    def refuse() -> None:
        raise InvalidArgument.field(field, "WRONG", "有误", "wrong")

    return refuse
