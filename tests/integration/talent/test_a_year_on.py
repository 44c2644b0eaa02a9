"""What a report tells beside the map, of rows on both engines: who is still there a year on, teams, cases and ages."""

from datetime import date
from typing import Any

import pytest

from bole.events.v1.proposal_event_pb2 import ProposalState
from bole.matcher.v1.proposal_pb2 import Proposal
from services.catalogue import load
from services.chassis.feed.received import Poison, Received
from services.chassis.log.topics import PROPOSALS
from services.talent.domain.evidence.kinds import EvidenceKind
from services.talent.domain.evidence.record import EvidenceFacts
from services.talent.domain.people.person import Purpose
from services.talent.domain.people.team import TeamFacts
from services.talent.domain.position import OutcomeKind, OutcomeStated
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.registered import Presence, Registered, Stayed, StayedBy
from services.talent.domain.report.returns import Return, Source
from services.talent.feed.returns import ReturnFeed
from services.talent.service.people.evidence import EvidenceRegister
from services.talent.service.people.teams import Teams
from services.talent.service.shortage.reports.registered import RegisteredFacts
from tests.integration.talent.library import Library
from tests.integration.talent.merging import Duplicates, enter
from tests.integration.talent.test_live_counts import position_facts

FULL = date(2026, 5, 10)
EMPLOYER = "南通海氢 HyTech"
STARTED = date(2025, 5, 10)


def registered(library: Library, period: str = "2026Q2", told: tuple[Return, ...] = ()) -> Registered:
    facts = RegisteredFacts(EvidenceRegister(load(), library.clock, library.people.ids))
    with library.database.read() as session:
        return facts.of(session, ReportPeriod.parse(period), library.clock.now(), told)


def advertise(library: Library, headcount: int, **changes: Any) -> str:
    facts = position_facts("J-1", employer=EMPLOYER, opened=date(2025, 3, 1), headcount=headcount, **changes)
    with library.database.write() as session:
        return library.talent.positions.publish(session, facts, "REAL", "tester").id


def start(library: Library, position: str, person: str | None, day: date = STARTED, heads: int = 1) -> int:
    kind = OutcomeKind.FILLED_ELSEWHERE if person is None else OutcomeKind.FILLED_FROM_LIBRARY
    stated = OutcomeStated(kind=kind, heads=heads, day=day, person_id=person)
    with library.database.write() as session:
        positions = library.talent.positions
        return positions.record(session, positions.get(session, position), stated, "tester")


def test_who_started_a_year_ago_is_there_elsewhere_or_unknown_as_their_record_says(library: Library) -> None:
    both = Duplicates(library)
    there, other, old, unasked, jobless, gone, voided = (
        enter(both, ref, employer=employer, observed=observed, purposes=frozenset(purposes), phone="")[0]
        for ref, employer, observed, purposes in (
            ("P-1", EMPLOYER.upper(), FULL, {Purpose.STATISTICS}),
            ("P-2", "另一家", FULL, {Purpose.STATISTICS}),
            ("P-3", EMPLOYER, date(2026, 5, 9), {Purpose.STATISTICS}),
            ("P-4", EMPLOYER, FULL, {Purpose.MATCH_POSITION}),
            ("P-5", "", FULL, {Purpose.STATISTICS}),
            ("P-6", EMPLOYER, FULL, {Purpose.STATISTICS}),
            ("P-7", EMPLOYER, FULL, {Purpose.STATISTICS}),
        )
    )
    position = advertise(library, headcount=20)
    for each in (there, other, old, unasked, jobless, gone):
        start(library, position, each)
    number = start(library, position, voided)
    with library.database.write() as session:
        positions = library.talent.positions
        positions.void(session, positions.get(session, position), number, "录错", "tester")
    start(library, position, None, heads=4)
    for day in (date(2025, 3, 31), date(2025, 7, 1)):
        start(library, position, enter(both, f"P-{day}", observed=FULL, phone="")[0], day)
    both.erase(gone)
    assert registered(library).stayed == Stayed(due=6, there=1, elsewhere=1, unknown=4)
    assert registered(library, "2026Q1").stayed == Stayed(due=1, there=0, elsewhere=1, unknown=0)


def done(library: Library, id_: str, anchor: str, candidate: str, foremost: str = "text") -> None:
    """What the matcher tells of a proposal that is done, as the feed hears it."""
    kind = "person-position" if anchor.startswith("positions/") else "firm-fund"
    state = ProposalState(
        id=id_,
        kind=kind,
        anchor=anchor,
        candidate=candidate,
        state=Proposal.STATE_DONE,
        foremost=foremost,
    )
    hear(library, id_, state.SerializeToString())


def hear(library: Library, id_: str, value: bytes | None) -> None:
    with library.database.write() as session:
        event = Received(PROPOSALS.name, 1, id_, value, "t", 1, library.clock.now(), {})
        ReturnFeed().handle(session, event)


