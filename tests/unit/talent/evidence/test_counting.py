from datetime import date
from typing import Any

import pytest

from services.chassis.settings.talent import TalentSettings
from services.talent.app.parts import counting_of
from services.talent.domain.evidence.counting import Counted, CountingRules, Library, count
from services.talent.domain.evidence.kinds import EvidenceKind
from services.talent.domain.evidence.record import Evidence
from tests.unit.talent.evidence.register import NOW, TARGETS, confirmed, entered, talent

DAY = date(2025, 6, 30)
RULES = CountingRules()
HERE = Library(frozenset({"persons/p1", "persons/p2", "teams/t1"}), {"teams/t1": frozenset({"persons/p1"})})


def counted(
    target: str, *records: Evidence, day: date = DAY, library: Library = HERE, **rules: Any
) -> Counted:
    return count(TARGETS[target], records, day, library, CountingRules(**rules))


def why(found: Counted) -> list[str]:
    return [reason.en for _, reason in found.others]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"approved": None}, "not approved by the day"),
        ({"opened": None}, "not opened, begun or in post by the day"),
        (
            {"approved": date(2025, 5, 1), "opened": date(2025, 7, 1)},
            "not opened, begun or in post by the day",
        ),
        ({"approved": date(2025, 7, 1), "opened": date(2025, 7, 1)}, "not approved by the day"),
        ({"closed": date(2025, 6, 30)}, "closed or left by the day"),
        ({"closed": date(2025, 7, 1)}, None),
    ],
)
def test_what_is_built_is_approved_and_opened_and_not_closed(
    changes: dict[str, Any], reason: str | None
) -> None:
    found = counted("T2030-scenarios", confirmed(**changes))
    assert found.amount == (reason is None)
    assert why(found) == ([] if reason is None else [reason])


def test_only_what_a_second_person_confirmed_counts() -> None:
    voided = confirmed()
    voided.void("重复登记", NOW)
    found = counted("T2030-scenarios", entered(), voided)
    assert found.amount == 0
    assert sorted(why(found)) == ["not confirmed", "taken back"]


def test_a_carrier_counts_only_if_its_type_is_in_the_goals_scope() -> None:
    fit = confirmed(kind=EvidenceKind.PLATFORM, type_code="fi-institute")
    other = confirmed(kind=EvidenceKind.PLATFORM, type_code="material-test-platform")
    found = counted("T2025-carriers", fit, other)
    assert [each.id for each in found.records] == [fit.id]
    assert why(found) == ["its type is not among those of the goal"]


def test_a_team_counts_one_and_its_members_do_not() -> None:
    records = [talent("teams/t1"), talent("persons/p1"), talent("persons/p2")]
    found = counted("T2025-leading-talent", *records)
    assert [each.subject for each in found.records] == ["teams/t1", "persons/p2"]
    assert why(found) == ["a member of a counted team"]
    assert counted("T2025-leading-talent", *records, members_count=True).amount == 3


def test_an_installation_says_how_members_count_and_the_rule_says_it_too() -> None:
    found = [
        counting_of(TalentSettings.model_validate({"talent_members_count": said})) for said in (False, True)
    ]
    assert found == [CountingRules(), CountingRules(members_count=True)]
    target = TARGETS["T2025-leading-talent"]
    for rules, words in zip(found, ("its members do not.", "its members beside it."), strict=True):
        assert words in rules.text(target).en
        assert words in rules.note.en


def test_members_of_a_team_that_does_not_count_count_themselves() -> None:
    left = talent("teams/t1", closed=date(2025, 1, 1))
    assert counted("T2025-leading-talent", left, talent("persons/p1")).amount == 1


def test_the_same_talent_counts_once_also_under_the_name_of_a_merged_record() -> None:
    library = Library(frozenset({"persons/p1"}), {}, {"persons/old": "persons/p1"})
    found = counted("T2025-leading-talent", talent("persons/p1"), talent("persons/old"), library=library)
    assert (found.amount, why(found)) == (1, ["the talent or team is counted already"])


def test_a_talent_who_left_the_province_or_the_library_does_not_count() -> None:
    found = counted("T2025-leading-talent", talent("persons/gone"))
    assert (found.amount, why(found)) == (0, ["not in the library, or not in the province"])


def test_who_was_erased_counts_no_more_and_the_record_stays() -> None:
    record = talent("persons/p1")
    record.person_id = None
    found = counted("T2025-leading-talent", record)
    assert (found.amount, len(found.others)) == (0, 1)


def test_projects_count_in_the_year_in_which_they_begin() -> None:
    projects = [
        confirmed(kind=EvidenceKind.RD_PROJECT, approved=date(year, 1, 5), opened=date(year, 2, 1))
        for year in (2024, 2025, 2025)
    ]
    assert counted("T-yearly-rd", *projects, day=date(2024, 12, 31)).amount == 1
    assert counted("T-yearly-rd", *projects, day=date(2025, 1, 1)).amount == 0
    found = counted("T-yearly-rd", *projects)
    assert found.amount == 2
    assert why(found) == ["did not begin in the year"]


def test_an_industry_counts_once_and_a_capability_by_its_largest() -> None:
    grown = [confirmed(kind=EvidenceKind.GROWTH_INDUSTRY, industry="hydrogen") for _ in range(2)]
    found = counted("T2025-growth-industries", *grown)
    assert (found.amount, why(found)) == (1, ["the industry is counted already"])
    plants = [confirmed(kind=EvidenceKind.CCUS_CAPACITY, quantity=tonnes) for tonnes in (150_000, 500_000)]
    assert counted("T-ccus-capacity", *plants).amount == 500_000


def test_every_goal_says_how_it_is_counted() -> None:
    for target in TARGETS.values():
        assert RULES.text(target).zh
        assert RULES.text(target).en
    leading = TARGETS["T2025-leading-talent"]
    assert RULES.text(leading) != CountingRules(members_count=True).text(leading)
