"""The lists follow the log: fill, change, withdrawal, erasure, and what a process leaves behind that dies."""

import pytest
from sqlalchemy import select

from bole.events.v1 import person_event_pb2
from bole.funding.v1 import firm_pb2
from bole.talent.v1 import person_pb2, position_pb2
from services.chassis.log.topics import KEYS, PERSONS, POSITIONS
from services.matcher.domain.kinds import LIST_SIZE
from services.matcher.store import items, keys, matches
from services.matcher.store.schema import item, parked_person, team_member
from tests.integration.matcher.changing import check_every_city
from tests.integration.matcher.following import candidates
from tests.integration.matcher.installed import CODES, TEXTS, Matcher, check, load_some
from tests.integration.matcher.producing import Producer


def test_a_fill_a_change_a_withdrawal_an_erasure(matcher: Matcher, producer: Producer) -> None:
    load_some(producer)
    matcher.follow()
    check(matcher)
    assert "p0" in candidates(matcher, "person-position", "o0")
    producer.person("p0", "完全不同的一段文字：水稻育种", code="large-model", city="nantong")
    producer.position("o1", TEXTS[1], code="seawater-h2", state=position_pb2.Position.STATE_CLOSED)
    producer.firm("f2", TEXTS[2], state=firm_pb2.Firm.STATE_WITHDRAWN)
    matcher.follow()
    check(matcher)
    assert candidates(matcher, "person-position", "o1") == set()
    assert candidates(matcher, "person-firm", "f2") == set()
    producer.person("p3", TEXTS[3], state=person_pb2.Person.STATE_WITHDRAWN)
    producer.erase("p4")
    matcher.follow()
    check(matcher)
    assert not {"p3", "p4"} & {pair[2] for pair in matcher.lists()}
    with matcher.house.database.read() as session:
        gone = session.execute(select(item).where(item.c.id.in_(["p3", "p4"]))).all()
    assert [(row.facts, row.person_name) for row in gone] == [(None, ""), (None, "")]


def test_a_team_is_matched_while_all_its_members_allow_it(matcher: Matcher, producer: Producer) -> None:
    producer.team("t", TEXTS[0], "p0", "p1")
    producer.position("o0", TEXTS[0])
    producer.person("p0", TEXTS[0])
    matcher.follow()
    assert candidates(matcher, "team-position", "o0") == set()
    producer.person("p1", TEXTS[3])
    matcher.follow()
    assert candidates(matcher, "team-position", "o0") == {"t"}
    producer.person("p1", TEXTS[3], purposes=[person_pb2.CONSENT_PURPOSE_STATISTICS])
    matcher.follow()
    assert candidates(matcher, "team-position", "o0") == set()
    producer.team("t", TEXTS[0], "p0")
    matcher.follow()
    assert candidates(matcher, "team-position", "o0") == {"t"}
    producer.erase("p0")
    matcher.follow()
    check(matcher)
    assert candidates(matcher, "team-position", "o0") == set()
    with matcher.house.database.read() as session:
        assert session.execute(select(team_member)).all() == []


def test_a_change_causes_events_at_its_own_time(matcher: Matcher, producer: Producer) -> None:
    load_some(producer)
    matcher.follow()
    known = len(matcher.events())
    producer.person("late", TEXTS[0])
    matcher.follow()
    with matcher.house.database.read() as session:
        at = session.execute(select(item.c.changed_at).where(item.c.id == "late")).scalar_one()
    new = [each for each in matcher.events()[known:] if each.candidate_id == "late"]
    assert new
    assert {each.changed_at for each in new} == {at}


def test_who_comes_before_the_key_waits_for_it(matcher: Matcher, producer: Producer) -> None:
    matcher.follow()
    wrapped = producer.new_key("early")
    producer.person("early", TEXTS[0])
    matcher.follow()
    assert matcher.lists() == {}
    producer.say(KEYS, "early", wrapped, version=1)
    matcher.follow()
    check(matcher)
    assert candidates(matcher, "person-direction", "sic") == {"early"}
    with matcher.house.database.read() as session:
        assert session.execute(select(parked_person)).all() == []


def test_a_broken_state_does_not_cost_the_key(matcher: Matcher, producer: Producer) -> None:
    wrapped = producer.new_key("broken")
    state = producer.person_state("broken", TEXTS[0], code="sic", city="suzhou")
    state.sealed = state.sealed[:-1] + b"?"
    producer.say(PERSONS, "broken", state)
    matcher.follow()
    producer.say(KEYS, "broken", wrapped, version=1)
    producer.person("broken", TEXTS[0])
    matcher.follow()
    assert candidates(matcher, "person-direction", "sic") == {"broken"}


def test_a_destroyed_key_takes_the_person_along(matcher: Matcher, producer: Producer) -> None:
    load_some(producer)
    matcher.follow()
    old = producer.person_state("p0", TEXTS[0], code="sic", city="suzhou")
    producer.erase("p0")
    producer.say(PERSONS, "p0", old, version=99)
    matcher.follow()
    check(matcher)
    assert "p0" not in {pair[2] for pair in matcher.lists()}