def test_who_had_been_proposed_is_told_by_what_spoke_for_them(library: Library) -> None:
    both = Duplicates(library)
    merged, twin = enter(both, "P-2", "P-5", employer=EMPLOYER, observed=FULL)
    there, unproposed, gone = (
        enter(both, ref, employer=EMPLOYER, observed=FULL, phone="")[0] for ref in ("P-1", "P-3", "P-4")
    )
    position = advertise(library, headcount=9)
    for person in (there, twin, unproposed, gone):
        start(library, position, person)
    done(library, "p1", f"positions/{position}", f"persons/{there}")
    done(library, "p2", f"positions/{position}", f"persons/{merged}", foremost="")
    done(library, "p4", f"positions/{position}", f"persons/{gone}", foremost="city")
    done(library, "p6", "funds/f", "firms/a", foremost="field")
    hear(library, "p3", ProposalState(id="p3", state=Proposal.STATE_ACCEPTED).SerializeToString())
    both.merge(merged, twin)
    both.erase(gone)
    found = registered(library)
    assert found.stayed.due == 4
    assert found.stayed_by == (
        StayedBy("person-position", "text", 1, 1, 0, 0),
        StayedBy("person-position", "unknown", 1, 1, 0, 0),
    )
    figures = (("year_due", "f/a", 2), ("year_held", "f/a", 1))
    funded = Return(Source.FUNDING, "2026Q2", 1, "funding-return-5", library.clock.now(), False, figures)
    told = registered(library, told=(funded,)).stayed_by
    assert told is not None
    assert told[-1] == StayedBy("firm-fund", "field", 2, 1, 1, 0)
    hear(library, "p1", None)
    left = registered(library).stayed_by
    assert left is not None
    assert [each.part for each in left] == ["unknown"]
    with pytest.raises(Poison):
        hear(library, "p1", b"\xff")


def test_of_one_person_with_two_records_the_one_person_tells(library: Library) -> None:
    both = Duplicates(library)
    first, second = enter(both, "P-1", "P-2", employer=EMPLOYER, observed=FULL)
    start(library, advertise(library, headcount=1), second)
    both.merge(first, second)
    assert registered(library).stayed == Stayed(due=1, there=1, elsewhere=0, unknown=0)


def test_heads_teams_and_cases_are_those_of_the_period(library: Library) -> None:
    people = [library.register(ref=f"P-{n}", phone="") for n in range(2)]
    teams = Teams(library.people)
    with library.database.write() as session:
        for n, (lead, city) in enumerate(zip(people, ("nantong", "outside"), strict=True)):
            facts = TeamFacts(
                ref=f"T-{n}",
                name="海水制氢团队",
                lead=lead,
                members=(),
                directions=("seawater-h2",),
                city=city,
            )
            teams.register(session, facts, "REAL", "tester")
    position = advertise(library, headcount=20)
    start(library, position, None, date(2026, 4, 1), heads=3)
    start(library, position, people[0], date(2026, 6, 30))
    start(library, position, None, date(2026, 3, 31), heads=5)
    register = EvidenceRegister(load(), library.clock, library.people.ids)
    scenario = EvidenceFacts(
        ref="SC-1",
        kind=EvidenceKind.SCENARIO,
        city="nantong",
        title="港口氢能场景",
        industry="hydrogen",
        approved=date(2026, 1, 5),
        opened=date(2026, 2, 1),
        document="苏工信〔2026〕7 号",
        department="gongxinting",
    )
    case = EvidenceFacts(
        ref="GC-1",
        kind=EvidenceKind.GOVERNANCE_CASE,
        city="nantong",
        title="观察期案例",
        type_code="observation-period",
        approved=date(2026, 4, 1),
        closed=date(2026, 5, 31),
        document="苏市监〔2026〕2 号",
        department="shichangjianguanju",
    )
    with library.database.write() as session:
        for stated in (scenario, case):
            made = register.enter(session, stated, "REAL", "tester")
            made.confirm("somebody else", library.clock.now())
    found = registered(library)
    hydrogen = next(each for each in found.presence if each.industry == "hydrogen")
    assert hydrogen == Presence("hydrogen", teams=1, platforms=0, scenarios=1, projects=0, hired=4)
    observed = found.instruments[0]
    assert (observed.begun, observed.ended, observed.standing) == (1, 1, 0)
    assert (observed.lasted, observed.running) == (60, None)
    assert sum(found.ages[0].counts) == 2
    assert found.ages[0].middle == (date(2026, 7, 1) - date(2026, 6, 1)).days


def test_pairs_that_nobody_has_decided_are_counted_by_how_near_they_are(library: Library) -> None:
    both = Duplicates(library)
    both.refresh(*enter(both, "P-1", "P-2"))
    found = dict(registered(library).doubles)
    assert sum(found.values()) == 1
