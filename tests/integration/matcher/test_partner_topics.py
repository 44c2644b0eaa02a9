"""Partners' own topics over both engines: every event in its order, under the partner's names, at least once."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from bole.matcher.v1.match_event_pb2 import MatchEvent
from services.chassis.fail_points import EXIT_KILLED
from services.chassis.house import House
from services.chassis.log.cloudevents import parse
from services.chassis.log.log import Stored
from services.chassis.log.topics import policies
from services.chassis.process.leadership import leader_lock
from services.kernel.errors import AlreadyExists, NotFound
from services.matcher.domain.partners.partner_topic import PartnerTopic, topic_of
from services.matcher.service.partner_topics.opening import PartnerTopics
from services.matcher.service.partner_topics.telling import Telling
from services.matcher.service.partners.partners import add_partner
from services.matcher.service.telling import moment
from services.matcher.store.partners import partner_topics, partners
from tests.integration.matcher.installed import Matcher, load_some
from tests.integration.matcher.producing import OwnTopics, Producer
from tests.servers import nursery

PROGRAM = "tests.integration.matcher.telling_topics"
MOST = 10_000
PAGE = 500


@dataclass
class Told:
    """The topics of one house."""

    house: House
    telling: Telling = field(init=False)

    def __post_init__(self) -> None:
        lock = leader_lock(self.house.database.engine, "partner-topics")
        self.telling = Telling(self.house, lock, {})

    def partner(self, title: str, *, from_start: bool = True) -> str:
        with self.house.database.write() as session:
            add_partner(session, title, b"pepper", self.house.ids, self.house.clock)
            session.flush()
            found = partners.titled(session, title)
            assert found is not None
            PartnerTopics(self.house.clock).open(session, found.id, from_start=from_start)
            return found.id

    def level(self) -> None:
        while self.telling.step():
            pass

    def records(self, partner_id: str) -> Sequence[Stored]:
        return self.house.log.read(topic_of(partner_id), 0, MOST)

    def events(self, partner_id: str) -> Sequence[MatchEvent]:
        return [MatchEvent.FromString(each.value or b"") for each in self.records(partner_id)]

    def now(self, partner_id: str) -> PartnerTopic:
        with self.house.database.read() as session:
            found = partner_topics.get(session, partner_id)
            assert found is not None
            session.expunge(found)
            return found


@pytest.fixture
def told(matcher: Matcher, producer: Producer) -> Told:
    load_some(producer)
    matcher.follow()
    return Told(matcher.house)


def test_a_topic_has_every_event_in_order_and_proves_that_there_is_no_gap(
    told: Told, matcher: Matcher, producer: Producer
) -> None:
    partner = told.partner("甲")
    told.level()
    producer.person("p-new", "碳化硅 外延 工艺 工程师")
    matcher.follow()
    told.level()
    events = told.events(partner)
    assert [each.sequence for each in events] == [each.sequence for each in matcher.events()]
    assert all(later.previous_sequence == sooner.sequence for sooner, later in pairwise(events))
    assert events[0].previous_sequence == 0
    now = told.now(partner)
    assert (now.position, now.sent) == (events[-1].sequence, events[-1].sequence)


def test_records_are_cloud_events_under_names_of_the_partners_own(told: Told, producer: Producer) -> None:
    first, second = told.partner("甲"), told.partner("乙")
    told.level()
    one = told.records(first)
    assert one
    for stored, event in zip(one, told.events(first), strict=True):
        received = parse(stored)
        assert (received.key, received.version) == (event.anchor, event.sequence)
        assert stored.headers["ce_dataschema"] == "bole.matcher.v1.MatchEvent"
        assert stored.headers["ce_id"] == f"{first}-{event.sequence}-{event.event_time.ToMilliseconds()}"
    for event in (*told.events(first), *told.events(second)):
        for name in (event.anchor, event.candidate):
            assert name.rpartition("/")[2] not in producer.keys
            assert not name.startswith("persons/")

    def names(of: str) -> set[str]:
        return {
            n for each in told.events(of) for n in (each.anchor, each.candidate) if n.startswith("subjects/")
        }

    assert names(first)
    assert not names(first) & names(second)


def test_from_now_on_means_that_nothing_earlier_is_told(
    told: Told, matcher: Matcher, producer: Producer
) -> None:
    partner = told.partner("甲", from_start=False)
    before = matcher.events()[-1].sequence
    told.level()
    producer.person("p-new", "碳化硅 外延 工艺 工程师")
    matcher.follow()
    told.level()
    events = told.events(partner)
    assert events
    assert events[0].sequence > before
    assert events[0].previous_sequence == 0


def test_a_closed_topic_is_told_no_more_and_opened_once(
    told: Told, matcher: Matcher, producer: Producer
) -> None:
    partner, use = told.partner("甲"), PartnerTopics(told.house.clock)
    told.level()
    there = len(told.records(partner))
    with told.house.database.write() as session, pytest.raises(AlreadyExists):
        use.open(session, partner, from_start=True)
    with told.house.database.write() as session:
        use.close(session, partner)
    producer.person("p-new", "碳化硅 外延 工艺 工程师")
    matcher.follow()
    told.level()
    assert len(told.records(partner)) == there
    with told.house.database.write() as session, pytest.raises(NotFound):
        use.close(session, partner)


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
def test_what_was_appended_and_not_marked_comes_again_under_the_same_ids(
    told: Told, matcher: Matcher, urls: tuple[str, str], log: OwnTopics, tmp_path: Path
) -> None:
    partner = told.partner("甲")
    arguments = [str(tmp_path), *urls, log.suffix]
    for _ in range(2):
        point = {"BOLE_FAILPOINT": "partner_topic.after_append_before_mark:1"}
        died = nursery.run(PROGRAM, arguments, os.environ | point)
        assert died.returncode == EXIT_KILLED, died.stderr
    ended = nursery.run(PROGRAM, arguments, os.environ)
    assert ended.returncode == 0, ended.stderr
    once = [f"{partner}-{each.sequence}-{moment(each)}" for each in matcher.events()]
    ids = [each.headers["ce_id"] for each in told.records(partner)]
    assert len(once) > PAGE
    assert ids == [*once[:PAGE], *once[:PAGE], *once]
    by_id = {each.headers["ce_id"]: each.value for each in told.records(partner)}
    assert all(by_id[each.headers["ce_id"]] == each.value for each in told.records(partner))


def test_no_service_reads_a_partners_topic() -> None:
    assert not any(name.startswith("bole.partner.") for name in policies())
