from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.talent.domain.people.availability import Ageing, Availability
from services.talent.domain.people.person import (
    Person,
    PersonFacts,
    PersonStatus,
    Purpose,
    check_facts,
    per_mille,
)
from tests.unit.talent.library import AXES, NOW, TODAY, person_facts


def register(facts: PersonFacts) -> Person:
    return Person.register(check_facts(facts, AXES, TODAY), id_="p1", origin="REAL", now=NOW)


def refusal(facts: PersonFacts) -> InvalidArgument:
    with pytest.raises(InvalidArgument) as caught:
        register(facts)
    return caught.value


def test_every_broken_rule_is_named_at_once() -> None:
    error = refusal(
        person_facts(
            name="",
            category="wizard",
            city="shanghai",
            mobility=("suzhou", "atlantis"),
            direction_shares=(("seawater-h2", 600), ("alchemy", 300)),
            observed=TODAY + timedelta(days=1),
            purposes=frozenset(),
            email="not an address",
            phone="call me",
        )
    )
    assert {violation.reason for violation in error.violations} == {
        "REQUIRED",
        "UNKNOWN_CATEGORY",
        "UNKNOWN_CITY",
        "UNKNOWN_MOBILITY",
        "UNKNOWN_DIRECTION",
        "SHARES_NOT_WHOLE",
        "DATE_IN_FUTURE",
        "EMAIL_NOT_UNDERSTOOD",
        "PHONE_NOT_UNDERSTOOD",
    }
    assert all(violation.text.zh and violation.text.en for violation in error.violations)


@pytest.mark.parametrize(
    "name", ["𠮷田", "迪丽热巴·迪力木拉提", "Seán O’Brien", "D'Arcy", "㛃", "葛\U000e0100城"]
)
def test_rare_and_foreign_names_are_kept(name: str) -> None:
    assert register(person_facts(name=name)).name == name


@pytest.mark.parametrize("char", ["\x00", "\u202e", "\u200b", "\ufeff", "\x1b", "\u2066", "\u3164", "\n"])
def test_invisible_characters_in_a_name_are_refused(char: str) -> None:
    error = refusal(person_facts(name=f"张{char}三"))
    assert error.reason == "INVISIBLE_CHARACTERS"
    assert f"U+{ord(char):04X}" in error.text.en


def test_a_name_is_normalised_and_limited_to_60_code_points() -> None:
    assert register(person_facts(name=" e\u0301milie ")).name == "\u00e9milie"
    assert register(person_facts(name="𠮷" * 60)).name == "𠮷" * 60
    assert refusal(person_facts(name="𠮷" * 61)).reason == "TOO_LONG"


def test_a_profile_may_have_lines_and_no_other_control() -> None:
    assert register(person_facts(profile="第一行\n第二行")).profile == "第一行\n第二行"
    assert refusal(person_facts(profile="a\x07b")).reason == "INVISIBLE_CHARACTERS"


@pytest.mark.parametrize(
    ("shares", "reason"),
    [
        ((), "SHARES_NOT_WHOLE"),
        ((("seawater-h2", 999),), "SHARES_NOT_WHOLE"),
        ((("seawater-h2", 500), ("seawater-h2", 500)), "DIRECTION_REPEATED"),
        ((("seawater-h2", 1100), ("liquid-h2", -100)), "SHARE_NOT_POSITIVE"),
        ((("hydrogen", 1000),), "UNKNOWN_DIRECTION"),
    ],
)
def test_shares_count_a_person_exactly_once(shares: tuple[tuple[str, int], ...], reason: str) -> None:
    assert reason in {
        violation.reason for violation in refusal(person_facts(direction_shares=shares)).violations
    }


@given(st.dictionaries(st.text("abcdef", min_size=1), st.floats(0.001, 1e6), min_size=1, max_size=10))
def test_weights_of_any_scale_become_whole_thousandths(weights: dict[str, float]) -> None:
    shares = per_mille(weights)
    assert sum(share for _, share in shares) == 1000
    total = sum(weights.values())
    assert all(abs(share - 1000 * weights[leaf] / total) < 1.001 for leaf, share in shares)


@pytest.mark.parametrize(
    "weights", [{}, {"a": 0.0}, {"a": -1.0, "b": 2.0}, {"a": float("nan")}, {"a": float("inf")}]
)
def test_unusable_weights_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(InvalidArgument, match="shares of directions"):
        per_mille(weights)


def test_a_number_in_place_of_a_digest_is_refused_without_echo() -> None:
    error = refusal(person_facts(id_digest="11010519491231002X"))
    assert error.reason == "ID_DIGEST_FORM"
    assert "11010519491231002X" not in str(error)


def test_other_facts_are_shown_from_now_on_under_the_same_number() -> None:
    person, later = register(person_facts()), NOW + timedelta(days=1)
    person.show(replace(person.facts, ref="P-2", city="suzhou"), later)
    assert (person.ref, person.city, person.updated_at) == ("P-1", "suzhou", later)


def test_contact_data_are_no_part_of_what_is_shown() -> None:
    person = register(person_facts(phone="13900000000", email="a@demo.invalid"))
    assert (person.facts.phone, person.facts.email) == ("", "")


def test_withdrawal_ends_every_use_and_cannot_be_revised() -> None:
    person = register(person_facts())
    assert person.permits(Purpose.STATISTICS)
    assert not person.permits(Purpose.MATCH_FIRM)
    person.withdraw("本人要求", NOW)
    person.withdraw("再次", NOW + timedelta(days=1))
    assert (person.status, person.status_reason) == (PersonStatus.WITHDRAWN, "本人要求")
    assert not person.permits(Purpose.STATISTICS)
    with pytest.raises(FailedPrecondition):
        person.require_active()


def test_someone_outside_the_province_is_within_reach() -> None:
    assert register(person_facts(city="outside")).outside
    assert not register(person_facts()).outside


def test_availability_has_the_proposed_weights() -> None:
    assert [each.per_mille for each in Availability] == [1000, 600, 300, 50]


@pytest.mark.parametrize(
    ("days", "ppm"),
    [(0, 1_000_000), (365, 1_000_000), (395, 1_000_000), (396, 943_874), (730, 500_000), (1095, 250_000)],
)
def test_a_stale_record_halves_every_year_after_the_first_in_twelve_steps(days: int, ppm: int) -> None:
    assert Ageing().ppm(date(2020, 1, 1), date(2020, 1, 1) + timedelta(days=days)) == ppm


def test_ageing_out_of_range_is_refused() -> None:
    with pytest.raises(InvalidArgument):
        Ageing(half_life_days=0)
