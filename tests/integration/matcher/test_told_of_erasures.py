"""Who was told of somebody is told when that person is erased: under the same name, after every withdrawal."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bole.events.v1.match_event_pb2 import MatchChanged
from bole.matcher.v1.match_event_pb2 import MatchEvent
from bole.talent.v1 import person_pb2
from services.chassis.log.cloudevents import parse
from services.chassis.log.topics import KEYS, PERSONS
from services.matcher.domain.partners.subscription import partners_subscription
from services.matcher.service.outgoing import erasure
from services.matcher.store.schema import shared
from tests.integration.matcher.installed import TEXTS, Matcher, check, load_some
from tests.integration.matcher.producing import Producer
from tests.integration.matcher.test_partner_topics import Told
from tests.integration.matcher.test_partner_topics import told as topics
from tests.integration.matcher.test_webhooks import Partner
from tests.integration.matcher.test_webhooks import told as endpoint

__all__ = ["endpoint", "topics"]


def erasures(matcher: Matcher) -> list[str]:
    return [each.candidate_id for each in matcher.events() if each.type == "ERASED"]


def test_an_erasure_is_told_once_after_the_withdrawals(matcher: Matcher, producer: Producer) -> None:
    load_some(producer)
    matcher.follow()
    before = len(matcher.events())
    producer.erase("p0")
    matcher.follow()
    check(matcher)
    *withdrawn, last = [each for each in matcher.events()[before:] if "p0" in each]
    assert {each.type for each in withdrawn} == {"WITHDRAWN"}
    assert (last.type, last.kind, last.anchor_id, last.candidate_id) == ("ERASED", "", "", "p0")
    producer.say(KEYS, "p0", None, version=3)
    producer.position("o-new", TEXTS[0])
    matcher.follow()
    assert erasures(matcher) == ["p0"]


def _withdraws(producer: Producer) -> None:
    producer.person("p0", TEXTS[0], state=person_pb2.Person.STATE_WITHDRAWN)


def _goes_before_the_key(producer: Producer) -> None:
    producer.say(PERSONS, "p0", None, version=producer.next("p0"))


@pytest.mark.parametrize("first", [_withdraws, _goes_before_the_key])
def test_who_had_left_the_lists_before_is_told_of_too(
    matcher: Matcher, producer: Producer, first: Callable[[Producer], None]
) -> None:
    load_some(producer)
    matcher.follow()
    first(producer)
    matcher.follow()
    assert erasures(matcher) == []
    producer.say(KEYS, "p0", None, version=2)
    matcher.follow()
    check(matcher)
    assert erasures(matcher) == ["p0"]


def test_the_house_s_own_topic_is_told(matcher: Matcher, producer: Producer) -> None:
    load_some(producer)
    matcher.follow()
    producer.erase("p0")
    matcher.follow()
    outbox = shared.outbox
    query = select(outbox.c.aggregateid, outbox.c.payload).where(outbox.c.type == "bole.match.erased.v1")
    with matcher.house.database.read() as session:
        [(key, payload)] = session.execute(query).all()
    event = MatchChanged.FromString(payload)
    assert (key, event.candidate_id, event.type) == ("p0", "p0", MatchEvent.TYPE_ERASED)


def test_a_partners_topic_says_it_under_the_partners_own_name(
    topics: Told, matcher: Matcher, producer: Producer
) -> None:
    partner = topics.partner("甲")
    topics.level()
    known = {name for each in topics.events(partner) for name in (each.anchor, each.candidate)}
    producer.erase("p0")
    matcher.follow()
    topics.level()
    record, event = topics.records(partner)[-1], topics.events(partner)[-1]
    assert event.type == MatchEvent.TYPE_ERASED
    assert event.candidate in known
    assert (event.kind, event.anchor, event.probability) == ("", "", 0)
    assert parse(record).type == "bole.match.erased.v1"
    assert parse(record).key == event.candidate


def test_an_endpoint_is_sent_it_whatever_it_asked_for(endpoint: Partner, producer: Producer) -> None:
    endpoint.level()
    known = {each.said["data"]["candidate"] for each in endpoint.receiver.came}
    producer.erase("p0")
    endpoint.matcher.follow()
    endpoint.level()
    last = endpoint.receiver.came[-1].said
    assert last["type"] == "match.erased"
    assert last["data"]["type"] == "TYPE_ERASED"
    assert last["data"]["candidate"] in known


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, True),
        ({"kinds": ("person-position",)}, True),
        ({"kinds": ("firm-fund", "person-firm")}, True),
        ({"anchor": "positions/o1", "directions": ("sic",), "cities": ("suzhou",)}, True),
        ({"kinds": ("firm-fund",)}, False),
    ],
)
def test_it_belongs_to_every_subscription_that_may_have_been_told_of_people(
    matcher: Matcher, asked: dict[str, object], told: bool
) -> None:
    given = {"kinds": (), "anchor": "", "directions": (), "cities": (), "former": {}, **asked}
    now = matcher.house.clock.now()
    assert partners_subscription(**given).wants(erasure(1, "p0", now, now)) is told  # type: ignore[arg-type]
