"""A team on the log: what it lacks is counted alike by who tells of it and by who reads it, on every later day."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bole.events.v1 import team_event_pb2
from services.catalogue.staffing import gaps
from services.kernel.clock import civil_date
from services.matcher import events as reading
from services.matcher.domain.staff import Part, Staff
from services.talent import events as telling
from services.talent.domain.people.team import Member, Team, TeamFacts
from tests.unit.talent.library import AXES, NOW

TODAY = civil_date(NOW)
LEAVES = ("seawater-h2", "quantum")
_DAYS = st.one_of(st.none(), st.integers(-30, 30).map(lambda days: TODAY + timedelta(days=days)))
_SHARES = st.integers(0, 1000).map(lambda share: (("seawater-h2", share), ("quantum", 1000 - share)))


def team(needs: dict[str, int], members: list[tuple[int | None, date | None, date | None]]) -> Team:
    facts = TeamFacts(
        ref="T-1",
        name="海水制氢团队",
        lead="lead",
        members=tuple(
            Member(f"m{number}", "", share, since, until)
            for number, (share, since, until) in enumerate(members)
            if since is None or until is None or since <= until
        ),
        directions=("seawater-h2",),
        city="nantong",
        needs=tuple(needs.items()),
    )
    return Team.register(facts, id_="t1", origin="REAL", axes=AXES, now=NOW)


@given(
    needs=st.dictionaries(st.sampled_from(LEAVES), st.integers(1, 5)),
    members=st.lists(st.tuples(st.one_of(st.none(), st.integers(1, 1000)), _DAYS, _DAYS), max_size=4),
    shares=st.lists(_SHARES, min_size=5, max_size=5),
    later=st.integers(0, 40),
)
def test_both_sides_of_the_log_count_the_same_gaps(
    needs: dict[str, int],
    members: list[tuple[int | None, date | None, date | None]],
    shares: list[tuple[tuple[str, int], ...]],
    later: int,
) -> None:
    told, day = team(needs, members), TODAY + timedelta(days=later)
    declared = dict(zip(("lead", *(f"m{number}" for number in range(4))), shares, strict=True))
    counted = gaps(told.needs, [(each.share, declared[each.person_id]) for each in told.members_on(day, {})])
    state = telling.team_event(told, {})
    assert state is not None
    read = team_event_pb2.TeamState.FromString(state.SerializeToString())
    parts = [replace(part, leaves=declared[part.person]) for part in reading.people_of(read)]
    wanted = tuple((need.direction_code, need.headcount) for need in read.needs)
    lacking = Staff(wanted, tuple(parts)).on(day).lacking
    assert lacking == tuple((gap.leaf, gap.lacking) for gap in counted if gap.lacking)


def test_who_has_left_is_not_told_of_and_who_is_to_come_is() -> None:
    gone, soon = TODAY - timedelta(days=1), TODAY + timedelta(days=9)
    state = telling.team_event(team({}, [(500, None, None), (None, None, gone), (None, soon, None)]), {})
    assert state is not None
    assert state.member_ids == ["m0"]
    assert reading.people_of(state) == (Part("lead"), Part("m0", 500), Part("m2", since=soon))


def test_of_a_state_that_was_told_before_there_were_parts_the_members_are_known() -> None:
    state = team_event_pb2.TeamState(id="t1", lead_id="lead", member_ids=["m0", "lead"])
    assert reading.people_of(state) == (Part("lead"), Part("m0"))
