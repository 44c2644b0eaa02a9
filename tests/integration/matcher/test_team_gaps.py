"""What a team lacks follows its needs and its members: who leaves opens a gap, and somebody is found who fills it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bole.talent.v1 import person_pb2
from services.catalogue import load
from services.chassis.house import House
from services.chassis.rpc.wire import date_to_wire
from services.kernel.clock import ManualClock, civil_date
from services.kernel.text import Text
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.domain.proposal import ProposalState, Step
from services.matcher.service.lapsing import Lapsing
from services.matcher.service.proposals import Amounts, Proposals
from services.matcher.service.runs.running import Asked, Runs
from services.matcher.service.succeeding import carry_over
from services.matcher.store.schema import item, match_run_pair, proposal, team_member
from tests.integration.matcher.installed import TEXTS, Matcher, check, make_house, open_database
from tests.integration.matcher.producing import Part, Producer
from tests.unit.catalogue.earlier import OTHER, SPLIT, TODAY, earlier

KIND = KINDS["person-team"]
embedded = pytest.mark.parametrize("urls", ["embedded"], indirect=True)


@pytest.fixture
def fill(producer: Producer) -> Callable[[], None]:
    """A lead, a member and two others, all of one direction."""

    def people() -> None:
        with producer.together():
            for id_ in ("lead", "member", "one", "other"):
                producer.person(id_, TEXTS[0])

    return people


def fillers(matcher: Matcher, team: str = "t") -> list[str]:
    found = matcher.engine.view.finder.find(KIND.key, (ItemKind.TEAM, team), 10)
    return [each.item.id for each in found]


def reason(matcher: Matcher, person: str) -> Text:
    explained = matcher.engine.view.finder.explain(KIND.key, "t", person)
    return next(part.reason for part in explained.contributions if part.name == "fills")


def shut(matcher: Matcher) -> list[str]:
    return [gate.name for gate in matcher.engine.view.finder.shut(KIND.key, (ItemKind.TEAM, "t"))]


def team_facts(matcher: Matcher) -> Any:
    with matcher.house.database.read() as session:
        return session.execute(select(item.c.facts).where(item.c.id == "t")).scalar_one()


def test_who_leaves_opens_a_gap_and_somebody_is_found_who_fills_it(
    matcher: Matcher, producer: Producer, fill: Callable[[], None]
) -> None:
    fill()
    producer.team("t", TEXTS[0], "lead", "member", needs={"sic": 2})
    matcher.follow()
    assert fillers(matcher) == []
    assert shut(matcher) == ["lacks_somebody"]
    producer.team("t", TEXTS[0], "lead", needs={"sic": 2})
    matcher.follow()
    assert fillers(matcher) == ["member", "one", "other"]
    assert reason(matcher, "one").zh == "可补团队所缺：碳化硅单晶衬底及外延材料制备1人（缺1人）"
    assert shut(matcher) == []
    producer.team("t", TEXTS[0], "lead", "member", needs={"sic": 2})
    producer.person("member", TEXTS[0], code="large-model")
    matcher.follow()
    assert fillers(matcher) == ["one", "other"]
    producer.person("member", TEXTS[0])
    matcher.follow()
    assert fillers(matcher) == []
    producer.erase("member")
    matcher.follow()
    check(matcher)
    assert shut(matcher) == ["consent"]
    assert "member" not in str(team_facts(matcher))
    with matcher.house.database.read() as session:
        assert session.scalars(select(team_member.c.person_id)).all() == ["lead"]


@embedded
def test_shares_of_time_and_dates_count_and_who_is_to_come_is_not_proposed(
    matcher: Matcher, producer: Producer, fill: Callable[[], None]
) -> None:
    fill()
    today = civil_date(matcher.house.clock.now())
    later = date_to_wire(today.replace(year=today.year + 1, day=1))
    parts = [Part(person_id="member", share_permille=250), Part(person_id="other", start_date=later)]
    producer.team("t", TEXTS[0], "lead", "member", needs={"sic": 2}, parts=parts)
    matcher.follow()
    assert fillers(matcher) == ["one"]
    assert reason(matcher, "one").en.startswith("would fill what the team lacks: 0.75 of 0.75 heads")
    gates = matcher.engine.view.finder.explain(KIND.key, "t", "other").gates
    assert [gate.name for gate in gates if not gate.passed] == ["not_a_member"]


@embedded
def test_nobody_is_found_for_a_team_with_somebody_who_does_not_allow_it_nor_who_does_not(
    matcher: Matcher, producer: Producer, fill: Callable[[], None]
) -> None:
    fill()
    producer.team("t", TEXTS[0], "lead", "member", needs={"sic": 3})
    refusing = [person_pb2.CONSENT_PURPOSE_MATCH_FIRM]
    producer.person("one", TEXTS[0], purposes=refusing)
    matcher.follow()
    assert fillers(matcher) == ["other"]
    producer.person("member", TEXTS[0], purposes=refusing)
    matcher.follow()
    assert fillers(matcher) == []
    assert "consent" in shut(matcher)


@embedded
def test_a_team_told_before_there_were_needs_lacks_nobody(
    matcher: Matcher, producer: Producer, fill: Callable[[], None]
) -> None:
    fill()
    producer.team("t", TEXTS[0], "lead")
    matcher.follow()
    assert "staff" not in team_facts(matcher)
    assert fillers(matcher) == []
    gates = matcher.engine.view.finder.shut(KIND.key, (ItemKind.TEAM, "t"))
    assert [gate.reason.en for gate in gates] == ["the team has told of no need: it lacks nobody"]
    gates = matcher.engine.view.finder.shut(KIND.key, (ItemKind.PERSON, "one"))
    assert [gate.reason for gate in gates] == [
        Text(
            "没有哪个团队有缺口：都没有登记需要的方向与人数，或所需均已具备",
            "no team lacks anybody: each has told of no need or has everybody it needs",
        )
    ]
    producer.team("t", TEXTS[0], "lead", needs={"sic": 2})
    matcher.follow()
    assert fillers(matcher) == ["member", "one", "other"]


@embedded
def test_a_projection_built_anew_is_the_one_that_was_streamed(
    tmp_path: Path, house: House, matcher: Matcher, producer: Producer, fill: Callable[[], None]
) -> None:
    producer.team("t", TEXTS[0], "lead", "member", needs={"sic": 2}, parts=[Part(person_id="member")])
    matcher.follow()
    assert fillers(matcher) == []
    fill()
    matcher.follow()
    producer.person("member", TEXTS[0], code="large-model")
    matcher.follow()
    streamed = team_facts(matcher), fillers(matcher)
    assert streamed[1] == ["one", "other"]
    directory = tmp_path / "anew"
    database = open_database(f"sqlite:///{tmp_path}/anew.db")
    other = make_house(tmp_path, database, house.log)
    object.__setattr__(other, "settings", house.settings.model_copy(update={"data_dir": directory}))
    again = Matcher.over(other)
    again.follow()
    assert (team_facts(again), fillers(again)) == streamed
    again.end()
    restarted = Matcher.over(house)
    matcher.end()
    restarted.follow()
    assert (team_facts(restarted), fillers(restarted)) == streamed
    restarted.end()
    database.close()


@embedded
@pytest.mark.parametrize("same_industry", [False, True])
def test_a_run_over_all_teams_finds_what_searches_find(
    matcher: Matcher, producer: Producer, fill: Callable[[], None], same_industry: bool
) -> None:
    fill()
    producer.person("elsewhere", TEXTS[2], code="large-model")
    producer.team("t", TEXTS[2], "lead", "member", code="large-model", needs={"sic": 3})
    producer.team("full", TEXTS[0], "one", needs={"sic": 1})
    matcher.follow()
    runs = Runs(matcher.house, matcher.engine, load(), threading.Event())
    asked = Asked(KIND, 10, "", same_industry=same_industry, by_city=False, cities=(), creator="officer")
    with matcher.house.database.write() as session:
        runs.start(session, asked)
    while runs.step():
        pass
    with matcher.house.database.read() as session:
        table = match_run_pair.c
        rows = session.execute(select(table.anchor_id, table.candidate_id).order_by(table.rank))
        found = [(row.anchor_id, row.candidate_id) for row in rows]
    expected = [("t", id_) for id_ in fillers(matcher) if not (same_industry and id_ == "elsewhere")]
    assert found == expected
    assert {id_ for _, id_ in found} >= {"one", "other"}


@embedded
def test_a_proposal_ends_when_the_gap_is_closed_or_the_person_has_come(
    matcher: Matcher, producer: Producer, fill: Callable[[], None]
) -> None:
    fill()
    producer.team("t", TEXTS[0], "lead", "member", needs={"sic": 3})
    matcher.follow()
    put_forward(matcher, *(("t", person) for person in ("one", "other")))
    producer.team("t", TEXTS[0], "lead", "member", "one", needs={"sic": 4})
    matcher.follow()
    assert states(matcher) == {"persons/one": "WITHDRAWN", "persons/other": "PROPOSED"}
    producer.person("member", TEXTS[0], purposes=[person_pb2.CONSENT_PURPOSE_STATISTICS])
    matcher.follow()
    assert states(matcher) == {"persons/one": "WITHDRAWN", "persons/other": "WITHDRAWN"}


@embedded
def test_a_proposal_ends_on_the_day_on_which_the_gap_is_closed(
    house: House, producer: Producer, fill: Callable[[], None]
) -> None:
    clock = ManualClock(house.clock.now())
    matcher = Matcher.over(replace(house, clock=clock))
    fill()
    tomorrow = date_to_wire(civil_date(clock.now()) + timedelta(days=1))
    comes = [Part(person_id="member", start_date=tomorrow)]
    producer.team("t", TEXTS[0], "lead", "member", needs={"sic": 2}, parts=comes)
    producer.team("wide", TEXTS[0], "lead", "member", needs={"sic": 3}, parts=comes)
    matcher.follow()
    proposals = put_forward(matcher, ("t", "one"), ("t", "other"), ("wide", "one"))
    with matcher.house.database.write() as session:
        settled = session.scalars(select(proposal.c.id).where(proposal.c.candidate == "persons/other")).one()
        proposals.advance(session, settled, Step(ProposalState.ACCEPTED, "officer", clock.now()))
    level = threading.Event()
    lapsing = Lapsing(matcher.house.database, proposals, clock, level)
    level.set()
    assert lapsing.look() == 0
    clock.advance(timedelta(days=1))
    level.clear()
    assert lapsing.look() == 0
    level.set()
    assert lapsing.look() == 1
    assert pairs(matcher) == {
        ("teams/t", "persons/one"): ("WITHDRAWN", "NOT_ADMITTED"),
        ("teams/t", "persons/other"): ("ACCEPTED", None),
        ("teams/wide", "persons/one"): ("PROPOSED", None),
    }
    clock.advance(timedelta(minutes=1))
    assert lapsing.look() == 0
    matcher.end()


def put_forward(matcher: Matcher, *some: tuple[str, str]) -> Proposals:
    """Propose people to teams."""
    house = matcher.house
    proposals = Proposals(matcher.engine, house.journal, house.requests, house.ids, house.clock)
    for pair in some:
        with house.database.read() as session:
            there = proposals.there(session, KIND, pair, Amounts())
        assert there is not None
        place = proposals.ranked(KIND, there)
        assert place.rank > 0
        with house.database.write() as session:
            proposals.create(session, KIND, pair, Amounts(), place, "officer", "")
    return proposals


def pairs(matcher: Matcher) -> dict[tuple[str, str], tuple[str, str | None]]:
    with matcher.house.database.read() as session:
        rows = session.execute(select(proposal))
        return {(row.anchor, row.candidate): (row.state, row.reason) for row in rows}


def states(matcher: Matcher) -> dict[str, str]:
    with matcher.house.database.read() as session:
        return {row.candidate: row.state for row in session.execute(select(proposal))}


@embedded
def test_needs_and_members_stand_under_todays_directions(house: House, producer: Producer) -> None:
    old = Matcher.over(house, catalogue=earlier())
    producer.person("lead", TEXTS[1], code="broad-h2")
    producer.team("t", TEXTS[1], "lead", code="broad-h2", needs={"broad-h2": 10})
    old.follow()
    assert carry_over(house.database, TODAY.succession.former) == 2
    old.end()
    now = Matcher.over(house, catalogue=TODAY)
    now.follow()
    staff = team_facts(now)["staff"]
    assert staff["needs"] == [[SPLIT, 6], [OTHER, 4]]
    assert staff["parts"] == [["lead", None, None, None, [[SPLIT, 600], [OTHER, 400]]]]
    producer.team("late", TEXTS[1], "lead", code="broad-h2", needs={"broad-h2": 10})
    now.follow()
    assert (
        now.engine.space.item(ItemKind.TEAM, "late").staff == now.engine.space.item(ItemKind.TEAM, "t").staff
    )
    now.end()