@pytest.mark.parametrize("at_once", [True, False])
def test_a_key_that_comes_again_after_its_end_opens_nothing(
    matcher: Matcher, producer: Producer, at_once: bool
) -> None:
    load_some(producer)
    matcher.follow()
    old = producer.person_state("p0", TEXTS[0], code="sic", city="suzhou")
    with matcher.house.database.read() as session:
        _version, wrapped = keys.of(session, ["p0"])["p0"]
    producer.erase("p0")
    if not at_once:
        matcher.follow()
    producer.say(KEYS, "p0", person_event_pb2.PersonKey(id="p0", wrapped_key=wrapped or b""), version=1)
    producer.say(PERSONS, "p0", old, version=99)
    matcher.follow()
    check(matcher)
    assert "p0" not in {pair[2] for pair in matcher.lists()}
    with matcher.house.database.read() as session:
        assert keys.destroyed(session, ["p0"]) == {"p0"}


def test_old_versions_change_nothing(matcher: Matcher, producer: Producer) -> None:
    load_some(producer)
    matcher.follow()
    before = matcher.events()
    producer.versions["o0"] = 0
    producer.position("o0", "过时的文字", code="large-model")
    matcher.follow()
    assert matcher.events() == before


def test_records_that_cannot_be_used_are_set_aside(matcher: Matcher, producer: Producer) -> None:
    producer.position("bad", TEXTS[0], code="no-such-direction")
    producer.position("good", TEXTS[0])
    producer.say(POSITIONS, "good", person_event_pb2.PersonKey(id="good"), version=7)
    producer.person("p0", TEXTS[0])
    matcher.follow()
    check(matcher)
    with matcher.house.database.read() as session:
        reasons = [letter.reason for letter in matcher.feed.dead_letters.waiting(session)]
    assert any("UNKNOWN_DIRECTION" in reason for reason in reasons)
    assert any("not a bole.events.v1.PositionState" in reason for reason in reasons)
    assert candidates(matcher, "person-position", "good") == {"p0"}


def test_bodies_that_are_no_state_are_set_aside(matcher: Matcher, producer: Producer) -> None:
    producer.key("p0")
    state = producer.person_state("p0", TEXTS[0], code="sic", city="suzhou")
    share = state.direction_shares.add()
    many = person_event_pb2.PersonState(direction_shares=[share] * 300_000)
    bodies = {
        "cut": state.SerializeToString()[:-3],
        "empty": b"",
        "of another": state.SerializeToString(),
        "deep": b"\x0b" * 200 + b"\x0c" * 200,
        "long": many.SerializeToString(),
    }
    for id_, body in bodies.items():
        producer.put(PERSONS, id_, body)
    matcher.follow()
    with matcher.house.database.read() as session:
        assert {each.record.key for each in matcher.feed.dead_letters.waiting(session)} == set(bodies)
    check(matcher)


def test_whoever_follows_one_city_forgets_what_leaves_it(matcher: Matcher, producer: Producer) -> None:
    load_some(producer)
    matcher.follow()
    producer.position("o0", TEXTS[0], city="nantong")
    producer.firm("f1", TEXTS[1], code="seawater-h2", city="nanjing")
    matcher.follow()
    producer.position("o0", TEXTS[0], city="nantong", state=position_pb2.Position.STATE_CLOSED)
    producer.firm("f3", TEXTS[3], state=firm_pb2.Firm.STATE_WITHDRAWN)
    matcher.follow()
    check_every_city(matcher)


def test_level_only_after_log_and_lists(matcher: Matcher, producer: Producer) -> None:
    load_some(producer)
    assert matcher.settler.lead()
    matcher.settler.settle()
    assert not matcher.settler.level_once.is_set()
    matcher.follow()
    assert matcher.settler.level_once.is_set()


def test_news_are_handed_to_streams_after_the_commit_only(matcher: Matcher, producer: Producer) -> None:
    load_some(producer)
    matcher.follow()
    last = matcher.events()[-1].sequence
    assert [each.sequence for each in matcher.hub.recent(0, 9_999) or []] == list(range(1, last + 1))
    assert matcher.hub.recent(last, 10) == []


def test_an_item_that_comes_while_lists_are_written_stays_open(matcher: Matcher, producer: Producer) -> None:
    producer.position("o0", TEXTS[0])
    producer.person("p0", TEXTS[0])
    matcher.read()
    with matcher.house.database.read() as session:
        last = items.last_change(session)
    producer.position("o0", TEXTS[1])
    matcher.read()
    with matcher.house.database.write() as session:
        mark = matches.mark(session)
        matches.move_mark(session, mark, mark._replace(followed=last))
    with matcher.house.database.read() as session:
        assert [(each.id, each.version) for each in items.unsettled(session)] == [("o0", 2)]


def test_a_newcomer_is_told_of_exactly_where_it_stands_in_a_list(
    matcher: Matcher, producer: Producer
) -> None:
    """Silence means that somebody stands in no list, never that an event was lost."""
    with producer.together():
        producer.position("o0", TEXTS[0])
        for number in range(LIST_SIZE + 5):
            producer.person(f"p{number:02d}", TEXTS[0])
    matcher.follow()
    told = {}
    for id_, text, code in (
        ("zz", TEXTS[0], CODES[0]),  # as good as all others, and after them in every full list
        ("aa", TEXTS[0], CODES[0]),
        ("zy", TEXTS[2], CODES[2]),
    ):
        known = len(matcher.events())
        producer.person(id_, text, code=code)
        matcher.follow()
        own = [event for event in matcher.events()[known:] if event.candidate_id == id_]
        assert {(event.kind, event.anchor_id) for event in own} == {
            pair[:2] for pair in matcher.lists() if pair[2] == id_
        }
        told[id_] = bool(own)
    assert told == {"zz": False, "aa": True, "zy": True}
