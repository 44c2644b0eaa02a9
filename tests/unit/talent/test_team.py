from dataclasses import replace
from datetime import timedelta

import pytest

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.talent.domain.people.team import Member, Team, TeamFacts, TeamStatus
from tests.unit.talent.library import AXES, NOW

FACTS = TeamFacts(
    ref="T-1",
    name="海水制氢团队",
    lead="p1",
    members=(Member("p2", "工艺工程师"), Member("p3")),
    directions=("seawater-h2",),
    city="nantong",
)


def team(facts: TeamFacts = FACTS) -> Team:
    return Team.register(facts, id_="t1", origin="REAL", axes=AXES, now=NOW)


def test_a_team_counts_its_lead() -> None:
    assert team().size == 3


def test_every_broken_rule_is_named_at_once() -> None:
    bad = replace(
        FACTS,
        name="",
        lead="p2",
        directions=("alchemy",),
        city="atlantis",
        members=(Member("p2"), Member("")),
    )
    with pytest.raises(InvalidArgument) as caught:
        team(bad)
    assert {violation.reason for violation in caught.value.violations} == {
        "REQUIRED",
        "UNKNOWN_CITY",
        "UNKNOWN_DIRECTION",
        "MEMBER_REPEATED",
    }


def test_a_member_who_withdraws_leaves_and_a_lead_ends_the_team() -> None:
    found, later = team(), NOW + timedelta(days=1)
    assert found.remove_person("p2", later)
    assert [member.person_id for member in found.members] == ["p3"]
    assert found.status is TeamStatus.ACTIVE
    assert found.remove_person("p1", later)
    assert found.status is TeamStatus.DISSOLVED
    assert not found.remove_person("p1", later)
    assert not found.remove_person("p2", later)
    with pytest.raises(FailedPrecondition):
        found.revise(FACTS, axes=AXES, now=later)


def test_revision_tells_whether_anything_changed() -> None:
    found = team()
    assert not found.revise(FACTS, axes=AXES, now=NOW)
    assert found.revise(replace(FACTS, name="新名"), axes=AXES, now=NOW)
    assert found.name == "新名"
